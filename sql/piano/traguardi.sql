/*
descrizione = "I target di ogni indicatore del piano, uno per anno del triennio, col testo del piano accanto all'interpretazione; senza operatore vale la direzione della definizione che riconosce la riga, altrimenti «almeno»."
grana = "una riga per indicatore del piano e anno"
chiave = ["camera", "esercizio", "missione", "programma", "obiettivo", "progressivo", "anno"]
materializzazione = "tabella"
*/
select
    t.camera,
    t.esercizio,
    t.missione,
    t.programma,
    t.obiettivo,
    t.progressivo,
    t.anno,
    t.target_testo,
    case
        when t.operatore_presunto then coalesce(c.direzione, t.operatore)
        else t.operatore
    end as operatore,
    t.operatore_presunto,
    t.target,
    t.parte,
    t.riga,
    t.cella
from lettura.traguardi as t
inner join piano.riconosciuti as r
    using (camera, esercizio, missione, programma, obiettivo, progressivo)
left join indicatori.catalogo as c on r.codice = c.codice
