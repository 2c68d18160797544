/*
codice = "VERIFICHE_METRICHE"
titolo = "Attività di verifica metrica"
unita = "numero"
direzione = "=>"
denominatore = false
unita_numeratore = "attività"
riconosce = ["attivita|verifiche|verificazione|controlli|ispezioni metriche|metrologiche|metrologia"]
conta = ["attivita|verifiche|verificazione|controlli|ispezioni metriche|metrologiche|metrologia"]
esclude = [
    "numero addetti|dipendenti|ispettori",
    "sanzioni|verbali|sequestri|corsi|seminari|tariffe",
    "strumenti difettosi|scartati|conformi|difformi",
]
descrizione = "Una per ogni attività del periodo, di ogni tipo."
*/
select
    a.camera,
    a.esercizio,
    1 as numeratore,
    null as denominatore,
    a._file,
    a._riga
from fonti.metrico_attivita as a
inner join esercizi.periodi as p using (camera, esercizio)
where a.data between p.inizio and p.data_riferimento
