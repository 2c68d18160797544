/*
descrizione = "Che cos'è ogni riga dell'allegato: nessuna è saltata in silenzio."
grana = "una riga per riga dell'allegato"
chiave = ["camera", "esercizio", "parte", "riga"]
materializzazione = "tabella"
*/
select
    camera,
    esercizio,
    parte,
    riga,
    cella,
    genere
from lettura.righe
