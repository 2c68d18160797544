/*
codice = "TASSO_ASSENZA"
catalogo = "condiviso"
titolo = "Tasso di assenza del personale"
unita = "percentuale"
direzione = "=<"
denominatore = true
unita_numeratore = "giorni di assenza"
unita_denominatore = "giorni lavorativi"
riconosce = [
    "tasso|percentuale|quota|incidenza|grado assenza|assenze|assenteismo personale|dipendenti|lavoratori",
    "tasso assenza|assenze|assenteismo",
]
conta = [
    "giorni|giornate|ore assenza|assenze|assenteismo lavorativi|lavorative|lavorabili|lavorati|lavoro|contrattuali diviso|rapporto|percentuale",
]
esclude = ["malattia|sciopero|infortunio", "netto|escluse|esclusi ferie|congedi"]
descrizione = "Giorni di assenza sui giorni lavorativi (giorni-persona) delle aree della Camera, per i mesi che finiscono nel periodo."
fonte = "L. 69/2009, art. 21, e circolare n. 3/2009 del Dipartimento della funzione pubblica; d.lgs. 33/2013, art. 16, c. 3 (tassi di assenza per uffici)."
assunto = "Assenza è ogni giorno di mancata presenza, a qualunque titolo, ferie comprese, come dice la circolare; un tasso al netto delle ferie è un'altra misura. L'estratto è per area e mese: nessuna persona vi è nominata."
*/
select
    a.camera,
    a.esercizio,
    a.giorni_assenza as numeratore,
    a.giorni_lavorativi as denominatore,
    a._file,
    a._riga
from fonti.segreteria_presenze as a
inner join esercizi.periodi as p using (camera, esercizio)
where a.data between p.inizio and p.data_riferimento
