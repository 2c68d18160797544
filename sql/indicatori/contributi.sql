/*
descrizione = "Le righe dei file che contano in un indicatore, con quanto ciascuna aggiunge a numeratore e denominatore. Solo per gli indicatori i cui estratti ci sono tutti, per intero."
grana = "una riga per riga di estratto e indicatore"
chiave = ["camera", "esercizio", "codice", "_file", "_riga"]
materializzazione = "vista"
*/
select
    c.camera,
    c.esercizio,
    c.codice,
    c.numeratore,
    c.denominatore,
    c._file,
    c._riga
from contributi.tutti as c
anti join indicatori.mancanze as m using (camera, esercizio, codice)
