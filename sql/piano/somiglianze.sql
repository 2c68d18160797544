/*
descrizione = "Quanto ogni indicatore del piano somiglia a ogni definizione del catalogo, dal nome e dall'algoritmo, come dice sql/piano.toml."
grana = "una riga per indicatore del piano e definizione"
chiave = ["camera", "esercizio", "missione", "programma", "obiettivo", "progressivo", "codice"]
materializzazione = "tabella"

[colonne]
nome = "Quota delle parole di una forma di riconosce che sono nel nome, da 0 a 1: la migliore"
algoritmo = "Quota delle parole di una forma di conta che sono nell'algoritmo, da 0 a 1: la migliore; vuota se l'algoritmo manca o è generico"
altra_misura = "Ciò che ne fa un'altra misura"
punteggio = "Il punteggio, da 0 a 1: dell'algoritmo, se c'è; del nome altrimenti; 0 per un'altra misura"
*/
with testi as (
    select indicatore as testo
    from lettura.indicatori
    union
    select algoritmo as testo
    from lettura.indicatori
),

posti as (
    select
        codice,
        uso,
        forma,
        unnest(range(len(string_split(forma, ' ')))) as posto,
        unnest(string_split(forma, ' ')) as scelte,
        len(string_split(forma, ' ')) as quanti
    from (
        select codice, uso, forma
        from indicatori.forme
        union all
        select null as codice, genere as uso, forma
        from indicatori.parole
    )
),

cercate as (
    select
        codice,
        uso,
        forma,
        posto,
        quanti,
        unnest([parole.radice(scelta) for scelta in string_split(scelte, '|')]) as radice
    from posti
),

presenti as (
    select
        testo,
        unnest(parole.ridotte(testo)) as radice
    from testi
),

proprie as (
    select codice, radice
    from cercate
    where uso in ('riconosce', 'conta')
),

-- What serves any definition serves each one, but for the words that it has of its own.
chieste as (
    select codice, uso, forma, posto, quanti, radice
    from cercate
    union all
    select k.codice, c.uso, c.forma, c.posto, c.quanti, c.radice
    from cercate as c
    inner join indicatori.catalogo as k
        on c.uso = 'altre_misure' or (c.uso = 'quote' and k.unita <> 'percentuale')
    anti join proprie as p on k.codice = p.codice and c.radice = p.radice
),

trovate as (
    select
        t.testo,
        c.codice,
        c.uso,
        c.forma,
        c.quanti,
        count(distinct c.posto) as trovati
    from presenti as t
    inner join chieste as c using (radice)
    group by t.testo, c.codice, c.uso, c.forma, c.quanti
),

quote as (
    select
        testo,
        codice,
        uso,
        max((aritmetica.rapporto_arrotondato(trovati, quanti, 100) * 0.01)::decimal(5, 4)) as quota,
        min(forma) filter (where trovati = quanti) as forma
    from trovate
    group by testo, codice, uso
),

esclusi as (
    select testo, codice, min(forma) as forma
    from quote
    where uso not in ('riconosce', 'conta')
    group by testo, codice
),

conteggi as (
    select t.testo
    from testi as t
    semi join cercate as c
        on parole.ridotte(t.testo)[1] = c.radice and c.uso = 'conteggi'
),

-- An algorithm that could be anybody's says nothing: it is as if it were not there.
loquaci as (
    select distinct p.testo
    from presenti as p
    anti join cercate as c on p.radice = c.radice and c.uso = 'vuote'
    where not regexp_full_match(p.radice, '[0-9]*')
),

voci as (
    select
        i.camera,
        i.esercizio,
        i.missione,
        i.programma,
        i.obiettivo,
        i.progressivo,
        i.indicatore,
        l.testo as algoritmo,
        i.tipo_indicatore,
        c.testo is not null as conteggio,
        strip_accents(lower(i.tipo_indicatore)) as tipo,
        i.percentuale or contains(tipo, 'percent') or contains(tipo, '%') as percentuale
    from lettura.indicatori as i
    left join loquaci as l on i.algoritmo = l.testo
    left join conteggi as c on i.indicatore = c.testo
),

confronti as (
    select
        v.*,
        k.codice,
        coalesce(n.quota, 0) as nome,
        case
            when v.algoritmo is not null and exists (
                select 1
                from indicatori.forme as f
                where f.codice = k.codice and f.uso = 'conta'
            ) then coalesce(a.quota, 0)
        end as quota_algoritmo,
        case
            when e.forma is not null then 'il nome dice «' || e.forma || '»'
            when s.forma is not null then 'l''algoritmo dice «' || s.forma || '»'
            when k.unita = 'percentuale' and v.conteggio then 'il nome è di un conteggio'
            when k.unita <> 'percentuale' and v.percentuale then 'è una percentuale'
            when k.unita = 'percentuale'
                and not v.percentuale
                and regexp_matches(v.tipo, '^(n$|n\W|numer|quantit|valore ass|conteg|giorn|ore|euro|€|rapport)')
                then 'il tipo è «' || v.tipo_indicatore || '»'
            when not k.denominatore and contains(v.tipo, 'rapport')
                then 'il tipo è «' || v.tipo_indicatore || '»'
        end as altra_misura
    from voci as v
    cross join indicatori.catalogo as k
    left join quote as n on v.indicatore = n.testo and k.codice = n.codice and n.uso = 'riconosce'
    left join quote as a on v.algoritmo = a.testo and k.codice = a.codice and a.uso = 'conta'
    left join esclusi as e on v.indicatore = e.testo and k.codice = e.codice
    left join esclusi as s on v.algoritmo = s.testo and k.codice = s.codice
)

select
    camera,
    esercizio,
    missione,
    programma,
    obiettivo,
    progressivo,
    codice,
    nome::decimal(5, 4) as nome,
    quota_algoritmo::decimal(5, 4) as algoritmo,
    altra_misura,
    case
        when altra_misura is not null then 0
        when quota_algoritmo is null then nome
        -- Half of the words of an algorithm are those of another one.
        when quota_algoritmo < 1 then least(quota_algoritmo, 0.5)
        else 1
    end::decimal(5, 4) as punteggio
from confronti
