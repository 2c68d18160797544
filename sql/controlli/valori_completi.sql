/*
descrizione = "Ogni indicatore ha una riga, con uno stato, in ogni partizione in cui si calcola; senza valore c'è un motivo."
gravita = "BLOCCA"
riguarda = "indicatori.valori"
*/
select
    r.camera,
    r.esercizio,
    r.codice,
    v.stato
from indicatori.richiesti as r
left join indicatori.valori as v using (camera, esercizio, codice)
where (v.valore is null) is distinct from (v.stato in ('DATI_MANCANTI', 'NON_CALCOLABILE'))
    or (v.valore is null) <> (v.motivo is not null)
