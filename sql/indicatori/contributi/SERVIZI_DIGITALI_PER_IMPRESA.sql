/*
codice = "SERVIZI_DIGITALI_PER_IMPRESA"
catalogo = "condiviso"
titolo = "Servizi digitali per impresa attiva"
unita = "rapporto"
direzione = "=>"
denominatore = true
unita_numeratore = "servizi"
unita_denominatore = "imprese attive"
riconosce = [
    "servizi|strumenti|dispositivi digitali rilasciati|rilascio|erogati|attivati|impresa|imprese impresa|imprese|attiva|attive",
]
conta = [
    "servizi|strumenti|dispositivi|firme digitali rilasciati|rilasciate|erogati|attivati|attivate imprese attive diviso|rapporto",
]
esclude = ["formazione|seminari|eventi|corsi|punto|pid", "beneficiarie|assistite|aderenti|orientate"]
descrizione = "Al numeratore ogni servizio digitale rilasciato a imprese nel periodo, di ogni tipo tranne ALTRO; al denominatore le imprese attive all'ultima rilevazione fino alla data di riferimento."
fonte = "L. 580/1993, art. 2, c. 2 (digitalizzazione delle imprese); «Grado di rilascio di strumenti digitali» nel sistema Pareto di Unioncamere e nelle relazioni sulla performance delle Camere."
assunto = "Servizi digitali sono firma digitale, CNS, SPID e cassetto digitale dell'imprenditore; contano i rilasci dell'anno, rinnovi compresi, non quelli in essere."
*/
with servizi as (
    select
        s.camera,
        s.esercizio,
        1 as numeratore,
        0 as denominatore,
        s._file,
        s._riga
    from fonti.registro_imprese_servizi_digitali as s
    inner join esercizi.periodi as p using (camera, esercizio)
    where s.servizio <> 'ALTRO'
        and s.data between p.inizio and p.data_riferimento
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
from servizi
union all
select camera, esercizio, numeratore, denominatore, _file, _riga
from imprese
