/*
descrizione = "Il passaporto di ogni cella della scorecard, misurata o no: le parole del piano e dove stanno, la definizione in vigore, numeratore e denominatore con le loro unità, da quando il valore è questo e qual era prima; di una cella vuota che cosa manca, da quando, quale ufficio lo deve, quanto pesa; e l'interrogazione che rifà la cifra dalle righe accettate. Le righe stanno in indicatori.contributi, i file in passaporto.file, gli estratti in passaporto.estratti, la quarantena in passaporto.scarti, i controlli in passaporto.controlli."
grana = "una riga per riga della scorecard"
chiave = ["camera", "esercizio", "missione", "programma", "obiettivo", "progressivo"]
materializzazione = "tabella"
ripetibile = false

[colonne]
cella = "Come si nomina la cella: obiettivo e indicatore"
luogo = "Dove la riga sta nel piano in vigore: file, parte, riga, cella"
sha256_piano = "Impronta dell'allegato in vigore"
metodo = "Da che cosa la definizione è riconosciuta: mappa, nome o algoritmo"
definizione = "Che cosa conta la definizione che riconosce la riga, a numeratore e denominatore"
versione_definizione = "Le prime dodici cifre dello SHA-256 dell'interrogazione che sceglie le righe che contano"
unita = "Unità del valore: numero, percentuale o rapporto"
aperto = "Vero se alla data di riferimento l'anno non è finito: la cifra può ancora cambiare"
righe = "Righe che contano (numero)"
file = "File che hanno righe che contano (numero)"
scarti_possibili = "Righe in quarantena degli estratti che servono, che avrebbero potuto contare (numero; le righe di totale no)"
risultato_minimo = "Il risultato più basso se le righe in quarantena contassero; vuoto se non si può calcolare o non ce ne sono"
risultato_massimo = "Il risultato più alto se le righe in quarantena contassero; vuoto se non si può calcolare o non ce ne sono"
se_accettate = "Che cosa avrebbero cambiato le righe in quarantena, in una frase; vuoto se non ce ne sono"
noto_dal = "Da quando il valore è questo, per quanto ne sappiamo (ora di Roma)"
esecuzione = "L'esecuzione che lo ha saputo per prima"
valore_prima = "Il valore che c'era prima; vuoto se non ce n'era uno"
stato_prima = "Lo stato che c'era prima; vuoto se il valore non è mai cambiato"
noto_prima_dal = "Da quando si sapeva il valore di prima (ora di Roma)"
manca = "Gli estratti che mancano o sono incompleti, con l'ufficio che li deve; vuoto se ci sono tutti"
manca_dal = "Da quando manca il primo di loro; vuoto se non è ancora dovuto"
in_ritardo = "Estratti in ritardo tra quelli che servono; vuoto se nessuno"
prossima_attesa = "La prima consegna attesa tra gli estratti che servono"
peso = "Peso della cella: il PESO dell'obiettivo diviso per i suoi indicatori (punti di PESO)"
scadenza = "La prossima scadenza di legge dell'esercizio; vuota se non ce n'è più"
scadenza_nome = "Che cosa scade"
sql = "L'interrogazione che, incollata in DuckDB sul magazzino pubblicato, rifà la cifra dalle righe accettate"
*/
with passi as (
    select
        camera,
        esercizio,
        codice,
        valore,
        stato,
        noto_dal,
        esecuzione,
        -- a target that changes does not make the value a new one
        (valore, risultato, stato) is distinct from lag((valore, risultato, stato)) over conosciuti as nuovo
    from storico.valori
    window conosciuti as (partition by camera, esercizio, codice order by noto_dal)
),

conosciuti as (
    select
        camera,
        esercizio,
        codice,
        noto_dal,
        esecuzione,
        lag(valore) over conosciuti as valore_prima,
        lag(stato) over conosciuti as stato_prima,
        lag(noto_dal) over conosciuti as noto_prima_dal
    from passi
    where nuovo
    window conosciuti as (partition by camera, esercizio, codice order by noto_dal)
    qualify noto_dal = max(noto_dal) over (partition by camera, esercizio, codice)
),

contati as (
    select
        camera,
        esercizio,
        codice,
        count(*) as file,
        sum(righe) as righe
    from passaporto.file
    group by camera, esercizio, codice
),

mancanti as (
    select
        camera,
        esercizio,
        codice,
        string_agg(estratto || ' (ufficio ' || ufficio || ')', ', ' order by estratto) as manca,
        min(manca_dal) as manca_dal
    from passaporto.estratti
    where stato <> 'PRESENTE'
    group by camera, esercizio, codice
),

