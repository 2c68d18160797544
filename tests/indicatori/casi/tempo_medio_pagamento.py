"""The cases of TEMPO_MEDIO_PAGAMENTO: days from receipt to payment."""

from tests.indicatori.casi._condivisi import del_periodo, senza
from tests.indicatori.casi._fatture import FATTURE, NON_PAGATA, NOTA_DI_CREDITO, pagata, pagata_il
from tests.indicatori.caso import Indicatore, non_calcolabile, rapporto

CODICE = "TEMPO_MEDIO_PAGAMENTO"

CASI = [
    rapporto(
        CODICE,
        "days run from receipt, whatever the date when it was due, and each invoice weighs one",
        {FATTURE: [pagata(10), pagata(40, scadenza=60, importo="9000.00"), pagata(0)]},
        50,
        3,
        {FATTURE: [0, 1, 2]},
    ),
    rapporto(
        CODICE,
        "suspended days are taken off, each invoice down to 0 and no lower",
        {FATTURE: [pagata(10, sospesi=4), pagata(10, sospesi=50), pagata(10, sospesi=None)]},
        16,
        3,
        {FATTURE: [0, 1, 2]},
    ),
    rapporto(
        CODICE,
        "neither what is not paid nor a credit note counts, nor what is owed for nothing",
        {FATTURE: [pagata(7), NON_PAGATA, NOTA_DI_CREDITO, pagata(9, importo="0.00")]},
        7,
        1,
        {FATTURE: [0]},
    ),
    non_calcolabile(CODICE, "nothing paid, no mean", {FATTURE: [NON_PAGATA]}, 0, 0, {}),
    *del_periodo(rapporto, CODICE, FATTURE, pagata_il, 2),
    *senza(CODICE, FATTURE),
]

INDICATORE = Indicatore(CODICE, "rapporto", (FATTURE,), CASI)
