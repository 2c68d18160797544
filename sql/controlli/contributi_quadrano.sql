/*
descrizione = "Ogni indicatore: la somma dei contributi è il numeratore e il denominatore del valore, e i file del passaporto ne hanno tutte le righe."
gravita = "BLOCCA"
riguarda = "indicatori.valori"

[colonne]
righe_che_contano = "Righe che contano (numero)"
righe_nei_file = "Righe che contano secondo i file del passaporto (numero)"
*/
with somme as (
    select
        camera,
        esercizio,
        codice,
        count(*) as righe,
        sum(numeratore) as numeratore,
        sum(denominatore) as denominatore
    from indicatori.contributi
    group by camera, esercizio, codice
),

per_file as (
    select
        camera,
        esercizio,
        codice,
        sum(righe) as righe,
        sum(numeratore) as numeratore,
        sum(denominatore) as denominatore
    from passaporto.file
    group by camera, esercizio, codice
)

select
    camera,
    esercizio,
    codice,
    v.numeratore,
    s.numeratore as somma_numeratori,
    v.denominatore,
    s.denominatore as somma_denominatori,
    s.righe as righe_che_contano,
    f.righe as righe_nei_file
from indicatori.valori as v
full join somme as s using (camera, esercizio, codice)
full join per_file as f using (camera, esercizio, codice)
where v.codice is null
    or coalesce(v.numeratore, 0) <> coalesce(s.numeratore, 0)
    or coalesce(v.denominatore, 0) <> coalesce(s.denominatore, 0)
    or (s.righe, s.numeratore, s.denominatore) is distinct from (f.righe, f.numeratore, f.denominatore)
