/*
descrizione = "Ogni estratto come lo guarda chi lo aspetta: se è arrivato, intero e in tempo, e quali celle della scorecard ne dipendono."
grana = "una riga per partizione ed estratto"
chiave = ["camera", "esercizio", "estratto"]
materializzazione = "vista"

[colonne]
stato = "PRESENTE, ASSENTE o INCOMPLETO (è rifiutato un suo file, o troppe sue righe)"
motivo = "Perché l'estratto non si può usare"
noto_dal = "Da quando conosciamo l'ultimo contenuto consegnato (ora di Roma)"
ritirato = "Quando è stato consegnato l'ultimo contenuto, se poi è stato ritirato e non ce n'è un altro (ora di Roma)"
celle = "Celle della scorecard che ne dipendono (numero)"
peso = "Peso di quelle celle (punti di PESO); vuoto se il piano non lo dice"
*/
select
    f.camera,
    f.esercizio,
    f.estratto,
    f.ufficio,
    f.stato,
    e.motivo,
    f.dati_fino_al,
    f.noto_dal,
    f.ritirato,
    f.prossima_attesa,
    f.giorni_ritardo,
    (
        select count(*)
        from scorecard.celle as c
        where c.camera = f.camera
            and c.esercizio = f.esercizio
            and list_contains(c.estratti, f.estratto)
    ) as celle,
    (
        select
            case
                when count(*) = 0 then 0
                else aritmetica.arrotonda(sum(c.peso), 2)
            end::decimal(38, 2)
        from scorecard.celle as c
        where c.camera = f.camera
            and c.esercizio = f.esercizio
            and list_contains(c.estratti, f.estratto)
    ) as peso
from qualita.freschezza as f
left join qualita.estratti as e using (camera, esercizio, estratto)
