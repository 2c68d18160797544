/*
codice = "TEMPESTIVITA_PAGAMENTI"
catalogo = "condiviso"
titolo = "Indicatore di tempestività dei pagamenti"
unita = "numero"
direzione = "=<"
denominatore = true
unita_numeratore = "giorni per EUR"
unita_denominatore = "EUR"
riconosce = ["indicatore|indice tempestivita pagamenti"]
conta = [
    "giorni|ritardo scadenza pagamento|pagamenti|pagati|pagate importo|importi|ponderata|ponderato diviso|rapporto|rapportata|media",
    "indicatore|indice tempestivita pagamenti",
]
esclude = ["pubblicazione|pubblicato|incassi|contributi"]
descrizione = "Per ogni fattura pagata nel periodo: al numeratore i giorni di calendario tra scadenza e pagamento, negativi se è pagata prima e senza quelli di sospensione, per il suo importo; al denominatore l'importo (EUR)."
fonte = "D.P.C.M. 22 settembre 2014, art. 9, cc. 3-5; d.lgs. 33/2013, art. 33."
assunto = "La scadenza, dove l'ufficio non la dà, è a 30 giorni dal ricevimento (d.lgs. 231/2002, art. 4); i periodi esclusi perché la somma è contestata sono i giorni di sospensione; una nota di credito conta col suo segno."
*/
select
    f.camera,
    f.esercizio,
    (
        f.data_pagamento
        - coalesce(f.data_scadenza, f.data_ricevimento + 30)
        - f.giorni_sospensione
    )
    * f.importo::decimal(38, 2) as numeratore,
    f.importo as denominatore,
    f._file,
    f._riga
from fonti.contabilita_fatture as f
inner join esercizi.periodi as p using (camera, esercizio)
where f.data_pagamento between p.inizio and p.data_riferimento
