/*
descrizione = "Ogni riga della scorecard anno per anno: il risultato degli anni che il magazzino ha, l'ultimo valore che il piano stampa dove il magazzino non lo ha, il target di ogni anno."
grana = "una riga per riga della scorecard e anno che ha un risultato, un ultimo valore o un target"
chiave = ["camera", "esercizio", "missione", "programma", "obiettivo", "progressivo", "anno"]
materializzazione = "tabella"
perse = """
select 1
from scorecard.indicatori as i
semi join indicatori.valori as v using (camera, esercizio, codice)
anti join scorecard.andamento as a
    on i.camera = a.camera
    and i.esercizio = a.esercizio
    and i.missione = a.missione
    and i.programma = a.programma
    and i.obiettivo = a.obiettivo
    and i.progressivo = a.progressivo
    and i.esercizio = a.anno
"""

[colonne]
anno = "Anno di cui parlano risultato e target"
risultato = "Il risultato dell'anno, coi decimali della riga (nelle unità dell'indicatore); vuoto se non c'è"
stampato = "Vero se il risultato è quello che il piano stampa, perché il magazzino non ha quell'anno"
stato = "Stato del risultato dell'anno nel magazzino; vuoto se l'anno non c'è"
target_testo = "Il target dell'anno come il piano lo stampa"
operatore = "=> almeno, =< al massimo"
target = "Il target dell'anno: del piano in vigore in quell'anno per un anno passato, altrimenti di quello con cui si misura l'esercizio"
*/
with righe as (
    select
        camera,
        esercizio,
        esercizio_piano,
        missione,
        programma,
        obiettivo,
        progressivo,
        codice,
        decimali,
        ultimo_valore,
        anno_ultimo_valore
    from scorecard.indicatori
),

-- A code may stand in two rows of a plan; of their targets the first is the one that is shown.
propri as (
    select
        camera,
        esercizio,
        codice,
        arg_min({'testo': target_testo, 'operatore': operatore, 'target': target}, riga) as chiesto
    from scorecard.indicatori
    where target is not null
    group by camera, esercizio, codice
),

anni as (
    select camera, esercizio, missione, programma, obiettivo, progressivo, anno_ultimo_valore as anno
    from righe
    where ultimo_valore is not null and anno_ultimo_valore < esercizio
    union
    select r.camera, r.esercizio, r.missione, r.programma, r.obiettivo, r.progressivo, v.esercizio
    from righe as r
    inner join indicatori.valori as v using (camera, codice)
    where v.esercizio <= r.esercizio
    union
    select r.camera, r.esercizio, r.missione, r.programma, r.obiettivo, r.progressivo, t.anno
    from righe as r
    inner join piano.traguardi as t
        on r.camera = t.camera
        and r.esercizio_piano = t.esercizio
        and r.missione = t.missione
        and r.programma = t.programma
        and r.obiettivo = t.obiettivo
        and r.progressivo = t.progressivo
)

select
    a.camera,
    a.esercizio,
    a.missione,
    a.programma,
    a.obiettivo,
    a.progressivo,
    a.anno::integer as anno,
    case
        when v.valore is not null then aritmetica.arrotonda(v.valore, r.decimali)
        when r.anno_ultimo_valore = a.anno and a.anno < a.esercizio then r.ultimo_valore
    end::decimal(38, 6) as risultato,
    v.valore is null and risultato is not null as stampato,
    v.stato,
    coalesce(t.target_testo, p.chiesto.testo) as target_testo,
    coalesce(t.operatore, p.chiesto.operatore) as operatore,
    coalesce(t.target, p.chiesto.target)::decimal(38, 6) as target
from anni as a
inner join righe as r
    using (camera, esercizio, missione, programma, obiettivo, progressivo)
left join indicatori.valori as v
    on a.camera = v.camera and a.anno = v.esercizio and r.codice = v.codice
left join piano.traguardi as t
    on a.camera = t.camera
    and r.esercizio_piano = t.esercizio
    and a.missione = t.missione
    and a.programma = t.programma
    and a.obiettivo = t.obiettivo
    and a.progressivo = t.progressivo
    and a.anno = t.anno
left join propri as p
    on a.camera = p.camera and a.anno = p.esercizio and r.codice = p.codice
