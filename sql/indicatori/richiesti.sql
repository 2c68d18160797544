/*
descrizione = "Gli indicatori che si calcolano in ogni esercizio: tutti quelli del contratto; di quelli del catalogo condiviso tra le Camere, quelli a cui il piano in vigore lega una riga."
grana = "una riga per indicatore e partizione in cui si calcola"
chiave = ["camera", "esercizio", "codice"]
materializzazione = "tabella"
*/
with legati as (
    select
        v.camera,
        v.esercizio,
        i.codice
    from piano.in_vigore as v
    inner join piano.indicatori as i
        on v.camera = i.camera and v.esercizio_piano = i.esercizio
)

select
    p.camera,
    p.esercizio,
    c.codice
from esercizi.periodi as p
cross join indicatori.catalogo as c
left join legati as l using (camera, esercizio, codice)
where l.codice is not null or not c.condiviso
group by p.camera, p.esercizio, c.codice
