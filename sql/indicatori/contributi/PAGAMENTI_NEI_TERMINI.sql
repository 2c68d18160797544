/*
codice = "PAGAMENTI_NEI_TERMINI"
catalogo = "condiviso"
titolo = "Fatture passive pagate nei termini"
unita = "percentuale"
direzione = "=>"
denominatore = true
unita_numeratore = "fatture pagate nei termini"
unita_denominatore = "fatture pagate"
riconosce = [
    "percentuale|quota|grado|rispetto|tasso|incidenza fatture passive|fornitori pagate|pagamento|liquidate 30|trenta|termini|scadenza|giorni",
]
conta = [
    "fatture pagate|pagamento|liquidate entro|termini|tempi 30|trenta|giorni|scadenza|termini|legge diviso|rapporto|percentuale",
]
esclude = ["oltre|fuori|dopo termini|giorni|scadenza|30|trenta", "attive|incassate|contributi"]
descrizione = "Al denominatore ogni fattura pagata nel periodo, al numeratore quelle pagate entro la scadenza, o entro 30 giorni dal ricevimento dove la scadenza non è data; i giorni di sospensione la spostano."
fonte = "D.lgs. 231/2002, art. 4 (30 giorni); «Grado di rispetto dello standard di 30 giorni per il pagamento delle fatture passive» nel sistema Pareto di Unioncamere e nelle relazioni sulla performance delle Camere."
assunto = "Il termine è la scadenza che l'ufficio dà, perché la legge ammette patti diversi; senza, 30 giorni di calendario dal ricevimento. Le note di credito non contano."
*/
select
    f.camera,
    f.esercizio,
    case
        when f.data_pagamento - coalesce(f.data_scadenza, f.data_ricevimento + 30) <= f.giorni_sospensione
            then 1
        else 0
    end as numeratore,
    1 as denominatore,
    f._file,
    f._riga
from fonti.contabilita_fatture as f
inner join esercizi.periodi as p using (camera, esercizio)
where f.importo > 0
    and f.data_pagamento between p.inizio and p.data_riferimento
