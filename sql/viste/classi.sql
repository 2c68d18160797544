/*
descrizione = "Quanto è grande ogni Camera: le imprese registrate all'ultima rilevazione dell'esercizio, e la classe con cui la si confronta: piccola fino a 50.000, media fino a 100.000, grande oltre."
grana = "una riga per partizione di cui si conosce la consistenza"
chiave = ["camera", "esercizio"]
materializzazione = "vista"

[colonne]
al = "Giorno dell'ultima rilevazione nell'esercizio"
imprese = "Imprese registrate quel giorno (numero)"
classe = "piccola, media o grande"
*/
with rilevazioni as (
    select
        camera,
        esercizio,
        data_riferimento as al,
        sum(registrate)::bigint as imprese
    from fonti.registro_imprese_consistenza
    where year(data_riferimento) = esercizio
    group by camera, esercizio, data_riferimento
)

select
    camera,
    esercizio,
    al,
    imprese,
    case
        when imprese <= 50000 then 'piccola'
        when imprese <= 100000 then 'media'
        else 'grande'
    end as classe
from rilevazioni
qualify al = max(al) over (partition by camera, esercizio)
