/*
codice = "INCIDENZA_CONTRIBUTI_IMPRESE"
titolo = "Incidenza dei contributi erogati alle imprese"
unita = "percentuale"
direzione = "=>"
denominatore = true
riconosce = "incidenza contributi erogati direttamente alle imprese"
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
