/*
descrizione = "Il corso dell'anno di un indicatore, mese per mese, fino al giorno di riferimento: quanto le righe di ogni mese aggiungono e dove si è arrivati. Solo dove ogni riga che conta ha un giorno, perché un rapporto con un lato senza date non si può dividere per mesi. Il mese è quello del fatto: 0 raccoglie i fatti di prima dell'anno che contano in esso, 13 quelli di dopo."
grana = "una riga per indicatore, partizione e mese"
chiave = ["camera", "esercizio", "codice", "mese"]
materializzazione = "tabella"
perse = """
select 1
from (
    select camera, esercizio, codice, sum(righe) as righe, sum(numeratore) as numeratore
    from scorecard.mesi
    group by camera, esercizio, codice
) as m
inner join (
    select camera, esercizio, codice, count(*) as righe, sum(numeratore) as numeratore
    from indicatori.contributi
    group by camera, esercizio, codice
) as c using (camera, esercizio, codice)
where m.righe <> c.righe or m.numeratore <> c.numeratore
"""

[colonne]
mese = "Mese del fatto, da 1 a 12; 0 = prima dell'anno, 13 = dopo"
righe = "Righe di estratto che contano nel mese (numero)"
numeratore = "Quanto le righe del mese aggiungono al numeratore"
denominatore = "Quanto le righe del mese aggiungono al denominatore; vuoto in un conteggio"
valore = "Il valore delle sole righe del mese, nelle unità dell'indicatore; vuoto se non hanno denominatore"
valore_finora = "Il valore delle righe fino a tutto il mese: nell'ultimo mese è il valore dell'indicatore"
*/
with datati as (
    select
        c.camera,
        c.esercizio,
        c.codice,
        case
            when g.giorno < p.inizio then 0
            when g.giorno > p.fine then 13
            else month(g.giorno)
        end as mese,
        c.numeratore,
        c.denominatore
    from indicatori.contributi as c
    inner join esercizi.periodi as p using (camera, esercizio)
    left join qualita.giorni as g using (_file, _riga)
),

sommati as (
    select
        camera,
        esercizio,
        codice,
        mese,
        count(*) as righe,
        sum(numeratore) as numeratore,
        sum(denominatore) as denominatore
    from datati
    group by camera, esercizio, codice, mese
),

-- One row without a day, and nothing can be said of any month.
divisibili as (
    select
        s.camera,
        s.esercizio,
        s.codice
    from sommati as s
    inner join indicatori.valori as v using (camera, esercizio, codice)
    where v.valore is not null
    group by s.camera, s.esercizio, s.codice
    having bool_and(s.mese is not null)
),

-- The months that have gone by, with or without rows, and whatever lies before and after them.
trascorsi as (
    select
        d.camera,
        d.esercizio,
        d.codice,
        m.mese
    from divisibili as d
    inner join esercizi.periodi as p using (camera, esercizio)
    cross join range(1, 13) as m(mese)
    where p.data_riferimento >= p.inizio and m.mese <= month(p.data_riferimento)
    union
    select
        s.camera,
        s.esercizio,
        s.codice,
        s.mese
    from sommati as s
    semi join divisibili as d using (camera, esercizio, codice)
),

corso as (
    select
        t.camera,
        t.esercizio,
        t.codice,
        c.unita,
        c.denominatore as ha_denominatore,
        t.mese,
        coalesce(s.righe, 0) as righe,
        coalesce(s.numeratore, 0) as numeratore,
        case when c.denominatore then coalesce(s.denominatore, 0) end as denominatore,
        sum(coalesce(s.numeratore, 0)) over finora as numeratore_finora,
        sum(s.denominatore) over finora as denominatore_finora
    from trascorsi as t
    inner join indicatori.catalogo as c using (codice)
    left join sommati as s
        on t.camera = s.camera
        and t.esercizio = s.esercizio
        and t.codice = s.codice
        and t.mese = s.mese
    window finora as (
        partition by t.camera, t.esercizio, t.codice
        order by t.mese
    )
)

select
    camera,
    esercizio,
    codice,
    mese::integer as mese,
    righe::bigint as righe,
    numeratore::decimal(38, 12) as numeratore,
    denominatore::decimal(38, 12) as denominatore,
    aritmetica.valore(numeratore, denominatore, ha_denominatore, unita)::decimal(38, 12) as valore,
    aritmetica.valore(numeratore_finora, denominatore_finora, ha_denominatore, unita)::decimal(
        38, 12
    ) as valore_finora
from corso
