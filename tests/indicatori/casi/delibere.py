"""The cases of DELIBERE: resolutions of the collegiate bodies."""

from datetime import date

from tests.indicatori.caso import Indicatore, conta, periodo

CASI = [
    *periodo("DELIBERE", "segreteria/atti", "data"),
    conta(
        "DELIBERE",
        "segreteria/atti",
        "resolutions of Giunta and Consiglio count, the commissioner's and others' do not",
        [
            {"organo": o, "tipo_atto": t}
            for t in ("DELIBERA", "DETERMINA")
            for o in ("GIUNTA", "CONSIGLIO", "COMMISSARIO", "PRESIDENTE", "SEGRETARIO_GENERALE")
        ],
        [0, 1],
    ),
    conta(
        "DELIBERE",
        "segreteria/atti",
        "one number may stand for two organs and in two years",
        [
            {"numero": 1, "organo": "GIUNTA"},
            {"numero": 1, "organo": "CONSIGLIO"},
            {"numero": 1, "organo": "GIUNTA", "data": date(2019, 3, 15)},
        ],
        [0, 1],
    ),
]

INDICATORE = Indicatore(
    "DELIBERE",
    "conteggio",
    ("segreteria/atti",),
    CASI,
)
