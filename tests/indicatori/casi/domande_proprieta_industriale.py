"""The cases of DOMANDE_PROPRIETA_INDUSTRIALE: applications filed."""

from tests.indicatori.caso import Indicatore, conta, periodo

CASI = [
    *periodo("DOMANDE_PROPRIETA_INDUSTRIALE", "brevetti/domande", "data_deposito"),
    conta(
        "DOMANDE_PROPRIETA_INDUSTRIALE",
        "brevetti/domande",
        "every tipologia counts but ALTRO",
        [
            {"tipologia": t}
            for t in (
                "INVENZIONE",
                "MODELLO_UTILITA",
                "DISEGNO_MODELLO",
                "MARCHIO",
                "SEGUITO",
                "ALTRO",
            )
        ],
        [0, 1, 2, 3, 4],
    ),
]

INDICATORE = Indicatore(
    "DOMANDE_PROPRIETA_INDUSTRIALE",
    "conteggio",
    ("brevetti/domande",),
    CASI,
)
