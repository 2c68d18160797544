/*
descrizione = "I lotti dei registri pubblici, con ciò che di ognuno si può dire: se il suo CIG è uno vero, che canale danno insieme i lotti con quel CIG, quanto è stato liquidato nell'anno."
grana = "una riga per lotto"
chiave = ["camera", "esercizio", "_file", "_riga"]
materializzazione = "vista"

[colonne]
cig = "Codice identificativo di gara, come sta nel registro"
dubbio = "Perché il CIG non è uno vero; vuoto se lo è, e per quelli della PCP, di cui le cifre di controllo non sono pubbliche"
canale = "Canale che dà il lotto; vuoto se non lo dice"
canale_del_cig = "Canale che danno i lotti con questo CIG, se non si contraddicono; vuoto per un CIG che non lega niente"
liquidato = "Somme liquidate dall'inizio, senza IVA (EUR)"
liquidato_anno = "Liquidato nell'anno, senza IVA (EUR): la differenza con l'elenco dell'anno prima; vuoto se quello non c'è, o non si sa quale lotto sia"
anno = "Anno di cui il registro parla, o di pubblicazione del lotto"
*/
with letti as (
    select
        camera,
        esercizio,
        cig,
        oggetto,
        upper(cig) as codice,
        canale,
        regola_canale,
        liquidato,
        anno,
        _file,
        _riga,
        regexp_full_match(upper(cig), '[0-9A-Z]{10}') and cig <> '0000000000' as lega
    from fonti.provveditorato_lotti
),

-- A CIG is 7 digits and 3 of control, a simplified one X, Y or Z, 2 of control and 7: hexadecimal.
giudicati as (
    select
        *,
        case
            when not lega then 'Non è un CIG, e non lega niente.'
            when regexp_full_match(codice, '[0-9]{7}[0-9A-F]{3}')
                and codice[1:7]::bigint * 211 % 4091 <> ('0x' || codice[8:10])::bigint
                then 'Le cifre di controllo non tornano.'
            when regexp_full_match(codice, '[X-Z][0-9A-F]{9}')
                and ('0x' || codice[4:10])::bigint * 211 % 251 <> ('0x' || codice[2:3])::bigint
                then 'Le cifre di controllo non tornano.'
            when regexp_full_match(codice, '[0-9X-Z].*')
                and not regexp_full_match(codice, '([0-9]{7}|[X-Z][0-9A-F]{6})[0-9A-F]{3}')
                then 'Non ha la forma di un CIG.'
        end as dubbio,
        count(liquidato) over (partition by camera, esercizio, codice) as con_quel_cig
    from letti
),

canali as (
    select
        camera,
        esercizio,
        codice,
        case when count(distinct canale) = 1 then any_value(canale) end as canale
    from letti
    where lega
    group by camera, esercizio, codice
),

-- The same lot a year before: by its CIG where that is one lot in both years, else by its object too.
prima as (
    select
        g._file,
        g._riga,
        count(*) as con_quel_cig,
        count(*) filter (where p.oggetto is not distinct from g.oggetto) as uguali,
        sum(p.liquidato) as liquidato,
        sum(p.liquidato) filter (where p.oggetto is not distinct from g.oggetto) as liquidato_uguali
    from giudicati as g
    inner join letti as p
        on g.camera = p.camera
        and g.esercizio = p.esercizio + 1
        and g.codice = p.codice
        and p.liquidato is not null
    group by g._file, g._riga
),

elenchi as (
    select distinct camera, esercizio + 1 as esercizio
    from letti
    where liquidato is not null
)

select
    g.camera,
    g.esercizio,
    g.cig,
    g.dubbio,
    g.oggetto,
    g.canale,
    g.regola_canale,
    c.canale as canale_del_cig,
    g.liquidato,
    case
        when e.camera is null then null
        when p._file is null then g.liquidato
        when g.lega and g.con_quel_cig = 1 and p.con_quel_cig = 1 then g.liquidato - p.liquidato
        when p.uguali = 1 then g.liquidato - p.liquidato_uguali
    end::decimal(18, 2) as liquidato_anno,
    g.anno,
    g._file,
    g._riga
from giudicati as g
left join canali as c using (camera, esercizio, codice)
left join prima as p using (_file, _riga)
left join elenchi as e using (camera, esercizio)
