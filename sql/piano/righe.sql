/*
descrizione = "Che cos'è ogni riga dell'allegato: nessuna è saltata in silenzio."
grana = "una riga per riga dell'allegato"
chiave = ["camera", "esercizio", "riga"]
materializzazione = "tabella"
*/
select
    camera,
    esercizio,
    riga,
    genere
from lettura.righe
