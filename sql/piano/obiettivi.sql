/*
descrizione = "Gli obiettivi del piano come approvato, con risorse a preventivo e peso."
grana = "una riga per obiettivo"
chiave = ["camera", "esercizio", "missione", "programma", "obiettivo"]
materializzazione = "tabella"
*/
select
    camera,
    esercizio,
    missione,
    missione_titolo,
    programma,
    programma_titolo,
    obiettivo,
    obiettivo_strategico,
    titolo,
    descrizione,
    stakeholder_esterni,
    stakeholder_interni,
    arco_temporale,
    centro_responsabilita,
    risorse_preventivo,
    peso,
    parte,
    riga,
    cella,
    ordine
from lettura.obiettivi
