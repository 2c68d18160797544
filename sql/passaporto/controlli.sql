/*
descrizione = "I controlli con dei casi che toccano ogni cella della scorecard, consuntivi compresi. Un controllo che non ha trovato niente, o non tocca nessuna cella, qui non c'è: sta in qualita.controlli."
grana = "una riga per cella della scorecard e controllo che la tocca, dove il controllo dice la partizione e dove no"
chiave = ["camera", "esercizio", "missione", "programma", "obiettivo", "progressivo", "controllo", "camera_detta", "esercizio_detto"]
materializzazione = "tabella"
perse = """
select 1
from passaporto.controlli
group by camera, esercizio, missione, programma, obiettivo, progressivo, controllo, camera_detta, esercizio_detto
having count(*) > 1
"""
ripetibile = false

[colonne]
progressivo = "Posto dell'indicatore nell'obiettivo, da 1; 0 per il consuntivo"
cella = "Come si nomina la cella: obiettivo e indicatore"
peso = "Peso della cella: il PESO dell'obiettivo diviso per i suoi indicatori (punti di PESO)"
camera_detta = "La Camera che il controllo nomina; vuota se parla di tutto il magazzino"
esercizio_detto = "L'esercizio che il controllo nomina; vuoto se parla di tutto il magazzino"
casi = "Casi del controllo che toccano la cella (numero)"
*/
select
    c.camera,
    c.esercizio,
    c.missione,
    c.programma,
    c.obiettivo,
    c.progressivo,
    c.codice,
    c.cella,
    c.peso,
    e.controllo,
    e.camera as camera_detta,
    e.esercizio as esercizio_detto,
    sum(e.casi)::bigint as casi
from qualita.esiti as e
inner join scorecard.celle as c
    on (e.camera is null or e.camera = c.camera)
    and (e.esercizio is null or e.esercizio = c.esercizio)
    and (e.estratto is null or list_contains(c.estratti, e.estratto))
    -- A case that names an extract and no indicator touches all that is made from the extract.
    and (
        e.codice is null
        or (e.codice = '' and e.estratto <> '')
        or (e.codice = coalesce(c.codice, '') and c.progressivo > 0)
    )
    and (
        e.riga is null
        or (e.riga = c.riga and coalesce(e.parte, c.parte) = c.parte and c.progressivo > 0)
    )
group by
    c.camera, c.esercizio, c.missione, c.programma, c.obiettivo, c.progressivo, c.codice, c.cella, c.peso,
    e.controllo, e.camera, e.esercizio
