/*
descrizione = "L'ultimo valore osservato che il piano stampa è quello ricalcolato dagli estratti del suo anno, ai decimali stampati."
gravita = "AVVISO"
riguarda = "scorecard.ultimi_valori"
mostra = "scorecard.ultimi_valori"
*/
select
    camera,
    esercizio,
    codice,
    anno_ultimo_valore,
    ultimo_valore,
    ricalcolato,
    riga
from scorecard.ultimi_valori
where not coincide
