/*
descrizione = "Ogni partizione è stata letta: nessuna è ferma a ciò che si sapeva prima, o manca del tutto, per un errore imprevisto."
gravita = "AVVISO"
riguarda = "qualita.ferme"
*/
select
    camera,
    esercizio,
    motivo
from qualita.ferme
