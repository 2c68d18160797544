/*
codice = "ATTIVITA_RILANCIO"
titolo = "Attività per il rilancio dell'economia locale"
unita = "numero"
direzione = "=>"
denominatore = false
unita_numeratore = "attività"
riconosce = [
    "attuazione|attuati|realizzazione|realizzati|eseguite|svolte|concluse|programmate attivita|progetti|iniziative|azioni|interventi rilancio|sostegno|sviluppo|promozione economia|economico|territorio|territoriale",
]
conta = [
    "attuati|realizzati|eseguite|svolte|concluse attivita|progetti|iniziative|azioni|interventi rilancio|sostegno|sviluppo|promozione economia|economico|territorio|territoriale",
]
esclude = ["imprese|operatori|soggetti|aziende beneficiari|assistite|aderenti|finanziati"]
descrizione = "Una per ogni attività ESEGUITA e conclusa nel periodo, programmata o no: l'algoritmo conta quelle eseguite."
*/
select
    a.camera,
    a.esercizio,
    1 as numeratore,
    null as denominatore,
    a._file,
    a._riga
from fonti.cciaa_attivita as a
inner join esercizi.periodi as p using (camera, esercizio)
where a.stato = 'ESEGUITA'
    and a.data_conclusione between p.inizio and p.data_riferimento
