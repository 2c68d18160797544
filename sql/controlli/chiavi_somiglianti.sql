/*
descrizione = "Nessun estratto ha due chiavi uguali ma per maiuscole, accenti, zeri iniziali, punteggiatura o lettere guastate dalla codifica: sono la stessa cosa contata due volte."
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
where s.segnale = 'chiavi_somiglianti'
