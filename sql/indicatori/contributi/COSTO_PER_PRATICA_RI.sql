/*
codice = "COSTO_PER_PRATICA_RI"
catalogo = "condiviso"
titolo = "Costo per pratica del Registro imprese"
unita = "rapporto"
direzione = "=<"
denominatore = true
unita_numeratore = "EUR"
unita_denominatore = "pratiche"
riconosce = [
    "costo unitario pratica|pratiche|protocollo registro|ri",
    "costo unitario pratica|pratiche|protocollo processo|sottoprocesso|c1",
]
conta = [
    "costi|oneri processo|sottoprocesso|c1|registro pratiche|protocolli evase|evasi|gestite|lavorate|chiuse diviso|rapporto",
    "costo medio|unitario pratica|pratiche|protocollo processo|sottoprocesso|c1",
]
esclude = ["addetti|fte|dipendenti", "suap|artigiane|albo|ambientali|brevetti|marchi|protesti|sanzioni"]
descrizione = "Al numeratore i costi diretti e indiretti (EUR) del processo C1.1.1 sotto ogni suo codice; al denominatore le pratiche EVASE e chiuse nel periodo. Rapporto in EUR per pratica."
fonte = "Mappa dei processi e contabilità dei costi di processo (Kronos) di Unioncamere: costi assorbiti dal processo diviso volume delle pratiche evase, come nelle relazioni sulla performance delle Camere."
assunto = "Il processo è C1.1.1 (iscrizioni, modifiche e cancellazioni su istanza di parte); gli altri suoi codici stanno negli alias delle regole. Contano COSTO_DIRETTO e COSTO_INDIRETTO, non interventi né contributi; l'estratto dei costi non ha date e si prende intero."
*/
with costi as (
    select
        c.camera,
        c.esercizio,
        c.importo as numeratore,
        0 as denominatore,
        c._file,
        c._riga
    from fonti.contabilita_costi_processo as c
    left join regole.alias_processi as a
        on c.camera = a.camera and c.codice_processo = a.alias
    where coalesce(a.codice_processo, c.codice_processo) = 'C1.1.1'
        and c.voce in ('COSTO_DIRETTO', 'COSTO_INDIRETTO')
),

pratiche as (
    select
        r.camera,
        r.esercizio,
        0 as numeratore,
        1 as denominatore,
        r._file,
        r._riga
    from fonti.registro_imprese_pratiche as r
    inner join esercizi.periodi as p using (camera, esercizio)
    where r.esito = 'EVASA'
        and r.data_ora_chiusura::date between p.inizio and p.data_riferimento
)

select camera, esercizio, numeratore, denominatore, _file, _riga
from costi
union all
select camera, esercizio, numeratore, denominatore, _file, _riga
from pratiche
