/*
descrizione = "Che cosa può ancora diventare ogni riga della scorecard prima che l'anno finisca, senza statistica: raggiunta e non si può più perdere, raggiungibile, fuori portata comunque vada. Dove ogni estratto porta il giorno del fatto, ciò che è contato resta e altre righe si aggiungono: di una quota, favorevoli o no; di un altro rapporto, con qualunque numeratore non negativo. Negli altri si muovono le righe che ci sono. Ad anno chiuso è il fatto."
grana = "una riga per riga della scorecard"
chiave = ["camera", "esercizio", "missione", "programma", "obiettivo", "progressivo"]
materializzazione = "tabella"

[colonne]
verdetto = "ACQUISITO (raggiunto, e non si può perdere), RAGGIUNGIBILE (dipende dal resto dell'anno, anche se oggi è raggiunto) o FUORI_PORTATA; vuoto dove manca il risultato o il target"
servono = "Quanto manca almeno (unità dell'indicatore) per raggiungere il target, se tutto ciò che arriva è favorevole; vuoto se è raggiunto o fuori portata"
si_perde_con = "Quanto basta (unità dell'indicatore) a perdere il target raggiunto, se tutto ciò che arriva è sfavorevole; vuoto se non è raggiunto o non si può perdere"
lato = "Dove arriva quel tanto: numeratore, denominatore o entrambi"
in_righe = "Vero se quel tanto si conta in righe: fatti, pratiche, persone"
togliendo = "Vero se quel tanto si toglie invece di aggiungersi"
giorni_trascorsi = "Giorni dell'anno trascorsi, quello di riferimento compreso (giorni)"
giorni_rimasti = "Giorni dell'anno che restano (giorni)"
ritmo_necessario = "Quanto deve arrivare ogni giorno rimasto (unità del lato al giorno)"
ritmo_finora = "Quanto è arrivato ogni giorno trascorso, sullo stesso lato (unità del lato al giorno)"
da_muovere = "Quante righe di quelle contate dovrebbero almeno muoversi perché il target sia raggiunto; vuoto se è raggiunto o tutte non bastano"
righe_che_pesano = "Quante righe hanno fatto mancare il target (numero); vuoto se è raggiunto"
*/
with datati as (
    select f.codice
    from indicatori.fonti as f
    inner join esercizi.cadenze as c using (estratto)
    group by f.codice
    having bool_and(c.datato)
),

-- Of the open years alone: of a closed one nothing moves.
fatti as (
    select
        k.camera,
        k.esercizio,
        k.codice,
        bool_and(
            k.numeratore between least(0, k.denominatore) and greatest(0, k.denominatore)
        ) as quota,
        bool_or(k.numeratore < 0 or k.denominatore < 0) as negativi,
        bool_and(k.numeratore in (0, 1)) as numeratore_in_righe,
        bool_and(k.denominatore in (0, 1)) as denominatore_in_righe
    from indicatori.contributi as k
    semi join esercizi.periodi as p
        on k.camera = p.camera and k.esercizio = p.esercizio and p.aperto
    group by k.camera, k.esercizio, k.codice
),

giudicate as (
    select
        s.camera,
        s.esercizio,
        s.missione,
        s.programma,
        s.obiettivo,
        s.progressivo,
        s.codice,
        s.riga,
        s.numeratore,
        s.denominatore,
        s.decimali,
        s.operatore,
        s.target,
        s.raggiunto,
        c.unita,
        c.denominatore as ha_denominatore,
        p.aperto,
        greatest(0, p.data_riferimento - p.inizio + 1) as giorni_trascorsi,
        p.fine - greatest(p.data_riferimento, p.inizio - 1) as giorni_rimasti,
        c.unita = 'percentuale' and f.quota as quota,
        f.negativi,
        d.codice is not null as resta,
        coalesce(f.numeratore_in_righe, true) as numeratore_in_righe,
        f.denominatore_in_righe,
        case c.unita when 'percentuale' then 100 else 1 end as per,
        -- Whether what makes the difference now is a value that rises: to reach a target or to lose it.
        (s.operatore = '=>') <> s.raggiunto as sale,
        s.target::double
        + case s.operatore when '=>' then -0.5 else 0.5 end / pow(10, s.decimali) as soglia
    from scorecard.indicatori as s
    left join indicatori.catalogo as c using (codice)
    left join esercizi.periodi as p using (camera, esercizio)
    left join fatti as f using (camera, esercizio, codice)
    left join datati as d using (codice)
),

