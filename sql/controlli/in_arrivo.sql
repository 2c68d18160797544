/*
descrizione = "Nessun file stava ancora arrivando quando è stato letto: di nessun estratto resta ciò che si era letto prima."
gravita = "AVVISO"
in_evidenza = true
riguarda = "qualita.segnali"
*/
select
    camera,
    esercizio,
    estratto,
    _file,
    casi
from qualita.segnali
where segnale = 'in_arrivo'
