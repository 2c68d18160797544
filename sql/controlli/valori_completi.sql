/*
descrizione = "Ogni indicatore del catalogo ha una riga, con uno stato, in ogni partizione; senza valore c'è un motivo."
gravita = "BLOCCA"
riguarda = "indicatori.valori"
*/
select
    p.camera,
    p.esercizio,
    c.codice,
    v.stato
from esercizi.periodi as p
cross join indicatori.catalogo as c
left join indicatori.valori as v using (camera, esercizio, codice)
where v.stato is null
    or (v.valore is null) is distinct from (v.stato in ('DATI_MANCANTI', 'NON_CALCOLABILE'))
    or (v.valore is null) is distinct from (v.motivo is not null)
