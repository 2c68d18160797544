/*
descrizione = "Ogni file: righe lette = accettate + in quarantena, e le accettate sono tutte e sole nel magazzino."
gravita = "BLOCCA"
riguarda = "qualita.file"
*/
select
    f.camera,
    f.esercizio,
    f._file,
    f.righe_lette,
    f.righe_accettate,
    f.righe_scartate,
    coalesce(r.righe, 0) as righe_nel_magazzino
from qualita.file as f
left join qualita.righe_nel_magazzino as r using (camera, esercizio, estratto, _file)
where f.esito <> 'IGNORATO'
    and f.estratto <> 'piano/allegato'
    and (
        f.righe_lette is distinct from f.righe_accettate + f.righe_scartate
        or f.righe_accettate is distinct from coalesce(r.righe, 0)
    )
union all
select
    r.camera,
    r.esercizio,
    r._file,
    null as righe_lette,
    null as righe_accettate,
    null as righe_scartate,
    r.righe as righe_nel_magazzino
from qualita.righe_nel_magazzino as r
anti join qualita.file as f using (camera, esercizio, estratto, _file)
