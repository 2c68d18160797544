/*
descrizione = "Gli indicatori a cui manca, in un esercizio, un estratto che serve: assente, o incompleto perché un suo file è stato rifiutato o sono rifiutate troppe sue righe."
grana = "una riga per indicatore e partizione che non si può calcolare"
chiave = ["camera", "esercizio", "codice"]
materializzazione = "tabella"
*/
with lotti as (
    select
        camera,
        esercizio,
        count(*) as quanti
    from fonti.provveditorato_lotti
    group by camera, esercizio
)

select
    e.camera,
    e.esercizio,
    f.codice,
    string_agg(
        case e.stato
            when 'ASSENTE' then 'Manca l''estratto ' || e.estratto || '.'
            else 'L''estratto ' || e.estratto || ' è incompleto. ' || e.motivo
        end
        || case
            when e.estratto = 'provveditorato/pagamenti' and l.quanti > 0
                then ' I lotti ci sono (' || l.quanti || ' in provveditorato/lotti), ma non sono pagamenti:'
                || ' hanno importi aggiudicati o liquidati senza IVA.'
            else ''
        end,
        ' '
        order by e.estratto
    ) as motivo
from indicatori.fonti as f
inner join qualita.estratti as e using (estratto)
left join lotti as l using (camera, esercizio)
where e.stato <> 'PRESENTE'
group by e.camera, e.esercizio, f.codice
