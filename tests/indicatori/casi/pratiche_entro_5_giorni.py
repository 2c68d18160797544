"""The cases of PRATICHE_ENTRO_5_GIORNI: pratiche processed within five days."""

from datetime import date

from tests.indicatori.casi._condivisi import chiusa, del_periodo, durata, senza
from tests.indicatori.caso import Indicatore, percentuale

CODICE, PRATICHE = "PRATICHE_ENTRO_5_GIORNI", "registro_imprese/pratiche"

CASI = [
    percentuale(
        CODICE,
        "the fifth day is in time and the sixth is not, by the calendar and not by the hour",
        {PRATICHE: [chiusa(date(2020, 5, 1)), durata(5), durata(6)]},
        2,
        3,
        {PRATICHE: [0, 1, 2]},
    ),
    percentuale(
        CODICE,
        "suspended days are taken off, and none are where the column is empty",
        {PRATICHE: [durata(8, 3), durata(8, 2), durata(5, None), durata(6, None)]},
        2,
        4,
        {PRATICHE: [0, 1, 2, 3]},
    ),
    percentuale(
        CODICE,
        "pratiche on paper count too; those rejected or open do not",
        {
            PRATICHE: [
                {},
                {"canale": "CARTACEA"},
                {"esito": "RIFIUTATA"},
                {"esito": "IN_LAVORAZIONE"},
                {"esito": "IN_LAVORAZIONE", "data_ora_chiusura": None},
            ]
        },
        2,
        2,
        {PRATICHE: [0, 1]},
    ),
    *del_periodo(percentuale, CODICE, PRATICHE, chiusa, 1),
    *senza(CODICE, PRATICHE),
]

INDICATORE = Indicatore(CODICE, "percentuale", (PRATICHE,), CASI)
