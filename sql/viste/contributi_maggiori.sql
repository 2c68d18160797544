/*
descrizione = "Le venti righe che contano di più in ogni indicatore, dalla maggiore. Di quelli che contano persone (viste.di_persone) nessuna."
grana = "una riga per partizione, indicatore e riga di estratto"
chiave = ["camera", "esercizio", "codice", "posto"]
materializzazione = "vista"

[colonne]
posto = "Posto della riga, dalla maggiore, da 1"
percentuale_numeratore = "Quota del numeratore dell'indicatore che la riga fa (punti percentuali)"
*/
with ordinati as (
    select
        c.camera,
        c.esercizio,
        c.codice,
        c.numeratore,
        c.denominatore,
        c._file,
        c._riga,
        sum(c.numeratore) over (partition by c.camera, c.esercizio, c.codice) as totale,
        row_number() over (
            partition by c.camera, c.esercizio, c.codice
            order by abs(c.numeratore) desc, c._file, c._riga
        ) as posto
    from indicatori.contributi as c
    anti join viste.di_persone as d on c.codice = d.codice
)

select
    camera,
    esercizio,
    codice,
    posto,
    numeratore,
    denominatore,
    aritmetica.rapporto_arrotondato(numeratore, totale, 100)::decimal(38, 2)
        as percentuale_numeratore,
    _file,
    _riga
from ordinati
where posto <= 20
