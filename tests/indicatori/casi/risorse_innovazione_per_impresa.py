"""The cases of RISORSE_INNOVAZIONE_PER_IMPRESA: money of a process for each active firm."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from tests.indicatori.caso import (
    DOMANI,
    DOPO,
    MASSIMO,
    OGGI,
    RIFIUTATO,
    SAN_SILVESTRO,
    UNA_RIGA,
    Caso,
    Indicatore,
    dati_mancanti,
    non_calcolabile,
    rapporto,
)
from tests.indicatori.zona import Parziale

COSTI, IMPRESE = "contabilita/costi_processo", "registro_imprese/consistenza"
CENTO_IMPRESE = {IMPRESE: UNA_RIGA}


def _risorse(
    dice: str, costi: Sequence[Parziale], numeratore: str, contano: Sequence[int], anno: int = 2020
) -> Caso:
    """Costs over one hundred active firms."""
    return rapporto(
        "RISORSE_INNOVAZIONE_PER_IMPRESA",
        dice,
        {COSTI: costi, **CENTO_IMPRESE},
        numeratore,
        100,
        {COSTI: contano, IMPRESE: [0]},
        anno,
    )


def _imprese(
    dice: str,
    consistenza: Sequence[Parziale],
    attive: int,
    contano: Sequence[int],
    anno: int = 2020,
) -> Caso:
    """One hundred euro over some active firms."""
    return rapporto(
        "RISORSE_INNOVAZIONE_PER_IMPRESA",
        dice,
        {COSTI: UNA_RIGA, IMPRESE: consistenza},
        100,
        attive,
        {COSTI: [0], IMPRESE: contano},
        anno,
    )


def _senza_imprese(dice: str, consistenza: Sequence[Parziale], contano: Sequence[int]) -> Caso:
    return non_calcolabile(
        "RISORSE_INNOVAZIONE_PER_IMPRESA",
        dice,
        {COSTI: UNA_RIGA, IMPRESE: consistenza},
        100,
        0,
        {COSTI: [0], IMPRESE: contano},
    )


CASI = [
    _risorse(
        "costs and interventions add, contributions to the azienda speciale subtract",
        [
            {"voce": "COSTO_DIRETTO", "importo": Decimal("1000.01")},
            {"voce": "COSTO_INDIRETTO", "importo": Decimal("200.10")},
            {"voce": "INTERVENTO_ECONOMICO", "importo": Decimal("30.00")},
            {"voce": "CONTRIBUTO_AZIENDA_SPECIALE", "importo": Decimal("4.00")},
        ],
        "1226.11",
        [0, 1, 2, 3],
    ),
    _risorse(
        "a contribution recorded with a minus adds back, a cost reversed subtracts",
        [
            {"importo": Decimal("500.00")},
            {"importo": Decimal("-20.00")},
            {"voce": "CONTRIBUTO_AZIENDA_SPECIALE", "importo": Decimal("-3.50")},
        ],
        "483.5",
        [0, 1, 2],
    ),
    _risorse(
        "a negative sum is a negative value",
        [{"importo": Decimal("0.10")}, {"voce": "CONTRIBUTO_AZIENDA_SPECIALE"}],
        "-99.9",
        [0, 1],
    ),
    _risorse(
        "the process counts under its two codes, and no other process does",
        [
            {"codice_processo": "D6.1.3"},
            {"codice_processo": "D.1.3.2"},
            {"codice_processo": "D6.1.2"},
            {"codice_processo": "D.1.3.1"},
            {"codice_processo": "D6.1"},
            {"codice_processo": "D6.1.31"},
            {"codice_processo": "C2.7.2"},
        ],
        "200",
        [0, 1],
    ),
    _risorse("equal lines of cost all count, for they have no key", [{}, {}, {}], "300", [0, 1, 2]),
    _risorse("a header alone of costs is 0 euro", [], "0", []),
    _risorse("costs are taken whole in an open year", [{}, {}], "200", [0, 1], 2021),
    _imprese(
        "the active firms are those of the latest data_riferimento, over every legal form",
        [
            {"data_riferimento": date(2020, 9, 30), "attive": 999},
            {"data_riferimento": SAN_SILVESTRO, "attive": 30, "registrate": 40},
            {"data_riferimento": SAN_SILVESTRO, "attive": 50, "registrate": 60},
            {"data_riferimento": SAN_SILVESTRO, "attive": 0},
            {"data_riferimento": DOPO, "attive": 999},
        ],
        80,
        [1, 2, 3],
    ),
    _imprese(
        "the latest data_riferimento may be of an earlier year",
        [
            {"data_riferimento": date(2018, 12, 31), "attive": 10},
            {"data_riferimento": date(2017, 12, 31), "attive": 999},
            {"data_riferimento": DOPO, "attive": 999},
        ],
        10,
        [0],
    ),
    _imprese(
        "in an open year a data_riferimento after the day it speaks for is not there",
        [
            {"data_riferimento": OGGI, "attive": 7},
            {"data_riferimento": DOMANI, "attive": 999},
            {"data_riferimento": date(2021, 3, 31), "attive": 999},
        ],
        7,
        [0],
        2021,
    ),
    _senza_imprese("no active firms, no value", [{"attive": 0}], [0]),
    _senza_imprese("no firms on or before D, no value", [{"data_riferimento": DOPO}], []),
    _senza_imprese("a header alone of firms, no value", [], []),
    dati_mancanti("RISORSE_INNOVAZIONE_PER_IMPRESA", "absent firms are missing", {COSTI: [{}]}),
    dati_mancanti("RISORSE_INNOVAZIONE_PER_IMPRESA", "absent costs are missing", CENTO_IMPRESE),
    dati_mancanti(
        "RISORSE_INNOVAZIONE_PER_IMPRESA",
        "missing data win over a denominator of 0",
        {IMPRESE: []},
    ),
    dati_mancanti(
        "RISORSE_INNOVAZIONE_PER_IMPRESA",
        "a refused extract is missing even where the other is whole",
        {COSTI: RIFIUTATO, IMPRESE: [{}]},
    ),
]

ESTREMI = [
    rapporto(
        "RISORSE_INNOVAZIONE_PER_IMPRESA",
        "the largest amounts of the contract are summed and divided",
        {
            COSTI: [
                {"importo": Decimal(MASSIMO)},
                {"importo": -Decimal(MASSIMO), "voce": "CONTRIBUTO_AZIENDA_SPECIALE"},
            ],
            IMPRESE: [{"attive": 3}],
        },
        "19999999999999999.98",
        3,
        {COSTI: [0, 1], IMPRESE: [0]},
    ),
]

INDICATORE = Indicatore(
    "RISORSE_INNOVAZIONE_PER_IMPRESA",
    "rapporto",
    (
        COSTI,
        IMPRESE,
    ),
    CASI,
    estremi=ESTREMI,
)
