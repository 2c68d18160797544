"""The cases of PAGAMENTI_NEI_TERMINI: invoices paid in time."""

from tests.indicatori.casi._condivisi import del_periodo, senza
from tests.indicatori.casi._fatture import FATTURE, NON_PAGATA, NOTA_DI_CREDITO, pagata, pagata_il
from tests.indicatori.caso import Indicatore, percentuale

CODICE = "PAGAMENTI_NEI_TERMINI"

CASI = [
    percentuale(
        CODICE,
        "the day it is due is in time, the day after is not, however late it is due",
        {FATTURE: [pagata(60, 60), pagata(61, 60), pagata(10, 9), pagata(9, 9)]},
        2,
        4,
        {FATTURE: [0, 1, 2, 3]},
    ),
    percentuale(
        CODICE,
        "where no date is given it is due thirty days after receipt",
        {FATTURE: [pagata(30, None), pagata(31, None)]},
        1,
        2,
        {FATTURE: [0, 1]},
    ),
    percentuale(
        CODICE,
        "suspended days put off both terms",
        {FATTURE: [pagata(12, 9, 3), pagata(13, 9, 3), pagata(33, None, 3), pagata(34, None, 3)]},
        2,
        4,
        {FATTURE: [0, 1, 2, 3]},
    ),
    percentuale(
        CODICE,
        "neither what is not paid nor a credit note counts, nor what is owed for nothing",
        {FATTURE: [pagata(40), NON_PAGATA, NOTA_DI_CREDITO, pagata(9, importo="0.00")]},
        0,
        1,
        {FATTURE: [0]},
    ),
    *del_periodo(percentuale, CODICE, FATTURE, pagata_il, 1),
    *senza(CODICE, FATTURE),
]

INDICATORE = Indicatore(CODICE, "percentuale", (FATTURE,), CASI)
