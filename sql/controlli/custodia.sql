/*
descrizione = "Ciò che il magazzino tiene (deposito, storico) è come era stato scritto: nessun file è guasto."
gravita = "AVVISO"
riguarda = "qualita.custodia"
*/
select
    camera,
    esercizio,
    estratto,
    copia,
    trovato,
    rimedio
from qualita.custodia
