/*
descrizione = "Come è stato letto ogni piano: formato, disposizione, quante righe sono state comprese."
grana = "una riga per piano"
chiave = ["camera", "esercizio"]
materializzazione = "tabella"

[colonne]
formato = "Formato del file: txt, csv, md, html, docx, xlsx o pdf"
disposizione = "Disposizione con cui il piano si legge: blocchi, tabella o schede"
punteggio = "Quota delle righe non vuote che la disposizione comprende, da 0 a 1"
seconda = "La disposizione che viene dopo"
punteggio_seconda = "Quota delle righe che comprende la seconda, da 0 a 1"
mappa = "Impronta del file delle corrispondenze; vuota se non c'è"
righe = "Righe non vuote del documento (numero)"
comprese = "Righe comprese (numero)"
non_comprese = "Righe che nessuno ha compreso (numero)"
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
