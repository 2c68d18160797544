/*
descrizione = "Di ogni file con delle date, quante righe parlano del suo esercizio. In un anno aperto vale anche il periodo appena finito, che si consegna nell'anno nuovo."
grana = "una riga per file che ha righe con una data"
chiave = ["camera", "esercizio", "estratto", "_file"]
materializzazione = "tabella"

[colonne]
dal = "Da che giorno una riga parla dell'esercizio"
al = "Fino a che giorno una riga parla dell'esercizio"
righe = "Righe accettate che hanno una data (numero)"
nell_esercizio = "Righe con una data nell'esercizio (numero)"
primo = "Il primo giorno di cui il file parla"
ultimo = "L'ultimo giorno di cui il file parla"
sospetto = "Vero se meno righe della soglia parlano dell'esercizio, nel file; o nel file e in tutto l'estratto, dove il file da solo ne ha poche. Vuoto se le regole non danno la soglia"
*/
with soglie as (
    select
        camera,
        max(valore) filter (where nome = 'fuori_esercizio_quota') as quota,
        max(valore) filter (where nome = 'fuori_esercizio_righe') as righe
    from regole.soglie
    group by camera
),

limiti as (
    select
        p.camera,
        p.esercizio,
        c.estratto,
        case
            when p.aperto
                then least(
                    p.inizio,
                    p.data_riferimento - to_months(c.mesi) - to_days(c.tolleranza_giorni)
                )
            else p.inizio
        end::date as dal,
        p.fine as al
    from esercizi.periodi as p
    cross join esercizi.cadenze as c
),

contati as (
    select
        f.camera,
        f.esercizio,
        f.estratto,
        f._file,
        l.dal,
        l.al,
        sum(f.righe) as righe,
        coalesce(sum(f.righe) filter (where f.giorno between l.dal and l.al), 0) as nell_esercizio,
        min(f.giorno) as primo,
        max(f.giorno) as ultimo
    from qualita.fatti as f
    inner join limiti as l using (camera, esercizio, estratto)
    where f.giorno is not null
    group by f.camera, f.esercizio, f.estratto, f._file, l.dal, l.al
),

con_l_estratto as (
    select
        *,
        sum(righe) over (partition by camera, esercizio, estratto) as righe_estratto,
        sum(nell_esercizio) over (partition by camera, esercizio, estratto) as nell_estratto
    from contati
)

select
    c.camera,
    c.esercizio,
    c.estratto,
    c._file,
    c.dal,
    c.al,
    c.righe::bigint as righe,
    c.nell_esercizio::bigint as nell_esercizio,
    c.primo,
    c.ultimo,
    c.nell_esercizio < s.quota * c.righe
    and (
        c.righe >= s.righe
        or (c.righe_estratto >= s.righe and c.nell_estratto < s.quota * c.righe_estratto)
    ) as sospetto
from con_l_estratto as c
left join soglie as s using (camera)
