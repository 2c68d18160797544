/*
codice = "TASSO_SOSPENSIONE_PRATICHE"
catalogo = "condiviso"
titolo = "Tasso di sospensione delle pratiche del Registro imprese"
unita = "percentuale"
direzione = "=<"
denominatore = true
unita_numeratore = "pratiche sospese"
unita_denominatore = "pratiche"
riconosce = [
    "tasso|percentuale|quota|incidenza sospensione|sospese|correzione|correzioni pratiche|protocolli|istanze registro|ri|telematiche",
]
conta = [
    "pratiche|protocolli|istanze sospese|sospensione|correzione|correzioni diviso|rapporto|percentuale registro|ri|telematiche|evase|evasi|pervenute|lavorate",
]
esclude = [
    "netto sospensione|sospese|sospensioni",
    "suap|artigiane|artigianato|albo|ambientali|brevetti|marchi|protesti|contributi|voucher|mediazioni|conciliazioni",
]
descrizione = "Al denominatore ogni pratica EVASA e chiusa nel periodo, al numeratore quelle che sono state sospese almeno un giorno."
fonte = "«Tasso di sospensione delle pratiche Registro imprese» (pratiche con almeno una gestione correzione) nel sistema Pareto di Unioncamere e nelle relazioni sulla performance delle Camere."
assunto = "Una pratica è sospesa se l'estratto le dà giorni di sospensione; si misura sulle evase, perché di quelle aperte non si sa ancora."
*/
select
    r.camera,
    r.esercizio,
    case when r.giorni_sospensione > 0 then 1 else 0 end as numeratore,
    1 as denominatore,
    r._file,
    r._riga
from fonti.registro_imprese_pratiche as r
inner join esercizi.periodi as p using (camera, esercizio)
where r.esito = 'EVASA'
    and r.data_ora_chiusura::date between p.inizio and p.data_riferimento
