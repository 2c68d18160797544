/*
descrizione = "Le righe di ogni file che ha delle date parlano dell'esercizio in cui il file sta."
gravita = "AVVISO"
in_evidenza = true
riguarda = "qualita.date_dei_file"
mostra = "qualita.non_valutati"
*/
select
    d.camera,
    d.esercizio,
    d.estratto,
    v.codice,
    d._file,
    d.righe - d.nell_esercizio as casi,
    d.nell_esercizio || ' righe su ' || d.righe || ' parlano del ' || d.esercizio
    || ', le altre stanno tra il ' || strftime(d.primo, '%d/%m/%Y')
    || ' e il ' || strftime(d.ultimo, '%d/%m/%Y') as trovato,
    v.valore,
    coalesce(s.valore_senza, case when s.codice is null then v.valore end) as valore_senza
from qualita.date_dei_file as d
left join (indicatori.fonti as f inner join indicatori.valori as v using (codice))
    on d.camera = v.camera and d.esercizio = v.esercizio and d.estratto = f.estratto
left join qualita.senza_sospette as s
    on d.camera = s.camera
    and d.esercizio = s.esercizio
    and d._file = s._file
    and v.codice = s.codice
    and s.segnale = 'fuori_esercizio'
where d.sospetto
