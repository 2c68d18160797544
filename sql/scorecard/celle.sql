/*
descrizione = "Le celle che la notte riempie: il risultato di ogni indicatore e il consuntivo di ogni obiettivo, con gli estratti che servono e quanto pesano. Un indicatore pesa quanto il suo obiettivo diviso per gli indicatori che ha, o secondo il peso che il piano gli dà."
grana = "una riga per cella"
chiave = ["camera", "esercizio", "missione", "programma", "obiettivo", "progressivo"]
materializzazione = "tabella"

[colonne]
progressivo = "Posto dell'indicatore nell'obiettivo, da 1; 0 per il consuntivo"
cella = "Come si nomina la cella: obiettivo e indicatore"
estratti = "Estratti che servono per riempirla"
peso = "Peso della cella: il PESO dell'obiettivo diviso per i suoi indicatori (punti di PESO)"
*/
with fonti as (
    select
        codice,
        list(estratto order by estratto) as estratti
    from indicatori.fonti
    group by codice
)

select
    s.camera,
    s.esercizio,
    s.missione,
    s.programma,
    s.obiettivo,
    s.progressivo,
    s.codice,
    s.parte,
    s.riga,
    s.ordine,
    s.obiettivo || ' ' || coalesce(s.codice, s.indicatore) as cella,
    f.estratti,
    aritmetica.rapporto(
        o.peso * s.quota,
        sum(s.quota) over (
            partition by s.camera, s.esercizio, s.missione, s.programma, s.obiettivo
        ),
        1
    ) as peso
from scorecard.indicatori as s
inner join scorecard.obiettivi as o using (camera, esercizio, missione, programma, obiettivo)
left join fonti as f on s.codice = f.codice
union all
select
    camera,
    esercizio,
    missione,
    programma,
    obiettivo,
    0 as progressivo,
    null as codice,
    parte,
    riga,
    ordine,
    obiettivo || ' consuntivo' as cella,
    ['contabilita/consuntivo'] as estratti,
    0::decimal(38, 12) as peso
from scorecard.obiettivi
