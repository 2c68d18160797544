/*
codice = "PRATICHE_ENTRO_5_GIORNI"
catalogo = "condiviso"
titolo = "Pratiche del Registro imprese evase entro 5 giorni"
unita = "percentuale"
direzione = "=>"
denominatore = true
unita_numeratore = "pratiche chiuse entro 5 giorni"
unita_denominatore = "pratiche chiuse"
riconosce = [
    "pratiche|protocolli|istanze evase|evasione|lavorate|lavorazione|gestite|chiuse registro|ri|telematiche 5|cinque giorni",
    "rispetto tempi evasione|lavorazione|gestione pratiche|protocolli|istanze registro|ri|telematiche 5|cinque giorni",
]
conta = [
    "pratiche|protocolli|istanze evase|evasi|lavorate|gestite|chiuse entro 5|cinque giorni diviso|rapporto|percentuale",
]
esclude = [
    "pervenute|ricevute|presentate",
    "suap|artigiane|artigianato|albo|ambientali|brevetti|marchi|protesti|certificati|visti|sanzioni|accesso",
]
descrizione = "Al denominatore ogni pratica EVASA e chiusa nel periodo, al numeratore quelle chiuse entro 5 giorni di calendario dall'arrivo, senza contare quelli di sospensione."
fonte = "L. 241/1990, art. 2, e D.P.R. 581/1995, art. 11, c. 8 (iscrizione entro cinque giorni); «Rispetto dei tempi di evasione (5 giorni) delle pratiche Registro imprese» nel sistema Pareto di Unioncamere e nelle relazioni sulla performance delle Camere."
assunto = "Pratiche di ogni canale; giorni di calendario, al netto della sospensione; contano le evase, non le rifiutate. Una quota sulle pratiche pervenute è un'altra misura."
*/
select
    r.camera,
    r.esercizio,
    case
        when date_diff('day', r.data_ora_arrivo::date, r.data_ora_chiusura::date) - r.giorni_sospensione <= 5
            then 1
        else 0
    end as numeratore,
    1 as denominatore,
    r._file,
    r._riga
from fonti.registro_imprese_pratiche as r
inner join esercizi.periodi as p using (camera, esercizio)
where r.esito = 'EVASA'
    and r.data_ora_chiusura::date between p.inizio and p.data_riferimento
