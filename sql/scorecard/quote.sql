/*
descrizione = "Quanto conta ogni indicatore nel suo obiettivo: il suo peso, dove ogni indicatore dell'obiettivo ne ha uno e insieme fanno 100; altrimenti tutti lo stesso."
grana = "una riga per riga della scorecard"
chiave = ["camera", "esercizio", "missione", "programma", "obiettivo", "progressivo"]
materializzazione = "vista"

[colonne]
quota = "Il peso dell'indicatore, o 1"
*/
select
    camera,
    esercizio,
    missione,
    programma,
    obiettivo,
    progressivo,
    case
        when count(peso) over insieme = count(*) over insieme and sum(peso) over insieme = 100
            then peso
        else 1
    end::decimal(9, 2) as quota
from scorecard.indicatori
window insieme as (partition by camera, esercizio, missione, programma, obiettivo)
