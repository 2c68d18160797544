/*
descrizione = "Le righe accettate che un controllo di plausibilità crede sbagliate: quelle notate leggendo i file."
grana = "una riga per riga di estratto e controllo che la sospetta"
chiave = ["camera", "esercizio", "segnale", "_file", "_riga"]
materializzazione = "tabella"

[colonne]
segnale = "Il controllo che sospetta la riga"
*/
select distinct
    camera,
    esercizio,
    estratto,
    _file,
    _riga,
    segnale
from qualita.righe_sospette
