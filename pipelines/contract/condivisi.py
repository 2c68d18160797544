"""What only the indicators that chambers share need: nobody owes it whose plan has none of them.

Belongs here: the declarations of those extracts. Does not belong here: the extracts of the contract
(estratti.py), the indicators (sql/indicatori/contributi).
"""

from pipelines.contract.schema import (
    Estratto,
    codice,
    data,
    decimale,
    importo,
    non_oltre,
    scelta,
    sospensione,
    testo,
)

CONDIVISI: tuple[Estratto, ...] = (
    Estratto(
        "contabilita",
        "fatture",
        "Fatture passive, dal ricevimento al pagamento",
        (
            testo("numero", "Numero di registrazione della fattura"),
            data("data_ricevimento", "Data di ricevimento"),
            data("data_scadenza", "Scadenza del pagamento, se è data", facoltativa=True),
            data("data_pagamento", "Data di pagamento; vuota se non è pagata", facoltativa=True),
            sospensione(
                a=36_525
            ),  # a century: days times euros must be a number that can be summed
            importo("importo", "Importo dovuto (EUR); negativo per una nota di credito"),
        ),
        ritmo="trimestrale",
        evento="data_pagamento",
        chiave=("numero",),
        dovuto=False,
    ),
    Estratto(
        "contabilita",
        "budget",
        "Budget dell'anno, voce per voce: stanziato e utilizzato",
        (
            codice("voce", "Codice della voce di budget"),
            testo("descrizione", "Descrizione della voce", facoltativa=True),
            scelta(
                "gruppo",
                "Gruppo di oneri del preventivo",
                "PERSONALE FUNZIONAMENTO INTERVENTI_ECONOMICI AMMORTAMENTI INVESTIMENTI",
            ),
            importo("stanziato", "Stanziato, con le variazioni (EUR)"),
            importo("utilizzato", "Utilizzato (EUR)"),
        ),
        ritmo="annuale",
        chiave=("voce",),
        dovuto=False,
    ),
    Estratto(
        "registro_imprese",
        "servizi_digitali",
        "Servizi digitali rilasciati alle imprese",
        (
            testo("numero", "Numero del rilascio"),
            scelta(
                "servizio",
                "Servizio rilasciato",
                "FIRMA_DIGITALE CNS SPID CASSETTO_DIGITALE ALTRO",
            ),
            data("data", "Data del rilascio"),
        ),
        ritmo="trimestrale",
        evento="data",
        chiave=("numero",),
        dovuto=False,
    ),
    Estratto(
        "segreteria",
        "presenze",
        "Giorni lavorativi e di assenza per area e mese",
        (
            testo("area", "Area della Camera"),
            data("data", "Ultimo giorno del mese"),
            decimale(
                "giorni_lavorativi", "Giorni lavorativi delle persone dell'area (giorni)", da=0
            ),
            decimale("giorni_assenza", "Giorni di assenza, a qualunque titolo (giorni)", da=0),
        ),
        ritmo="mensile",
        evento="data",
        chiave=("area", "data"),
        regole=(non_oltre("giorni_assenza", "giorni_lavorativi"),),
        dovuto=False,
    ),
)