-- What a unit of what is to come does to the two sums: favourable to whoever wants the change.
mosse as (
    select
        *,
        case when sale then 1 when resta then 0 else -1 end as verso_numeratore,
        case when resta and (quota or not sale) then 1 else 0 end as verso_denominatore
    from giudicate
    where aperto
),

-- Where the edge lies, in doubles: a whole number of steps near it is then tried exactly. A count has no
-- denominator: what would come there changes nothing.
stime as (
    select
        *,
        case
            when verso_denominatore = 1 then denominatore_in_righe
            else numeratore_in_righe
        end as in_righe,
        case when in_righe then 1 else 0.01 end as passo,
        (soglia / per * coalesce(denominatore, 1)::double - numeratore::double)
        / nullif(verso_numeratore - soglia / per * case when ha_denominatore then verso_denominatore else 0 end, 0)
        / passo as passi
    from mosse
),

provati as (
    select
        s.*,
        s.passo * (floor(s.passi)::bigint + n.n) as quanto,
        s.numeratore + s.verso_numeratore * quanto as numeratore_poi,
        s.denominatore + s.verso_denominatore * quanto as denominatore_poi
    from stime as s
    cross join range(-1, 3) as n(n)
    where abs(s.passi) < 1e15
),

bastanti as (
    select
        camera,
        esercizio,
        missione,
        programma,
        obiettivo,
        progressivo,
        min(quanto) as quanto
    from provati
    where quanto >= 0
        and (
            aritmetica.raggiunto(
                aritmetica.arrotonda(
                    aritmetica.valore(numeratore_poi, denominatore_poi, ha_denominatore, unita),
                    decimali
                ),
                operatore,
                target
            )
        ) <> raggiunto
        -- No sum of rows that add falls below zero, and no share of them is more than the whole.
        and (
            negativi
            or (numeratore_poi >= 0 and (not quota or numeratore_poi <= denominatore_poi))
        )
    group by camera, esercizio, missione, programma, obiettivo, progressivo
),

pesanti as (
    select
        camera,
        esercizio,
        missione,
        programma,
        obiettivo,
        progressivo,
        any_value(da_muovere) as da_muovere,
        any_value(righe_che_pesano) as righe_che_pesano
    from scorecard.leve
    group by camera, esercizio, missione, programma, obiettivo, progressivo
)

select
    g.camera,
    g.esercizio,
    g.missione,
    g.programma,
    g.obiettivo,
    g.progressivo,
    g.codice,
    g.riga,
    g.raggiunto,
    case
        when g.raggiunto is null then null
        -- Where rows may subtract, nothing is sure.
        when b.quanto is not null or abs(s.passi) >= 1e15 or g.negativi
            then 'RAGGIUNGIBILE'
        when g.raggiunto then 'ACQUISITO'
        else 'FUORI_PORTATA'
    end as verdetto,
    case when not g.raggiunto then b.quanto end::decimal(38, 2) as servono,
    case when g.raggiunto then b.quanto end::decimal(38, 2) as si_perde_con,
    case
        when b.quanto is null then null
        when s.verso_numeratore <> 0 and s.verso_denominatore <> 0 then 'entrambi'
        when s.verso_denominatore <> 0 then 'denominatore'
        else 'numeratore'
    end as lato,
    case when b.quanto is not null then s.in_righe end as in_righe,
    case when b.quanto is not null then s.verso_numeratore < 0 end as togliendo,
    case when g.aperto then g.giorni_trascorsi end as giorni_trascorsi,
    case when g.aperto then g.giorni_rimasti end as giorni_rimasti,
    case
        when not g.raggiunto and s.verso_numeratore >= 0
            then aritmetica.rapporto(b.quanto, g.giorni_rimasti, 1)
    end as ritmo_necessario,
    case
        when b.quanto is not null and s.verso_numeratore >= 0
            then aritmetica.rapporto(
                case when s.verso_denominatore = 1 then g.denominatore else g.numeratore end,
                g.giorni_trascorsi,
                1
            )
    end as ritmo_finora,
    p.da_muovere,
    case when not g.raggiunto then coalesce(p.righe_che_pesano, 0) end as righe_che_pesano
from giudicate as g
left join stime as s using (camera, esercizio, missione, programma, obiettivo, progressivo)
left join bastanti as b using (camera, esercizio, missione, programma, obiettivo, progressivo)
left join pesanti as p using (camera, esercizio, missione, programma, obiettivo, progressivo)
