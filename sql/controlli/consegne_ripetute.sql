/*
descrizione = "Nessun estratto ha due parti con lo stesso contenuto: dove non c'è una chiave, le loro righe contano due volte."
gravita = "AVVISO"
riguarda = "storico.consegne"
*/
select
    camera,
    esercizio,
    estratto,
    _file,
    motivo as uguale_a
from storico.consegne
where esito = 'DUPLICATA'
