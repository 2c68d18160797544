/*
codice = "ACCESSI_NEI_TERMINI"
titolo = "Istanze di accesso evase nei termini"
unita = "percentuale"
direzione = "=>"
denominatore = true
unita_numeratore = "istanze con risposta nei termini"
unita_denominatore = "istanze"
riconosce = [
    "istanze|richieste|domande accesso civico|atti|generalizzato|documenti|documentale|241 evase|evasione|risposta|riscontro|riscontrate|concluse|trattate|lavorate|accolte|definite termini|tempi|giorni|scadenza|legge",
    "istanze|richieste|domande accesso evase|evasione|risposta|riscontro|riscontrate|concluse|trattate|lavorate|accolte|definite termini|tempi|giorni|scadenza|legge",
]
conta = [
    "istanze|richieste|domande accesso evase|evasione|risposta|riscontro|riscontrate|concluse|trattate|lavorate|accolte|definite termini|tempi|giorni|scadenza|legge diviso|rapporto|percentuale",
]
esclude = ["oltre|fuori termini|tempi|giorni", "riesame|credito|fondo|finanziamento|finanziamenti"]
descrizione = "Al denominatore le istanze CIVICO_GENERALIZZATO e DOCUMENTALE_241 protocollate nel periodo, al numeratore quelle con risposta entro 30 giorni più la sospensione (al massimo 10 giorni, solo CIVICO_GENERALIZZATO). Ad anno aperto non conta l'istanza senza risposta il cui termine non è passato; la risposta vale anche se successiva alla data di riferimento."
*/
with istanze as (
    select
        a.camera,
        a.esercizio,
        a.data_risposta,
        a.data_presentazione
        + 30
        + case
            when a.tipo = 'CIVICO_GENERALIZZATO' then least(a.giorni_sospensione, 10)
            else 0
        end::integer as termine,
        p.aperto,
        p.data_riferimento,
        a._file,
        a._riga
    from fonti.segreteria_accessi as a
    inner join esercizi.periodi as p using (camera, esercizio)
    where a.tipo in ('CIVICO_GENERALIZZATO', 'DOCUMENTALE_241')
        and a.data_protocollo between p.inizio and p.data_riferimento
)

select
    camera,
    esercizio,
    case when data_risposta <= termine then 1 else 0 end as numeratore,
    1 as denominatore,
    _file,
    _riga
from istanze
where not (aperto and data_risposta is null and data_riferimento <= termine)
