/*
descrizione = "Il CIG di ogni lotto è uno vero: dieci caratteri, con le cifre di controllo giuste. Il lotto resta."
gravita = "AVVISO"
riguarda = "qualita.file"
*/
select
    camera,
    esercizio,
    'provveditorato/lotti' as estratto,
    _file,
    _riga,
    cig as esempio,
    dubbio as trovato
from qualita.lotti
where dubbio is not null
