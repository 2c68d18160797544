/*
descrizione = "Ciò che di un piano ben scritto va chiesto a chi lo ha scritto: se i target chiedono qualcosa, se le definizioni dicono che cosa si misura, se i pesi seguono le risorse."
grana = "una riga per rilievo"
chiave = ["camera", "esercizio", "regola", "parte", "riga", "cella"]
materializzazione = "tabella"

[colonne]
trovato = "Che cosa si è trovato, in una frase"
rimedio = "Che cosa fare"
*/
with soglie as (
    select
        camera,
        max(valore) filter (where nome = 'target_margine') as margine,
        max(valore) filter (where nome = 'peso_risorse_volte') as volte
    from regole.soglie
    group by camera
),

richieste as (
    select
        e.*,
        i.parte,
        i.cella,
        i.ultimo_valore_testo,
        aritmetica.testo(e.confronto) || case when i.percentuale then '%' else '' end as confronto_testo,
        t.target_testo
    from piano.esigenze as e
    inner join lettura.indicatori as i
        using (camera, esercizio, missione, programma, obiettivo, progressivo)
    left join piano.traguardi as t
        on e.camera = t.camera
        and e.esercizio = t.esercizio
        and e.missione = t.missione
        and e.programma = t.programma
        and e.obiettivo = t.obiettivo
        and e.progressivo = t.progressivo
        and e.esercizio = t.anno
),

radici as (
    select
        genere,
        list(distinct parole.radice(forma)) as parole
    from indicatori.parole
    group by genere
),

lessico as (
    select
        max(parole) filter (where genere = 'vuote') as vuote,
        max(parole) filter (where genere = 'conteggi') as conteggi,
        max(parole) filter (where genere = 'rapporti') as rapporti,
        max(parole) filter (where genere = 'grandezze') as grandezze,
        max(parole) filter (where genere = 'unita') as unita
    from radici
),

-- A row without an algorithm has no words there, and what is asked of them is NULL.
scritte as (
    select
        camera,
        esercizio,
        parte,
        riga,
        cella,
        tipologia,
        tipo_indicatore,
        percentuale or contains(lower(coalesce(tipo_indicatore, '')), 'percent') as percentuale,
        parole.ridotte(indicatore) as nome,
        parole.ridotte(algoritmo) as algoritmo,
        concat_ws(' ', indicatore, algoritmo, tipo_indicatore) as tutto
    from lettura.indicatori
),

definizioni as (
    select
        d.*,
        -- Words that any count may have say nothing of what is counted.
        list_sort(list_distinct(list_filter(d.nome, lambda p: not list_contains(l.vuote, p))))
            as nome_proprio,
        list_sort(list_distinct(list_filter(d.algoritmo, lambda p: not list_contains(l.vuote, p))))
            as algoritmo_proprio,
        list_has_any(d.nome, l.rapporti) as nome_di_rapporto,
        list_has_any(d.algoritmo, l.rapporti) or list_contains(d.algoritmo, parole.radice('diviso'))
            as algoritmo_di_rapporto,
        list_contains(d.algoritmo, parole.radice('diviso')) as divide,
        list_contains(l.conteggi, d.nome[1]) as nome_di_conteggio,
        list_has_any(d.nome, l.grandezze) as ha_grandezza,
        list_has_any(parole.ridotte(d.tutto), l.unita) or contains(d.tutto, '€') as ha_unita
    from scritte as d
    cross join lessico as l
),

quote as (
    select
        camera,
        esercizio,
        parte,
        riga,
        cella,
        obiettivo,
        peso,
        risorse_preventivo,
        sum(peso) over piano as pesi,
        sum(risorse_preventivo) over piano as risorse
    from lettura.obiettivi
    where peso is not null and risorse_preventivo is not null
    window piano as (partition by camera, esercizio)
)

select
    camera,
    esercizio,
    'traguardo_gia_raggiunto' as regola,
    parte,
    riga,
    cella,
    'il target ' || esercizio || ', «' || target_testo || '», è già raggiunto dall''ultimo valore osservato («'
    || ultimo_valore_testo || '»' || coalesce(' nel ' || anno_ultimo_valore, '') || ')' as trovato,
    'alzarlo, o motivare nelle note perché basta mantenere il risultato' as rimedio
from richieste
where gia_raggiunto
union all
select
    r.camera,
    r.esercizio,
    'traguardo_meno_esigente' as regola,
    r.parte,
    r.riga,
    r.cella,
    'il target ' || r.esercizio || ', «' || r.target_testo || '», chiede meno dell''ultimo valore osservato («'
    || r.ultimo_valore_testo || '»)'
    || coalesce(
        ', che può peggiorare del ' || aritmetica.testo(r.margine) || '% senza che il target sia mancato',
        ''
    ) as trovato,
    'motivarlo nelle note o rivedere il target' as rimedio
from richieste as r
inner join soglie as s using (camera)
where r.gia_raggiunto
    and r.ultimo_valore <> r.target
    and coalesce(r.margine > s.margine, true)
