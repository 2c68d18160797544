/*
descrizione = "Quale definizione del catalogo riconosce ogni indicatore del piano, dal nome e dall'algoritmo: quella che dice la mappa della Camera, o nessuna se lo dice la mappa; altrimenti quella con almeno 0,80 e 0,20 più della seconda. Le definizioni condivise tra le Camere gareggiano solo per ciò che nessuna del contratto riconosce. Senza codice, nessuna lo riconosce."
grana = "una riga per indicatore del piano"
chiave = ["camera", "esercizio", "missione", "programma", "obiettivo", "progressivo"]
materializzazione = "tabella"

[colonne]
codice = "Codice della definizione che lo riconosce; vuoto se nessuna"
metodo = "Da che cosa è riconosciuto: mappa, nome o algoritmo"
punteggio = "Punteggio della definizione che gli somiglia di più, da 0 a 1; 1 se lo dice la mappa"
secondo = "Codice della seconda definizione per somiglianza"
punteggio_secondo = "Punteggio della seconda, da 0 a 1"
regola = "Perché non ha un codice: indicatore_senza_modello o codice_conteso"
motivo = "Perché non ha un codice, in una frase"
*/
with proprie as (
    select s.*
    from piano.somiglianze as s
    semi join indicatori.catalogo as k on s.codice = k.codice and not k.condiviso
),

-- What chambers come to share must not take a row, or make it doubtful, that is recognised without it.
riconosciute as (
    select
        camera,
        esercizio,
        missione,
        programma,
        obiettivo,
        progressivo
    from proprie
    group by camera, esercizio, missione, programma, obiettivo, progressivo
    having max(punteggio) >= 0.80
        and max(punteggio) >= coalesce(max(punteggio, 2)[2], 0) + 0.20
),

in_gara as (
    select *, 0 as condiviso
    from proprie
    union all
    select s.*, 1
    from piano.somiglianze as s
    semi join indicatori.catalogo as k on s.codice = k.codice and k.condiviso
    anti join riconosciute as r
        on s.camera = r.camera
        and s.esercizio = r.esercizio
        and s.missione = r.missione
        and s.programma = r.programma
        and s.obiettivo = r.obiettivo
        and s.progressivo = r.progressivo
),

classifica as (
    select
        *,
        row_number() over (
            partition by camera, esercizio, missione, programma, obiettivo, progressivo
            order by
                punteggio desc,
                greatest(nome, algoritmo) desc,
                condiviso,
                codice
        ) as posto,
        codice || ' (' || replace(punteggio::decimal(3, 2)::varchar, '.', ',')
        || case
            when greatest(nome, algoritmo) > 0 then coalesce(', perché ' || altra_misura, '')
            else ''
        end
        || ')' as detta
    from in_gara
),

scelte as (
    select
        i.camera,
        i.esercizio,
        i.missione,
        i.programma,
        i.obiettivo,
        i.progressivo,
        i.parte,
        i.riga,
        i.cella,
        g.codice is not null as da_mappa,
        g.codice = '' as vietato,
        coalesce(nullif(g.codice, ''), p.codice) as codice,
        case when g.codice <> '' then 1 else p.punteggio end::decimal(5, 4) as punteggio,
        p.detta,
        case
            when g.codice <> '' then 'mappa'
            when p.algoritmo is null then 'nome'
            else 'algoritmo'
        end as metodo,
        case when nullif(g.codice, '') <> p.codice then p.codice else s.codice end as secondo,
        case
            when nullif(g.codice, '') <> p.codice then p.punteggio
            else s.punteggio
        end as punteggio_secondo,
        s.detta as seconda_detta,
        case
            when g.codice is not null then g.codice <> ''
            else p.punteggio >= 0.80 and p.punteggio >= coalesce(s.punteggio, 0) + 0.20
        end as prevale,
        -- What two rows must have in common to be one indicator: the words, in any order.
        list_sort(parole.ridotte(i.indicatore)) as parole_nome,
        list_sort(parole.ridotte(coalesce(i.algoritmo, ''))) as parole_algoritmo
    from lettura.indicatori as i
    left join classifica as p
        on i.camera = p.camera
        and i.esercizio = p.esercizio
        and i.missione = p.missione
        and i.programma = p.programma
        and i.obiettivo = p.obiettivo
        and i.progressivo = p.progressivo
        and p.posto = 1
    left join classifica as s
        on i.camera = s.camera
        and i.esercizio = s.esercizio
        and i.missione = s.missione
        and i.programma = s.programma
        and i.obiettivo = s.obiettivo
        and i.progressivo = s.progressivo
        and s.posto = 2
    left join lettura.legami as g
        on i.camera = g.camera
        and i.esercizio = g.esercizio
        and i.missione = g.missione
        and i.programma = g.programma
        and i.obiettivo = g.obiettivo
        and i.progressivo = g.progressivo
),

contesi as (
    select
        camera,
        esercizio,
        codice,
        string_agg(riga, ', ' order by riga) as righe
    from scelte
    where prevale
    group by camera, esercizio, codice
    having count(distinct (parole_nome, parole_algoritmo)) > 1
)

select
    s.camera,
    s.esercizio,
    s.missione,
    s.programma,
    s.obiettivo,
    s.progressivo,
    s.parte,
    s.riga,
    s.cella,
    case when s.prevale and c.codice is null then s.codice end as codice,
    case when s.prevale and c.codice is null then s.metodo end as metodo,
    s.punteggio,
    s.secondo,
    s.punteggio_secondo,
    case
        when c.codice is not null then 'codice_conteso'
        when s.prevale is not true then 'indicatore_senza_modello'
    end as regola,
    case
        when c.codice is not null
            then 'Più righe del piano (' || c.righe || ') sono riconosciute da ' || s.codice
                || ' ma hanno nome o algoritmo diversi: lasciarne una, o renderle uguali.'
        when s.vietato
            then 'Il file delle corrispondenze dice che nessuna definizione è quella di questo indicatore.'
        when s.codice is null then 'Nessuna definizione riconosce questo indicatore del piano.'
        when s.prevale then null
        else case
                when s.punteggio >= 0.80
                    then 'Nessuna definizione prevale su questo indicatore del piano: '
                else 'Nessuna definizione riconosce questo indicatore del piano: '
            end
            || 'le più vicine sono '
            || s.detta || coalesce(' e ' || s.seconda_detta, '') || '.'
    end as motivo
from scelte as s
-- Whoever wrote the mapping has decided: a row of it is in no contest.
left join contesi as c
    on s.camera = c.camera
    and s.esercizio = c.esercizio
    and s.codice = c.codice
    and s.prevale
    and not s.da_mappa
