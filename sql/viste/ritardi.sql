/*
descrizione = "Gli estratti in ritardo, con ciò che il ritardo tocca: le celle della scorecard che ne hanno bisogno e quanto pesano. In un esercizio chiuso non si attende più niente."
grana = "una riga per partizione ed estratto in ritardo"
chiave = ["camera", "esercizio", "estratto"]
materializzazione = "vista"

[colonne]
celle = "Celle della scorecard che hanno bisogno dell'estratto (numero)"
peso = "Peso di quelle celle (punti di PESO)"
*/
select
    f.camera,
    f.esercizio,
    f.ufficio,
    f.estratto,
    f.stato,
    f.ultima_attesa,
    f.giorni_ritardo,
    f.dati_fino_al,
    count(c.cella) as celle,
    coalesce(sum(c.peso), 0)::decimal(38, 12) as peso
from qualita.freschezza as f
left join scorecard.celle as c
    on f.camera = c.camera
    and f.esercizio = c.esercizio
    and list_contains(c.estratti, f.estratto)
where f.in_ritardo
group by
    f.camera, f.esercizio, f.ufficio, f.estratto, f.stato, f.ultima_attesa, f.giorni_ritardo,
    f.dati_fino_al
