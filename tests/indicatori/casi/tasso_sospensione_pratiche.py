"""The cases of TASSO_SOSPENSIONE_PRATICHE: pratiche that were suspended."""

from tests.indicatori.casi._condivisi import chiusa, del_periodo, durata, senza
from tests.indicatori.caso import Indicatore, percentuale

CODICE, PRATICHE = "TASSO_SOSPENSIONE_PRATICHE", "registro_imprese/pratiche"

CASI = [
    percentuale(
        CODICE,
        "a pratica is suspended from one day on; 0 and nothing are not suspended",
        {PRATICHE: [durata(9, 1), durata(9, 7), durata(9, 0), durata(9, None)]},
        2,
        4,
        {PRATICHE: [0, 1, 2, 3]},
    ),
    percentuale(
        CODICE,
        "suspended or not, those rejected or open do not count; those on paper do",
        {
            PRATICHE: [
                durata(9, 1),
                durata(9, 1, canale="CARTACEA"),
                durata(9, 1, esito="RIFIUTATA"),
                durata(9, 1, esito="IN_LAVORAZIONE"),
            ]
        },
        2,
        2,
        {PRATICHE: [0, 1]},
    ),
    *del_periodo(
        percentuale, CODICE, PRATICHE, lambda g: {**chiusa(g), "giorni_sospensione": 1}, 1
    ),
    *senza(CODICE, PRATICHE),
]

INDICATORE = Indicatore(CODICE, "percentuale", (PRATICHE,), CASI)
