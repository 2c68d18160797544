/*
descrizione = "Nessuna riga è in quarantena."
gravita = "AVVISO"
riguarda = "qualita.scarti"
*/
select
    camera,
    esercizio,
    estratto,
    _file,
    regola,
    colonna,
    count(*) as righe,
    min(_riga) as prima_riga
from qualita.scarti
group by camera, esercizio, estratto, _file, regola, colonna
