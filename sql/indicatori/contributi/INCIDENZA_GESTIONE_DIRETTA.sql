/*
codice = "INCIDENZA_GESTIONE_DIRETTA"
titolo = "Incidenza dei progetti gestiti direttamente"
unita = "percentuale"
direzione = "=>"
denominatore = true
unita_numeratore = "EUR"
unita_denominatore = "EUR"
riconosce = [
    "incidenza|quota|percentuale|peso progetti|iniziative gestiti|gestione|realizzati direttamente|diretta",
]
# La prima forma fa sì che «costo» o «spesa» non ne facciano un'altra misura: qui si conta il valore.
conta = [
    "valore|importo|spesa|costo|risorse|oneri progetti|iniziative gestiti|gestione|realizzati direttamente|diretta interventi|iniziative economici|promozionali diviso|rapporto|incidenza|percentuale",
    "progetti|iniziative gestiti|gestione|realizzati direttamente|diretta interventi|iniziative economici|promozionali diviso|rapporto|incidenza|percentuale",
]
esclude = ["numero progetti|iniziative"]
descrizione = "Al denominatore ogni intervento economico del periodo (EUR, gli storni sono negativi), al numeratore quelli in modalità GESTIONE_DIRETTA."
*/
select
    i.camera,
    i.esercizio,
    case when i.modalita = 'GESTIONE_DIRETTA' then i.importo else 0 end as numeratore,
    i.importo as denominatore,
    i._file,
    i._riga
from fonti.contabilita_interventi_economici as i
inner join esercizi.periodi as p using (camera, esercizio)
where i.data between p.inizio and p.data_riferimento
