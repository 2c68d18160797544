/*
descrizione = "Nessun valore è più di tante volte l'ultimo osservato, né tante volte meno."
gravita = "AVVISO"
in_evidenza = true
riguarda = "indicatori.osservati"
mostra = "qualita.non_valutati"
*/
with insoliti as (
    select camera, esercizio, codice
    from indicatori.osservati
    where insolito
),

somme as (
    select
        camera,
        esercizio,
        codice,
        _file,
        count(*) as righe,
        sum(abs(numeratore)) as peso,
        arg_max(_riga, (abs(numeratore), -_riga)) as _riga
    from indicatori.contributi
    semi join insoliti using (camera, esercizio, codice)
    group by camera, esercizio, codice, _file
),

-- The file that makes most of the figure, with the line that adds most; of a figure that nothing
-- makes, a file that could have.
principali as (
    select
        camera,
        esercizio,
        codice,
        arg_max(_file, (peso, _file)) as _file,
        arg_max(_riga, (peso, _file)) as _riga,
        sum(righe) as righe
    from somme
    group by camera, esercizio, codice
),

consegnati as (
    select
        f.camera,
        f.esercizio,
        s.codice,
        min(f._file) as _file
    from qualita.file as f
    inner join indicatori.fonti as s using (estratto)
    where f.esito = 'ACCETTATO'
    group by f.camera, f.esercizio, s.codice
)

select
    o.camera,
    o.esercizio,
    o.codice,
    coalesce(p._file, c._file) as _file,
    coalesce(p.righe, 0)::bigint as casi,
    case when o.valore <> 0 then p._riga end as _riga,
    case
        when o.valore = 0 then 'vale zero; quello del '
        when abs(o.valore) > abs(o.ultimo)
            then least(floor(abs(o.valore)::double / abs(o.ultimo)::double), 1e9)::bigint
            || ' volte quello di prima: quello del '
        else least(floor(abs(o.ultimo)::double / abs(o.valore)::double), 1e9)::bigint
            || ' volte meno di prima: quello del '
    end
    || o.anno || ' era ' || aritmetica.testo(o.ultimo) as trovato,
    o.valore
from indicatori.osservati as o
left join principali as p using (camera, esercizio, codice)
left join consegnati as c using (camera, esercizio, codice)
where o.insolito
