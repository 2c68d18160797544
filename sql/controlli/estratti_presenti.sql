/*
descrizione = "Ogni estratto del contratto è arrivato per intero, senza troppe righe rifiutate."
gravita = "AVVISO"
riguarda = "qualita.estratti"
*/
select
    camera,
    esercizio,
    estratto,
    e.stato,
    e.motivo
from esercizi.estratti
left join qualita.estratti as e using (camera, esercizio, estratto)
where e.stato is distinct from 'PRESENTE'
