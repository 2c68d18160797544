/*
codice = "ISR_STUDI"
titolo = "Studi pubblicati da ISR"
unita = "numero"
direzione = "=>"
denominatore = false
unita_numeratore = "studi"
riconosce = [
    "realizzazione|realizzati|pubblicazione|pubblicati|elaborazione|elaborati|prodotti|produzione|redatti|redazione|diffusi|conclusi studi",
    "realizzazione|realizzati|pubblicazione|pubblicati|elaborazione|elaborati|prodotti|produzione|redatti|redazione|diffusi|conclusi ricerche|rapporti|report|indagini economia|economici|economiche|statistici|statistiche|territorio",
    "studi isr",
    "studi ricerche",
]
conta = [
    "realizzazione|realizzati|pubblicazione|pubblicati|elaborazione|elaborati|prodotti|produzione|redatti|redazione|diffusi|conclusi|eseguiti|svolti studi",
    "realizzazione|realizzati|pubblicazione|pubblicati|elaborazione|elaborati|prodotti|produzione|redatti|redazione|diffusi|conclusi|eseguiti|svolti ricerche|rapporti|report|indagini economia|economici|economiche|statistici|statistiche|territorio",
]
esclude = ["studi professionali|associati|legali|medici|fattibilita", "borse|contratti studio"]
descrizione = "Uno per ogni studio PUBBLICATO nel periodo."
*/
select
    s.camera,
    s.esercizio,
    1 as numeratore,
    null as denominatore,
    s._file,
    s._riga
from fonti.isr_studi as s
inner join esercizi.periodi as p using (camera, esercizio)
where s.stato = 'PUBBLICATO'
    and s.data_pubblicazione between p.inizio and p.data_riferimento