union all
select
    camera,
    esercizio,
    'traguardo_fermo' as regola,
    parte,
    riga,
    cella,
    'il target è lo stesso («' || target_testo || '») per ' || anni || ' anni' as trovato,
    'farlo crescere di anno in anno, o se è già il massimo misurare qualcosa che possa ancora migliorare'
        as rimedio
from richieste
where fermo
union all
select
    camera,
    esercizio,
    'traguardo_peggiore_del_confronto' as regola,
    parte,
    riga,
    cella,
    'il target ' || esercizio || ', «' || target_testo || '», è peggiore del valore di confronto, '
    || confronto_testo || ' (' || confronto_ambito || ', ' || confronto_anno || ')' as trovato,
    'avvicinarlo a quel valore, o motivare nelle note perché la Camera non può' as rimedio
from richieste
where peggiore_del_confronto
union all
select
    camera,
    esercizio,
    'confronto_di_altro_anno' as regola,
    parte,
    riga,
    cella,
    'il valore di confronto è del ' || confronto_anno || ' e l''ultimo valore osservato del '
    || anno_ultimo_valore || ': '
    || case when confrontabile then 'sono confrontabili con cautela, ' else 'non sono confrontabili, ' end
    || motivo as trovato,
    'citare il valore di confronto del ' || anno_ultimo_valore as rimedio
from richieste
where confronto_anno <> anno_ultimo_valore
union all
select
    camera,
    esercizio,
    'confronto_di_altra_misura' as regola,
    parte,
    riga,
    cella,
    'il valore di confronto, ' || aritmetica.testo(confronto)
    || ', non è confrontabile con i valori dell''indicatore: ' || motivo as trovato,
    'citare il valore di confronto nella stessa unità' as rimedio
from richieste
where not confrontabile and (confronto_anno <> anno_ultimo_valore) is not true
union all
select
    camera,
    esercizio,
    'definizione_circolare' as regola,
    parte,
    riga,
    cella,
    'l''algoritmo ripete il nome dell''indicatore e non dice che cosa si conta' as trovato,
    'scrivere quali casi contano, in quale periodo e da quale archivio' as rimedio
from definizioni
where len(nome_proprio) > 0 and nome_proprio = algoritmo_proprio
union all
select
    camera,
    esercizio,
    'nome_e_algoritmo_discordi' as regola,
    parte,
    riga,
    cella,
    case
        when nome_di_rapporto then 'per il nome è un rapporto, per l''algoritmo un conteggio'
        else 'per il nome è un conteggio, per l''algoritmo un rapporto'
    end as trovato,
    'accordare nome e algoritmo' as rimedio
from definizioni
where (nome_di_rapporto and not algoritmo_di_rapporto)
    or (nome_di_conteggio and not nome_di_rapporto and divide)
union all
select
    camera,
    esercizio,
    'unita_mancante' as regola,
    parte,
    riga,
    cella,
    'non si legge in quale unità è misurato' as trovato,
    'scriverla nel nome o nell''algoritmo (giorni, ore, euro), come chiede l''art. 3 del D.P.C.M. 18/9/2012'
        as rimedio
from definizioni
where not percentuale
    and not ha_unita
    and (ha_grandezza or (tipo_indicatore is null and not nome_di_conteggio))
union all
select
    camera,
    esercizio,
    'tipologia_non_prevista' as regola,
    parte,
    riga,
    cella,
    '«' || case when length(tipologia) > 60 then left(tipologia, 57) || '...' else tipologia end
    || '» non è una tipologia di indicatore' as trovato,
    'scriverne una dell''art. 6 del D.P.C.M. 18/9/2012 (realizzazione fisica, risultato, impatto, '
    || 'realizzazione finanziaria) o del sistema camerale (volume, efficacia, efficienza, qualità)' as rimedio
from definizioni as d
anti join indicatori.parole as p
    on p.genere = 'tipologie'
    and list_has_all(parole.ridotte(d.tipologia), parole.ridotte(p.forma))
where tipologia is not null
union all
select
    q.camera,
    q.esercizio,
    'peso_e_risorse_discordi' as regola,
    q.parte,
    q.riga,
    q.cella,
    'nell''obiettivo ' || q.obiettivo || ' la quota del peso è '
    || aritmetica.testo(aritmetica.rapporto_arrotondato(q.peso, q.pesi, 100))
    || '% e quella delle risorse '
    || aritmetica.testo(aritmetica.rapporto_arrotondato(q.risorse_preventivo, q.risorse, 100))
    || '%' as trovato,
    'rivedere il peso, o motivare nella descrizione perché non segue le risorse' as rimedio
from quote as q
inner join soglie as s using (camera)
where q.pesi > 0
    and q.risorse > 0
    -- Comparing takes doubles: they cannot overflow, and nothing that is published comes out of them.
    and (
        q.peso::double * q.risorse > s.volte::double * q.risorse_preventivo * q.pesi
        or q.risorse_preventivo::double * q.pesi > s.volte::double * q.peso * q.risorse
    )
