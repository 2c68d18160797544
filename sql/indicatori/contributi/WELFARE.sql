/*
codice = "WELFARE"
titolo = "Personale servito dal welfare aziendale"
unita = "percentuale"
direzione = "=>"
denominatore = true
unita_numeratore = "persone servite"
unita_denominatore = "persone"
riconosce = [
    "dipendenti|personale|lavoratori|unita serviti|beneficiari|beneficiano|beneficiato|fruitori|fruiscono|fruito|utilizzano|utilizzato|usufruito|usufruiscono|agevolazione|strumento|coperti|copertura|aderenti welfare",
]
conta = [
    "dipendenti|personale|lavoratori|unita serviti|beneficiari|beneficiano|beneficiato|fruitori|fruiscono|fruito|utilizzano|utilizzato|usufruito|usufruiscono|agevolazione|strumento|coperti|copertura|aderenti welfare diviso|rapporto|percentuale",
]
esclude = ["spesa|costo welfare"]
descrizione = "Al denominatore ogni persona in servizio alla data di riferimento, con qualsiasi contratto; al numeratore chi ha almeno una riga di welfare nel periodo. Ogni persona conta una volta, con la riga di personale dalla data di inizio più recente."
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
    where s.data_inizio <= p.data_riferimento
        and (s.data_fine is null or s.data_fine >= p.data_riferimento)
    qualify s.data_inizio = max(s.data_inizio) over (partition by s.camera, s.esercizio, s.matricola)
),

serviti as (
    select distinct s.camera, s.esercizio, s.matricola
    from in_servizio as s
    inner join fonti.segreteria_welfare as w using (camera, esercizio, matricola)
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
