/*
descrizione = "Quanto è fresca ogni riga della scorecard: fino a quando parlano i dati, da quando conosciamo il valore, quando è attesa la prossima consegna e quale è in ritardo."
grana = "una riga per riga della scorecard"
chiave = ["camera", "esercizio", "missione", "programma", "obiettivo", "progressivo"]
materializzazione = "tabella"
ripetibile = false

[colonne]
dati_fino_al = "Fino a quando parlano i dati: il meno recente tra gli estratti che hanno una data"
noto_dal = "Da quando il valore è questo, per quanto ne sappiamo (ora di Roma)"
prossima_attesa = "La prima consegna attesa tra gli estratti che servono"
in_ritardo = "Estratti in ritardo tra quelli che servono; vuoto se nessuno"
fermo_al = "Quando è stata letta l'ultima volta una partizione che non si può più leggere; vuoto per le altre"
ritirati = "Estratti che servono, consegnati e poi ritirati, con il giorno della consegna"
*/
with passi as (
    select
        camera,
        esercizio,
        codice,
        noto_dal,
        (valore, risultato, stato) as saputo,
        lag((valore, risultato, stato)) over (
            partition by camera, esercizio, codice
            order by noto_dal
        ) as saputo_prima
    from storico.valori
),

-- a target that changes does not make the value a new one
conosciuti as (
    select
        camera,
        esercizio,
        codice,
        max(noto_dal) as noto_dal
    from passi
    where saputo is distinct from saputo_prima
    group by camera, esercizio, codice
)

select
    c.camera,
    c.esercizio,
    c.missione,
    c.programma,
    c.obiettivo,
    c.progressivo,
    c.codice,
    c.ordine,
    min(f.dati_fino_al) as dati_fino_al,
    min(k.noto_dal) as noto_dal,
    min(f.prossima_attesa) as prossima_attesa,
    string_agg(f.estratto, ', ' order by f.estratto) filter (where f.in_ritardo) as in_ritardo,
    string_agg(
        f.estratto || ' (consegnato il ' || strftime(f.ritirato, '%d/%m/%Y') || ')',
        ', '
        order by f.estratto
    ) as ritirati,
    max(f.fermo_al) as fermo_al
from scorecard.celle as c
left join qualita.freschezza as f
    on c.camera = f.camera
    and c.esercizio = f.esercizio
    and list_contains(c.estratti, f.estratto)
left join conosciuti as k
    on c.camera = k.camera and c.esercizio = k.esercizio and c.codice = k.codice
where c.progressivo > 0
group by c.camera, c.esercizio, c.missione, c.programma, c.obiettivo, c.progressivo, c.codice, c.ordine
