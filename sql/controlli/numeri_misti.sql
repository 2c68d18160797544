/*
descrizione = "In nessuna colonna di numeri lo stesso segno ha due significati: il punto delle migliaia accanto al punto dei decimali, numeri del foglio accanto a numeri scritti come testo."
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
where s.segnale = 'numeri_misti'
