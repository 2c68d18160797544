/*
descrizione = "Ogni esercizio che ha dati si misura con un piano letto senza rilievi gravi."
gravita = "AVVISO"
in_evidenza = true
riguarda = "piano.in_vigore"
*/
with propri as (
    select
        p.camera,
        p.esercizio,
        a._file,
        a.esito,
        a.motivo,
        exists (
            select 1
            from lettura.indicatori as i
            where i.camera = p.camera and i.esercizio = p.esercizio
        ) as ha_indicatori
    from esercizi.periodi as p
    inner join lettura.piani as a using (camera, esercizio)
),

-- A file of the partition that is not read and is called as a plan would be.
somiglianti as (
    select camera, esercizio, min(_file) as _file
    from qualita.file
    where esito = 'IGNORATO'
        and regexp_matches(lower(_file), '(^|/)(allegat|[^/]*\bpira\b)[^/]*$')
        and not regexp_matches(lower(_file), '\.(ok|sha256)$')
    group by camera, esercizio
),

primi as (
    select camera, min(esercizio) as primo
    from lettura.piani
    group by camera
),

-- A year before the chamber's first plan is kept for the last values that the plan prints.
senza_piano as (
    select
        p.camera,
        p.esercizio,
        s._file,
        v.esercizio_piano
    from esercizi.periodi as p
    left join lettura.piani as a using (camera, esercizio)
    left join somiglianti as s using (camera, esercizio)
    left join piano.in_vigore as v using (camera, esercizio)
    left join primi as d using (camera)
    where a.esito is null
        and (
            s._file is not null
            or (
                v.esercizio_piano is null
                and exists (
                    select 1
                    from qualita.file as f
                    where f.camera = p.camera
                        and f.esercizio = p.esercizio
                        and f.estratto <> 'piano/allegato'
                )
                and not coalesce(p.esercizio < d.primo, false)
            )
        )
),

-- What is wrong with one row of the plan costs that row; what is wrong with its frame may cost all.
rilievi as (
    select
        a.camera,
        a.esercizio,
        i.parte,
        i.riga,
        count(*) as quanti,
        arg_min(a.descrizione, (a.parte, a.riga, a.descrizione)) as primo
    from lettura.anomalie as a
    inner join propri as p using (camera, esercizio)
    left join lettura.indicatori as i
        on a.camera = i.camera
        and a.esercizio = i.esercizio
        and a.parte = i.parte
        and a.riga = i.riga
    where a.grave and p.ha_indicatori
    group by a.camera, a.esercizio, i.parte, i.riga
)

select
    camera,
    esercizio,
    null::varchar as parte,
    null::integer as riga,
    'Il piano ' || _file || ' non si legge. ' || motivo as motivo
from propri
where esito = 'RIFIUTATO'
union all
select
    camera,
    esercizio,
    null::varchar as parte,
    null::integer as riga,
    'Nel piano ' || _file || ' non si trova nessun indicatore: controllare che sia l''allegato, con le '
    || 'intestazioni TIPOLOGIA, INDICATORE, Target, e consegnarlo di nuovo.' as motivo
from propri
where esito = 'ACCETTATO' and not ha_indicatori
union all
select
    camera,
    esercizio,
    null::varchar as parte,
    null::integer as riga,
    case
        when _file is not null
            then _file || ' sembra il piano, ma si legge solo allegato.txt (o csv, md, html, docx, xlsx, '
                || 'pdf): dargli quel nome'
                || case
                    when esercizio_piano is null then '.'
                    else '; intanto si misura col piano del ' || esercizio_piano || '.'
                end
        else 'Ci sono dati ma nessun piano con cui misurarli: consegnare ' || camera || '/' || esercizio
            || '/allegato.txt.'
    end as motivo
from senza_piano
union all
select
    camera,
    esercizio,
    parte,
    riga,
    primo || case when quanti > 1 then ' (con altri rilievi gravi: ' || quanti - 1 || ')' else '' end
        as motivo
from rilievi
