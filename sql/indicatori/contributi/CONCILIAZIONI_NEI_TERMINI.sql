/*
codice = "CONCILIAZIONI_NEI_TERMINI"
catalogo = "condiviso"
titolo = "Conciliazioni e mediazioni concluse nei termini"
unita = "percentuale"
direzione = "=>"
denominatore = true
unita_numeratore = "procedure concluse nei termini"
unita_denominatore = "procedure concluse"
riconosce = [
    "conciliazioni|mediazioni concluse|conclusione|definite|chiuse|gestite entro|termini|tempi 90|novanta|3|tre|mesi|giorni|legge|termini",
]
conta = [
    "conciliazioni|mediazioni concluse|definite|chiuse|gestite entro|termini|tempi 90|novanta|3|tre|mesi|giorni|legge|termini diviso|rapporto|percentuale",
]
esclude = ["oltre|fuori termini|giorni|mesi", "accordo|esito", "addetti|fte", "controversie|arbitrati"]
descrizione = "Al denominatore ogni MEDIAZIONE o CONCILIAZIONE conclusa nel periodo, al numeratore quelle concluse entro tre mesi dall'avvio."
fonte = "D.lgs. 28/2010, art. 6 (durata della mediazione, nel testo che la fissa in tre mesi); «Conciliazioni e mediazioni concluse entro i termini» nei piani delle Camere."
assunto = "Tre mesi di calendario dall'avvio, senza proroghe: l'estratto non le dà. Si misura chi è concluso nell'anno, comunque sia finito."
*/
select
    c.camera,
    c.esercizio,
    case
        when c.data_conclusione <= (c.data_avvio + interval 3 months)::date then 1
        else 0
    end as numeratore,
    1 as denominatore,
    c._file,
    c._riga
from fonti.conciliazione_procedimenti as c
inner join esercizi.periodi as p using (camera, esercizio)
where c.tipo in ('MEDIAZIONE', 'CONCILIAZIONE')
    and c.data_conclusione between p.inizio and p.data_riferimento
