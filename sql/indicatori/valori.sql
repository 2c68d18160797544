/*
descrizione = "Il valore di ogni indicatore in ogni esercizio in cui si calcola: la somma dei contributi, sempre allo stesso modo. Dove non c'è un valore, il motivo."
grana = "una riga per indicatore e partizione"
chiave = ["camera", "esercizio", "codice"]
materializzazione = "tabella"

[colonne]
scarti_possibili = "Righe in quarantena degli estratti che servono, che avrebbero potuto contare (numero; le righe di totale no)"
*/
with somme as (
    select
        camera,
        esercizio,
        codice,
        sum(numeratore) as numeratore,
        sum(denominatore) as denominatore
    from indicatori.contributi
    group by camera, esercizio, codice
),

-- A row may break several rules. A total is no row that could have counted.
quarantena as (
    select
        camera,
        esercizio,
        estratto,
        count(distinct (_file, _riga)) as righe
    from qualita.scarti
    where regola <> 'riga_di_totale'
    group by camera, esercizio, estratto
),

scarti as (
    select
        q.camera,
        q.esercizio,
        f.codice,
        sum(q.righe) as righe
    from quarantena as q
    inner join indicatori.fonti as f using (estratto)
    group by q.camera, q.esercizio, f.codice
),

-- A sum over no row is 0: an extract that is present but empty is data.
noti as (
    select
        p.camera,
        p.esercizio,
        c.codice,
        c.unita,
        c.denominatore as ha_denominatore,
        case when m.codice is null then coalesce(s.numeratore, 0) end as numeratore,
        case
            when m.codice is null and c.denominatore then coalesce(s.denominatore, 0)
        end as denominatore,
        m.motivo,
        coalesce(q.righe, 0) as scarti_possibili,
        p.aperto,
        p.data_riferimento
    from indicatori.richiesti as r
    inner join esercizi.periodi as p using (camera, esercizio)
    inner join indicatori.catalogo as c using (codice)
    left join somme as s
        on p.camera = s.camera and p.esercizio = s.esercizio and c.codice = s.codice
    left join indicatori.mancanze as m
        on p.camera = m.camera and p.esercizio = m.esercizio and c.codice = m.codice
    left join scarti as q
        on p.camera = q.camera and p.esercizio = q.esercizio and c.codice = q.codice
)

select
    camera,
    esercizio,
    codice,
    numeratore::decimal(38, 12) as numeratore,
    denominatore::decimal(38, 12) as denominatore,
    aritmetica.valore(numeratore, denominatore, ha_denominatore, unita)::decimal(38, 12) as valore,
    case
        when motivo is not null then 'DATI_MANCANTI'
        when ha_denominatore and denominatore <= 0 then 'NON_CALCOLABILE'
        when aperto then 'PROVVISORIO'
        else 'DEFINITIVO'
    end as stato,
    case
        when motivo is not null then motivo
        when ha_denominatore and denominatore < 0 then 'Il denominatore è negativo.'
        when ha_denominatore and denominatore = 0
            then 'Il denominatore è zero: nessuna riga degli estratti vi contribuisce.'
    end as motivo,
    scarti_possibili::bigint as scarti_possibili,
    data_riferimento
from noti
