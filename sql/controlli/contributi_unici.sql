/*
descrizione = "Nessuna riga di un file conta due volte nello stesso indicatore, e ciascuna è una riga accettata."
gravita = "BLOCCA"
riguarda = "indicatori.contributi"
*/
-- A bit for each line of a stretch of 4096: where all lines are different there are as many bits as
-- lines. Millions of lines need no group each; only stretches that fail are counted line by line.
with tratti as materialized (
    select
        camera,
        esercizio,
        codice,
        _file,
        _riga >> 12 as tratto
    from indicatori.contributi
    group by camera, esercizio, codice, _file, tratto
    having _file is null
        or count(*) > coalesce(bit_count(bitstring_agg(_riga & 4095, 0, 4095)), 0)
)

select
    c.camera,
    c.esercizio,
    c.codice,
    c._file,
    c._riga,
    count(*) as volte
from indicatori.contributi as c
semi join tratti as t
    on c.camera = t.camera
    and c.esercizio = t.esercizio
    and c.codice = t.codice
    and c._file is not distinct from t._file
    and c._riga >> 12 is not distinct from t.tratto
group by c.camera, c.esercizio, c.codice, c._file, c._riga
having count(*) > 1 or c._file is null or c._riga is null
