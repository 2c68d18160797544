/*
descrizione = "Le righe accettate che un controllo di plausibilità crede sbagliate: notate leggendo i file, o guardando più estratti insieme."
grana = "una riga per riga di estratto e controllo che la sospetta"
chiave = ["camera", "esercizio", "segnale", "_file", "_riga"]
materializzazione = "tabella"

[colonne]
segnale = "Il controllo che sospetta la riga"
*/
with persone as (
    select 'segreteria/welfare' as estratto, camera, esercizio, matricola, data, _file, _riga
    from fonti.segreteria_welfare
    union all
    select 'segreteria/formazione', camera, esercizio, matricola, data, _file, _riga
    from fonti.segreteria_formazione
    union all
    select 'kronos/fte', camera, esercizio, matricola, null, _file, _riga
    from fonti.kronos_fte
    where natura = 'INTERNO'
),

-- What is outside the period does not count, and who has left since may be in no list any more.
sconosciute as (
    select p.camera, p.esercizio, p.estratto, p._file, p._riga
    from persone as p
    inner join esercizi.periodi as d using (camera, esercizio)
    semi join qualita.estratti as e
        on p.camera = e.camera
        and p.esercizio = e.esercizio
        and e.estratto = 'segreteria/personale'
        and e.stato = 'PRESENTE'
    anti join fonti.segreteria_personale as s
        on p.camera = s.camera and p.esercizio = s.esercizio and p.matricola = s.matricola
    where p.data is null or p.data between d.inizio and d.data_riferimento
),

-- Rows outside the year count in no other extract.
datate as (
    select
        camera,
        esercizio,
        data_riferimento as giorno,
        null::date as altro,
        _file,
        _riga
    from fonti.registro_imprese_consistenza
    union all
    select camera, esercizio, data_avvio, data_conclusione, _file, _riga
    from fonti.conciliazione_procedimenti
),

fuori_esercizio as (
    select r.camera, r.esercizio, d.estratto, r._file, r._riga
    from datate as r
    inner join qualita.date_dei_file as d using (camera, esercizio, _file)
    where d.sospetto
        and r.giorno not between d.dal and d.al
        and coalesce(r.altro not between d.dal and d.al, true)
)

select distinct
    camera,
    esercizio,
    estratto,
    _file,
    _riga,
    segnale
from qualita.righe_sospette
union all
select distinct
    camera,
    esercizio,
    estratto,
    _file,
    _riga,
    'codici_senza_riscontro' as segnale
from qualita.codici_ignoti
union all
select camera, esercizio, estratto, _file, _riga, 'persone_sconosciute' as segnale
from sconosciute
union all
select camera, esercizio, estratto, _file, _riga, 'fuori_esercizio' as segnale
from fuori_esercizio
