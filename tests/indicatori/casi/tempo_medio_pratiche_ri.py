"""The cases of TEMPO_MEDIO_PRATICHE_RI: days of a pratica."""

from collections.abc import Sequence
from datetime import datetime

from tests.indicatori.caso import (
    RIFIUTATO,
    Caso,
    Indicatore,
    dati_mancanti,
    non_calcolabile,
    rapporto,
)
from tests.indicatori.zona import Parziale

PRATICHE = "registro_imprese/pratiche"


def _pratica(arrivo: datetime, chiusura: datetime | None, giorni: int | None = 0) -> Parziale:
    return {
        "data_ora_arrivo": arrivo,
        "data_ora_chiusura": chiusura,
        "giorni_sospensione": giorni,
    }


def _tempi(
    dice: str, righe: Sequence[Parziale], giorni: int, contano: Sequence[int], anno: int = 2020
) -> Caso:
    return rapporto(
        "TEMPO_MEDIO_PRATICHE_RI",
        dice,
        {PRATICHE: righe},
        giorni,
        len(contano),
        {PRATICHE: contano},
        anno,
    )


CASI = [
    _tempi(
        "days are those of the calendar, not of 24 hours",
        [
            _pratica(datetime(2020, 5, 4, 23, 59, 59), datetime(2020, 5, 5, 0, 0, 0)),
            _pratica(datetime(2020, 5, 4, 0, 0, 1), datetime(2020, 5, 4, 23, 59, 59)),
            _pratica(datetime(2020, 5, 4, 18, 0), datetime(2020, 5, 6, 9, 0)),
            _pratica(datetime(2020, 2, 28, 12, 0), datetime(2020, 3, 1, 12, 0)),
        ],
        5,
        [0, 1, 2, 3],
    ),
    _tempi(
        "a summer-time change does not lose or gain a day",
        [
            _pratica(datetime(2020, 3, 28, 23, 30), datetime(2020, 3, 30, 0, 30)),
            _pratica(datetime(2020, 10, 24, 23, 30), datetime(2020, 10, 26, 0, 30)),
        ],
        4,
        [0, 1],
    ),
    _tempi(
        "suspended days are taken off, each row down to 0 and no lower",
        [
            _pratica(datetime(2020, 5, 1, 9), datetime(2020, 5, 11, 9), 4),
            _pratica(datetime(2020, 5, 1, 9), datetime(2020, 5, 3, 9), 2),
            _pratica(datetime(2020, 5, 1, 9), datetime(2020, 5, 3, 9), 50),
            _pratica(datetime(2020, 5, 1, 9), datetime(2020, 5, 4, 9), None),
        ],
        9,
        [0, 1, 2, 3],
    ),
    _tempi(
        "only telematic pratiche that were processed count",
        [
            {},
            {"canale": "CARTACEA"},
            {"esito": "RIFIUTATA"},
            {"esito": "IN_LAVORAZIONE"},
            {"esito": "IN_LAVORAZIONE", "data_ora_chiusura": None},
        ],
        1,
        [0],
    ),
    _tempi(
        "the closing date is in the period, to the last minute; the arrival may be earlier",
        [
            _pratica(datetime(2019, 12, 30, 9), datetime(2020, 1, 1, 0, 0)),
            _pratica(datetime(2020, 12, 30, 9), datetime(2020, 12, 31, 23, 59, 59)),
            _pratica(datetime(2019, 12, 20, 9), datetime(2019, 12, 31, 23, 59, 59)),
            _pratica(datetime(2020, 12, 20, 9), datetime(2021, 1, 1, 0, 0)),
        ],
        3,
        [0, 1],
    ),
    _tempi(
        "an open year ends at the end of the day it speaks for",
        [
            _pratica(datetime(2021, 6, 28, 9), datetime(2021, 6, 30, 23, 59, 59)),
            _pratica(datetime(2021, 6, 20, 9), datetime(2021, 7, 1, 0, 0)),
        ],
        2,
        [0],
        2021,
    ),
    _tempi(
        "a mean that does not end is kept to 12 decimals",
        [
            _pratica(datetime(2020, 5, 1, 9), datetime(2020, 5, 1, 10)),
            _pratica(datetime(2020, 5, 1, 9), datetime(2020, 5, 2, 10)),
            _pratica(datetime(2020, 5, 1, 9), datetime(2020, 5, 2, 10)),
        ],
        2,
        [0, 1, 2],
    ),
    non_calcolabile(
        "TEMPO_MEDIO_PRATICHE_RI",
        "no pratica closed, no mean",
        {PRATICHE: [{"canale": "CARTACEA"}]},
        0,
        0,
        {},
    ),
    non_calcolabile(
        "TEMPO_MEDIO_PRATICHE_RI", "a header alone has no mean", {PRATICHE: []}, 0, 0, {}
    ),
    dati_mancanti("TEMPO_MEDIO_PRATICHE_RI", "absent pratiche are missing", {}),
    dati_mancanti("TEMPO_MEDIO_PRATICHE_RI", "refused pratiche are missing", {PRATICHE: RIFIUTATO}),
]

INDICATORE = Indicatore(
    "TEMPO_MEDIO_PRATICHE_RI",
    "rapporto",
    (PRATICHE,),
    CASI,
)
