/*
descrizione = "Ogni file: righe del file = intestazione + vuote + proseguite + lette; lette = accettate + in quarantena + lasciate fuori + altrui; le accettate sono tutte e sole nel magazzino."
gravita = "BLOCCA"
riguarda = "qualita.file"
*/
select
    f.camera,
    f.esercizio,
    f._file,
    f.righe_file,
    f.righe_intestazione,
    f.righe_vuote,
    f.righe_proseguite,
    f.righe_lette,
    f.righe_accettate,
    f.righe_scartate,
    f.righe_escluse,
    f.righe_altrui,
    coalesce(r.righe, 0) as righe_nel_magazzino
from qualita.file as f
left join qualita.righe_nel_magazzino as r using (camera, esercizio, estratto, _file)
where f.esito <> 'IGNORATO'
    and f.estratto <> 'piano/allegato'
    and (
        f.righe_lette is distinct from
        f.righe_accettate + f.righe_scartate + f.righe_escluse + f.righe_altrui
        or coalesce(f.righe_file, 0) <> coalesce(
            f.righe_intestazione + f.righe_vuote + f.righe_proseguite + f.righe_lette, 0
        )
        or (f.esito = 'ACCETTATO' and f.righe_file is null)
        or f.righe_accettate is distinct from coalesce(r.righe, 0)
    )
union all
select
    r.camera,
    r.esercizio,
    r._file,
    null as righe_file,
    null as righe_intestazione,
    null as righe_vuote,
    null as righe_proseguite,
    null as righe_lette,
    null as righe_accettate,
    null as righe_scartate,
    null as righe_escluse,
    null as righe_altrui,
    r.righe as righe_nel_magazzino
from qualita.righe_nel_magazzino as r
anti join qualita.file as f using (camera, esercizio, estratto, _file)
