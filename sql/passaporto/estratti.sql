/*
descrizione = "Gli estratti che servono a ogni indicatore: quale ufficio li deve, se ci sono e interi, da quando mancano, se sono in ritardo, quante loro righe contano e quante sono in quarantena."
grana = "una riga per indicatore, partizione ed estratto che gli serve"
chiave = ["camera", "esercizio", "codice", "estratto"]
materializzazione = "tabella"
perse = """
select 1
from (select count(*) as righe from passaporto.estratti) as e
cross join (
    select count(*) as righe
    from indicatori.richiesti
    inner join indicatori.fonti using (codice)
) as a
where e.righe <> a.righe
"""
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

-- An extract that nobody owes and nobody delivered is in no register, and is as absent as the others.
select
    r.camera,
    r.esercizio,
    r.codice,
    f.estratto,
    d.ufficio,
    coalesce(c.stato, 'ASSENTE') as stato,
    c.motivo,
    case coalesce(c.stato, 'ASSENTE')
        when 'ASSENTE' then coalesce(c.ritirato::date, a.scaduto_dal)
        when 'INCOMPLETO' then c.noto_dal::date
    end as manca_dal,
    c.dati_fino_al,
    c.noto_dal,
    c.ritirato,
    c.prossima_attesa,
    coalesce(c.giorni_ritardo, 0) as giorni_ritardo,
    coalesce(k.file, 0) as file,
    coalesce(k.righe, 0)::bigint as righe_che_contano,
    coalesce(s.righe, 0) as scarti
from indicatori.richiesti as r
inner join indicatori.fonti as f using (codice)
inner join esercizi.cadenze as d on f.estratto = d.estratto
left join qualita.consegne as c
    on r.camera = c.camera and r.esercizio = c.esercizio and f.estratto = c.estratto
left join attesi as a
    on r.camera = a.camera and r.esercizio = a.esercizio and f.estratto = a.estratto
left join contati as k
    on r.camera = k.camera
    and r.esercizio = k.esercizio
    and r.codice = k.codice
    and f.estratto = k.estratto
left join scartati as s
    on r.camera = s.camera
    and r.esercizio = s.esercizio
    and r.codice = s.codice
    and f.estratto = s.estratto
