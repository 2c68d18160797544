/*
descrizione = "I target di ogni indicatore del piano, uno per anno del triennio, col testo del piano accanto all'interpretazione."
grana = "una riga per indicatore del piano e anno"
chiave = ["camera", "esercizio", "missione", "programma", "obiettivo", "progressivo", "anno"]
materializzazione = "tabella"
*/
select
    camera,
    esercizio,
    missione,
    programma,
    obiettivo,
    progressivo,
    anno,
    target_testo,
    operatore,
    operatore_presunto,
    target
from lettura.traguardi
