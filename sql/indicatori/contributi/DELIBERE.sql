/*
codice = "DELIBERE"
titolo = "Delibere di Giunta e Consiglio"
unita = "numero"
direzione = "=>"
denominatore = false
unita_numeratore = "delibere"
riconosce = [
    "delibere|deliberazioni|deliberativi|deliberati organi|collegiali",
    "delibere|deliberazioni|deliberativi|deliberati giunta consiglio",
]
conta = [
    "delibere|deliberazioni|deliberativi|deliberati organi|collegiali",
    "delibere|deliberazioni|deliberativi|deliberati giunta consiglio",
]
esclude = [
    "commissario|commissariali|determinazioni|determine",
    "pubblicazione|pubblicate|attuazione|attuate|eseguite|proposte",
]
descrizione = "Una per ogni DELIBERA del periodo di un organo collegiale; quali organi contano sta nelle regole (gli atti del COMMISSARIO no)."
*/
select
    a.camera,
    a.esercizio,
    1 as numeratore,
    null as denominatore,
    a._file,
    a._riga
from fonti.segreteria_atti as a
inner join esercizi.periodi as p using (camera, esercizio)
inner join regole.organi_delibere as o on a.camera = o.camera and a.organo = o.organo
where a.tipo_atto = 'DELIBERA'
    and a.data between p.inizio and p.data_riferimento
