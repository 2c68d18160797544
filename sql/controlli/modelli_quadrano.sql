/*
descrizione = "Ogni modello ha tante righe quante ne chiede ciò da cui nasce: nessun legame tra tabelle ne perde o ne ripete."
gravita = "BLOCCA"
riguarda = "piano.indicatori"
*/
with consuntivi_estranei as (
    select c._file, c._riga
    from fonti.contabilita_consuntivo as c
    inner join piano.in_vigore as v using (camera, esercizio)
    anti join lettura.obiettivi as o
        on v.camera = o.camera
        and v.esercizio_piano = o.esercizio
        and c.missione = o.missione
        and c.programma = o.programma
        and c.obiettivo = o.obiettivo
),

con_un_piano as (
    select p.camera, p.esercizio
    from esercizi.periodi as p
    semi join lettura.piani as a using (camera, esercizio)
    union
    select p.camera, p.esercizio
    from esercizi.periodi as p
    semi join lettura.traguardi as t
        on p.camera = t.camera
        and p.esercizio = t.anno
        and p.esercizio > t.esercizio
        and t.target is not null
),

condivisi_in_vigore as (
    select distinct v.camera, v.esercizio, r.codice
    from piano.in_vigore as v
    inner join piano.riconosciuti as r on v.camera = r.camera and v.esercizio_piano = r.esercizio
    semi join indicatori.catalogo as c on r.codice = c.codice and c.condiviso
),

-- Of one that is owed and of which nothing is known tells estratti_presenti.
mancanti as (
    select distinct r.camera, r.esercizio, r.codice
    from indicatori.richiesti as r
    inner join indicatori.fonti as f using (codice)
    inner join esercizi.cadenze as k using (estratto)
    left join qualita.estratti as e
        on r.camera = e.camera
        and r.esercizio = e.esercizio
        and f.estratto = e.estratto
    where e.stato <> 'PRESENTE' or (e.stato is null and not k.dovuto)
),

contributi_che_contano as (
    select c._file, c._riga
    from contributi.tutti as c
    anti join mancanti as m using (camera, esercizio, codice)
),

-- Those that are missing are valori_completi's.
valori_richiesti as (
    select v.codice
    from indicatori.valori as v
    semi join indicatori.richiesti as r using (camera, esercizio, codice)
),

anomalie as (
    select riga
    from lettura.anomalie
    union all
    select riga
    from piano.riconosciuti
    where codice is null
    union all
    select riga
    from piano.rilievi
    union all
    select _riga as riga
    from consuntivi_estranei
),

con_ultimo_valore as (
    select riga
    from lettura.indicatori
    where ultimo_valore is not null
),

con_obiettivi as (
    select v.camera, v.esercizio
    from piano.in_vigore as v
    semi join lettura.obiettivi as o on v.camera = o.camera and v.esercizio_piano = o.esercizio
),

indicatori_in_vigore as (
    select i.riga
    from piano.in_vigore as v
    inner join lettura.indicatori as i on v.camera = i.camera and v.esercizio_piano = i.esercizio
),

obiettivi_in_vigore as (
    select o.riga
    from piano.in_vigore as v
    inner join lettura.obiettivi as o on v.camera = o.camera and v.esercizio_piano = o.esercizio
),

ricordati as (
    select p.codice
    from storico.precedenti as p
    semi join storico.valori as v using (camera, esercizio, codice, noto_dal)
),

-- Each value that suspect rows touch, once for each check and file.
toccati as (
    select distinct s.camera, s.esercizio, s.segnale, s._file, c.codice
    from contributi.tutti as c
    inner join qualita.sospette as s using (camera, esercizio, _file, _riga)
    anti join mancanti as m on c.camera = m.camera and c.esercizio = m.esercizio and c.codice = m.codice
    union all
    select distinct s.camera, s.esercizio, s.segnale, s._file, null
    from qualita.sospette as s
    semi join fonti.contabilita_consuntivo as c using (camera, esercizio, _file, _riga)
),

-- the steps at which something changed, found without putting two rows side by side
passi as (
    select
        lag(noto_dal) over conosciuti is not null as secondo,
        valore is distinct from lag(valore) over conosciuti as altro_valore,
        lag(impronta_regole) over conosciuti is not null
        and lag(celle) over conosciuti > 0 as misurato,
        (operatore, target, peso, realizzazione, altri_target, impronta_regole)
        is distinct from lag(
            (operatore, target, peso, realizzazione, altri_target, impronta_regole)
        ) over conosciuti as altra_misura
    from storico.valori
    window conosciuti as (partition by camera, esercizio, codice order by noto_dal)
),

