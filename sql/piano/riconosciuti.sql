/*
descrizione = "Quale definizione del catalogo riconosce ogni indicatore del piano, dal suo testo. Senza codice, nessuna definizione lo riconosce o più d'una."
grana = "una riga per indicatore del piano"
chiave = ["camera", "esercizio", "missione", "programma", "obiettivo", "progressivo"]
materializzazione = "tabella"
*/
select
    i.camera,
    i.esercizio,
    i.missione,
    i.programma,
    i.obiettivo,
    i.progressivo,
    i.riga,
    case when count(c.codice) = 1 then min(c.codice) end as codice,
    string_agg(c.codice, ', ' order by c.codice) as candidati
from lettura.indicatori as i
left join indicatori.catalogo as c
    on regexp_matches(
        regexp_replace(strip_accents(lower(i.indicatore)), '[^a-z0-9]+', ' ', 'g'), c.riconosce
    )
group by i.camera, i.esercizio, i.missione, i.programma, i.obiettivo, i.progressivo, i.riga
