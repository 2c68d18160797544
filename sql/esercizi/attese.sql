/*
descrizione = "Quando è attesa ogni consegna: una per ogni periodo dell'esercizio, secondo la cadenza dell'estratto, entro i giorni di tolleranza dopo la fine del periodo."
grana = "una riga per partizione, estratto e periodo"
chiave = ["camera", "esercizio", "estratto", "fine_periodo"]
materializzazione = "vista"
*/
select
    p.camera,
    p.esercizio,
    c.estratto,
    last_day(make_date(p.esercizio, m.mese, 1)) as fine_periodo,
    least(fine_periodo + c.tolleranza_giorni::integer, date '9999-12-31')::date as scadenza
from esercizi.periodi as p
cross join esercizi.cadenze as c
cross join lateral (select unnest(range(c.mesi, 13, c.mesi))::integer as mese) as m
where c.dovuto
