/*
descrizione = "Nessun valore di un esercizio chiuso è cambiato dopo la chiusura; per accettarne uno si dichiara una chiusura più tarda nel file delle regole."
gravita = "AVVISO"
riguarda = "storico.valori"
*/
with cambiati as (
    select
        camera,
        esercizio,
        codice,
        lag(valore) over conosciuti as prima,
        valore as adesso,
        lag(stato) over conosciuti as stato_prima,
        stato,
        noto_dal
    from storico.valori
    window conosciuti as (partition by camera, esercizio, codice order by noto_dal)
)

select
    c.camera,
    c.esercizio,
    c.codice,
    c.prima,
    c.adesso,
    c.stato_prima,
    c.stato,
    c.noto_dal,
    p.chiuso_dal
from cambiati as c
inner join esercizi.periodi as p using (camera, esercizio)
where c.stato_prima is not null
    and c.prima is distinct from c.adesso
    -- the night of that day still publishes what was delivered on the last day
    and c.noto_dal::date > p.chiuso_dal
