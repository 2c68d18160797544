/*
descrizione = "Dove un controllo di plausibilità non si può fare, e perché: nessun caso vuol dire allora che nessuno ha guardato."
grana = "una riga per controllo, partizione ed estratto o indicatore in cui non si può fare"
chiave = ["controllo", "camera", "esercizio", "estratto", "codice"]
materializzazione = "tabella"

[colonne]
estratto = "Estratto: ufficio/nome; vuoto dove si guarda un indicatore"
codice = "Codice dell'indicatore nel catalogo; vuoto dove si guarda un estratto"
motivo = "Perché il controllo non si può fare"
*/
with soglie as (
    select unnest(
        [
            ('fuori_esercizio', 'fuori_esercizio_quota'),
            ('fuori_esercizio', 'fuori_esercizio_righe'),
            ('volume', 'volume_volte'),
            ('volume', 'volume_volte_un_anno'),
            ('volume', 'volume_righe'),
            ('valore_insolito', 'valore_insolito_volte'),
            ('valore_insolito', 'valore_insolito_da_zero')
        ]::struct(controllo varchar, nome varchar)[],
        recursive := true
    )
),

da_confrontare as (
    select p.camera, p.esercizio, f.estratto
    from esercizi.periodi as p
    cross join (
        select distinct estratto
        from indicatori.processi
    ) as f
),

-- What each check needs before it can look.
mancanti as (
    select
        s.controllo,
        p.camera,
        p.esercizio,
        null as estratto,
        null as codice,
        'Le regole non danno la soglia ' || string_agg(s.nome, ', ' order by s.nome) || '.' as motivo
    from soglie as s
    cross join esercizi.periodi as p
    anti join regole.soglie as g on p.camera = g.camera and s.nome = g.nome
    group by s.controllo, p.camera, p.esercizio
    union all
    select
        'persone_sconosciute',
        camera,
        esercizio,
        estratto,
        null,
        'L''estratto segreteria/personale manca o è incompleto.'
    from qualita.estratti
    where estratto = 'segreteria/personale' and stato <> 'PRESENTE'
    union all
    select
        'codici_senza_riscontro',
        d.camera,
        d.esercizio,
        d.estratto,
        null,
        'Nessun altro esercizio ha i processi di questo estratto: si vedono solo i codici storpiati.'
    from da_confrontare as d
    anti join qualita.estratti as e
        on d.camera = e.camera
        and d.estratto = e.estratto
        and d.esercizio <> e.esercizio
        and e.stato = 'PRESENTE'
    union all
    select
        'codici_senza_riscontro',
        p.camera,
        p.esercizio,
        'contabilita/consuntivo',
        null,
        'Nessun piano con obiettivi è in vigore.'
    from esercizi.periodi as p
    anti join (
        select v.camera, v.esercizio
        from piano.in_vigore as v
        semi join piano.obiettivi as o
            on v.camera = o.camera
            and v.esercizio_piano = o.esercizio
    ) using (camera, esercizio)
    union all
    select 'volume', camera, esercizio, estratto, null, motivo
    from qualita.volumi
    where motivo is not null
    union all
    select 'valore_insolito', camera, esercizio, null, codice, motivo
    from indicatori.osservati
    where motivo is not null
)

select controllo, camera, esercizio, estratto, codice, motivo
from mancanti
