/*
descrizione = "Come è cambiato nel tempo ciò che sapevamo, e ciò con cui lo si misurava: una riga ogni volta che valore, risultato o stato di un indicatore, o il target, il peso, la % o le regole in vigore diventano altri. Nelle righe scritte prima che si ricordasse ciò che era in vigore, l'impronta delle regole è vuota: non si sa, e sapere qualcosa per la prima volta non è un cambiamento."
grana = "una riga per cambiamento"
chiave = ["camera", "esercizio", "codice", "noto_dal"]
materializzazione = "tabella"
ripetibile = false
storia = true

[colonne]
operatore = "Operatore in vigore: => almeno, =< al massimo; della prima cella nell'ordine del piano, come target, peso e realizzazione"
target = "Target in vigore (percentuali in punti percentuali); vuoto fuori dal piano"
peso = "Peso in vigore dell'obiettivo (punti percentuali)"
versione_regole = "Versione delle regole in vigore per la Camera"
*/
with noti as (
    select *
    from storico.precedenti
    qualify noto_dal = max(noto_dal) over (partition by camera, esercizio, codice)
),

celle as (
    select
        s.camera,
        s.esercizio,
        s.codice,
        s.risultato,
        s.operatore,
        s.target,
        o.peso,
        s.realizzazione,
        concat_ws(' ', s.operatore, s.target, o.peso, s.realizzazione) as misura,
        row_number() over (
            partition by s.camera, s.esercizio, s.codice
            order by s.missione, s.programma, s.obiettivo, s.progressivo
        ) as posto
    from scorecard.indicatori as s
    inner join scorecard.obiettivi as o using (camera, esercizio, missione, programma, obiettivo)
),

in_vigore as (
    select
        camera,
        esercizio,
        codice,
        count(*)::integer as celle,
        min(risultato) as risultato,
        max(operatore) filter (where posto = 1) as operatore,
        max(target) filter (where posto = 1)::decimal(38, 6) as target,
        max(peso) filter (where posto = 1)::decimal(38, 6) as peso,
        max(realizzazione) filter (where posto = 1) as realizzazione,
        string_agg(misura, '; ' order by posto) filter (where posto > 1) as altri_target
    from celle
    group by camera, esercizio, codice
),

oggi as (
    select
        w.camera,
        w.esercizio,
        w.codice,
        w.valore,
        c.risultato,
        w.stato,
        w.data_riferimento,
        coalesce(c.celle, 0) as celle,
        c.operatore,
        c.target,
        c.peso,
        c.realizzazione,
        c.altri_target,
        g.versione as versione_regole,
        g.impronta as impronta_regole,
        p.sha256 as sha256_piano,
        x.noto_dal,
        x.esecuzione
    from indicatori.valori as w
    cross join storico.esecuzione as x
    inner join regole.parametri as g using (camera)
    left join in_vigore as c using (camera, esercizio, codice)
    left join piano.in_vigore as v using (camera, esercizio)
    left join lettura.piani as p on v.camera = p.camera and v.esercizio_piano = p.esercizio
)

select
    camera,
    esercizio,
    codice,
    valore,
    risultato,
    stato,
    data_riferimento,
    celle,
    operatore,
    target,
    peso,
    realizzazione,
    altri_target,
    versione_regole,
    impronta_regole,
    sha256_piano,
    noto_dal,
    esecuzione
from storico.precedenti
union all
select
    o.camera,
    o.esercizio,
    o.codice,
    o.valore,
    o.risultato,
    o.stato,
    o.data_riferimento,
    o.celle,
    o.operatore,
    o.target,
    o.peso,
    o.realizzazione,
    o.altri_target,
    o.versione_regole,
    o.impronta_regole,
    o.sha256_piano,
    o.noto_dal,
    o.esecuzione
from oggi as o
left join noti as n using (camera, esercizio, codice)
where (
    o.valore, o.risultato, o.stato, o.celle, o.operatore, o.target, o.peso, o.realizzazione,
    o.altri_target, o.impronta_regole
) is distinct from (
    n.valore, n.risultato, n.stato, n.celle, n.operatore, n.target, n.peso, n.realizzazione,
    n.altri_target, n.impronta_regole
)
