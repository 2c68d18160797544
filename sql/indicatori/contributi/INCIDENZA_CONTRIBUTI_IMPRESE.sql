/*
codice = "INCIDENZA_CONTRIBUTI_IMPRESE"
titolo = "Incidenza dei contributi erogati alle imprese"
unita = "percentuale"
direzione = "=>"
denominatore = true
unita_numeratore = "EUR"
unita_denominatore = "EUR"
riconosce = [
    "incidenza|quota|percentuale|peso contributi|sovvenzioni|voucher|incentivi erogati|concessi|liquidati|assegnati|diretti imprese|aziende",
    "incidenza|quota|percentuale|peso contributi imprese interventi|iniziative economici|promozionali",
]
conta = [
    "contributi|sovvenzioni|voucher|incentivi erogati|concessi|liquidati|assegnati|diretti imprese|aziende interventi|iniziative economici|promozionali diviso|rapporto|incidenza|percentuale",
    "valore|importo|spesa|costo|risorse|oneri contributi|sovvenzioni|voucher|incentivi imprese|aziende interventi|iniziative economici|promozionali diviso|rapporto|incidenza|percentuale",
]
esclude = ["numero contributi|voucher|imprese|bandi", "imprese beneficiarie|finanziate|richiedenti"]
descrizione = "Al denominatore ogni intervento economico del periodo (EUR, gli storni sono negativi), al numeratore quelli in modalità CONTRIBUTO_IMPRESE."
*/
select
    i.camera,
    i.esercizio,
    case when i.modalita = 'CONTRIBUTO_IMPRESE' then i.importo else 0 end as numeratore,
    i.importo as denominatore,
    i._file,
    i._riga
from fonti.contabilita_interventi_economici as i
inner join esercizi.periodi as p using (camera, esercizio)
where i.data between p.inizio and p.data_riferimento
