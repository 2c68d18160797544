/*
descrizione = "L'ultimo valore osservato che il piano stampa, accanto a quello ricalcolato dagli estratti dell'anno di cui parla, dove ci sono."
grana = "una riga per indicatore del piano col suo ultimo valore"
chiave = ["camera", "esercizio", "missione", "programma", "obiettivo", "progressivo"]
materializzazione = "tabella"
*/
select
    i.camera,
    i.esercizio,
    i.missione,
    i.programma,
    i.obiettivo,
    i.progressivo,
    i.codice,
    i.anno_ultimo_valore,
    i.ultimo_valore,
    aritmetica.arrotonda(w.valore, i.decimali)::decimal(38, 6) as ricalcolato,
    ricalcolato = i.ultimo_valore as coincide,
    w.stato,
    i.riga
from piano.indicatori as i
left join indicatori.valori as w
    on i.camera = w.camera and i.anno_ultimo_valore = w.esercizio and i.codice = w.codice
where i.ultimo_valore is not null
