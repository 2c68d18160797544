"""The cases of UTILIZZO_BUDGET_PROMOZIONE: what is used of what the budget gives to interventions."""

from decimal import Decimal

from tests.indicatori.casi._condivisi import senza
from tests.indicatori.caso import Indicatore, non_calcolabile, percentuale
from tests.indicatori.zona import Parziale

CODICE, BUDGET = "UTILIZZO_BUDGET_PROMOZIONE", "contabilita/budget"


def _voce(utilizzato: str, stanziato: str, gruppo: str = "INTERVENTI_ECONOMICI") -> Parziale:
    return {
        "gruppo": gruppo,
        "utilizzato": Decimal(utilizzato),
        "stanziato": Decimal(stanziato),
    }


CASI = [
    percentuale(
        CODICE,
        "items of interventions alone count, the unused ones too",
        {
            BUDGET: [
                _voce("80.01", "100.00"),
                _voce("0.00", "50.00"),
                *(
                    _voce("1.00", "2.00", gruppo)
                    for gruppo in ("PERSONALE", "FUNZIONAMENTO", "AMMORTAMENTI", "INVESTIMENTI")
                ),
            ]
        },
        "80.01",
        150,
        {BUDGET: [0, 1]},
    ),
    percentuale(
        CODICE,
        "the budget has no dates, and counts whole in an open year; more than all may be used",
        {BUDGET: [_voce("120.00", "100.00")]},
        120,
        100,
        {BUDGET: [0]},
        2021,
    ),
    non_calcolabile(
        CODICE, "nothing to use, no value", {BUDGET: [_voce("1.00", "0.00")]}, 1, 0, {BUDGET: [0]}
    ),
    *senza(CODICE, BUDGET),
]

INDICATORE = Indicatore(CODICE, "percentuale", (BUDGET,), CASI)
