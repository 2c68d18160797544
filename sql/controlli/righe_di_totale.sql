/*
descrizione = "Nessuna riga accettata ha per importi la somma delle altre del suo gruppo, come un totale che nessuna parola dice. Le righe che lo dicono sono in quarantena."
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
    s.esempio,
    q.codice,
    q.valore,
    q.valore_senza
from qualita.segnali as s
left join qualita.senza_sospette as q using (camera, esercizio, segnale, _file)
where s.segnale = 'righe_di_totale'
