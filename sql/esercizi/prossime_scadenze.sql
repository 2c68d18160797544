/*
descrizione = "La prossima scadenza di legge di ogni esercizio, al giorno in cui la partizione è stata letta. Un esercizio senza riga non ne ha più."
grana = "una riga per partizione che ha ancora una scadenza"
chiave = ["camera", "esercizio"]
materializzazione = "vista"

[colonne]
giorni = "Giorni che mancano alla scadenza (giorni)"
*/
select
    s.camera,
    s.esercizio,
    min(s.scadenza) as scadenza,
    arg_min(s.nome, (s.scadenza, s.nome)) as nome,
    min(s.scadenza - g.giorno) as giorni
from esercizi.scadenze as s
inner join esercizi.giorni as g using (camera, esercizio)
where s.scadenza >= g.giorno
group by s.camera, s.esercizio
