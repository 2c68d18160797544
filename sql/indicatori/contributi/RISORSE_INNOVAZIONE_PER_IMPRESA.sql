/*
codice = "RISORSE_INNOVAZIONE_PER_IMPRESA"
titolo = "Risorse per l'innovazione per impresa attiva"
unita = "rapporto"
direzione = "=>"
denominatore = true
unita_numeratore = "EUR"
unita_denominatore = "imprese attive"
riconosce = [
    "risorse|spesa|costi|importo dedicate|destinate|impiegate|stanziate|trasferite impresa innovazione|tecnologico|digitalizzazione",
]
conta = ["risorse|spesa|costi|importo|oneri innovazione|tecnologico|d6 imprese attive diviso|rapporto"]
esclude = ["imprese beneficiarie|finanziate|assistite|aderenti|ricevuto", "percentuale|quota|incidenza"]
descrizione = "Al numeratore gli importi (EUR) del processo D6.1.3 sotto ogni suo codice, il contributo all'azienda speciale in meno; al denominatore le imprese attive all'ultima rilevazione fino alla data di riferimento. Rapporto in EUR per impresa attiva."
*/
with risorse as (
    select
        c.camera,
        c.esercizio,
        case
            when c.voce = 'CONTRIBUTO_AZIENDA_SPECIALE' then -c.importo
            else c.importo
        end as numeratore,
        0 as denominatore,
        c._file,
        c._riga
    from fonti.contabilita_costi_processo as c
    left join regole.alias_processi as a
        on c.camera = a.camera and c.codice_processo = a.alias
    where coalesce(a.codice_processo, c.codice_processo) = 'D6.1.3'
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
from risorse
union all
select camera, esercizio, numeratore, denominatore, _file, _riga
from imprese
