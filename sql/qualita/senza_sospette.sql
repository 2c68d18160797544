/*
descrizione = "Quanto varrebbe ogni valore toccato da righe sospette, senza di esse: per indicatore, e senza codice per le risorse a consuntivo. È la stessa somma di contributi, meno quelli delle righe sospette di un file; dove il valore manca già, non c'è nulla da ricalcolare."
grana = "una riga per controllo che sospetta righe, file in cui stanno e valore a cui contribuiscono"
chiave = ["camera", "esercizio", "segnale", "_file", "codice"]
materializzazione = "tabella"

[colonne]
segnale = "Il controllo che sospetta le righe"
codice = "Indicatore; vuoto per la somma delle risorse a consuntivo (EUR)"
valore = "Il valore con le righe sospette, come è pubblicato, nelle unità dell'indicatore"
righe = "Righe sospette che contribuiscono al valore (numero)"
*/
with tolti as (
    select
        s.camera,
        s.esercizio,
        s.estratto,
        s.segnale,
        s._file,
        c.codice,
        count(*) as righe,
        sum(c.numeratore) as numeratore,
        sum(c.denominatore) as denominatore
    from qualita.sospette as s
    inner join indicatori.contributi as c using (camera, esercizio, _file, _riga)
    group by s.camera, s.esercizio, s.estratto, s.segnale, s._file, c.codice
),

spese_tolte as (
    select
        s.camera,
        s.esercizio,
        s.estratto,
        s.segnale,
        s._file,
        count(*) as righe,
        sum(c.importo) as importo
    from qualita.sospette as s
    inner join fonti.contabilita_consuntivo as c using (camera, esercizio, _file, _riga)
    group by s.camera, s.esercizio, s.estratto, s.segnale, s._file
),

spese as (
    select
        camera,
        esercizio,
        sum(importo) as importo
    from fonti.contabilita_consuntivo
    group by camera, esercizio
)

select
    t.camera,
    t.esercizio,
    t.estratto,
    t.segnale,
    t._file,
    t.codice,
    t.righe::bigint as righe,
    v.valore,
    aritmetica.valore(
        v.numeratore - t.numeratore, v.denominatore - t.denominatore, c.denominatore, c.unita
    )::decimal(38, 12) as valore_senza
from tolti as t
inner join indicatori.valori as v using (camera, esercizio, codice)
inner join indicatori.catalogo as c on t.codice = c.codice
union all
select
    t.camera,
    t.esercizio,
    t.estratto,
    t.segnale,
    t._file,
    null as codice,
    t.righe::bigint as righe,
    s.importo::decimal(38, 12) as valore,
    (s.importo - t.importo)::decimal(38, 12) as valore_senza
from spese_tolte as t
inner join spese as s using (camera, esercizio)
