/*
codice = "SEDUTE"
titolo = "Sedute di Giunta e di Consiglio"
unita = "numero"
direzione = "=>"
denominatore = false
unita_numeratore = "sedute"
riconosce = ["sedute|riunioni|adunanze organi|collegiali", "sedute|riunioni|adunanze giunta consiglio"]
conta = ["sedute|riunioni|adunanze organi|collegiali", "sedute|riunioni|adunanze giunta consiglio"]
esclude = ["verbali|deliberazioni|delibere|commissioni|commissione|revisori"]
descrizione = "Una per ogni seduta SVOLTA nel periodo."
*/
select
    s.camera,
    s.esercizio,
    1 as numeratore,
    null as denominatore,
    s._file,
    s._riga
from fonti.segreteria_sedute as s
inner join esercizi.periodi as p using (camera, esercizio)
where s.esito = 'SVOLTA'
    and s.data between p.inizio and p.data_riferimento
