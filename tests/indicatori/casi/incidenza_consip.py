"""The cases of INCIDENZA_CONSIP: what is bought by framework agreements."""

from decimal import Decimal

from tests.indicatori.caso import (
    CAPODANNO,
    DOMANI,
    DOPO,
    MASSIMO,
    OGGI,
    RIFIUTATO,
    SAN_SILVESTRO,
    VIGILIA,
    Indicatore,
    dati_mancanti,
    non_calcolabile,
    percentuale,
)
from tests.indicatori.zona import Parziale

PAGAMENTI = "provveditorato/pagamenti"


def _pagamento(
    imponibile: str, iva: str = "0.00", canale: str = "FUORI_MERCATO", **altro: object
) -> Parziale:
    return {"imponibile": Decimal(imponibile), "iva": Decimal(iva), "canale": canale, **altro}


def _siope(*codici: str) -> list[Parziale]:
    return [{"codice_siope": c} for c in codici]


CASI = [
    percentuale(
        "INCIDENZA_CONSIP",
        "framework agreements and the electronic market are above, every channel is below",
        {
            PAGAMENTI: [
                _pagamento("1.00", canale="CONVENZIONE_CONSIP"),
                _pagamento("20.00", canale="ACCORDO_QUADRO"),
                _pagamento("300.00", canale="MEPA"),
                _pagamento("4000.00", canale="FUORI_MERCATO"),
            ]
        },
        321,
        4321,
        {PAGAMENTI: [0, 1, 2, 3]},
    ),
    percentuale(
        "INCIDENZA_CONSIP",
        "VAT is in both, row by row",
        {
            PAGAMENTI: [
                _pagamento("100.00", "22.00", "MEPA"),
                _pagamento("100.00", "4.01"),
                _pagamento("0.00", "0.01", "MEPA"),
            ]
        },
        "122.01",
        "226.02",
        {PAGAMENTI: [0, 1, 2]},
    ),
    percentuale(
        "INCIDENZA_CONSIP",
        "goods and services are the SIOPE codes 2101..2127, 2298, 2299",
        {
            PAGAMENTI: [
                *_siope("2101", "2127", "2298", "2299", "2110"),
                *_siope("2100", "2128", "2297", "2300", "0210", "2001", "2198", "3101"),
            ]
        },
        610,
        610,
        {PAGAMENTI: [0, 1, 2, 3, 4]},
    ),
    percentuale(
        "INCIDENZA_CONSIP",
        "a reversal subtracts, above and below",
        {
            PAGAMENTI: [
                _pagamento("100.00", "22.00", "MEPA"),
                _pagamento("-50.00", "-11.00", "MEPA"),
                _pagamento("100.00", "22.00"),
                _pagamento("-50.00", "0.00"),
            ]
        },
        61,
        133,
        {PAGAMENTI: [0, 1, 2, 3]},
    ),
    percentuale(
        "INCIDENZA_CONSIP",
        "1 January and 31 December are in the period",
        {
            PAGAMENTI: [
                _pagamento("1.00", canale="MEPA", data_pagamento=CAPODANNO),
                _pagamento("2.00", data_pagamento=SAN_SILVESTRO),
                _pagamento("40.00", canale="MEPA", data_pagamento=VIGILIA),
                _pagamento("80.00", data_pagamento=DOPO),
            ]
        },
        1,
        3,
        {PAGAMENTI: [0, 1]},
    ),
    percentuale(
        "INCIDENZA_CONSIP",
        "an open year ends on the day it speaks for",
        {
            PAGAMENTI: [
                _pagamento("1.00", canale="MEPA", data_pagamento=DOPO),
                _pagamento("2.00", data_pagamento=OGGI),
                _pagamento("40.00", canale="MEPA", data_pagamento=DOMANI),
                _pagamento("80.00", data_pagamento=SAN_SILVESTRO),
            ]
        },
        1,
        3,
        {PAGAMENTI: [0, 1]},
        2021,
    ),
    percentuale(
        "INCIDENZA_CONSIP",
        "the lines of one order are one payment each",
        {
            PAGAMENTI: [
                _pagamento("1.00", canale="MEPA", numero_mandato="7", riga=1),
                _pagamento("2.00", numero_mandato="7", riga=2),
                _pagamento("1.00", canale="MEPA", numero_mandato="8", riga=None),
            ]
        },
        2,
        4,
        {PAGAMENTI: [0, 1, 2]},
    ),
    percentuale(
        "INCIDENZA_CONSIP",
        "a CIG is not asked for",
        {PAGAMENTI: [_pagamento("1.00", canale="MEPA", cig=None), _pagamento("1.00", cig=None)]},
        1,
        2,
        {PAGAMENTI: [0, 1]},
    ),
    percentuale(
        "INCIDENZA_CONSIP",
        "cents are exact at a hundred billion euro",
        {PAGAMENTI: [_pagamento("99999999999.99", "99999999999.99", "MEPA"), _pagamento("0.01")]},
        "199999999999.98",
        "199999999999.99",
        {PAGAMENTI: [0, 1]},
    ),
    non_calcolabile(
        "INCIDENZA_CONSIP",
        "payments that cancel out have no share, and keep what is known",
        {PAGAMENTI: [_pagamento("5.00", canale="MEPA"), _pagamento("-5.00")]},
        5,
        0,
        {PAGAMENTI: [0, 1]},
    ),
    non_calcolabile(
        "INCIDENZA_CONSIP",
        "a negative total has no share, and keeps what is known",
        {PAGAMENTI: [_pagamento("5.00", canale="MEPA"), _pagamento("-7.00")]},
        5,
        -2,
        {PAGAMENTI: [0, 1]},
    ),
    non_calcolabile(
        "INCIDENZA_CONSIP",
        "no payment for goods and services, no share",
        {PAGAMENTI: _siope("1101", "3101")},
        0,
        0,
        {},
    ),
    non_calcolabile("INCIDENZA_CONSIP", "a header alone has no share", {PAGAMENTI: []}, 0, 0, {}),
    dati_mancanti("INCIDENZA_CONSIP", "absent payments are missing", {}),
    dati_mancanti("INCIDENZA_CONSIP", "refused payments are missing", {PAGAMENTI: RIFIUTATO}),
]

ESTREMI = [
    percentuale(
        "INCIDENZA_CONSIP",
        "the largest amounts of the contract are summed and divided",
        {PAGAMENTI: [_pagamento(MASSIMO, MASSIMO, "MEPA"), _pagamento("0.01")]},
        "19999999999999999.98",
        "19999999999999999.99",
        {PAGAMENTI: [0, 1]},
    ),
]

INDICATORE = Indicatore(
    "INCIDENZA_CONSIP",
    "percentuale",
    (PAGAMENTI,),
    CASI,
    estremi=ESTREMI,
)
