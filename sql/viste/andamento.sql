/*
descrizione = "Come va ogni indicatore negli anni: il valore di ogni esercizio accanto a quello del precedente, col target di quell'anno e come la scorecard lo giudica (della prima cella, se il piano lo ha più volte). Di un indicatore che conta persone (viste.di_persone) c'è il solo risultato."
grana = "una riga per indicatore e partizione"
chiave = ["camera", "codice", "esercizio"]
materializzazione = "vista"

[colonne]
valore = "Valore dell'indicatore (unità dell'indicatore), troncato al dodicesimo decimale"
valore_precedente = "Valore dell'esercizio precedente, nelle unità dell'indicatore; vuoto se non c'è"
differenza = "Valore meno quello dell'esercizio precedente, nelle unità dell'indicatore"
*/
with celle as (
    select
        camera,
        esercizio,
        codice,
        target_testo,
        operatore,
        target,
        risultato,
        realizzazione,
        raggiunto,
        semaforo
    from scorecard.indicatori
    qualify row_number() over (partition by camera, esercizio, codice order by ordine) = 1
)

select
    v.camera,
    v.codice,
    c.titolo,
    c.unita,
    v.esercizio,
    v.stato,
    v.motivo,
    case when d.codice is null then v.valore end as valore,
    case when d.codice is null then p.valore end as valore_precedente,
    case when d.codice is null then v.valore - p.valore end as differenza,
    s.target_testo,
    s.operatore,
    s.target,
    s.risultato,
    s.realizzazione,
    s.raggiunto,
    s.semaforo
from indicatori.valori as v
inner join indicatori.catalogo as c using (codice)
left join viste.di_persone as d on v.codice = d.codice
left join indicatori.valori as p
    on v.camera = p.camera and v.codice = p.codice and v.esercizio = p.esercizio + 1
left join celle as s
    on v.camera = s.camera and v.esercizio = s.esercizio and v.codice = s.codice
