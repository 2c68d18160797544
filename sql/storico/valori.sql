/*
descrizione = "Come è cambiato nel tempo ciò che sapevamo: una riga ogni volta che valore, risultato o stato di un indicatore diventa un altro."
grana = "una riga per cambiamento"
chiave = ["camera", "esercizio", "codice", "noto_dal"]
materializzazione = "tabella"
*/
with noti as (
    select
        camera,
        esercizio,
        codice,
        valore,
        risultato,
        stato
    from storico.precedenti
    qualify noto_dal = max(noto_dal) over (partition by camera, esercizio, codice)
),

risultati as (
    select
        camera,
        esercizio,
        codice,
        min(risultato) as risultato
    from scorecard.indicatori
    where codice is not null
    group by camera, esercizio, codice
)

select
    camera,
    esercizio,
    codice,
    valore,
    risultato,
    stato,
    data_riferimento,
    noto_dal,
    esecuzione
from storico.precedenti
union all
select
    w.camera,
    w.esercizio,
    w.codice,
    w.valore,
    r.risultato,
    w.stato,
    w.data_riferimento,
    x.noto_dal,
    x.esecuzione
from indicatori.valori as w
cross join storico.esecuzione as x
left join risultati as r using (camera, esercizio, codice)
left join noti as n using (camera, esercizio, codice)
where n.codice is null
    or (w.valore, r.risultato, w.stato) is distinct from (n.valore, n.risultato, n.stato)
