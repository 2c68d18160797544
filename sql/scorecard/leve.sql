/*
descrizione = "Che cosa ci vorrebbe: le righe che hanno fatto mancare un target, dalla più pesante, con ciò che il valore sarebbe se si muovessero quella e le precedenti. Di un rapporto si muove il lato che la riga appesantisce: una quota da alzare perché la riga entri nel numeratore, un rapporto da alzare perché esca dal denominatore, uno da abbassare perché esca dal numeratore. Al più cento righe per riga della scorecard; le altre stanno in indicatori.contributi."
grana = "una riga per riga della scorecard che manca il target e riga di estratto che pesa"
chiave = ["camera", "esercizio", "missione", "programma", "obiettivo", "progressivo", "posto"]
materializzazione = "tabella"

[colonne]
posto = "Posto della riga tra quelle che pesano, dalla più pesante, da 1"
numeratore = "Quanto la riga aggiunge al numeratore, nelle unità dell'indicatore"
denominatore = "Quanto la riga aggiunge al denominatore, nelle unità dell'indicatore"
lato = "Il lato del rapporto che si muoverebbe: numeratore o denominatore"
pesa = "Di quanto cambierebbe il valore se si muovesse questa sola (nelle unità dell'indicatore); vuoto se resterebbe senza denominatore"
valore_se = "Il valore se si muovessero questa e le precedenti, nelle unità dell'indicatore"
basta = "Vero se così il target sarebbe raggiunto"
da_muovere = "Quante righe almeno dovrebbero muoversi perché il target sia raggiunto; vuoto se tutte non bastano"
righe_che_pesano = "Quante righe pesano in tutto (numero)"
*/
with mancati as (
    select
        -- One number in place of six columns: each window below would hash and compare them all.
        row_number() over (
            order by s.camera, s.esercizio, s.missione, s.programma, s.obiettivo, s.progressivo
        ) as cella,
        s.camera,
        s.esercizio,
        s.missione,
        s.programma,
        s.obiettivo,
        s.progressivo,
        s.codice,
        s.riga,
        s.operatore,
        s.target,
        s.decimali,
        s.valore,
        s.numeratore as totale,
        s.denominatore as base,
        c.unita,
        c.denominatore as ha_denominatore,
        -- What counts is the rounded value: the edge of one to be raised lies half of its last decimal
        -- before the target.
        (s.target::double - 0.5 / pow(10, s.decimali))
        / case c.unita when 'percentuale' then 100 else 1 end as soglia
    from scorecard.indicatori as s
    inner join indicatori.catalogo as c using (codice)
    where s.raggiunto = false
),

contributi as (
    select
        m.*,
        k._file,
        k._riga,
        k.numeratore,
        coalesce(k.denominatore, 0) as denominatore,
        m.unita = 'percentuale'
        and bool_and(
            k.numeratore between least(0, k.denominatore) and greatest(0, k.denominatore)
        ) over (partition by m.cella) as quota
    from mancati as m
    inner join indicatori.contributi as k using (camera, esercizio, codice)
),

-- How the two sums change if a row does as well as it can.
mosse as (
    select
        *,
        case
            when operatore = '=<' or not quota then -numeratore
            else denominatore - numeratore
        end as sposta_numeratore,
        case when operatore = '=<' or quota then 0 else -denominatore end as sposta_denominatore,
        -- Ordering takes doubles: they cannot overflow, and nothing that is published comes out of them.
        case
            when operatore = '=<' then numeratore::double
            when quota then (denominatore - numeratore)::double
            else soglia * denominatore::double - numeratore::double
        end as spinta
    from contributi
),

-- A ratio needs a denominator: the last row of it stays.
utili as (
    select *
    from mosse
    where spinta > 0
    qualify sposta_denominatore >= 0
        or sum(-sposta_denominatore) over (partition by cella) < base
        or row_number() over (
            partition by cella
            order by sposta_denominatore >= 0, spinta, _file desc, _riga desc
        ) > 1
),

ordinate as (
    select
        *,
        row_number() over pesanti as posto,
        totale + sum(sposta_numeratore) over pesanti as numeratore_se,
        base + sum(sposta_denominatore) over pesanti as denominatore_se
    from utili
    window pesanti as (
        partition by cella
        order by spinta desc, _file, _riga
    )
),

-- How far beyond the target a value lies, in a double.
stimate as (
    select
        *,
        case
            when not ha_denominatore then numeratore_se::double
            when denominatore_se > 0
                then numeratore_se::double / denominatore_se::double
                    * case unita when 'percentuale' then 100 else 1 end
        end
        - target::double as oltre
    from ordinate
),

-- Within a unit of the last decimal, or of what a double can tell, the exact value decides; beyond, its side is
-- certain. Exact values of all rows would cost as much as all else here together.
distinte as (
    select
        *,
        min(posto) filter (where oltre > margine and operatore = '=>' or oltre < -margine and operatore = '=<')
            over (partition by cella) as certa,
        count(*) over (partition by cella) as righe_che_pesano
    from (select *, pow(10, -decimali) + abs(target::double) * 1e-9 as margine from stimate)
),

valutate as (
    select
        *,
        aritmetica.valore(numeratore_se, denominatore_se, ha_denominatore, unita)::decimal(38, 12) as valore_se
    from distinte
    where posto <= 100 or abs(oltre) <= margine
),

-- A step of its own: DuckDB would compute the value anew wherever a macro names it.
raggiunte as (
    select
        *,
        aritmetica.raggiunto(aritmetica.arrotonda(valore_se, decimali), operatore, target) as basta
    from valutate
)

select
    camera,
    esercizio,
    missione,
    programma,
    obiettivo,
    progressivo,
    codice,
    riga,
    posto,
    _file,
    _riga,
    numeratore,
    case when ha_denominatore then denominatore end as denominatore,
    case when sposta_denominatore <> 0 then 'denominatore' else 'numeratore' end as lato,
    abs(
        aritmetica.valore(
            totale + sposta_numeratore, base + sposta_denominatore, ha_denominatore, unita
        )
        - valore
    )::decimal(38, 12) as pesa,
    valore_se,
    basta,
    least(min(posto) filter (where basta) over (partition by cella), certa) as da_muovere,
    righe_che_pesano
from raggiunte
qualify posto <= 100