righe as (
    select
        s.*,
        l.cella as nome_cella,
        l.peso as peso_cella,
        g._file as file_piano,
        g.sha256 as sha256_piano,
        r.metodo,
        c.titolo,
        c.descrizione as definizione,
        c.unita as unita_valore,
        d.unita_numeratore,
        d.unita_denominatore,
        p.aperto,
        e.versione_regole
    from scorecard.indicatori as s
    inner join scorecard.celle as l
        using (camera, esercizio, missione, programma, obiettivo, progressivo)
    inner join scorecard.ente as e using (camera, esercizio)
    inner join esercizi.periodi as p using (camera, esercizio)
    inner join piano.riconosciuti as r
        on s.camera = r.camera
        and s.esercizio_piano = r.esercizio
        and s.missione = r.missione
        and s.programma = r.programma
        and s.obiettivo = r.obiettivo
        and s.progressivo = r.progressivo
    left join lettura.piani as g on s.camera = g.camera and s.esercizio_piano = g.esercizio
    left join indicatori.catalogo as c on s.codice = c.codice
    left join indicatori.definizioni as d on s.codice = d.codice
),

interrogate as (
    select
        r.*,
        case
            when r.codice is null
                then '-- ' || r.camera || ' ' || r.esercizio || ': nessuna definizione riconosce questa riga del piano.
select
    null::decimal(38, 12) as numeratore,
    null::decimal(38, 12) as denominatore,
    null::decimal(38, 12) as valore,
    null::decimal(38, 6) as risultato,
    case when codice is null then ''SENZA_MODELLO'' end as stato
from piano.riconosciuti
where camera = ''' || r.camera || '''
    and esercizio = ' || r.esercizio_piano || '
    and missione = ''' || replace(r.missione, '''', '''''') || '''
    and programma = ''' || replace(r.programma, '''', '''''') || '''
    and obiettivo = ''' || replace(r.obiettivo, '''', '''''') || '''
    and progressivo = ' || r.progressivo || ';'
            else 'with valore as (
' || rtrim(w.sql, ';') || '
)

select
    numeratore,
    denominatore,
    valore,
    aritmetica.arrotonda(valore, ' || r.decimali || ')::decimal(38, 6) as risultato,
    stato
from valore;'
        end as sql,
        w.versione_definizione
    from righe as r
    left join passaporto.valori as w
        on r.camera = w.camera and r.esercizio = w.esercizio and r.codice = w.codice
)

select
    i.camera,
    i.esercizio,
    i.missione,
    i.programma,
    i.obiettivo,
    i.progressivo,
    i.codice,
    i.nome_cella as cella,
    i.ordine,
    i.esercizio_piano,
    -- Of a text the line says it all.
    i.file_piano || case
        when i.parte = '' then ', riga ' || i.riga
        else ', ' || i.parte || ', riga ' || i.riga || coalesce(', cella ' || nullif(i.cella, ''), '')
    end as luogo,
    i.sha256_piano,
    i.indicatore,
    i.algoritmo,
    i.fonte,
    i.note,
    i.target_testo,
    i.operatore,
    i.operatore_presunto,
    i.target,
    i.metodo,
    i.titolo,
    i.definizione,
    i.versione_definizione,
    i.versione_regole,
    i.unita_valore as unita,
    i.numeratore,
    i.unita_numeratore,
    i.denominatore,
    i.unita_denominatore,
    i.valore,
    i.decimali,
    i.percentuale,
    i.risultato,
    i.stato,
    i.motivo,
    i.aperto,
    i.data_riferimento,
    coalesce(k.righe, 0)::bigint as righe,
    coalesce(k.file, 0) as file,
    i.scarti_possibili,
    aritmetica.arrotonda(q.valore_minimo, i.decimali)::decimal(38, 6) as risultato_minimo,
    aritmetica.arrotonda(q.valore_massimo, i.decimali)::decimal(38, 6) as risultato_massimo,
    case
        when q.valore_minimo is null then q.motivo
        when risultato_minimo = i.risultato and risultato_massimo = i.risultato
            then 'Il risultato sarebbe lo stesso, comunque contassero.'
        else 'Il risultato starebbe tra ' || aritmetica.testo(risultato_minimo) || ' e '
            || aritmetica.testo(risultato_massimo)
            || ', secondo quante di loro contano, se contano come le righe accettate.'
    end as se_accettate,
    v.noto_dal,
    v.esecuzione,
    v.valore_prima,
    v.stato_prima,
    v.noto_prima_dal,
    m.manca,
    m.manca_dal,
    f.in_ritardo,
    f.prossima_attesa,
    i.peso_cella as peso,
    z.scadenza,
    z.nome as scadenza_nome,
    i.sql
from interrogate as i
inner join scorecard.freschezza as f
    using (camera, esercizio, missione, programma, obiettivo, progressivo)
left join contati as k
    on i.camera = k.camera and i.esercizio = k.esercizio and i.codice = k.codice
left join passaporto.se_accettate as q
    on i.camera = q.camera and i.esercizio = q.esercizio and i.codice = q.codice
left join conosciuti as v
    on i.camera = v.camera and i.esercizio = v.esercizio and i.codice = v.codice
left join mancanti as m
    on i.camera = m.camera and i.esercizio = m.esercizio and i.codice = m.codice
left join esercizi.prossime_scadenze as z on i.camera = z.camera and i.esercizio = z.esercizio
