/*
descrizione = "Nessuna coppia di parti di un estratto ha in comune almeno metà delle righe della più piccola, uguali o per chiave: dove non c'è una chiave contano due volte."
gravita = "AVVISO"
in_evidenza = true
riguarda = "qualita.segnali"
*/
select
    s.camera,
    s.esercizio,
    s.estratto,
    s._file,
    s.colonna,
    s.casi,
    s._riga,
    'le stesse righe di ' || s.esempio as esempio,
    q.codice,
    q.valore,
    q.valore_senza
from qualita.segnali as s
left join qualita.senza_sospette as q using (camera, esercizio, segnale, _file)
inner join regole.soglie as r on s.camera = r.camera and r.nome = 'parti_sovrapposte_righe'
where s.segnale = 'parti_sovrapposte'
    and s.casi >= r.valore
