/*
descrizione = "Ciò che nel piano non torna, non è stato compreso o non chiede niente, riga per riga; e le righe del consuntivo che parlano di un obiettivo che il piano non ha. Ogni descrizione finisce con che cosa fare."
grana = "una riga per rilievo"
chiave = []
materializzazione = "tabella"
*/
select
    camera,
    esercizio,
    regola,
    parte,
    riga,
    cella,
    descrizione,
    grave
from lettura.anomalie
union all
select
    camera,
    esercizio,
    regola,
    parte,
    riga,
    cella,
    'Alla riga ' || riga || ': ' || motivo
    || case regola
        when 'indicatore_senza_modello'
            then ' Scrivere nell''algoritmo che cosa si conta, o aggiungere una definizione al catalogo.'
        else ''
    end as descrizione,
    true as grave
from piano.riconosciuti
where codice is null
union all
select
    camera,
    esercizio,
    regola,
    parte,
    riga,
    cella,
    'Riga ' || riga || ': ' || trovato || '; ' || rimedio || '.' as descrizione,
    false as grave
from piano.rilievi
union all
select
    c.camera,
    c.esercizio,
    'consuntivo_senza_obiettivo' as regola,
    null as parte,
    null as riga,
    null as cella,
    c._file || ' alla riga ' || c._riga || ' porta un consuntivo per l''obiettivo '
    || c.missione || '/' || c.programma || '/' || c.obiettivo
    || ', che il piano non ha: correggere il codice.' as descrizione,
    false as grave
from fonti.contabilita_consuntivo as c
inner join piano.in_vigore as v using (camera, esercizio)
left join piano.obiettivi as o
    on v.camera = o.camera
    and v.esercizio_piano = o.esercizio
    and c.missione = o.missione
    and c.programma = o.programma
    and c.obiettivo = o.obiettivo
where o.obiettivo is null
