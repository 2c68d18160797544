"""The cases of ISR_STUDI: published studies."""

from tests.indicatori.caso import Indicatore, conta, periodo

CASI = [
    *periodo("ISR_STUDI", "isr/studi", "data_pubblicazione"),
    conta(
        "ISR_STUDI",
        "isr/studi",
        "only a published study counts, whatever its tipologia",
        [
            {},
            {"tipologia": None},
            {"stato": "IN_CORSO"},
            {"stato": "SOSPESO"},
            {"stato": "IN_CORSO", "data_pubblicazione": None},
        ],
        [0, 1],
    ),
    conta(
        "ISR_STUDI",
        "isr/studi",
        "a key counts once, and on its first line",
        [{"id_studio": "A"}, {"id_studio": "B"}, {"id_studio": "A"}],
        [0, 1],
    ),
    conta(
        "ISR_STUDI",
        "isr/studi",
        "a key told in two ways counts in neither",
        [{"id_studio": "A"}, {"id_studio": "B"}, {"id_studio": "A", "titolo": "Altro"}],
        [1],
    ),
]

INDICATORE = Indicatore(
    "ISR_STUDI",
    "conteggio",
    ("isr/studi",),
    CASI,
)
