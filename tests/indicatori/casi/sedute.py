"""The cases of SEDUTE: sittings held."""

from tests.indicatori.caso import Indicatore, conta, periodo

CASI = [
    *periodo("SEDUTE", "segreteria/sedute", "data"),
    conta(
        "SEDUTE",
        "segreteria/sedute",
        "sittings held count, of either organ",
        [
            {"organo": o, "esito": e}
            for e in ("SVOLTA", "DESERTA", "RINVIATA")
            for o in ("GIUNTA", "CONSIGLIO")
        ],
        [0, 1],
    ),
]

INDICATORE = Indicatore(
    "SEDUTE",
    "conteggio",
    ("segreteria/sedute",),
    CASI,
)
