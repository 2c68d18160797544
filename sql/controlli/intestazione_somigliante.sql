/*
descrizione = "Nessuna intestazione è quasi, ma non del tutto, il nome di una colonna del contratto che nel file manca."
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
where s.segnale = 'intestazione_somigliante'
