/*
codice = "INCIDENZA_CONSIP"
titolo = "Ricorso a convenzioni CONSIP e mercato elettronico"
unita = "percentuale"
direzione = "=>"
denominatore = true
unita_numeratore = "EUR, IVA compresa"
unita_denominatore = "EUR, IVA compresa"
riconosce = [
    "incidenza|ricorso|quota|percentuale|spesa|acquisti|utilizzo|grado convenzioni|consip mercato|mepa",
]
conta = [
    "spesa|pagamenti|importo|acquisti|valore|costi convenzioni|consip mercato|mepa diviso|rapporto|percentuale beni|forniture|acquisti servizi|acquisti",
]
esclude = [
    "numero acquisti|ordini|procedure|affidamenti|contratti|gare|convenzioni|imprese|fornitori|lotti",
    "imprese|fornitori|operatori abilitati|iscritti|assistiti|informate",
]
descrizione = "Al denominatore ogni pagamento del periodo per beni e servizi (SIOPE 2101-2127, 2298, 2299) IVA compresa (EUR), al numeratore quelli per CONVENZIONE_CONSIP, ACCORDO_QUADRO o MEPA."
*/
select
    g.camera,
    g.esercizio,
    case
        when g.canale in ('CONVENZIONE_CONSIP', 'ACCORDO_QUADRO', 'MEPA') then g.imponibile::decimal(38, 2) + g.iva
        else 0
    end as numeratore,
    g.imponibile::decimal(38, 2) + g.iva as denominatore,
    g._file,
    g._riga
from fonti.provveditorato_pagamenti as g
inner join esercizi.periodi as p using (camera, esercizio)
where g.data_pagamento between p.inizio and p.data_riferimento
    and (g.codice_siope between '2101' and '2127' or g.codice_siope in ('2298', '2299'))
