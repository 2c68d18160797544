/*
descrizione = "Ogni file letto sta nel registro delle consegne, con un esito e uno solo, e nessun contenuto già registrato è andato perso."
gravita = "BLOCCA"
riguarda = "storico.consegne"
*/
with attesi as (
    select _file, sha256
    from qualita.file
    where sha256 is not null
    union
    select _file, sha256
    from storico.consegne_precedenti
)

select
    _file,
    sha256,
    count(c.esito) as volte
from attesi
full join storico.consegne as c using (_file, sha256)
group by _file, sha256
having count(c.esito) <> 1
    or bool_or(c.esito not in ('CARICATA', 'DUPLICATA', 'RIFIUTATA', 'SOSTITUITA', 'RITIRATA'))
