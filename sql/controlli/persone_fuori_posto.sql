/*
descrizione = "Nessuna matricola e nessun codice fiscale sta in una colonna che non è la sua: quelle righe sono escluse e mascherate."
gravita = "AVVISO"
in_evidenza = true
riguarda = "qualita.segnali"
*/
select
    camera,
    esercizio,
    estratto,
    _file,
    colonna,
    casi,
    _riga,
    'la colonna ' || colonna || ' contiene matricole o codici fiscali: righe escluse e mascherate'
        as trovato
from qualita.segnali
where segnale = 'persone_fuori_posto'
