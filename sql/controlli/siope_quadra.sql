/*
descrizione = "I pagamenti per beni e servizi sommano, per codice e mese, a ciò che pubblica il SIOPE. La differenza si dice, e non cambia niente."
gravita = "AVVISO"
in_evidenza = true
riguarda = "qualita.importi"
*/
with beni_e_servizi as (
    select camera, esercizio, mese, codice_siope, importo as siope, 0 as pagato
    from fonti.provveditorato_siope
    where anno = esercizio
    union all
    select camera, esercizio, month(data_pagamento), codice_siope, 0, imponibile::decimal(38, 2) + iva
    from fonti.provveditorato_pagamenti
    where year(data_pagamento) = esercizio
),

-- In an open year the SIOPE is still to publish the months after its last.
confrontabili as (
    select
        p.camera,
        p.esercizio,
        case when p.aperto then max(s.mese) else 12 end as fino_a
    from esercizi.periodi as p
    semi join qualita.estratti as e
        on p.camera = e.camera
        and p.esercizio = e.esercizio
        and e.estratto = 'provveditorato/pagamenti'
        and e.stato = 'PRESENTE'
    semi join qualita.estratti as i
        on p.camera = i.camera
        and p.esercizio = i.esercizio
        and i.estratto = 'provveditorato/siope'
        and i.stato = 'PRESENTE'
    left join fonti.provveditorato_siope as s
        on p.camera = s.camera and p.esercizio = s.esercizio and p.esercizio = s.anno
    group by p.camera, p.esercizio, p.aperto
)

select
    b.camera,
    b.esercizio,
    'provveditorato/pagamenti' as estratto,
    b.codice_siope as esempio,
    b.mese,
    sum(b.siope) as siope,
    sum(b.pagato) as pagato,
    sum(b.pagato) - sum(b.siope) as differenza,
    'nel mese ' || b.mese || ' i pagamenti sono ' || replace(sum(b.pagato)::varchar, '.', ',') || ' EUR, il SIOPE ne pubblica '
    || replace(sum(b.siope)::varchar, '.', ',') as trovato
from beni_e_servizi as b
inner join confrontabili as c
    on b.camera = c.camera and b.esercizio = c.esercizio and b.mese <= c.fino_a
where b.codice_siope between '2101' and '2127' or b.codice_siope in ('2298', '2299')
group by b.camera, b.esercizio, b.mese, b.codice_siope
having sum(b.pagato) <> sum(b.siope)
