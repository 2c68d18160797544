/*
descrizione = "Gli obiettivi del piano in vigore, col consuntivo e con la media delle % di realizzazione dei loro indicatori, pesata dove il piano dà a ciascuno un peso."
grana = "una riga per obiettivo"
chiave = ["camera", "esercizio", "missione", "programma", "obiettivo"]
materializzazione = "tabella"
*/
with medie as (
    select
        camera,
        esercizio,
        missione,
        programma,
        obiettivo,
        count(*) as indicatori,
        count(realizzazione) as misurati,
        sum(quota) as quote,
        sum(quota) filter (where realizzazione is not null) as quote_misurate,
        sum(quota * realizzazione) as somma,
        sum(quota * coalesce(realizzazione, 0)) as somma_minima,
        sum(quota * coalesce(realizzazione, 100)) as somma_massima
    from scorecard.indicatori
    group by camera, esercizio, missione, programma, obiettivo
),

-- With the extract, an objective without a row has spent 0; without it, or without a code to look
-- for, nobody knows.
spese as (
    select
        camera,
        esercizio,
        missione,
        programma,
        obiettivo,
        sum(importo) as importo
    from fonti.contabilita_consuntivo
    group by camera, esercizio, missione, programma, obiettivo
),

obiettivi as (
    select
        v.camera,
        v.esercizio,
        v.esercizio_piano,
        o.* exclude (camera, esercizio, risorse_preventivo),
        case when v.esercizio = v.esercizio_piano then o.risorse_preventivo end
            as risorse_preventivo,
        case
            when e.stato = 'PRESENTE' and regexp_full_match(o.missione || o.programma, '[0-9]{6}')
                then coalesce(s.importo, 0)
        end::decimal(38, 2) as risorse_consuntivo
    from piano.in_vigore as v
    inner join piano.obiettivi as o on v.camera = o.camera and v.esercizio_piano = o.esercizio
    inner join qualita.estratti as e
        on v.camera = e.camera
        and v.esercizio = e.esercizio
        and e.estratto = 'contabilita/consuntivo'
    left join spese as s
        on v.camera = s.camera
        and v.esercizio = s.esercizio
        and o.missione = s.missione
        and o.programma = s.programma
        and o.obiettivo = s.obiettivo
)

select
    o.camera,
    o.esercizio,
    o.esercizio_piano,
    o.missione,
    o.missione_titolo,
    o.programma,
    o.programma_titolo,
    o.obiettivo,
    o.titolo,
    o.descrizione,
    o.stakeholder_esterni,
    o.stakeholder_interni,
    o.arco_temporale,
    o.centro_responsabilita,
    o.risorse_preventivo,
    o.risorse_consuntivo,
    aritmetica.rapporto_arrotondato(o.risorse_consuntivo, o.risorse_preventivo, 100)
        as percentuale_spesa,
    o.peso,
    o.parte,
    o.riga,
    o.cella,
    o.ordine,
    aritmetica.rapporto_arrotondato(m.somma, m.quote_misurate, 1)::decimal(5, 2) as realizzazione,
    aritmetica.rapporto_arrotondato(m.somma_minima, m.quote, 1)::decimal(5, 2)
        as realizzazione_minima,
    aritmetica.rapporto_arrotondato(m.somma_massima, m.quote, 1)::decimal(5, 2)
        as realizzazione_massima,
    (coalesce(aritmetica.rapporto_arrotondato(m.misurati, m.indicatori, 100), 0) * 0.01)
        ::decimal(5, 4) as copertura
from obiettivi as o
left join medie as m
    on o.camera = m.camera
    and o.esercizio = m.esercizio
    and o.missione = m.missione
    and o.programma = m.programma
    and o.obiettivo = m.obiettivo
