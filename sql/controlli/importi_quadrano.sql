/*
descrizione = "Ogni file e colonna di importi: letto = nel magazzino + in quarantena, al centesimo."
gravita = "BLOCCA"
riguarda = "qualita.importi"
*/
select
    camera,
    esercizio,
    estratto,
    _file,
    colonna,
    i.letto,
    i.scartato,
    m.importo as nel_magazzino
from qualita.importi as i
full join qualita.importi_nel_magazzino as m using (camera, esercizio, estratto, _file, colonna)
where i.letto is null
    or i.letto is distinct from i.scartato + coalesce(m.importo, 0)
