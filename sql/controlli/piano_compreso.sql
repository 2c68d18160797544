/*
descrizione = "Il piano è stato compreso: nessun rilievo grave."
gravita = "AVVISO"
riguarda = "piano.anomalie"
*/
select
    camera,
    esercizio,
    regola,
    riga,
    descrizione
from piano.anomalie
where grave
