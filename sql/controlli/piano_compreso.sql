/*
descrizione = "Il piano è stato compreso: nessun rilievo grave, e in ogni sua parte ogni indicatore è di una riga sola e ogni riga di indicatore è di uno solo."
gravita = "AVVISO"
riguarda = "piano.anomalie"
*/
with righe as (
    select
        camera,
        esercizio,
        parte,
        count(*) as quante
    from piano.righe
    where genere = 'indicatore'
    group by camera, esercizio, parte
),

indicatori as (
    select
        camera,
        esercizio,
        parte,
        count(*) as quanti,
        count(distinct riga) as diversi
    from lettura.indicatori
    group by camera, esercizio, parte
)

select
    camera,
    esercizio,
    regola,
    parte,
    riga,
    descrizione
from piano.anomalie
where grave
union all
select
    camera,
    esercizio,
    'conto_delle_righe' as regola,
    null::varchar as parte,
    null::integer as riga,
    'Nella parte «' || parte || '» del piano le righe di indicatore sono '
    || coalesce(r.quante, 0) || ' e gli indicatori letti ' || coalesce(i.quanti, 0)
    || ': segnalarlo a chi cura il programma.' as descrizione
from righe as r
full join indicatori as i using (camera, esercizio, parte)
where coalesce(r.quante, 0) <> coalesce(i.quanti, 0) or i.quanti <> i.diversi
