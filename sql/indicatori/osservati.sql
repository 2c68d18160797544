/*
descrizione = "Ogni valore accanto all'ultimo osservato prima: quello che il piano in vigore stampa, o se manca quello dell'ultimo esercizio precedente nel magazzino. Dove ci sono tutti e due, è insolito ciò che è lontano da entrambi."
grana = "una riga per indicatore e partizione"
chiave = ["camera", "esercizio", "codice"]
materializzazione = "tabella"

[colonne]
ultimo = "L'ultimo valore osservato, nelle unità dell'indicatore"
anno = "Anno dell'ultimo valore osservato"
insolito = "Vero se i due sono lontani più della soglia; vuoto se non si può dire"
motivo = "Perché non si può dire"
*/
with soglie as (
    select
        camera,
        max(valore) filter (where nome = 'valore_insolito_volte')::double as volte,
        max(valore) filter (where nome = 'valore_insolito_da_zero')::double as da_zero
    from regole.soglie
    group by camera
),

stampati as (
    select
        f.camera,
        f.esercizio,
        i.codice,
        arg_min(i.ultimo_valore, i.riga) as ultimo,
        arg_min(i.anno_ultimo_valore, i.riga) as anno
    from piano.in_vigore as f
    inner join piano.indicatori as i on f.camera = i.camera and f.esercizio_piano = i.esercizio
    where i.ultimo_valore is not null
        and i.anno_ultimo_valore < f.esercizio
    group by f.camera, f.esercizio, i.codice
),

precedenti as (
    select
        v.camera,
        v.esercizio,
        v.codice,
        max(w.esercizio) as anno,
        arg_max(w.valore, w.esercizio) as ultimo
    from indicatori.valori as v
    inner join indicatori.valori as w
        on v.camera = w.camera and v.codice = w.codice and v.esercizio > w.esercizio
    where w.valore is not null
    group by v.camera, v.esercizio, v.codice
),

-- Of an open year only a share has gone by, and what it has so far is as much less. Comparing takes
-- doubles: they cannot overflow, and nothing that is published comes out of them.
accostati as (
    select
        v.camera,
        v.esercizio,
        v.codice,
        v.valore,
        coalesce(s.ultimo, p.ultimo)::decimal(38, 12) as ultimo,
        case when s.ultimo is null then p.anno else s.anno end as anno,
        abs(v.valore)::double as adesso,
        -- From zero nobody can say how many times.
        list_filter([abs(s.ultimo)::double, abs(p.ultimo)::double], lambda u: u > 0) as prime,
        (d.data_riferimento - d.inizio + 1) / (d.fine - d.inizio + 1) as quota
    from indicatori.valori as v
    inner join esercizi.periodi as d using (camera, esercizio)
    left join stampati as s using (camera, esercizio, codice)
    left join precedenti as p using (camera, esercizio, codice)
)

select
    a.camera,
    a.esercizio,
    a.codice,
    a.valore,
    a.ultimo,
    a.anno,
    list_bool_and(
        list_transform(
            a.prime,
            lambda u: a.adesso > u * s.volte
                or case
                    when a.adesso = 0 then u * a.quota >= s.da_zero
                    else a.adesso * s.volte < u * a.quota
                end
        )
    ) as insolito,
    case
        when a.valore is null then 'L''indicatore non ha un valore.'
        when a.ultimo is null then 'Nessun valore osservato prima.'
        when len(a.prime) = 0 then 'L''ultimo valore osservato è zero, e da zero non si misura quante volte.'
    end as motivo
from accostati as a
left join soglie as s using (camera)
