/*
descrizione = "Di un esercizio chiuso niente è cambiato dopo la chiusura: né un valore, né il target, il peso o le regole con cui lo si misura; per accettare un cambiamento si dichiara una chiusura più tarda nel file delle regole."
gravita = "AVVISO"
in_evidenza = true
riguarda = "storico.valori"
*/
select
    c.camera,
    c.esercizio,
    c.codice,
    c.cosa,
    c.prima,
    c.dopo,
    c.noto_dal,
    p.chiuso_dal
from storico.cambiamenti as c
inner join esercizi.periodi as p using (camera, esercizio)
-- the night of that day still publishes what was delivered on the last day
where c.noto_dal::date > p.chiuso_dal
