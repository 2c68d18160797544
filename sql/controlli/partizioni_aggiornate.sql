/*
descrizione = "Ogni partizione è stata letta: nessuna è ferma a ciò che si sapeva prima, o manca del tutto, per un errore imprevisto o perché la sua cartella non è più nella zona di consegna."
gravita = "AVVISO"
in_evidenza = true
riguarda = "qualita.ferme"
*/
select
    camera,
    esercizio,
    motivo
from qualita.ferme
