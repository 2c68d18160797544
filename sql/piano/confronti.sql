/*
descrizione = "I valori di confronto scritti nelle note del piano: fonte, gruppo di Camere, anno."
grana = "una riga per valore di confronto"
chiave = ["camera", "esercizio", "missione", "programma", "obiettivo", "progressivo", "fonte", "ambito", "anno"]
materializzazione = "tabella"
*/
select
    camera,
    esercizio,
    missione,
    programma,
    obiettivo,
    progressivo,
    fonte,
    ambito,
    anno,
    valore,
    percentuale
from lettura.confronti
