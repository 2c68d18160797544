/*
descrizione = "La storia dei controlli: una riga ogni volta che l'esito di un controllo, o il numero dei casi, diventa un altro."
grana = "una riga per cambiamento"
chiave = []
materializzazione = "tabella"
perse = "select 1 from (from storico.controlli_precedenti except all from storico.controlli)"
ripetibile = false
storia = true

[colonne]
camera = "Sigla della Camera; vuota per un controllo su tutto il magazzino"
*/
with noti as (
    select
        controllo,
        camera,
        esercizio,
        casi
    from storico.controlli_precedenti
    qualify noto_dal = max(noto_dal) over (partition by controllo, camera, esercizio)
),

oggi as (
    select
        k.controllo,
        p.camera,
        p.esercizio
    from qualita.controlli as k
    cross join esercizi.periodi as p
    where k.per_partizione
    union
    select
        controllo,
        null as camera,
        null as esercizio
    from qualita.controlli
    where not per_partizione
    union
    select
        controllo,
        camera,
        esercizio
    from qualita.esiti
    union
    -- what failed where nobody looks any more has an end, too
    select
        controllo,
        camera,
        esercizio
    from noti
),

contati as (
    select
        controllo,
        camera,
        esercizio,
        sum(casi)::bigint as casi
    from qualita.esiti
    group by controllo, camera, esercizio
),

esiti as (
    select
        o.controllo,
        o.camera,
        o.esercizio,
        coalesce(c.casi, 0) as casi
    from oggi as o
    left join contati as c
        on o.controllo = c.controllo
        and o.camera is not distinct from c.camera
        and o.esercizio is not distinct from c.esercizio
)

select
    controllo,
    riguarda,
    camera,
    esercizio,
    gravita,
    superato,
    casi,
    noto_dal,
    esecuzione
from storico.controlli_precedenti
union all
select
    e.controllo,
    k.riguarda,
    e.camera,
    e.esercizio,
    k.gravita,
    e.casi = 0 as superato,
    e.casi,
    x.noto_dal,
    x.esecuzione
from esiti as e
inner join qualita.controlli as k using (controllo)
cross join storico.esecuzione as x
left join noti as n
    on e.controllo = n.controllo
    and e.camera is not distinct from n.camera
    and e.esercizio is not distinct from n.esercizio
where n.casi is distinct from e.casi
