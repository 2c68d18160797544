/*
descrizione = "Nessuna partizione è stata dichiarata ritirata dall'ultima pubblicazione, e nessuna che lo è sta ancora nella zona di consegna."
gravita = "AVVISO"
riguarda = "qualita.ritirate"
*/
select
    camera,
    esercizio,
    motivo
from qualita.ritirate
