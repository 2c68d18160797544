/*
descrizione = "Ogni riga della scorecard ha un risultato."
gravita = "AVVISO"
riguarda = "scorecard.indicatori"
*/
select
    camera,
    esercizio,
    codice,
    indicatore,
    stato,
    motivo
from scorecard.indicatori
where risultato is null
