/*
descrizione = "I file che fanno ogni valore: quante loro righe contano, quanto aggiungono, e l'impronta del contenuto con cui si riconosce che il file è ancora quello. Le righe una per una stanno in indicatori.contributi."
grana = "una riga per indicatore, partizione e file che ha righe che contano"
chiave = ["camera", "esercizio", "codice", "_file"]
materializzazione = "tabella"

[colonne]
righe = "Righe del file che contano (numero)"
numeratore = "Quanto aggiungono al numeratore"
denominatore = "Quanto aggiungono al denominatore; vuoto dove l'indicatore non ne ha uno"
solo_numeratore = "Righe che aggiungono al numeratore e non al denominatore (numero)"
solo_denominatore = "Righe che aggiungono al denominatore e non al numeratore (numero)"
in_entrambi = "Righe che aggiungono a numeratore e denominatore (numero)"
a_uno = "Righe che aggiungono a ciascuno dei due zero o uno (numero)"
*/
with sommati as (
    select
        camera,
        esercizio,
        codice,
        _file,
        count(*) as righe,
        sum(numeratore) as numeratore,
        sum(denominatore) as denominatore,
        count(*) filter (where numeratore <> 0 and coalesce(denominatore, 0) = 0) as solo_numeratore,
        count(*) filter (where numeratore = 0 and denominatore <> 0) as solo_denominatore,
        count(*) filter (where numeratore <> 0 and denominatore <> 0) as in_entrambi,
        count(*) filter (where numeratore in (0, 1) and coalesce(denominatore, 0) in (0, 1)) as a_uno
    from indicatori.contributi
    group by camera, esercizio, codice, _file
)

select
    s.camera,
    s.esercizio,
    s.codice,
    f.estratto,
    s._file,
    f.sha256,
    s.righe,
    s.numeratore::decimal(38, 12) as numeratore,
    s.denominatore::decimal(38, 12) as denominatore,
    s.solo_numeratore,
    s.solo_denominatore,
    s.in_entrambi,
    s.a_uno
from sommati as s
left join qualita.file as f using (_file)
