/*
codice = "FORMAZIONE"
titolo = "Copertura delle attività formative"
unita = "percentuale"
direzione = "=>"
denominatore = true
unita_numeratore = "persone formate"
unita_denominatore = "persone"
riconosce = [
    "copertura|percentuale|quota|incidenza|tasso|partecipazione|coinvolti formativa|formazione|corsi|formati|aggiornamento dipendenti|personale|lavoratori|unita",
    "copertura attivita formative",
]
conta = [
    "dipendenti|personale|lavoratori|unita seguito|partecipato|partecipazione|partecipanti|frequentato|formati|coinvolti|svolto|ricevuto formativa|formazione|corsi|formati|aggiornamento diviso|rapporto|percentuale",
    "dipendenti|personale|lavoratori|unita attivita formativa diviso|rapporto|percentuale",
]
esclude = ["anticorruzione|sicurezza|trasparenza|privacy|digitale|digitali", "imprese|studenti|utenti"]
descrizione = "Al denominatore ogni persona in servizio alla data di riferimento con contratto TI o TD; al numeratore chi ha almeno una riga di formazione nel periodo. Ogni persona conta una volta, con la riga di personale dalla data di inizio più recente."
*/
with in_servizio as (
    select
        s.camera,
        s.esercizio,
        s.matricola,
        p.inizio,
        p.data_riferimento,
        s._file,
        s._riga
    from fonti.segreteria_personale as s
    inner join esercizi.periodi as p using (camera, esercizio)
    where s.contratto in ('TI', 'TD')
        and s.data_inizio <= p.data_riferimento
        and (s.data_fine is null or s.data_fine >= p.data_riferimento)
    qualify s.data_inizio = max(s.data_inizio) over (partition by s.camera, s.esercizio, s.matricola)
),

serviti as (
    select distinct s.camera, s.esercizio, s.matricola
    from in_servizio as s
    inner join fonti.segreteria_formazione as w using (camera, esercizio, matricola)
    where w.data between s.inizio and s.data_riferimento
)

select
    s.camera,
    s.esercizio,
    case when v.matricola is null then 0 else 1 end as numeratore,
    1 as denominatore,
    s._file,
    s._riga
from in_servizio as s
left join serviti as v using (camera, esercizio, matricola)
