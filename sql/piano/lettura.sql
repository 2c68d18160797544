/*
descrizione = "Come è stato letto ogni piano: formato, disposizione, quante righe sono state comprese."
grana = "una riga per piano"
chiave = ["camera", "esercizio"]
materializzazione = "tabella"
*/
select
    camera,
    esercizio,
    formato,
    disposizione,
    punteggio,
    seconda,
    punteggio_seconda,
    mappa,
    righe,
    comprese,
    non_comprese
from lettura.lettura
