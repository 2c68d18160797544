/*
descrizione = "Il registro delle consegne, per contenuto: ogni file visto ha un solo esito, e resta anche quando un altro lo sostituisce."
grana = "una riga per file e contenuto"
chiave = ["_file", "sha256"]
materializzazione = "tabella"
ripetibile = false
storia = true

[colonne]
esito = "CARICATA, DUPLICATA (stesso contenuto di un'altra parte), RIFIUTATA, SOSTITUITA (da un altro contenuto), RITIRATA (il file non c'è più)"
motivo = "Di quale file è il doppione, perché è rifiutata, quale contenuto la sostituisce"
noto_dal = "Da quando la conosciamo (ora di Roma)"
*/
with viste as (
    select
        camera,
        esercizio,
        estratto,
        _file,
        sha256,
        esito,
        motivo,
        min(_file) over (partition by camera, esercizio, estratto, sha256) as primo
    from qualita.file
    where sha256 is not null
),

correnti as (
    select
        camera,
        esercizio,
        estratto,
        _file,
        sha256,
        case
            when esito = 'RIFIUTATO' then 'RIFIUTATA'
            when _file <> primo then 'DUPLICATA'
            else 'CARICATA'
        end as esito,
        case
            when esito = 'RIFIUTATO' then motivo
            when _file <> primo then primo
        end as motivo
    from viste
),

passate as (
    select
        p.camera,
        p.esercizio,
        p.estratto,
        p._file,
        p.sha256,
        case when v._file is null then 'RITIRATA' else 'SOSTITUITA' end as esito,
        c.sha256 as motivo
    from storico.consegne_precedenti as p
    anti join correnti as o on p._file = o._file and p.sha256 = o.sha256
    left join correnti as c on p._file = c._file
    -- a file that could not be read is there, though its content is not known
    left join (select distinct _file from qualita.file) as v on p._file = v._file
),

tutte as (
    select camera, esercizio, estratto, _file, sha256, esito, motivo
    from correnti
    union all
    select camera, esercizio, estratto, _file, sha256, esito, motivo
    from passate
)

select
    t.camera,
    t.esercizio,
    t.estratto,
    t._file,
    t.sha256,
    t.esito,
    t.motivo,
    coalesce(p.noto_dal, x.noto_dal) as noto_dal
from tutte as t
cross join storico.esecuzione as x
left join storico.consegne_precedenti as p on t._file = p._file and t.sha256 = p.sha256
