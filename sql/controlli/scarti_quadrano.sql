/*
descrizione = "Ogni file: le righe in quarantena sono tante quante ne conta il registro."
gravita = "BLOCCA"
riguarda = "qualita.scarti"
*/
with contati as (
    select
        camera,
        esercizio,
        _file,
        count(distinct _riga) as righe
    from qualita.scarti
    group by camera, esercizio, _file
)

select
    camera,
    esercizio,
    _file,
    f.righe_scartate,
    c.righe as righe_in_quarantena
from qualita.file as f
full join contati as c using (camera, esercizio, _file)
where coalesce(f.estratto, '') <> 'piano/allegato'
    and coalesce(f.righe_scartate, 0) <> coalesce(c.righe, 0)
