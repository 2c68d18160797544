/*
descrizione = "Che cosa avrebbero cambiato le righe in quarantena, dove si può calcolare: i valori estremi se ciascuna contasse come una riga accettata dello stesso estratto, o non contasse. Di una riga rifiutata si tiene solo ciò che non va: dove le righe non aggiungono tutte uno, o non contano da sé, non si calcola, e il motivo lo dice."
grana = "una riga per indicatore e partizione con righe in quarantena che avrebbero potuto contare"
chiave = ["camera", "esercizio", "codice"]
materializzazione = "tabella"
perse = """
select 1
from (select count(*) as righe from passaporto.se_accettate) as s
cross join (
    select count(distinct (camera, esercizio, codice)) as righe
    from passaporto.estratti
    where scarti > 0
) as a
where s.righe <> a.righe
"""

[colonne]
righe = "Righe in quarantena che avrebbero potuto contare (numero)"
valore_minimo = "Il valore più basso che l'indicatore avrebbe potuto avere, nelle sue unità; vuoto se non si può calcolare"
valore_massimo = "Il valore più alto che l'indicatore avrebbe potuto avere, nelle sue unità; vuoto se non si può calcolare"
motivo = "Perché non si può calcolare"
*/
with recursive quarantena as (
    select
        camera,
        esercizio,
        codice,
        estratto,
        count(*) as righe,
        row_number() over (partition by camera, esercizio, codice order by estratto) as posto
    from passaporto.scarti
    where not totale
    group by camera, esercizio, codice, estratto
),

apporti as (
    select
        camera,
        esercizio,
        codice,
        estratto,
        sum(a_uno) = sum(righe) as a_uno,
        sum(solo_numeratore) > 0 as solo_numeratore,
        sum(solo_denominatore) > 0 as solo_denominatore,
        sum(in_entrambi) > 0 as in_entrambi
    from passaporto.file
    group by camera, esercizio, codice, estratto
),

-- What can be told of them all the same.
importi as (
    select
        camera,
        esercizio,
        estratto,
        string_agg(colonna || ' ' || aritmetica.testo(scartato) || ' EUR', ', ' order by colonna) as letti
    from (
        select camera, esercizio, estratto, colonna, sum(scartato) as scartato
        from qualita.importi
        group by camera, esercizio, estratto, colonna
    )
    where scartato <> 0
    group by camera, esercizio, estratto
),

ostacoli as (
    select
        q.camera,
        q.esercizio,
        q.codice,
        sum(q.righe) as righe,
        string_agg(
            case
                when a.estratto is null
                    then 'nessuna riga accettata di ' || q.estratto
                        || ' conta da sé, e quelle rifiutate potrebbero cambiare come contano le altre'
                when not a.a_uno
                    then 'ogni riga di ' || q.estratto
                        || ' aggiunge una sua quantità, che di una riga rifiutata non si tiene'
                        || coalesce(' (importi letti in quelle rifiutate: ' || i.letti || ')', '')
            end,
            '; '
            order by q.estratto
        ) as motivo
    from quarantena as q
    left join apporti as a using (camera, esercizio, codice, estratto)
    left join importi as i
        on q.camera = i.camera and q.esercizio = i.esercizio and q.estratto = i.estratto
    group by q.camera, q.esercizio, q.codice
),

-- How the rows of an extract could all count: a ratio has its extremes where they count alike.
modi as (
    select q.camera, q.esercizio, q.codice, q.posto, 0 as su, 0 as giu
    from quarantena as q
    union all
    select q.camera, q.esercizio, q.codice, q.posto, q.righe, 0
    from quarantena as q
    inner join apporti as a using (camera, esercizio, codice, estratto)
    where a.solo_numeratore
    union all
    select q.camera, q.esercizio, q.codice, q.posto, 0, q.righe
    from quarantena as q
    inner join apporti as a using (camera, esercizio, codice, estratto)
    where a.solo_denominatore
    union all
    select q.camera, q.esercizio, q.codice, q.posto, q.righe, q.righe
    from quarantena as q
    inner join apporti as a using (camera, esercizio, codice, estratto)
    where a.in_entrambi
),

casi as (
    select camera, esercizio, codice, 0::bigint as posto, 0::bigint as su, 0::bigint as giu
    from ostacoli
    where motivo is null
    union all
    select m.camera, m.esercizio, m.codice, m.posto, c.su + m.su, c.giu + m.giu
    from casi as c
    inner join modi as m
        on c.camera = m.camera
        and c.esercizio = m.esercizio
        and c.codice = m.codice
        and c.posto + 1 = m.posto
),

valutati as (
    select
        c.camera,
        c.esercizio,
        c.codice,
        aritmetica.valore(
            v.numeratore + c.su, v.denominatore + c.giu, k.denominatore, k.unita
        ) as valore
    from casi as c
    inner join indicatori.valori as v using (camera, esercizio, codice)
    inner join indicatori.catalogo as k using (codice)
    qualify c.posto = max(c.posto) over (partition by c.camera, c.esercizio, c.codice)
),

estremi as (
    select
        camera,
        esercizio,
        codice,
        min(valore) as minimo,
        max(valore) as massimo
    from valutati
    group by camera, esercizio, codice
)

select
    o.camera,
    o.esercizio,
    o.codice,
    o.righe::bigint as righe,
    case when v.valore is not null then e.minimo end::decimal(38, 12) as valore_minimo,
    case when v.valore is not null then e.massimo end::decimal(38, 12) as valore_massimo,
    case
        when v.valore is null then 'Non si può calcolare: l''indicatore non ha un valore.'
        else 'Non si può calcolare: ' || o.motivo || '.'
    end as motivo
from ostacoli as o
inner join indicatori.valori as v using (camera, esercizio, codice)
left join estremi as e using (camera, esercizio, codice)
