/*
descrizione = "Gli indicatori fatti con estratti in cui una riga è di una persona. Delle loro righe, e di quante sono, queste viste non dicono niente: solo il risultato che il piano chiede, così che nessun gruppo di meno di cinque persone si legga né si ricavi per differenza."
grana = "una riga per indicatore"
chiave = ["codice"]
materializzazione = "vista"
*/
select distinct f.codice
from indicatori.fonti as f
inner join meta.dizionario as d on 'fonti.' || replace(f.estratto, '/', '_') = d.tabella
where d.sensibilita = 'pseudonimo'
