/*
descrizione = "Che cosa è cambiato con questa pubblicazione: valori, target, pesi, % e regole; i file nuovi o col contenuto cambiato; i controlli che hanno cambiato esito. Nella prima pubblicazione sono nuovi tutti i file."
grana = "una riga per cosa cambiata"
chiave = []
materializzazione = "vista"

[colonne]
camera = "Sigla della Camera; vuota per un controllo su tutto il magazzino"
cosa = "Che cosa è cambiato: valore, target, peso, % Realizz, altri target, regole, file o controllo"
soggetto = "Di chi: il codice dell'indicatore, il file, o il nome del controllo; vuoto per le regole"
prima = "Che cosa c'era prima; vuoto se è nuovo"
*/
with controlli as (
    select
        camera,
        esercizio,
        controllo,
        casi,
        noto_dal,
        lag(casi) over (partition by controllo, camera, esercizio order by noto_dal) as casi_prima
    from storico.controlli
)

select
    c.camera,
    c.esercizio,
    c.cosa,
    c.codice as soggetto,
    c.prima,
    c.dopo,
    c.noto_dal
from storico.cambiamenti as c
inner join storico.esecuzione as x using (noto_dal)
union all
select
    f.camera,
    f.esercizio,
    'file' as cosa,
    f._file as soggetto,
    null as prima,
    f.esito as dopo,
    f.noto_dal
from storico.consegne as f
inner join storico.esecuzione as x using (noto_dal)
union all
select
    k.camera,
    k.esercizio,
    'controllo' as cosa,
    k.controllo as soggetto,
    k.casi_prima || ' casi' as prima,
    k.casi || ' casi' as dopo,
    k.noto_dal
from controlli as k
inner join storico.esecuzione as x using (noto_dal)
where k.casi_prima is not null or k.casi > 0
