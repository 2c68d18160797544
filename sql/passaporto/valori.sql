/*
descrizione = "L'interrogazione che rifà ogni valore dalle righe accettate, anche quelli che nessun piano chiede: la definizione per esteso, la somma di ciò che ogni riga aggiunge, lo stato da ciò che manca."
grana = "una riga per indicatore e partizione"
chiave = ["camera", "esercizio", "codice"]
materializzazione = "vista"
perse = """
select 1
from (select count(*) as righe from passaporto.valori) as v
cross join (select count(*) as righe from indicatori.valori) as a
where v.righe <> a.righe
"""

[colonne]
versione_definizione = "Le prime dodici cifre dello SHA-256 dell'interrogazione che sceglie le righe che contano"
sql = "L'interrogazione che, incollata in DuckDB sul magazzino pubblicato, rifà numeratore, denominatore, valore e stato dalle righe accettate"
*/
with necessari as (
    select
        codice,
        string_agg('''' || estratto || '''', ', ' order by estratto) as elenco
    from indicatori.fonti
    group by codice
),

valori as (
    select
        v.camera,
        v.esercizio,
        v.codice,
        c.unita,
        c.denominatore as ha_denominatore,
        d.sql as scelta,
        n.elenco,
        'camera = ''' || v.camera || ''' and esercizio = ' || v.esercizio as partizione
    from indicatori.valori as v
    inner join indicatori.catalogo as c using (codice)
    inner join indicatori.definizioni as d using (codice)
    inner join necessari as n using (codice)
)

select
    camera,
    esercizio,
    codice,
    left(sha256(scelta), 12) as versione_definizione,
    '-- ' || codice || ', ' || camera || ' ' || esercizio || ': la cifra rifatta dalle righe accettate.
with contributi as (
' || scelta || '
),

somme as (
    select
        coalesce(sum(numeratore::decimal(38, 12)), 0) as numeratore,
        coalesce(sum(denominatore::decimal(38, 12)), 0) as denominatore
    from contributi
    where ' || partizione || '
),

-- Dove manca un estratto manca la cifra: non vale mai zero.
mancanti as (
    select count(*) as estratti
    from (select unnest([' || elenco || ']) as estratto) as n
    anti join qualita.estratti as e
        on n.estratto = e.estratto
        and e.' || replace(partizione, ' and ', ' and e.') || '
        and e.stato = ''PRESENTE''
),

noti as (
    select
        case when m.estratti = 0 then s.numeratore end as numeratore,
        case when m.estratti = 0 and ' || ha_denominatore || ' then s.denominatore end as denominatore
    from somme as s
    cross join mancanti as m
)

select
    n.numeratore::decimal(38, 12) as numeratore,
    n.denominatore::decimal(38, 12) as denominatore,
    aritmetica.valore(
        n.numeratore, n.denominatore, ' || ha_denominatore || ', ''' || unita || '''
    )::decimal(38, 12) as valore,
    case
        when n.numeratore is null then ''DATI_MANCANTI''
        when n.denominatore <= 0 then ''NON_CALCOLABILE''
        when p.aperto then ''PROVVISORIO''
        else ''DEFINITIVO''
    end as stato
from noti as n
cross join esercizi.periodi as p
where p.' || replace(partizione, ' and ', ' and p.') || ';' as sql
from valori
