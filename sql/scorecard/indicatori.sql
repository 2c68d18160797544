/*
descrizione = "La scorecard: ogni indicatore del piano in vigore col suo risultato, la % di realizzazione e il semaforo."
grana = "una riga per riga della scorecard"
chiave = ["camera", "esercizio", "missione", "programma", "obiettivo", "progressivo"]
materializzazione = "tabella"
*/
with righe as (
    select
        v.camera,
        v.esercizio,
        v.esercizio_piano,
        i.* exclude (
            camera, esercizio, target_testo, operatore, operatore_presunto, target
        ),
        t.target_testo,
        t.operatore,
        t.operatore_presunto,
        t.target,
        w.numeratore,
        w.denominatore,
        w.valore,
        aritmetica.arrotonda(w.valore, i.decimali)::decimal(38, 6) as risultato,
        coalesce(w.stato, 'SENZA_MODELLO') as stato,
        case
            when i.codice is null then r.motivo
            else w.motivo
        end as motivo,
        p.data_riferimento,
        g.al_massimo,
        g.giallo_da,
        g.verde_da
    from piano.in_vigore as v
    inner join esercizi.periodi as p using (camera, esercizio)
    inner join regole.parametri as g using (camera)
    inner join piano.indicatori as i
        on v.camera = i.camera and v.esercizio_piano = i.esercizio
    inner join piano.riconosciuti as r
        on i.camera = r.camera
        and i.esercizio = r.esercizio
        and i.missione = r.missione
        and i.programma = r.programma
        and i.obiettivo = r.obiettivo
        and i.progressivo = r.progressivo
    left join piano.traguardi as t
        on i.camera = t.camera
        and i.esercizio = t.esercizio
        and i.missione = t.missione
        and i.programma = t.programma
        and i.obiettivo = t.obiettivo
        and i.progressivo = t.progressivo
        and v.esercizio = t.anno
    left join indicatori.valori as w
        on v.camera = w.camera and v.esercizio = w.esercizio and i.codice = w.codice
),

confrontate as (
    select
        *,
        case operatore
            when '=>' then risultato >= target
            when '=<' then risultato <= target
        end as raggiunto
    from righe
),

misurate as (
    select
        *,
        case
            when raggiunto is null then null
            when target = 0 then case when raggiunto then 100 else 0 end
            when operatore = '=>' then aritmetica.rapporto_arrotondato(risultato, target, 100)
            when al_massimo = 'specchio'
                then aritmetica.rapporto_arrotondato(2 * target - risultato, target, 100)
            when risultato = 0 then 100
            else aritmetica.rapporto_arrotondato(target, risultato, 100)
        end::decimal(38, 2) as realizzazione_grezza
    from confrontate
)

select
    camera,
    esercizio,
    esercizio_piano,
    missione,
    programma,
    obiettivo,
    progressivo,
    codice,
    tipologia,
    indicatore,
    tipo_indicatore,
    ultimo_valore,
    anno_ultimo_valore,
    target_testo,
    operatore,
    operatore_presunto,
    target,
    algoritmo,
    fonte,
    note,
    decimali,
    percentuale,
    riga,
    numeratore,
    denominatore,
    valore,
    risultato,
    realizzazione_grezza,
    -- not least(greatest()): those pass over NULL, and a missing result would become 0
    case
        when realizzazione_grezza < 0 then 0
        when realizzazione_grezza > 100 then 100
        else realizzazione_grezza
    end::decimal(5, 2) as realizzazione,
    raggiunto,
    case
        when realizzazione_grezza is null then 'grigio'
        when realizzazione_grezza >= verde_da then 'verde'
        when realizzazione_grezza >= giallo_da then 'giallo'
        else 'rosso'
    end as semaforo,
    stato,
    motivo,
    data_riferimento
from misurate
