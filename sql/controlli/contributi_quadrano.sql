/*
descrizione = "Ogni indicatore: la somma dei contributi è il numeratore e il denominatore del valore."
gravita = "BLOCCA"
riguarda = "indicatori.valori"
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
)

select
    camera,
    esercizio,
    codice,
    v.numeratore,
    s.numeratore as somma_numeratori,
    v.denominatore,
    s.denominatore as somma_denominatori
from indicatori.valori as v
full join somme as s using (camera, esercizio, codice)
where v.codice is null
    or coalesce(v.numeratore, 0) is distinct from coalesce(s.numeratore, 0)
    or coalesce(v.denominatore, 0) is distinct from coalesce(s.denominatore, 0)
