"""The cases of VERIFICHE_METRICHE: metric activities."""

from tests.indicatori.caso import Indicatore, conta, periodo

CASI = [
    *periodo("VERIFICHE_METRICHE", "metrico/attivita", "data"),
    conta(
        "VERIFICHE_METRICHE",
        "metrico/attivita",
        "every tipo counts",
        [{"tipo": t} for t in ("VERIFICA_PRIMA", "VERIFICA_PERIODICA", "SORVEGLIANZA")],
        [0, 1, 2],
    ),
]

INDICATORE = Indicatore(
    "VERIFICHE_METRICHE",
    "conteggio",
    ("metrico/attivita",),
    CASI,
)
