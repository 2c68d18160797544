/*
codice = "SPESA_PROMOZIONE_PER_IMPRESA"
catalogo = "condiviso"
titolo = "Spesa per interventi economici per impresa attiva"
unita = "rapporto"
direzione = "=>"
denominatore = true
unita_numeratore = "EUR"
unita_denominatore = "imprese attive"
riconosce = [
    "spesa|risorse|interventi|oneri promozione|promozionali|economici impresa|imprese attiva|attive",
    "valore medio interventi economici|promozionali impresa|imprese attiva|attive",
]
conta = [
    "interventi|spesa|oneri|costi economici|promozionali|promozione imprese attive diviso|rapporto",
]
esclude = [
    "innovazione|tecnologico|d6|digitalizzazione|digitale",
    "beneficiarie|finanziate|assistite|aderenti|contributi",
]
descrizione = "Al numeratore ogni intervento economico del periodo (EUR, gli storni sono negativi); al denominatore le imprese attive all'ultima rilevazione fino alla data di riferimento. Rapporto in EUR per impresa attiva."
fonte = "D.P.R. 254/2005, all. C (voce «Interventi economici»); «Interventi economici per impresa attiva» nel sistema Pareto di Unioncamere e nelle relazioni sulla performance delle Camere."
assunto = "Interventi di ogni modalità, anche per il tramite dell'azienda speciale; senza i costi di struttura della funzione istituzionale D."
*/
with interventi as (
    select
        i.camera,
        i.esercizio,
        i.importo as numeratore,
        0 as denominatore,
        i._file,
        i._riga
    from fonti.contabilita_interventi_economici as i
    inner join esercizi.periodi as p using (camera, esercizio)
    where i.data between p.inizio and p.data_riferimento
),

imprese as (
    select
        c.camera,
        c.esercizio,
        0 as numeratore,
        c.attive as denominatore,
        c._file,
        c._riga
    from fonti.registro_imprese_consistenza as c
    inner join esercizi.periodi as p using (camera, esercizio)
    where c.data_riferimento <= p.data_riferimento
    qualify c.data_riferimento = max(c.data_riferimento) over (partition by c.camera, c.esercizio)
)

select camera, esercizio, numeratore, denominatore, _file, _riga
from interventi
union all
select camera, esercizio, numeratore, denominatore, _file, _riga
from imprese
