/*
descrizione = "Ogni indicatore e ogni obiettivo del piano in vigore sta nella scorecard, una volta sola."
gravita = "BLOCCA"
riguarda = "scorecard.indicatori"
*/
with attesi as (
    select
        v.camera,
        v.esercizio,
        i.missione,
        i.programma,
        i.obiettivo,
        i.progressivo
    from piano.in_vigore as v
    inner join lettura.indicatori as i on v.camera = i.camera and v.esercizio_piano = i.esercizio
    union all
    select
        v.camera,
        v.esercizio,
        o.missione,
        o.programma,
        o.obiettivo,
        null as progressivo
    from piano.in_vigore as v
    inner join lettura.obiettivi as o on v.camera = o.camera and v.esercizio_piano = o.esercizio
),

trovati as (
    select camera, esercizio, missione, programma, obiettivo, progressivo
    from scorecard.indicatori
    union all
    select camera, esercizio, missione, programma, obiettivo, null as progressivo
    from scorecard.obiettivi
)

select camera, esercizio, missione, programma, obiettivo, progressivo
from (select * from attesi except all select * from trovati)
union all
select camera, esercizio, missione, programma, obiettivo, progressivo
from (select * from trovati except all select * from attesi)
