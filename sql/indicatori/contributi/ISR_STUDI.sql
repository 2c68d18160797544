/*
codice = "ISR_STUDI"
titolo = "Studi pubblicati da ISR"
unita = "numero"
direzione = "=>"
denominatore = false
riconosce = "realizzazione studi"
descrizione = "Uno per ogni studio PUBBLICATO nel periodo."
*/
select
    s.camera,
    s.esercizio,
    1 as numeratore,
    null as denominatore,
    s._file,
    s._riga
from fonti.isr_studi as s
inner join esercizi.periodi as p using (camera, esercizio)
where s.stato = 'PUBBLICATO'
    and s.data_pubblicazione between p.inizio and p.data_riferimento
