/*
descrizione = "Con quale piano si misura ogni esercizio: il suo, o l'ultimo precedente che ha un target per quell'anno. Un esercizio senza riga non ha piano."
grana = "una riga per partizione che ha un piano"
chiave = ["camera", "esercizio"]
materializzazione = "tabella"
*/
with precedenti as (
    select
        p.camera,
        p.esercizio,
        max(t.esercizio) as esercizio_piano
    from esercizi.periodi as p
    inner join piano.traguardi as t
        on p.camera = t.camera and p.esercizio = t.anno and p.esercizio > t.esercizio
    where t.target is not null
    group by p.camera, p.esercizio
)

select
    p.camera,
    p.esercizio,
    coalesce(a.esercizio, d.esercizio_piano) as esercizio_piano
from esercizi.periodi as p
left join lettura.piani as a using (camera, esercizio)
left join precedenti as d using (camera, esercizio)
where coalesce(a.esercizio, d.esercizio_piano) is not null
