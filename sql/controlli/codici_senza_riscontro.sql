/*
descrizione = "Ogni codice di processo, missione, programma e obiettivo trova riscontro: in un indicatore, in un altro esercizio o nel piano."
gravita = "AVVISO"
in_evidenza = true
riguarda = "qualita.codici_ignoti"
mostra = "qualita.non_valutati"
*/
with trovati as (
    select
        camera,
        esercizio,
        estratto,
        codice,
        _file,
        count(*) as casi,
        min(_riga) as _riga,
        arg_min(trovato, _riga) as esempio,
        min(mancante) as mancante
    from qualita.codici_ignoti
    group by camera, esercizio, estratto, codice, _file
)

select
    t.camera,
    t.esercizio,
    t.estratto,
    t.codice,
    t._file,
    t.casi,
    t._riga,
    t.esempio,
    case t.casi when 1 then '1 riga' else t.casi || ' righe' end
    || case
        when t.codice is null then ' di obiettivi che il piano non ha'
        else ' di processi che nessun indicatore e nessun altro esercizio conosce, mentre manca '
            || t.mancante
    end as trovato,
    coalesce(s.valore, v.valore) as valore,
    coalesce(s.valore_senza, v.valore) as valore_senza
from trovati as t
left join indicatori.valori as v
    on t.camera = v.camera and t.esercizio = v.esercizio and t.codice = v.codice
left join qualita.senza_sospette as s
    on t.camera = s.camera
    and t.esercizio = s.esercizio
    and t._file = s._file
    and t.codice is not distinct from s.codice
    and s.segnale = 'codici_senza_riscontro'
