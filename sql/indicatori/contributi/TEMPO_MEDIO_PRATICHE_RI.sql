/*
codice = "TEMPO_MEDIO_PRATICHE_RI"
titolo = "Tempo medio di lavorazione delle pratiche telematiche"
unita = "numero"
direzione = "=<"
denominatore = true
unita_numeratore = "giorni"
unita_denominatore = "pratiche"
riconosce = [
    "tempo|giorni|durata medio lavorazione|evasione|gestione|istruttoria|chiusura pratiche|istanze|protocolli telematiche|registro",
]
conta = [
    "tempo|giorni|durata medio lavorazione|evasione|gestione|istruttoria|chiusura pratiche|istanze|protocolli telematiche|registro",
    "tempi|giorni lavorazione|evasione|gestione|istruttoria|chiusura|evase|lavorate diviso|rapporto pratiche|istanze|protocolli telematiche|registro",
]
esclude = [
    "suap|artigiane|artigianato|albo|ambientali|brevetti|marchi|protesti|cartacee|sanzioni",
    "entro termini|giorni",
]
descrizione = "Per ogni pratica TELEMATICA EVASA e chiusa nel periodo: al numeratore i giorni di calendario tra arrivo e chiusura meno quelli di sospensione, mai sotto zero; al denominatore uno."
*/
select
    r.camera,
    r.esercizio,
    greatest(
        0,
        date_diff('day', r.data_ora_arrivo::date, r.data_ora_chiusura::date)
        - r.giorni_sospensione
    ) as numeratore,
    1 as denominatore,
    r._file,
    r._riga
from fonti.registro_imprese_pratiche as r
inner join esercizi.periodi as p using (camera, esercizio)
where r.canale = 'TELEMATICA'
    and r.esito = 'EVASA'
    and r.data_ora_chiusura::date between p.inizio and p.data_riferimento
