/*
descrizione = "Che cosa chiede il target di ogni indicatore del piano, accanto all'ultimo valore osservato, agli altri anni del triennio e al valore di confronto più vicino. Vuoto dove manca di che giudicare."
grana = "una riga per indicatore del piano"
chiave = ["camera", "esercizio", "missione", "programma", "obiettivo", "progressivo"]
materializzazione = "tabella"

[colonne]
gia_raggiunto = "Vero se l'ultimo valore osservato rispetta già il target dell'anno del piano"
margine = "Di quanto l'ultimo valore può peggiorare restando nel target (per cento dell'ultimo valore); vuoto se quello è zero o il target non è raggiunto"
anni = "Anni che hanno un target leggibile (numero)"
fermo = "Vero se il target è lo stesso in tutti quegli anni; vuoto se sono meno di quanti dicono le regole"
confronto = "Valore di confronto scritto nella nota (unità dell'indicatore): dei confrontabili il più recente"
confronto_fonte = "Chi dà il valore di confronto"
confronto_ambito = "Gruppo di Camere del valore di confronto"
confronto_anno = "Anno del valore di confronto"
confrontabile = "Vero se il valore di confronto parla della stessa misura e di un anno abbastanza vicino; vuoto se non c'è"
motivo = "Perché il valore di confronto non è confrontabile, o con quale cautela lo è"
peggiore_del_confronto = "Vero se il target chiede meno del valore di confronto; vuoto se non è confrontabile"
*/
with soglie as (
    select
        camera,
        max(valore) filter (where nome = 'target_fermo_anni') as fermo_anni,
        max(valore) filter (where nome = 'confronto_anni') as confronto_anni
    from regole.soglie
    group by camera
),

anni as (
    select
        camera,
        esercizio,
        missione,
        programma,
        obiettivo,
        progressivo,
        count(*) as anni,
        count(distinct (operatore, target)) as diversi
    from piano.traguardi
    where target is not null
    group by camera, esercizio, missione, programma, obiettivo, progressivo
),

-- A peer's value says something beside the last observed one: of the same measure, and of its year
-- or one near it.
accostati as (
    select
        c.camera,
        c.esercizio,
        c.missione,
        c.programma,
        c.obiettivo,
        c.progressivo,
        c.fonte,
        c.ambito,
        c.anno,
        c.valore,
        case
            when c.percentuale <> i.percentuale
                then 'uno è una percentuale e l''altro no'
            when abs(c.anno - i.anno_ultimo_valore) > s.confronto_anni
                then 'tra i due anni la misura può essere cambiata'
        end as ostacolo,
        c.anno <> i.anno_ultimo_valore as altro_anno
    from lettura.confronti as c
    inner join lettura.indicatori as i
        using (camera, esercizio, missione, programma, obiettivo, progressivo)
    left join soglie as s using (camera)
),

vicini as (
    select *
    from accostati
    qualify row_number() over (
        partition by camera, esercizio, missione, programma, obiettivo, progressivo
        order by ostacolo is not null, anno desc, fonte, ambito
    ) = 1
)

select
    i.camera,
    i.esercizio,
    i.missione,
    i.programma,
    i.obiettivo,
    i.progressivo,
    i.riga,
    i.ultimo_valore,
    i.anno_ultimo_valore,
    t.operatore,
    t.target,
    aritmetica.raggiunto(i.ultimo_valore, t.operatore, t.target) as gia_raggiunto,
    case
        when aritmetica.raggiunto(i.ultimo_valore, t.operatore, t.target)
            then aritmetica.rapporto_arrotondato(
                abs(i.ultimo_valore - t.target), abs(i.ultimo_valore), 100
            )
    end as margine,
    coalesce(a.anni, 0) as anni,
    case when a.anni >= s.fermo_anni then a.diversi = 1 end as fermo,
    v.valore as confronto,
    v.fonte as confronto_fonte,
    v.ambito as confronto_ambito,
    v.anno as confronto_anno,
    case when v.valore is not null then v.ostacolo is null end as confrontabile,
    case
        when v.ostacolo is not null then v.ostacolo
        when v.altro_anno then 'gli anni sono vicini, ma non lo stesso'
    end as motivo,
    case
        when v.ostacolo is null then not aritmetica.raggiunto(t.target, t.operatore, v.valore)
    end as peggiore_del_confronto
from lettura.indicatori as i
left join piano.traguardi as t
    on i.camera = t.camera
    and i.esercizio = t.esercizio
    and i.missione = t.missione
    and i.programma = t.programma
    and i.obiettivo = t.obiettivo
    and i.progressivo = t.progressivo
    and i.esercizio = t.anno
left join anni as a
    on i.camera = a.camera
    and i.esercizio = a.esercizio
    and i.missione = a.missione
    and i.programma = a.programma
    and i.obiettivo = a.obiettivo
    and i.progressivo = a.progressivo
left join vicini as v
    on i.camera = v.camera
    and i.esercizio = v.esercizio
    and i.missione = v.missione
    and i.programma = v.programma
    and i.obiettivo = v.obiettivo
    and i.progressivo = v.progressivo
left join soglie as s on i.camera = s.camera
