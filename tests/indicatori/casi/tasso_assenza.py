"""The cases of TASSO_ASSENZA: days of absence of the days of work."""

from decimal import Decimal

from tests.indicatori.casi._condivisi import del_periodo, senza
from tests.indicatori.caso import Indicatore, non_calcolabile, percentuale
from tests.indicatori.zona import Parziale

CODICE, PRESENZE = "TASSO_ASSENZA", "segreteria/presenze"


def _area(lavorativi: str, assenza: str) -> Parziale:
    return {"giorni_lavorativi": Decimal(lavorativi), "giorni_assenza": Decimal(assenza)}


CASI = [
    percentuale(
        CODICE,
        "areas add up, a large one weighing more; half days count as such",
        {PRESENZE: [_area("400", "40.5"), _area("20", "0"), _area("22.5", "22.5")]},
        63,
        "442.5",
        {PRESENZE: [0, 1, 2]},
    ),
    non_calcolabile(
        CODICE, "no day of work, no value", {PRESENZE: [_area("0", "0")]}, 0, 0, {PRESENZE: [0]}
    ),
    *del_periodo(percentuale, CODICE, PRESENZE, lambda g: {"data": g}, 2, 20),
    *senza(CODICE, PRESENZE),
]

INDICATORE = Indicatore(CODICE, "percentuale", (PRESENZE,), CASI)
