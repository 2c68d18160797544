/*
descrizione = "Nessun file e nessuna colonna fuori contratto ha quasi il nome di un estratto o di una sua colonna."
gravita = "AVVISO"
in_evidenza = true
riguarda = "qualita.file"
*/
select
    camera,
    esercizio,
    somiglia as estratto,
    _file,
    1::bigint as casi,
    null::bigint as _riga,
    'non è letto, e il suo nome è quasi quello di ' || somiglia as trovato
from qualita.file
where esito = 'IGNORATO' and somiglia is not null
union all
select
    camera,
    esercizio,
    estratto,
    _file,
    casi,
    _riga,
    'la colonna «' || esempio || '» non è letta, e il suo nome è quasi quello di ' || colonna as trovato
from qualita.segnali
where segnale = 'nome_somigliante'
