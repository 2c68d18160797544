/*
descrizione = "Quanto è fresco ogni estratto: fino a quando parlano i suoi dati, da quando li conosciamo, quando è attesa la prossima consegna e se una è in ritardo. Ciò che si vede per la prima volta vale come consegnato quel giorno. In un esercizio chiuso non si attende più niente."
grana = "una riga per partizione ed estratto"
chiave = ["camera", "esercizio", "estratto"]
materializzazione = "tabella"
ripetibile = false

[colonne]
stato = "PRESENTE, ASSENTE o INCOMPLETO (è rifiutato un suo file, o troppe sue righe)"
noto_dal = "Da quando conosciamo l'ultimo contenuto consegnato (ora di Roma)"
ritirato = "Quando è stato consegnato l'ultimo contenuto, se poi è stato ritirato e non ce n'è un altro (ora di Roma)"
in_ritardo = "Vero se una consegna scaduta non è arrivata: niente è stato consegnato dopo la fine del suo periodo e i dati non vi arrivano"
giorni_ritardo = "Giorni dalla prima scadenza passata senza consegna; 0 se non è in ritardo"
fermo_al = "Quando è stata letta l'ultima volta una partizione che non si può più leggere; vuoto per le altre"
*/
with consegne as (
    select
        camera,
        esercizio,
        estratto,
        max(noto_dal) filter (where esito in ('CARICATA', 'DUPLICATA', 'RIFIUTATA')) as noto_dal,
        max(noto_dal) filter (where esito = 'RITIRATA') as ritirata
    from storico.consegne
    group by camera, esercizio, estratto
),

stati as (
    select
        e.camera,
        e.esercizio,
        e.estratto,
        e.stato,
        v.dati_fino_al,
        c.noto_dal,
        case when e.stato = 'ASSENTE' then c.ritirata end as ritirato,
        -- A file exported again with no news has the same content: only its time tells, and not
        -- one that is still to come.
        greatest(
            c.noto_dal, case when r.arrivo > x.noto_dal then x.noto_dal else r.arrivo end
        )::date as consegnato_il,
        g.giorno,
        g.giorno >= p.chiuso_dal as chiuso,
        case when f.camera is not null then g.giorno end as fermo_al
    from qualita.estratti as e
    inner join esercizi.periodi as p using (camera, esercizio)
    inner join esercizi.giorni as g using (camera, esercizio)
    cross join storico.esecuzione as x
    left join qualita.eventi as v using (camera, esercizio, estratto)
    left join consegne as c using (camera, esercizio, estratto)
    left join qualita.arrivi as r using (camera, esercizio, estratto)
    left join qualita.ferme as f using (camera, esercizio)
),

attese as (
    select
        s.camera,
        s.esercizio,
        s.estratto,
        max(a.scadenza) filter (where a.scadenza < s.giorno) as ultima_attesa,
        min(a.scadenza) filter (where a.scadenza >= s.giorno and not coperto) as prossima_attesa,
        min(a.scadenza) filter (where a.scadenza < s.giorno and not coperto) as in_ritardo_dal
    from stati as s
    inner join esercizi.attese as a using (camera, esercizio, estratto)
    cross join lateral (
        select
            coalesce(s.consegnato_il > a.fine_periodo, false)
            or coalesce(s.dati_fino_al >= a.fine_periodo, false) as coperto
    ) as k
    where not s.chiuso
    group by s.camera, s.esercizio, s.estratto
)

select
    s.camera,
    s.esercizio,
    s.estratto,
    c.ufficio,
    c.ritmo,
    s.stato,
    s.dati_fino_al,
    s.noto_dal,
    s.ritirato,
    a.ultima_attesa,
    a.prossima_attesa,
    a.in_ritardo_dal is not null as in_ritardo,
    coalesce(s.giorno - a.in_ritardo_dal, 0)::integer as giorni_ritardo,
    s.fermo_al
from stati as s
inner join esercizi.cadenze as c using (estratto)
left join attese as a using (camera, esercizio, estratto)
