/*
descrizione = "Che cosa è cambiato, con ciò che c'era prima e ciò che c'è dopo: il valore di un indicatore, il target, il peso o la % con cui lo si misura, le regole di una scorecard. Una % cambiata col valore non ha una riga sua; ciò che si sa per la prima volta non è un cambiamento."
grana = "una riga per cosa cambiata"
chiave = []
materializzazione = "vista"
*/
with passi as (
    select
        s.*,
        case c.unita when 'percentuale' then '%' else '' end as segno,
        row_number() over (
            partition by s.camera, s.esercizio, s.codice
            order by s.noto_dal
        ) as passo
    from storico.valori as s
    left join indicatori.catalogo as c using (codice)
),

coppie as (
    select
        p as vecchio,
        d as nuovo,
        d.camera,
        d.esercizio,
        d.codice,
        d.segno,
        d.noto_dal,
        p.impronta_regole is not null and p.celle > 0 as misurato
    from passi as p
    inner join passi as d
        on p.camera = d.camera
        and p.esercizio = d.esercizio
        and p.codice = d.codice
        and p.passo + 1 = d.passo
),

diversi as (
    select
        camera,
        esercizio,
        codice,
        'valore' as cosa,
        coalesce(aritmetica.testo(vecchio.valore) || segno, vecchio.stato) as prima,
        coalesce(aritmetica.testo(nuovo.valore) || segno, nuovo.stato) as dopo,
        noto_dal
    from coppie
    where vecchio.valore is distinct from nuovo.valore
    union all
    select
        camera,
        esercizio,
        codice,
        'target' as cosa,
        vecchio.operatore || aritmetica.testo(vecchio.target) || segno as prima,
        nuovo.operatore || aritmetica.testo(nuovo.target) || segno as dopo,
        noto_dal
    from coppie
    where misurato
        and (vecchio.operatore, vecchio.target) is distinct from (nuovo.operatore, nuovo.target)
    union all
    select
        camera,
        esercizio,
        codice,
        'peso' as cosa,
        aritmetica.testo(vecchio.peso) || '%' as prima,
        aritmetica.testo(nuovo.peso) || '%' as dopo,
        noto_dal
    from coppie
    where misurato and vecchio.peso is distinct from nuovo.peso
    union all
    select
        camera,
        esercizio,
        codice,
        '% Realizz' as cosa,
        aritmetica.testo(vecchio.realizzazione) || '%' as prima,
        aritmetica.testo(nuovo.realizzazione) || '%' as dopo,
        noto_dal
    from coppie
    where misurato
        and vecchio.realizzazione is distinct from nuovo.realizzazione
        and vecchio.valore is not distinct from nuovo.valore
    union all
    select
        camera,
        esercizio,
        codice,
        'altri target' as cosa,
        vecchio.altri_target as prima,
        nuovo.altri_target as dopo,
        noto_dal
    from coppie
    where misurato
        and vecchio.altri_target is distinct from nuovo.altri_target
        and vecchio.valore is not distinct from nuovo.valore
    union all
    select
        camera,
        esercizio,
        codice,
        'regole' as cosa,
        vecchio.versione_regole as prima,
        nuovo.versione_regole as dopo,
        noto_dal
    from coppie
    where misurato and vecchio.impronta_regole <> nuovo.impronta_regole
)

select
    camera,
    esercizio,
    codice,
    cosa,
    coalesce(prima, 'nessuno') as prima,
    coalesce(dopo, 'nessuno') as dopo,
    noto_dal
from diversi
