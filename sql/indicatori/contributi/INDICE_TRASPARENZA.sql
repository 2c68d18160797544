/*
codice = "INDICE_TRASPARENZA"
titolo = "Indice sintetico di trasparenza"
unita = "percentuale"
direzione = "=>"
denominatore = true
unita_numeratore = "punti ottenuti"
unita_denominatore = "punti ottenibili"
riconosce = ["indice|grado|livello sintetico|complessivo|amministrazione|globale trasparenza"]
conta = [
    "indice|grado|livello sintetico|complessivo|amministrazione|globale trasparenza",
    "punteggio obblighi trasparenza|pubblicazione diviso|rapporto|massimo|percentuale",
]
esclude = ["numero|corsi|dipendenti|formazione|iniziative|accessi|utenti"]
descrizione = "Per ogni obbligo applicabile: al numeratore il punteggio, al denominatore il massimo. L'estratto non ha date e si prende intero."
*/
select
    t.camera,
    t.esercizio,
    t.punteggio as numeratore,
    t.punteggio_massimo as denominatore,
    t._file,
    t._riga
from fonti.segreteria_trasparenza as t
where t.applicabile
