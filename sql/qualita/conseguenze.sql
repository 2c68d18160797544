/*
descrizione = "Che cosa costa ogni controllo che trova dei casi: quali celle della scorecard tocca, quanto pesano e quale scadenza di legge si avvicina."
grana = "una riga per controllo e partizione con dei casi; senza Camera, per tutto il magazzino"
chiave = []
materializzazione = "tabella"
perse = """
select 1
from (select distinct controllo, camera, esercizio from qualita.esiti) as e
full join qualita.conseguenze as c
    on e.controllo = c.controllo
    and e.camera is not distinct from c.camera
    and e.esercizio is not distinct from c.esercizio
group by c.controllo, c.camera, c.esercizio, e.controllo, e.camera, e.esercizio
having e.controllo is null or c.controllo is null or count(*) > 1
"""
ripetibile = false

[colonne]
frase = "Il costo in una frase"
celle = "Celle della scorecard toccate (numero)"
elenco_celle = "Le prime celle toccate"
peso = "Peso delle celle toccate (punti di PESO); vuoto se il piano non lo dice o riguarda tutto"
scadenza = "La prossima scadenza di legge dell'esercizio"
scadenza_nome = "Che cosa scade"
*/
with casi as (
    select
        controllo,
        camera,
        esercizio,
        sum(casi) as casi
    from qualita.esiti
    group by controllo, camera, esercizio
),

somme as (
    select
        controllo,
        camera_detta as camera,
        esercizio_detto as esercizio,
        count(*) as celle,
        list(cella order by missione, programma, obiettivo, progressivo) as nomi,
        sum(peso) as peso
    from passaporto.controlli
    group by controllo, camera_detta, esercizio_detto
),

prezzi as (
    select
        k.controllo,
        k.camera,
        k.esercizio,
        k.casi::bigint as casi,
        coalesce(s.celle, 0)::bigint as celle,
        array_to_string(s.nomi[1:5], ', ')
        || case when s.celle > 5 then ' e altre ' || (s.celle - 5) else '' end as elenco_celle,
        case
            when k.camera is null then null
            -- Without the plan nobody knows what weighs how much: all of it is at stake.
            when q.riguarda = 'piano.in_vigore' and s.peso is null then 100
            when q.riguarda = 'qualita.ferme' and p.camera is null then 100
            when s.celle is null then 0
            else aritmetica.arrotonda(s.peso, 2)
        end::decimal(38, 2) as peso,
        d.scadenza,
        d.nome as scadenza_nome,
        d.giorni::integer as giorni_alla_scadenza,
        p.camera is null as manca,
        q.in_evidenza
    from casi as k
    inner join qualita.controlli as q using (controllo)
    left join somme as s
        on k.controllo = s.controllo
        and k.camera is not distinct from s.camera
        and k.esercizio is not distinct from s.esercizio
    left join esercizi.prossime_scadenze as d on k.camera = d.camera and k.esercizio = d.esercizio
    left join esercizi.periodi as p on k.camera = p.camera and k.esercizio = p.esercizio
)

select
    controllo,
    camera,
    esercizio,
    case
        when celle = 0 and peso > 0 and manca then 'Niente se ne pubblica: tutto il peso'
        when celle = 0 and peso > 0 then 'Senza un piano letto non si misura niente: tutto il peso'
        when celle = 0 then 'Non tocca nessuna cella della scorecard'
        when celle = 1 then 'Tocca una cella della scorecard (' || elenco_celle || ')'
        else 'Tocca ' || celle || ' celle della scorecard (' || elenco_celle || ')'
    end
    || case
        when celle > 0 and peso is not null
            then ', ' || replace(peso::varchar, '.', ',') || '% del peso'
        else ''
    end
    || coalesce(
        '. Prossima scadenza: ' || scadenza_nome || ', ' || strftime(scadenza, '%d/%m/%Y')
        || case giorni_alla_scadenza
            when 0 then ' (oggi)'
            when 1 then ' (domani)'
            else ' (tra ' || giorni_alla_scadenza || ' giorni)'
        end,
        ''
    ) || '.' as frase,
    casi,
    celle,
    elenco_celle,
    peso,
    scadenza,
    scadenza_nome,
    giorni_alla_scadenza,
    in_evidenza
from prezzi
