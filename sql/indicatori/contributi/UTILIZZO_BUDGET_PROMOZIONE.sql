/*
codice = "UTILIZZO_BUDGET_PROMOZIONE"
catalogo = "condiviso"
titolo = "Grado di utilizzo delle risorse per interventi economici"
unita = "percentuale"
direzione = "=>"
denominatore = true
unita_numeratore = "EUR utilizzati"
unita_denominatore = "EUR stanziati"
riconosce = [
    "utilizzo|impiego|utilizzate|utilizzato budget|stanziamento|stanziato|stanziate|risorse interventi|promozione economici|promozionali|promozione",
]
conta = [
    "interventi|promozione economici|promozionali|promozione consuntivo|utilizzate|utilizzo|utilizzato|spese|speso|sostenuti preventivo|budget|stanziate|stanziato|stanziamento|previste diviso|rapporto|percentuale",
]
esclude = ["diretta|direttamente", "numero interventi|progetti|bandi", "azienda speciale"]
descrizione = "Delle voci di budget per INTERVENTI_ECONOMICI: al numeratore quanto è utilizzato, al denominatore quanto è stanziato (EUR). L'estratto non ha date e si prende intero."
fonte = "D.P.R. 254/2005, artt. 6-8 e all. A (preventivo e budget direzionale); «Grado di utilizzo del budget stanziato per gli interventi economici» nel sistema Pareto di Unioncamere e nelle relazioni sulla performance delle Camere."
assunto = "Stanziato è il budget aggiornato alla data dell'estratto; utilizzato è ciò che è liquidato o impegnato come lo dà la contabilità della Camera."
*/
select
    b.camera,
    b.esercizio,
    b.utilizzato as numeratore,
    b.stanziato as denominatore,
    b._file,
    b._riga
from fonti.contabilita_budget as b
where b.gruppo = 'INTERVENTI_ECONOMICI'
