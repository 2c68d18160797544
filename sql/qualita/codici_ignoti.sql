/*
descrizione = "Le righe il cui codice non trova riscontro: di processo, che nessun indicatore e nessun altro esercizio della Camera conosce, mentre ne manca uno che serve; di missione, programma e obiettivo, che il piano in vigore non ha."
grana = "una riga per riga di estratto e indicatore che ne ha bisogno; senza indicatore, per riga di consuntivo"
chiave = ["camera", "esercizio", "estratto", "codice", "_file", "_riga"]
materializzazione = "tabella"

[colonne]
codice = "Indicatore a cui manca il suo processo; vuoto per il consuntivo"
trovato = "Il codice come sta nel file"
mancante = "Il codice di processo che manca"
*/
with visti as (
    select 'kronos/fte' as estratto, camera, esercizio, codice_processo, _file, _riga
    from fonti.kronos_fte
    union all
    select 'contabilita/costi_processo', camera, esercizio, codice_processo, _file, _riga
    from fonti.contabilita_costi_processo
),

serviti as (
    select distinct r.camera, q.codice, q.estratto, q.codice_processo
    from indicatori.richiesti as r
    inner join indicatori.processi as q using (codice)
),

-- A process goes by its own code and by its aliases.
nomi as (
    select camera, codice, estratto, codice_processo as nome
    from serviti
    union all
    select a.camera, q.codice, q.estratto, a.alias
    from serviti as q
    inner join regole.alias_processi as a using (camera, codice_processo)
),

estranei as (
    select v.*
    from visti as v
    semi join qualita.estratti as e
        on v.camera = e.camera
        and v.esercizio = e.esercizio
        and v.estratto = e.estratto
        and e.stato = 'PRESENTE'
    anti join nomi as n on v.camera = n.camera and v.codice_processo = n.nome
    anti join visti as a
        on v.camera = a.camera
        and v.esercizio <> a.esercizio
        and v.codice_processo = a.codice_processo
),

usati as (
    select distinct n.camera, v.esercizio, n.estratto, n.codice, n.nome
    from nomi as n
    inner join visti as v
        on n.camera = v.camera and n.estratto = v.estratto and n.nome = v.codice_processo
),

-- Other years have the process, and this one does not under any name.
persi as (
    select e.camera, e.esercizio, e.estratto, u.codice, min(u.nome) as nome
    from (select distinct camera, esercizio, estratto from estranei) as e
    inner join usati as u
        on e.camera = u.camera and e.estratto = u.estratto
    anti join usati as q
        on e.camera = q.camera
        and e.esercizio = q.esercizio
        and e.estratto = q.estratto
        and u.codice = q.codice
    group by e.camera, e.esercizio, e.estratto, u.codice
),

-- A name that this year lacks, written in another way.
storpiati as (
    select e.camera, e.esercizio, e.estratto, n.codice, n.nome, e._file, e._riga
    from estranei as e
    inner join nomi as n
        on e.camera = n.camera
        and e.estratto = n.estratto
        and aritmetica.codice_nudo(e.codice_processo) = aritmetica.codice_nudo(n.nome)
    anti join usati as u
        on e.camera = u.camera
        and e.esercizio = u.esercizio
        and e.estratto = u.estratto
        and n.nome = u.nome
)

select
    e.camera,
    e.esercizio,
    e.estratto,
    coalesce(s.codice, p.codice) as codice,
    e._file,
    e._riga,
    e.codice_processo as trovato,
    min(coalesce(s.nome, p.nome)) as mancante
from estranei as e
left join storpiati as s using (camera, esercizio, estratto, _file, _riga)
left join persi as p using (camera, esercizio, estratto)
where coalesce(s.codice, p.codice) is not null
group by e.camera, e.esercizio, e.estratto, coalesce(s.codice, p.codice), e._file, e._riga, e.codice_processo
union all
select
    c.camera,
    c.esercizio,
    'contabilita/consuntivo' as estratto,
    null as codice,
    c._file,
    c._riga,
    c.missione || '/' || c.programma || '/' || c.obiettivo as trovato,
    null as mancante
from fonti.contabilita_consuntivo as c
inner join piano.in_vigore as v using (camera, esercizio)
-- Against a plan that could not be read nothing is unknown: piano_leggibile tells that.
semi join piano.obiettivi as t
    on v.camera = t.camera
    and v.esercizio_piano = t.esercizio
anti join piano.obiettivi as o
    on v.camera = o.camera
    and v.esercizio_piano = o.esercizio
    and c.missione = o.missione
    and c.programma = o.programma
    and c.obiettivo = o.obiettivo
