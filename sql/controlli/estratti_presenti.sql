/*
descrizione = "Ogni estratto del contratto è arrivato, per intero."
gravita = "AVVISO"
riguarda = "qualita.estratti"
*/
select
    camera,
    esercizio,
    estratto,
    stato,
    motivo
from qualita.estratti
where stato <> 'PRESENTE'
