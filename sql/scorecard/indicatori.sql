/*
descrizione = "La scorecard: ogni indicatore del piano in vigore col suo risultato, la % di realizzazione e il semaforo."
grana = "una riga per riga della scorecard"
chiave = ["camera", "esercizio", "missione", "programma", "obiettivo", "progressivo"]
materializzazione = "tabella"

[colonne]
quota = "Quanto conta nel suo obiettivo (punti): il suo peso, dove ogni indicatore dell'obiettivo ne ha uno e insieme fanno 100; altrimenti 1"
unita = "Unità che il piano stampa accanto ai valori, col suo testo"
peso = "Peso dell'indicatore nel suo obiettivo (punti percentuali)"
target_alla_data = "In un anno aperto, per un conteggio (unità dell'indicatore): la parte del target che spetta ai giorni trascorsi (giorno di riferimento compreso) sui giorni dell'anno, coi decimali della riga"
raggiunto_alla_data = "Vero se il risultato rispetta il target alla data"
realizzazione_alla_data = "% di realizzazione rispetto al target alla data, tra 0 e 100 (punti percentuali)"
semaforo_alla_data = "Il semaforo della realizzazione alla data; vuoto dove il target è dell'intero anno (anno chiuso, rapporti e percentuali)"
scarti_possibili = "Righe in quarantena degli estratti che servono, che avrebbero potuto contare (numero; le righe di totale no)"
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
        w.scarti_possibili,
        p.data_riferimento,
        -- Only a count grows with the days: a ratio is judged as it stands, and so is a closed year.
        case
            when p.aperto and c.unita = 'numero' and not c.denominatore
                then greatest(0, p.data_riferimento - p.inizio + 1)
        end as giorni_trascorsi,
        p.fine - p.inizio + 1 as giorni_anno,
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
    left join indicatori.catalogo as c on i.codice = c.codice
),

-- What could be expected at the day the data speak for, the whole year being the plan's target.
scadenzate as (
    select
        *,
        aritmetica.arrotonda(
            aritmetica.rapporto(target * giorni_trascorsi, giorni_anno, 1), decimali
        )::decimal(38, 6) as target_alla_data
    from righe
),

misurate as (
    select
        *,
        aritmetica.raggiunto(risultato, operatore, target) as raggiunto,
        aritmetica.realizzazione_grezza(risultato, operatore, target, al_massimo)
            as realizzazione_grezza,
        aritmetica.realizzazione_grezza(risultato, operatore, target_alla_data, al_massimo)
            as grezza_alla_data
    from scadenzate
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
    unita,
    peso,
    -- What it counts in its objective: its weight, where each has one and they make 100.
    case
        when count(peso) over obiettivi = count(*) over obiettivi
            and sum(peso) over obiettivi = 100
            then peso
        else 1
    end::decimal(9, 2) as quota,
    parte,
    riga,
    cella,
    ordine,
    numeratore,
    denominatore,
    valore,
    risultato,
    realizzazione_grezza,
    aritmetica.tra_0_e_100(realizzazione_grezza) as realizzazione,
    raggiunto,
    aritmetica.semaforo(realizzazione_grezza, giallo_da, verde_da) as semaforo,
    target_alla_data,
    aritmetica.tra_0_e_100(grezza_alla_data) as realizzazione_alla_data,
    aritmetica.raggiunto(risultato, operatore, target_alla_data) as raggiunto_alla_data,
    case
        when giorni_trascorsi is not null
            then aritmetica.semaforo(grezza_alla_data, giallo_da, verde_da)
    end as semaforo_alla_data,
    stato,
    motivo,
    scarti_possibili,
    data_riferimento
from misurate
window obiettivi as (partition by camera, esercizio, missione, programma, obiettivo)
