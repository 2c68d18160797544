"""The cases of SPESA_PROMOZIONE_PER_IMPRESA: economic interventions for each active firm."""

from decimal import Decimal

from tests.indicatori.casi._condivisi import IMPRESE, del_periodo, per_impresa, senza
from tests.indicatori.caso import UNA_RIGA, Indicatore, rapporto

CODICE, INTERVENTI = "SPESA_PROMOZIONE_PER_IMPRESA", "contabilita/interventi_economici"
MODALITA = (
    "GESTIONE_DIRETTA",
    "CONTRIBUTO_IMPRESE",
    "AZIENDA_SPECIALE",
    "QUOTA_ASSOCIATIVA",
    "ALTRO",
)

CASI = [
    rapporto(
        CODICE,
        "interventions of every kind add up, and a reversal subtracts",
        {
            INTERVENTI: [
                *({"modalita": m, "importo": Decimal("10.01")} for m in MODALITA),
                {"importo": Decimal("-0.05")},
            ],
            IMPRESE: UNA_RIGA,
        },
        50,
        100,
        {INTERVENTI: range(6), IMPRESE: [0]},
    ),
    *del_periodo(
        rapporto, CODICE, INTERVENTI, lambda g: {"data": g}, 100, 0, {IMPRESE: UNA_RIGA}, 100
    ),
    *per_impresa(CODICE, INTERVENTI, 100),
    *senza(CODICE, INTERVENTI, IMPRESE),
]

INDICATORE = Indicatore(CODICE, "rapporto", (INTERVENTI, IMPRESE), CASI)
