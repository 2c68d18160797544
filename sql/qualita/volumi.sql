/*
descrizione = "Quante righe ha ogni estratto, accanto a quante ne aveva nello stesso periodo degli esercizi precedenti della Camera: in un anno aperto, fino al giorno a cui i suoi dati arrivano o dovrebbero."
grana = "una riga per partizione ed estratto"
chiave = ["camera", "esercizio", "estratto"]
materializzazione = "tabella"

[colonne]
al = "Fino a che giorno si contano le righe con una data"
righe = "Righe accettate fino a quel giorno (numero)"
anni = "Esercizi precedenti che hanno l'estratto, con delle righe (numero)"
minimo = "Righe nello stesso periodo dell'esercizio precedente che ne ha meno (numero)"
massimo = "Righe nello stesso periodo dell'esercizio precedente che ne ha di più (numero)"
precedenti = "Righe nello stesso periodo degli esercizi precedenti, in parole"
sospetto = "Vero se le righe sono troppo poche, o troppe, rispetto a ogni esercizio precedente; vuoto se non si può dire"
motivo = "Perché non si può dire"
*/
with soglie as (
    select
        camera,
        max(valore) filter (where nome = 'volume_volte') as volte,
        max(valore) filter (where nome = 'volume_volte_un_anno') as volte_un_anno,
        max(valore) filter (where nome = 'volume_righe') as righe
    from regole.soglie
    group by camera
),

attesi as (
    select
        a.camera,
        a.esercizio,
        a.estratto,
        max(a.fine_periodo) as fine_periodo
    from esercizi.attese as a
    inner join esercizi.giorni as g using (camera, esercizio)
    where a.scadenza < g.giorno
    group by a.camera, a.esercizio, a.estratto
),

-- greatest() passes over NULL: what has come, or what should have
tagli as (
    select
        e.camera,
        e.esercizio,
        e.estratto,
        e.stato,
        case
            when p.aperto
                then least(p.data_riferimento, greatest(a.fine_periodo, v.dati_fino_al))
            else p.data_riferimento
        end as al
    from qualita.estratti as e
    inner join esercizi.periodi as p using (camera, esercizio)
    left join attesi as a using (camera, esercizio, estratto)
    left join qualita.eventi as v using (camera, esercizio, estratto)
),

contati as (
    select
        t.camera,
        t.esercizio,
        t.estratto,
        f.esercizio as anno,
        sum(f.righe) as righe
    from tagli as t
    inner join qualita.fatti as f
        on t.camera = f.camera
        and t.estratto = f.estratto
        and (
            f.giorno is null
            or f.giorno <= t.al - to_years(t.esercizio - f.esercizio)
        )
    inner join qualita.estratti as e
        on f.camera = e.camera and f.esercizio = e.esercizio and f.estratto = e.estratto
    where e.stato = 'PRESENTE'
    group by t.camera, t.esercizio, t.estratto, f.esercizio
),

confrontati as (
    select
        t.camera,
        t.esercizio,
        t.estratto,
        t.stato,
        t.al,
        coalesce(sum(c.righe) filter (where c.anno = t.esercizio), 0)::bigint as righe,
        count(*) filter (where c.anno < t.esercizio) as anni,
        min(c.righe) filter (where c.anno < t.esercizio)::bigint as minimo,
        max(c.righe) filter (where c.anno < t.esercizio)::bigint as massimo,
        string_agg(c.righe || ' nel ' || c.anno, ', ' order by c.anno desc)
            filter (where c.anno < t.esercizio) as precedenti
    from tagli as t
    left join contati as c using (camera, esercizio, estratto)
    group by t.camera, t.esercizio, t.estratto, t.stato, t.al
),

giudicati as (
    select
        c.*,
        case
            when c.stato <> 'PRESENTE' then 'L''estratto manca o è incompleto.'
            when c.anni = 0 then 'Nessun esercizio precedente ha delle righe nello stesso periodo.'
            when greatest(c.righe, c.massimo) < s.righe then 'Le righe sono troppo poche per un confronto.'
        end as motivo,
        case when c.anni = 1 then s.volte_un_anno else s.volte end as volte,
        s.righe as abbastanza
    from confrontati as c
    left join soglie as s using (camera)
)

select
    camera,
    esercizio,
    estratto,
    al,
    righe,
    anni,
    minimo,
    massimo,
    precedenti,
    case
        when motivo is null
            then (righe * volte < minimo and minimo >= abbastanza)
            or (righe > massimo * volte and righe >= abbastanza)
    end as sospetto,
    motivo
from giudicati
