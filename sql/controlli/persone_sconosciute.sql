/*
descrizione = "L'estratto del personale conosce le persone che contano negli altri: chi fruisce di welfare o formazione nel periodo, e gli interni di Kronos."
gravita = "AVVISO"
in_evidenza = true
riguarda = "qualita.sospette"
mostra = "qualita.non_valutati"
*/
with persone as (
    select camera, esercizio, matricola, _file, _riga
    from fonti.segreteria_welfare
    union all
    select camera, esercizio, matricola, _file, _riga
    from fonti.segreteria_formazione
    union all
    select camera, esercizio, matricola, _file, _riga
    from fonti.kronos_fte
),

sconosciute as (
    select
        s.camera,
        s.esercizio,
        s.estratto,
        s._file,
        count(*) as righe,
        count(distinct p.matricola) as persone,
        min(s._riga) as _riga
    from qualita.sospette as s
    inner join persone as p using (camera, esercizio, _file, _riga)
    where s.segnale = 'persone_sconosciute'
    group by s.camera, s.esercizio, s.estratto, s._file
)

select
    p.camera,
    p.esercizio,
    p.estratto,
    v.codice,
    p._file,
    p.righe as casi,
    p._riga,
    case p.righe when 1 then '1 riga' else p.righe || ' righe' end
    || case p.persone
        when 1 then ' di una persona che segreteria/personale non conosce'
        else ' di ' || p.persone || ' persone che segreteria/personale non conosce'
    end as trovato,
    v.valore,
    coalesce(s.valore_senza, case when s.codice is null then v.valore end) as valore_senza
from sconosciute as p
left join (indicatori.fonti as f inner join indicatori.valori as v using (codice))
    on p.camera = v.camera and p.esercizio = v.esercizio and p.estratto = f.estratto
left join qualita.senza_sospette as s
    on p.camera = s.camera
    and p.esercizio = s.esercizio
    and p._file = s._file
    and v.codice = s.codice
    and s.segnale = 'persone_sconosciute'
