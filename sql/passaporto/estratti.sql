/*
descrizione = "Gli estratti che servono a ogni indicatore: quale ufficio li deve, se ci sono e interi, da quando mancano, se sono in ritardo, quante loro righe contano e quante sono in quarantena."
grana = "una riga per indicatore, partizione ed estratto che gli serve"
chiave = ["camera", "esercizio", "codice", "estratto"]
materializzazione = "tabella"
ripetibile = false

[colonne]
stato = "PRESENTE, ASSENTE o INCOMPLETO (è rifiutato un suo file, o troppe sue righe)"
motivo = "Perché l'estratto non si può usare"
manca_dal = "Da quando manca: da quando è stato ritirato, da quando conosciamo il contenuto che non si può usare, o dal primo giorno dopo la prima scadenza passata senza consegna; vuoto se non manca o non è ancora dovuto"
noto_dal = "Da quando conosciamo l'ultimo contenuto consegnato (ora di Roma)"
ritirato = "Quando è stato consegnato l'ultimo contenuto, se poi è stato ritirato e non ce n'è un altro (ora di Roma)"
file = "File che hanno righe che contano (numero)"
righe_che_contano = "Righe accettate che contano nell'indicatore (numero)"
scarti = "Righe in quarantena che avrebbero potuto contare (numero; le righe di totale no)"
*/
with attesi as (
    select
        a.camera,
        a.esercizio,
        a.estratto,
        min(a.scadenza) + 1 as scaduto_dal
    from esercizi.attese as a
    inner join esercizi.giorni as g using (camera, esercizio)
    where a.scadenza < g.giorno
    group by a.camera, a.esercizio, a.estratto
),

contati as (
    select
        camera,
        esercizio,
        codice,
        estratto,
        count(*) as file,
        sum(righe) as righe
    from passaporto.file
    group by camera, esercizio, codice, estratto
),

scartati as (
    select
        camera,
        esercizio,
        codice,
        estratto,
        count(*) as righe
    from passaporto.scarti
    where not totale
    group by camera, esercizio, codice, estratto
)

select
    c.camera,
    c.esercizio,
    f.codice,
    c.estratto,
    c.ufficio,
    c.stato,
    c.motivo,
    case c.stato
        when 'ASSENTE' then coalesce(c.ritirato::date, a.scaduto_dal)
        when 'INCOMPLETO' then c.noto_dal::date
    end as manca_dal,
    c.dati_fino_al,
    c.noto_dal,
    c.ritirato,
    c.prossima_attesa,
    c.giorni_ritardo,
    coalesce(k.file, 0) as file,
    coalesce(k.righe, 0)::bigint as righe_che_contano,
    coalesce(s.righe, 0) as scarti
from qualita.consegne as c
inner join indicatori.fonti as f using (estratto)
semi join indicatori.richiesti as r
    on c.camera = r.camera and c.esercizio = r.esercizio and f.codice = r.codice
left join attesi as a using (camera, esercizio, estratto)
left join contati as k
    on c.camera = k.camera
    and c.esercizio = k.esercizio
    and c.estratto = k.estratto
    and f.codice = k.codice
left join scartati as s
    on c.camera = s.camera
    and c.esercizio = s.esercizio
    and c.estratto = s.estratto
    and f.codice = s.codice
