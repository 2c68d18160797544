"""The cases of ATTIVITA_RILANCIO: activities carried out."""

from tests.indicatori.caso import Indicatore, conta, periodo

CASI = [
    *periodo("ATTIVITA_RILANCIO", "cciaa/attivita", "data_conclusione"),
    conta(
        "ATTIVITA_RILANCIO",
        "cciaa/attivita",
        "what was carried out counts, programmed or not",
        [
            {"programmata": True},
            {"programmata": False},
            {"stato": "IN_CORSO"},
            {"stato": "ANNULLATA"},
            {"stato": "IN_CORSO", "data_conclusione": None},
        ],
        [0, 1],
    ),
]

INDICATORE = Indicatore(
    "ATTIVITA_RILANCIO",
    "conteggio",
    ("cciaa/attivita",),
    CASI,
)
