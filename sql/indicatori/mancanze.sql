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

-- An extract that nobody owes and nobody delivered is in no register, and is as absent as the others.
select
    r.camera,
    r.esercizio,
    r.codice,
    string_agg(
        case e.stato
            when 'INCOMPLETO' then 'L''estratto ' || f.estratto || ' è incompleto. ' || e.motivo
            else 'Manca l''estratto ' || f.estratto || '.'
        end
        || case
            when f.estratto = 'provveditorato/pagamenti' and l.quanti is not null
                then ' I lotti ci sono (' || l.quanti || ' in provveditorato/lotti), ma non sono pagamenti:'
                || ' hanno importi aggiudicati o liquidati senza IVA.'
            else ''
        end,
        ' '
        order by f.estratto
    ) as motivo
from indicatori.richiesti as r
inner join indicatori.fonti as f using (codice)
left join qualita.estratti as e
    on r.camera = e.camera and r.esercizio = e.esercizio and f.estratto = e.estratto
left join lotti as l on r.camera = l.camera and r.esercizio = l.esercizio
where e.stato is distinct from 'PRESENTE'
group by r.camera, r.esercizio, r.codice
