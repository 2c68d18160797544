/*
descrizione = "In nessuna colonna di date giorno e mese sembrano scambiati: giorni tutti fino al 12 accanto a testi con gli altri, o fatti per lo più successivi al giorno della consegna."
gravita = "AVVISO"
in_evidenza = true
riguarda = "qualita.segnali"
*/
with future as (
    select
        s.camera,
        s.esercizio,
        s.estratto,
        s._file,
        s.segnale,
        s.colonna,
        s.casi,
        s._riga,
        'più di metà delle date va dal ' || strftime(s.esempio::date, '%d/%m/%Y')
        || ' in poi, e la consegna è del ' || strftime(a.arrivo, '%d/%m/%Y') as esempio
    from qualita.segnali as s
    inner join qualita.arrivi as a using (camera, esercizio, estratto)
    inner join regole.soglie as r on s.camera = r.camera and r.nome = 'date_future_righe'
    where s.segnale = 'giorno_di_mezzo'
        and s.casi >= r.valore
        and s.esempio::date > a.arrivo::date
),

rovesciate as (
    select
        camera,
        esercizio,
        estratto,
        _file,
        segnale,
        colonna,
        casi,
        _riga,
        esempio
    from qualita.segnali
    where segnale = 'date_rovesciate'
    union all
    from future
)

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
from rovesciate as s
left join qualita.senza_sospette as q using (camera, esercizio, segnale, _file)
