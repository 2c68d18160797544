"""The cases of CONCILIAZIONI_NEI_TERMINI: procedures concluded within three months."""

from datetime import date

from tests.indicatori.casi._condivisi import del_periodo, senza
from tests.indicatori.caso import Indicatore, non_calcolabile, percentuale
from tests.indicatori.zona import Parziale

CODICE, PROCEDIMENTI = "CONCILIAZIONI_NEI_TERMINI", "conciliazione/procedimenti"


def _concluso(avvio: date, conclusione: date | None, tipo: str = "MEDIAZIONE") -> Parziale:
    return {"tipo": tipo, "data_avvio": avvio, "data_conclusione": conclusione}


CASI = [
    percentuale(
        CODICE,
        "three months are those of the calendar: to the same day, or to the last one of the month",
        {
            PROCEDIMENTI: [
                _concluso(date(2020, 4, 10), date(2020, 7, 10)),
                _concluso(date(2020, 4, 10), date(2020, 7, 11)),
                _concluso(date(2019, 11, 30), date(2020, 2, 29)),
                _concluso(date(2019, 11, 30), date(2020, 3, 1)),
            ]
        },
        2,
        4,
        {PROCEDIMENTI: [0, 1, 2, 3]},
    ),
    percentuale(
        CODICE,
        "mediations and conciliations that are concluded count, arbitrations and open ones do not",
        {
            PROCEDIMENTI: [
                _concluso(date(2020, 4, 10), date(2020, 5, 10)),
                _concluso(date(2020, 4, 10), date(2020, 5, 10), "CONCILIAZIONE"),
                _concluso(date(2020, 4, 10), date(2020, 5, 10), "ARBITRATO"),
                _concluso(date(2020, 4, 10), None),
            ]
        },
        2,
        2,
        {PROCEDIMENTI: [0, 1]},
    ),
    non_calcolabile(
        CODICE,
        "none concluded, no value",
        {PROCEDIMENTI: [_concluso(date(2020, 4, 10), None)]},
        0,
        0,
        {},
    ),
    *del_periodo(percentuale, CODICE, PROCEDIMENTI, lambda g: _concluso(g, g), 1),
    *senza(CODICE, PROCEDIMENTI),
]

INDICATORE = Indicatore(CODICE, "percentuale", (PROCEDIMENTI,), CASI)