contati as (
    from (values
        ('piano.righe', (select count(*) from lettura.righe), (select count(*) from piano.righe)),
        ('piano.lettura', (select count(*) from lettura.lettura), (select count(*) from piano.lettura)),
        (
            'piano.obiettivi',
            (select count(*) from lettura.obiettivi),
            (select count(*) from piano.obiettivi)
        ),
        (
            'piano.indicatori',
            (select count(*) from lettura.indicatori),
            (select count(*) from piano.indicatori)
        ),
        (
            'piano.riconosciuti',
            (select count(*) from lettura.indicatori),
            (select count(*) from piano.riconosciuti)
        ),
        (
            'piano.somiglianze',
            (
                select count(*)
                from lettura.indicatori
                cross join indicatori.catalogo
            ),
            (select count(*) from piano.somiglianze)
        ),
        (
            'piano.traguardi',
            (select count(*) from lettura.traguardi),
            (select count(*) from piano.traguardi)
        ),
        (
            'piano.confronti',
            (select count(*) from lettura.confronti),
            (select count(*) from piano.confronti)
        ),
        ('piano.esigenze', (select count(*) from lettura.indicatori), (select count(*) from piano.esigenze)),
        (
            'piano.rilievi',
            (
                select count(*)
                from (select distinct camera, esercizio, regola, parte, riga, cella from piano.rilievi)
            ),
            (select count(*) from piano.rilievi)
        ),
        ('piano.anomalie', (select count(*) from anomalie), (select count(*) from piano.anomalie)),
        ('piano.in_vigore', (select count(*) from con_un_piano), (select count(*) from piano.in_vigore)),
        (
            'indicatori.richiesti',
            (
                select count(*)
                from (
                    select p.camera, p.esercizio, c.codice
                    from esercizi.periodi as p
                    cross join indicatori.catalogo as c
                    where not c.condiviso
                    union all
                    from condivisi_in_vigore
                )
            ),
            (select count(*) from indicatori.richiesti)
        ),
        ('indicatori.mancanze', (select count(*) from mancanti), (select count(*) from indicatori.mancanze)),
        (
            'indicatori.contributi',
            (select count(*) from contributi_che_contano),
            (select count(*) from indicatori.contributi)
        ),
        (
            'indicatori.valori',
            (select count(*) from valori_richiesti),
            (select count(*) from indicatori.valori)
        ),
        ('scorecard.ente', (select count(*) from con_obiettivi), (select count(*) from scorecard.ente)),
        (
            'scorecard.ultimi_valori',
            (select count(*) from con_ultimo_valore),
            (select count(*) from scorecard.ultimi_valori)
        ),
        ('storico.valori', (select count(*) from storico.precedenti), (select count(*) from ricordati)),
        (
            'storico.cambiamenti',
            (
                select count(*)
                from passi
                where secondo and (altro_valore or (misurato and altra_misura))
            ),
            (
                select count(distinct (camera, esercizio, codice, noto_dal))
                from storico.cambiamenti
            )
        ),
        (
            'esercizi.attese',
            (
                select coalesce(sum(12 // c.mesi), 0)
                from esercizi.periodi
                cross join esercizi.cadenze as c
                where c.dovuto
            ),
            (select count(*) from esercizi.attese)
        ),
        (
            'qualita.freschezza',
            (select count(*) from esercizi.estratti),
            (select count(*) from qualita.freschezza)
        ),
        (
            'qualita.consegne',
            (select count(*) from qualita.freschezza),
            (select count(*) from qualita.consegne)
        ),
        (
            'qualita.sospette',
            (
                select count(*)
                from (
                    select distinct segnale, _file, _riga
                    from qualita.righe_sospette
                    union all
                    select distinct 'codici_senza_riscontro', _file, _riga
                    from qualita.codici_ignoti
                    union all
                    select distinct segnale, _file, _riga
                    from qualita.sospette
                    where segnale in ('fuori_esercizio', 'persone_sconosciute')
                )
            ),
            (select count(*) from qualita.sospette)
        ),
        (
            'qualita.codici_ignoti',
            (
                select count(*)
                from (select distinct codice, _file, _riga from qualita.codici_ignoti)
            ),
            (select count(*) from qualita.codici_ignoti)
        ),
        (
            'qualita.date_dei_file',
            (
                select count(distinct _file)
                from qualita.fatti
                where giorno is not null
            ),
            (select count(*) from qualita.date_dei_file)
        ),
        (
            'qualita.volumi',
            (select count(*) from qualita.estratti),
            (
                select count(*)
                from qualita.volumi
                semi join qualita.estratti using (camera, esercizio, estratto)
            )
        ),
        (
            'qualita.lotti',
            (select count(*) from fonti.provveditorato_lotti),
            (select count(*) from qualita.lotti)
        ),
        (
            'indicatori.osservati',
            (select count(*) from valori_richiesti),
            (
                select count(*)
                from indicatori.osservati
                semi join indicatori.valori using (camera, esercizio, codice)
            )
        ),
        (
            'qualita.non_valutati',
            (
                select count(*)
                from (select distinct controllo, camera, esercizio, estratto, codice from qualita.non_valutati)
            ),
            (select count(*) from qualita.non_valutati)
        ),
        (
            'qualita.senza_sospette',
            (select count(*) from toccati),
            (select count(*) from qualita.senza_sospette)
        ),
        (
            'scorecard.freschezza',
            (select count(*) from indicatori_in_vigore),
            (select count(*) from scorecard.freschezza)
        ),
        (
            'scorecard.prospettive',
            (select count(*) from indicatori_in_vigore),
            (select count(*) from scorecard.prospettive)
        ),
        (
            'scorecard.leve',
            (
                select count(*)
                from (
                    select distinct camera, esercizio, missione, programma, obiettivo, progressivo, _file, _riga
                    from scorecard.leve
                )
            ),
            (select count(*) from scorecard.leve)
        ),
        (
            'scorecard.celle',
            (
                select count(*)
                from (from indicatori_in_vigore union all from obiettivi_in_vigore)
            ),
            (select count(*) from scorecard.celle)
        ),
        (
            'esercizi.prossime_scadenze',
            (
                select count(distinct (s.camera, s.esercizio))
                from esercizi.scadenze as s
                semi join esercizi.giorni as g
                    on s.camera = g.camera and s.esercizio = g.esercizio and s.scadenza >= g.giorno
            ),
            (select count(*) from esercizi.prossime_scadenze)
        ),
        (
            'passaporto.celle',
            (select count(*) from indicatori_in_vigore),
            (select count(*) from passaporto.celle)
        )
    ) as contate(tabella, attese, trovate)
)

select
    tabella,
    attese,
    trovate
from contati
where trovate <> attese
