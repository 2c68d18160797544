"""The cases of COSTO_PER_PRATICA_RI: costs of a process for each pratica processed."""

from collections.abc import Sequence
from decimal import Decimal

from tests.indicatori.casi._condivisi import chiusa, del_periodo, senza
from tests.indicatori.caso import UNA_RIGA, Caso, Indicatore, non_calcolabile, rapporto
from tests.indicatori.zona import Parziale

CODICE, COSTI, PRATICHE = (
    "COSTO_PER_PRATICA_RI",
    "contabilita/costi_processo",
    "registro_imprese/pratiche",
)
CENTO: dict[str, object] = {"codice_processo": "C1.1.1", "importo": Decimal("100.00")}


def _costi(dice: str, costi: Sequence[Parziale], sopra: str, contano: Sequence[int]) -> Caso:
    return rapporto(
        CODICE,
        dice,
        {COSTI: costi, PRATICHE: UNA_RIGA},
        sopra,
        1,
        {COSTI: contano, PRATICHE: [0]},
    )


def _del_periodo() -> list[Caso]:
    """Costs have no date and count whole; of the pratiche those closed in the period."""
    return [
        rapporto(
            CODICE,
            caso.dice,
            {COSTI: [CENTO], **caso.estratti},
            100,
            2,
            {COSTI: [0], **caso.contano},
            caso.esercizio,
        )
        for caso in del_periodo(rapporto, CODICE, PRATICHE, chiusa, 1)
    ]


CASI = [
    _costi(
        "direct and indirect costs add; interventions and contributions are no cost of a pratica",
        [
            CENTO | {"voce": "COSTO_DIRETTO", "importo": Decimal("10.01")},
            CENTO | {"voce": "COSTO_INDIRETTO", "importo": Decimal("2.10")},
            CENTO | {"voce": "INTERVENTO_ECONOMICO"},
            CENTO | {"voce": "CONTRIBUTO_AZIENDA_SPECIALE"},
        ],
        "12.11",
        [0, 1],
    ),
    _costi(
        "no other process counts, and a cost reversed subtracts",
        [
            CENTO,
            CENTO | {"importo": Decimal("-0.50")},
            CENTO | {"codice_processo": "C1.1.2"},
            CENTO | {"codice_processo": "C1.1"},
            CENTO | {"codice_processo": "C1.1.11"},
        ],
        "99.5",
        [0, 1],
    ),
    rapporto(
        CODICE,
        "pratiche of either channel are below, and of them only those processed",
        {
            COSTI: [CENTO],
            PRATICHE: [{}, {"canale": "CARTACEA"}, {"esito": "RIFIUTATA"}],
        },
        100,
        2,
        {COSTI: [0], PRATICHE: [0, 1]},
    ),
    non_calcolabile(
        CODICE,
        "costs and no pratica processed, no value",
        {COSTI: [CENTO], PRATICHE: [{"esito": "RIFIUTATA"}]},
        100,
        0,
        {COSTI: [0]},
    ),
    *_del_periodo(),
    *senza(CODICE, COSTI, PRATICHE),
]

INDICATORE = Indicatore(CODICE, "rapporto", (COSTI, PRATICHE), CASI)
