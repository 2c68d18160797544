/*
descrizione = "Nessuna coppia di parti di un estratto ha in comune almeno metà delle righe della più piccola, uguali o per chiave: dove non c'è una chiave contano due volte."
gravita = "AVVISO"
in_evidenza = true
riguarda = "qualita.segnali"
*/
-- Each of the two is named: who looks for the file that was delivered last finds it, whichever that is.
with coppie as (
    select
        camera,
        esercizio,
        estratto,
        _file,
        esempio as altra,
        _file as sospetta,
        colonna,
        casi,
        _riga
    from qualita.segnali
    where segnale = 'parti_sovrapposte'
    union all
    select
        camera,
        esercizio,
        estratto,
        esempio as _file,
        _file as altra,
        _file as sospetta,
        colonna,
        casi,
        null as _riga
    from qualita.segnali
    where segnale = 'parti_sovrapposte'
)

select
    s.camera,
    s.esercizio,
    s.estratto,
    s._file,
    s.colonna,
    s.casi,
    s._riga,
    'le stesse righe di ' || s.altra as esempio,
    q.codice,
    q.valore,
    q.valore_senza
from coppie as s
left join qualita.senza_sospette as q
    on s.camera = q.camera
    and s.esercizio = q.esercizio
    and q.segnale = 'parti_sovrapposte'
    and s.sospetta = q._file
inner join regole.soglie as r on s.camera = r.camera and r.nome = 'parti_sovrapposte_righe'
where s.casi >= r.valore
