/*
descrizione = "Ogni consegna attesa è arrivata entro i giorni di tolleranza dopo la fine del suo periodo."
gravita = "AVVISO"
riguarda = "qualita.freschezza"
*/
select
    camera,
    esercizio,
    estratto,
    ufficio,
    ritmo,
    giorni_ritardo,
    dati_fino_al,
    noto_dal,
    prossima_attesa
from qualita.freschezza
where in_ritardo
