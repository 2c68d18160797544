/*
descrizione = "Ogni Camera accanto a quelle della stessa classe di grandezza, indicatore per indicatore: la mediana, con almeno due Camere, e i quartili, con almeno quattro. Chi non ha un valore non conta; degli indicatori che contano persone (viste.di_persone) non c'è niente."
grana = "una riga per partizione e indicatore che ha un valore"
chiave = ["camera", "esercizio", "codice"]
materializzazione = "vista"

[colonne]
classe = "Classe di grandezza: piccola, media o grande"
camere = "Camere della classe che hanno un valore (numero)"
primo_quartile = "Primo quartile dei valori della classe, nelle unità dell'indicatore"
mediana = "Mediana dei valori della classe, nelle unità dell'indicatore"
terzo_quartile = "Terzo quartile dei valori della classe, nelle unità dell'indicatore"
posizione = "Posto della Camera nella classe, da 1 che è la migliore per il verso dell'indicatore (numero)"
*/
with valori as (
    select
        v.camera,
        v.esercizio,
        v.codice,
        c.unita,
        k.classe,
        v.valore,
        case c.direzione when '=<' then v.valore else -v.valore end as peggio
    from indicatori.valori as v
    inner join indicatori.catalogo as c using (codice)
    inner join viste.classi as k using (camera, esercizio)
    anti join viste.di_persone as d on v.codice = d.codice
    where v.valore is not null
),

classi as (
    select
        esercizio,
        codice,
        classe,
        count(*) as camere,
        quantile_cont(valore, 0.25)::decimal(38, 12) as primo_quartile,
        quantile_cont(valore, 0.5)::decimal(38, 12) as mediana,
        quantile_cont(valore, 0.75)::decimal(38, 12) as terzo_quartile
    from valori
    group by esercizio, codice, classe
)

select
    v.camera,
    v.esercizio,
    v.codice,
    v.unita,
    v.classe,
    v.valore,
    c.camere,
    case when c.camere >= 4 then c.primo_quartile end as primo_quartile,
    case when c.camere >= 2 then c.mediana end as mediana,
    case when c.camere >= 4 then c.terzo_quartile end as terzo_quartile,
    rank() over (partition by v.esercizio, v.codice, v.classe order by v.peggio) as posizione
from valori as v
inner join classi as c using (esercizio, codice, classe)
