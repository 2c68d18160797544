/*
descrizione = "Il canale che l'ufficio dà a ogni pagamento è quello dei lotti con lo stesso CIG. Vale quello dell'ufficio."
gravita = "AVVISO"
in_evidenza = true
riguarda = "qualita.file"
*/
with lotti as (
    select distinct camera, esercizio, upper(cig) as cig, canale_del_cig
    from qualita.lotti
)

select
    g.camera,
    g.esercizio,
    'provveditorato/pagamenti' as estratto,
    g._file,
    count(*) as casi,
    min(g._riga) as _riga,
    arg_min(g.canale || ', per i lotti ' || l.canale_del_cig, g._riga) as esempio
from fonti.provveditorato_pagamenti as g
inner join lotti as l
    on g.camera = l.camera
    and g.esercizio = l.esercizio
    and upper(g.cig) = l.cig
    and g.canale <> l.canale_del_cig
where g._canale_file is null
group by g.camera, g.esercizio, g._file
