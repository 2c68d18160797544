/*
codice = "TEMPO_MEDIO_PAGAMENTO"
catalogo = "condiviso"
titolo = "Tempo medio di pagamento delle fatture passive"
unita = "numero"
direzione = "=<"
denominatore = true
unita_numeratore = "giorni"
unita_denominatore = "fatture"
riconosce = [
    "tempo|giorni medio pagamento|liquidazione fatture passive ricevimento|fornitori|mandato",
]
conta = [
    "giorni|tempo pagamento|pagate|mandato|mandati fatture passive|fornitori|ricevute|ricevimento diviso|rapporto",
    "tempo medio pagamento|liquidazione fatture passive|fornitori",
]
esclude = ["entro giorni|termini|scadenza|30|trenta", "attive|incasso|riscossione|contributi"]
descrizione = "Per ogni fattura pagata nel periodo: al numeratore i giorni di calendario tra ricevimento e pagamento meno quelli di sospensione, mai sotto zero; al denominatore uno."
fonte = "«Tempo medio di pagamento delle fatture passive» nel sistema Pareto di Unioncamere e nelle relazioni sulla performance delle Camere: somma dei giorni tra ricevimento e mandato diviso fatture passive pagate nell'anno."
assunto = "Ogni fattura pesa uno, qualunque sia l'importo (pesata con gli importi è TEMPESTIVITA_PAGAMENTI); le note di credito non contano; non contano i giorni in cui la fattura è contestata."
*/
select
    f.camera,
    f.esercizio,
    greatest(0, f.data_pagamento - f.data_ricevimento - f.giorni_sospensione) as numeratore,
    1 as denominatore,
    f._file,
    f._riga
from fonti.contabilita_fatture as f
inner join esercizi.periodi as p using (camera, esercizio)
where f.importo > 0
    and f.data_pagamento between p.inizio and p.data_riferimento
