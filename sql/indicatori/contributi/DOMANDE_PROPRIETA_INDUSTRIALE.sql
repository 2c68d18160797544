/*
codice = "DOMANDE_PROPRIETA_INDUSTRIALE"
titolo = "Domande di proprietà industriale"
unita = "numero"
direzione = "=>"
denominatore = false
unita_numeratore = "domande"
riconosce = [
    "domande|depositi|depositate|istanze|titoli brevetti|brevetto|invenzioni marchi|modelli|disegni",
    "domande|depositi|depositate|istanze|titoli proprieta industriale",
]
conta = [
    "domande|depositi|depositate|istanze|titoli brevetti|brevetto|invenzioni marchi|modelli|disegni",
    "domande|depositi|depositate|istanze|titoli proprieta industriale",
]
esclude = [
    "seminari|corsi|incontri|eventi|consulenze|appuntamenti|contributi|bandi|voucher",
    "concessi|rilasciati|evase",
]
descrizione = "Una per ogni domanda depositata nel periodo, di ogni tipologia tranne ALTRO."
*/
select
    d.camera,
    d.esercizio,
    1 as numeratore,
    null as denominatore,
    d._file,
    d._riga
from fonti.brevetti_domande as d
inner join esercizi.periodi as p using (camera, esercizio)
where d.tipologia <> 'ALTRO'
    and d.data_deposito between p.inizio and p.data_riferimento
