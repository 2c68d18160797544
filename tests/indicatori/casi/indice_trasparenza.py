"""The cases of INDICE_TRASPARENZA: points of the transparency grid."""

from decimal import Decimal

from tests.indicatori.caso import RIFIUTATO, Indicatore, dati_mancanti, non_calcolabile, percentuale
from tests.indicatori.zona import Parziale

GRIGLIA = "segreteria/trasparenza"


def _obbligo(punteggio: str | None, massimo: str | None, applicabile: bool = True) -> Parziale:
    return {
        "punteggio": None if punteggio is None else Decimal(punteggio),
        "punteggio_massimo": None if massimo is None else Decimal(massimo),
        "applicabile": applicabile,
    }


CASI = [
    percentuale(
        "INDICE_TRASPARENZA",
        "the scores of the applicable obligations alone, summed and then divided",
        {
            GRIGLIA: [
                _obbligo("3", "3"),
                _obbligo("0.5", "2.25"),
                _obbligo("0", "1"),
                _obbligo("7", "9", applicabile=False),
                _obbligo(None, None, applicabile=False),
                _obbligo(None, "9", applicabile=False),
            ]
        },
        "3.5",
        "6.25",
        {GRIGLIA: [0, 1, 2]},
    ),
    percentuale(
        "INDICE_TRASPARENZA",
        "the grid has no dates, and is taken whole in an open year",
        {GRIGLIA: [_obbligo("2.333333", "3"), _obbligo("1", "1")]},
        "3.333333",
        "4",
        {GRIGLIA: [0, 1]},
        2021,
    ),
    non_calcolabile(
        "INDICE_TRASPARENZA",
        "no applicable obligation, no index",
        {GRIGLIA: [_obbligo("1", "1", applicabile=False)]},
        0,
        0,
        {},
    ),
    non_calcolabile("INDICE_TRASPARENZA", "a header alone has no index", {GRIGLIA: []}, 0, 0, {}),
    dati_mancanti("INDICE_TRASPARENZA", "an absent grid is missing", {}),
    dati_mancanti("INDICE_TRASPARENZA", "a refused grid is missing", {GRIGLIA: RIFIUTATO}),
]

INDICATORE = Indicatore(
    "INDICE_TRASPARENZA",
    "percentuale",
    (GRIGLIA,),
    CASI,
)
