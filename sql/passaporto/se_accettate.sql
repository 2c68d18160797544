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
        count(*) as righe
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
        bool_and(a_uno = righe) as a_uno,
        bool_or(solo_numeratore > 0) as solo_numeratore,
        bool_or(solo_denominatore > 0) as solo_denominatore,
        bool_or(in_entrambi > 0) as in_entrambi
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

visti as (
    select
        q.camera,
        q.esercizio,
        q.codice,
        q.estratto,
        q.righe,
        a.a_uno,
        a.solo_numeratore,
        a.solo_denominatore,
        a.in_entrambi
    from quarantena as q
    left join apporti as a using (camera, esercizio, codice, estratto)
),

ostacoli as (
    select
        v.camera,
        v.esercizio,
        v.codice,
        sum(v.righe) as righe,
        string_agg(
            case
                when v.a_uno is null
                    then 'nessuna riga accettata di ' || v.estratto
                        || ' conta da sé, e quelle rifiutate potrebbero cambiare come contano le altre'
                when not v.a_uno
                    then 'ogni riga di ' || v.estratto
                        || ' aggiunge una sua quantità, che di una riga rifiutata non si tiene'
                        || coalesce(' (importi letti in quelle rifiutate: ' || i.letti || ')', '')
            end,
            '; '
            order by v.estratto
        ) as motivo
    from visti as v
    left join importi as i using (camera, esercizio, estratto)
    group by v.camera, v.esercizio, v.codice
),

-- How the rows of an extract could all count: a ratio has its extremes where they count alike.
modi as (
    select camera, esercizio, codice, estratto, righe as su, 0 as giu
    from visti
    where solo_numeratore
    union all
    select camera, esercizio, codice, estratto, 0, righe
    from visti
    where solo_denominatore
    union all
    select camera, esercizio, codice, estratto, righe, righe
    from visti
    where in_entrambi
),

-- No extract counts, or any of them in one of its ways.
casi as (
    select camera, esercizio, codice, '' as estratto, 0::bigint as su, 0::bigint as giu
    from ostacoli
    where motivo is null
    union all
    select c.camera, c.esercizio, c.codice, m.estratto, c.su + m.su, c.giu + m.giu
    from casi as c
    inner join modi as m using (camera, esercizio, codice)
    where c.estratto < m.estratto
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
