/*
descrizione = "Gli indicatori del piano come approvato, col target dell'anno del piano e con la definizione che li riconosce."
grana = "una riga per indicatore del piano"
chiave = ["camera", "esercizio", "missione", "programma", "obiettivo", "progressivo"]
materializzazione = "tabella"

[colonne]
unita = "Unità che il piano stampa accanto ai valori, col suo testo"
peso = "Peso dell'indicatore nel suo obiettivo (punti percentuali)"
*/
select
    i.camera,
    i.esercizio,
    i.missione,
    i.programma,
    i.obiettivo,
    i.progressivo,
    r.codice,
    i.tipologia,
    i.indicatore,
    i.tipo_indicatore,
    i.ultimo_valore,
    i.anno_ultimo_valore,
    t.target_testo,
    t.operatore,
    t.operatore_presunto,
    t.target,
    i.algoritmo,
    i.fonte,
    i.note,
    i.decimali,
    i.percentuale,
    i.unita,
    i.peso,
    i.parte,
    i.riga,
    i.cella,
    i.ordine
from lettura.indicatori as i
inner join piano.riconosciuti as r
    using (camera, esercizio, missione, programma, obiettivo, progressivo)
left join piano.traguardi as t
    on i.camera = t.camera
    and i.esercizio = t.esercizio
    and i.missione = t.missione
    and i.programma = t.programma
    and i.obiettivo = t.obiettivo
    and i.progressivo = t.progressivo
    and i.esercizio = t.anno
