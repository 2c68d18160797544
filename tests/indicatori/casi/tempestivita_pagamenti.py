"""The cases of TEMPESTIVITA_PAGAMENTI: days past the due date, each euro weighing the same."""

from decimal import Decimal

from tests.indicatori.casi._condivisi import del_periodo, senza
from tests.indicatori.casi._fatture import FATTURE, NON_PAGATA, NOTA_DI_CREDITO, pagata, pagata_il
from tests.indicatori.caso import MASSIMO, Indicatore, non_calcolabile, rapporto

CODICE = "TEMPESTIVITA_PAGAMENTI"

CASI = [
    rapporto(
        CODICE,
        "days late and days early add up, each by its amount",
        {FATTURE: [pagata(40, 30, importo="10.50"), pagata(25, 30, importo="1000.00")]},
        "-4895",
        "1010.50",
        {FATTURE: [0, 1]},
    ),
    rapporto(
        CODICE,
        "without a due date it is thirty days after receipt; suspended days are taken off",
        {FATTURE: [pagata(37, None), pagata(37, 30, 4), pagata(37, 30, None)]},
        1700,
        300,
        {FATTURE: [0, 1, 2]},
    ),
    rapporto(
        CODICE,
        "a credit note counts by its sign, what is not paid does not",
        {FATTURE: [pagata(31), NOTA_DI_CREDITO, NON_PAGATA]},
        100 - 60 * 40,
        60,
        {FATTURE: [0, 1]},
    ),
    non_calcolabile(
        CODICE,
        "more credit than payments, no value",
        {FATTURE: [NOTA_DI_CREDITO]},
        -2400,
        -40,
        {FATTURE: [0]},
    ),
    *del_periodo(
        rapporto,
        CODICE,
        FATTURE,
        lambda g: {**pagata_il(g), "data_scadenza": pagata_il(g)["data_ricevimento"]},
        200,
        100,
    ),
    *senza(CODICE, FATTURE),
]

ESTREMI = [
    rapporto(
        CODICE,
        "the largest amount of the contract, years late, is exact",
        {
            FATTURE: [
                pagata(2030, 30, importo=MASSIMO)
                | {
                    "data_ricevimento": pagata(-1800)["data_pagamento"],
                    "data_scadenza": pagata(-1900)["data_pagamento"],
                    "data_pagamento": pagata(100)["data_pagamento"],
                }
            ]
        },
        str(2000 * Decimal(MASSIMO)),
        MASSIMO,
        {FATTURE: [0]},
    ),
]

INDICATORE = Indicatore(CODICE, "rapporto", (FATTURE,), CASI, estremi=ESTREMI)
