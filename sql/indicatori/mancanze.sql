/*
descrizione = "Gli indicatori a cui manca, in un esercizio, un estratto che serve: assente, o incompleto perché un suo file è stato rifiutato o sono rifiutate troppe sue righe."
grana = "una riga per indicatore e partizione che non si può calcolare"
chiave = ["camera", "esercizio", "codice"]
materializzazione = "tabella"
*/
select
    e.camera,
    e.esercizio,
    f.codice,
    string_agg(
        case e.stato
            when 'ASSENTE' then 'Manca l''estratto ' || e.estratto || '.'
            else 'L''estratto ' || e.estratto || ' è incompleto. ' || e.motivo
        end,
        ' '
        order by e.estratto
    ) as motivo
from indicatori.fonti as f
inner join qualita.estratti as e using (estratto)
where e.stato <> 'PRESENTE'
group by e.camera, e.esercizio, f.codice
