/*
descrizione = "La Camera nell'esercizio: media delle % di realizzazione pubblicate degli obiettivi, pesate col PESO e ripartite su quelli che hanno un risultato. La copertura conta gli indicatori dentro gli obiettivi."
grana = "una riga per partizione che ha un piano"
chiave = ["camera", "esercizio"]
materializzazione = "tabella"
*/
with somme as (
    select
        camera,
        esercizio,
        sum(peso) as peso,
        sum(peso) filter (where realizzazione is not null) as peso_misurato,
        sum(peso * realizzazione) as pesata,
        sum(peso * copertura) as pesata_copertura,
        sum(peso * coalesce(realizzazione_minima, 0)) as pesata_minima,
        sum(peso * coalesce(realizzazione_massima, 100)) as pesata_massima
    from scorecard.obiettivi
    group by camera, esercizio
)

select
    s.camera,
    s.esercizio,
    v.esercizio_piano,
    p.data_riferimento,
    g.versione as versione_regole,
    aritmetica.rapporto_arrotondato(s.pesata, s.peso_misurato, 1)::decimal(5, 2) as realizzazione,
    aritmetica.rapporto_arrotondato(s.pesata_minima, s.peso, 1)::decimal(5, 2)
        as realizzazione_minima,
    aritmetica.rapporto_arrotondato(s.pesata_massima, s.peso, 1)::decimal(5, 2)
        as realizzazione_massima,
    (coalesce(aritmetica.rapporto_arrotondato(s.pesata_copertura, s.peso, 100), 0) * 0.01)
        ::decimal(5, 4) as copertura
from somme as s
inner join piano.in_vigore as v using (camera, esercizio)
inner join esercizi.periodi as p using (camera, esercizio)
inner join regole.parametri as g using (camera)
