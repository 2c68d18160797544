/*
descrizione = "Nessuna riga di un file conta due volte nello stesso indicatore, e ciascuna è una riga accettata."
gravita = "BLOCCA"
riguarda = "indicatori.contributi"
*/
select
    camera,
    esercizio,
    codice,
    _file,
    _riga,
    count(*) as volte
from indicatori.contributi
group by camera, esercizio, codice, _file, _riga
having count(*) > 1 or _file is null or _riga is null
