"""The cases that the two shares of the same interventions have in common."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from tests.indicatori.caso import (
    CAPODANNO,
    DOMANI,
    DOPO,
    MASSIMO,
    OGGI,
    QUASI,
    RIFIUTATO,
    SAN_SILVESTRO,
    VIGILIA,
    Caso,
    Indicatore,
    dati_mancanti,
    non_calcolabile,
    percentuale,
)
from tests.indicatori.zona import Parziale

INTERVENTI = "contabilita/interventi_economici"

DIRETTA, CONTRIBUTO, ALTRO = "GESTIONE_DIRETTA", "CONTRIBUTO_IMPRESE", "ALTRO"


def _intervento(modalita: str, importo: str, data: date = date(2020, 5, 5)) -> Parziale:
    return {"modalita": modalita, "importo": Decimal(importo), "data": data}


def _quote(
    dice: str,
    righe: Sequence[Parziale],
    dirette: str,
    contributi: str,
    totale: str,
    contano: Sequence[int],
    anno: int = 2020,
) -> list[Caso]:
    """The two shares of the same interventions; of a total that is not above 0 there is none."""
    forma = percentuale if Fraction(totale) > 0 else non_calcolabile
    return [
        forma(codice, dice, {INTERVENTI: righe}, parte, totale, {INTERVENTI: contano}, anno)
        for codice, parte in (
            ("INCIDENZA_GESTIONE_DIRETTA", dirette),
            ("INCIDENZA_CONTRIBUTI_IMPRESE", contributi),
        )
    ]


CASI = [
    *_quote(
        "every intervention is in the denominator, one modalita in the numerator",
        [
            _intervento(DIRETTA, "2.01"),
            _intervento(CONTRIBUTO, "10.00"),
            _intervento("AZIENDA_SPECIALE", "0.50"),
            _intervento("QUOTA_ASSOCIATIVA", "1.00"),
            _intervento(ALTRO, "2.00"),
        ],
        "2.01",
        "10",
        "15.51",
        [0, 1, 2, 3, 4],
    ),
    *_quote(
        "1 January and 31 December are in the period",
        [
            _intervento(DIRETTA, "1.00", CAPODANNO),
            _intervento(DIRETTA, "0.50", SAN_SILVESTRO),
            _intervento(CONTRIBUTO, "2.00", SAN_SILVESTRO),
            _intervento(CONTRIBUTO, "0.25", CAPODANNO),
            _intervento(DIRETTA, "40.00", VIGILIA),
            _intervento(CONTRIBUTO, "80.00", DOPO),
            _intervento(DIRETTA, "160.00", DOPO),
            _intervento(CONTRIBUTO, "320.00", VIGILIA),
        ],
        "1.5",
        "2.25",
        "3.75",
        [0, 1, 2, 3],
    ),
    *_quote(
        "an open year ends on the day it speaks for",
        [
            _intervento(DIRETTA, "1.00", OGGI),
            _intervento(CONTRIBUTO, "2.00", OGGI),
            _intervento(ALTRO, "4.00", DOPO),
            _intervento(DIRETTA, "40.00", DOMANI),
            _intervento(CONTRIBUTO, "80.00", SAN_SILVESTRO),
        ],
        "1",
        "2",
        "7",
        [0, 1, 2],
        2021,
    ),
    *_quote(
        "a reversal subtracts, above and below, even beyond 0 and 100",
        [_intervento(DIRETTA, "100.00"), _intervento(CONTRIBUTO, "-60.00")],
        "100",
        "-60",
        "40",
        [0, 1],
    ),
    *_quote(
        "none of the modalita is a share of 0, and a 0 euro line still counts",
        [
            _intervento(ALTRO, "40.00"),
            _intervento(DIRETTA, "0.00"),
            _intervento(CONTRIBUTO, "0.00"),
        ],
        "0",
        "0",
        "40",
        [0, 1, 2],
    ),
    *_quote(
        "cents are exact at a hundred billion euro",
        [_intervento(DIRETTA, "99999999999.99"), _intervento(CONTRIBUTO, "99999999999.98")],
        "99999999999.99",
        "99999999999.98",
        "199999999999.97",
        [0, 1],
    ),
    *_quote(
        "a total of 0 has no share, and keeps what is known",
        [_intervento(DIRETTA, "100.00"), _intervento(CONTRIBUTO, "-100.00")],
        "100",
        "-100",
        "0",
        [0, 1],
    ),
    *_quote(
        "a negative total has no share, and keeps what is known",
        [_intervento(DIRETTA, "-100.00"), _intervento(CONTRIBUTO, "50.00")],
        "-100",
        "50",
        "-50",
        [0, 1],
    ),
    *_quote("a header alone has no share", [], "0", "0", "0", []),
    *_quote(
        "an open year with nothing to divide by has no share",
        [_intervento(DIRETTA, "5.00", DOMANI), _intervento(CONTRIBUTO, "5.00", DOMANI)],
        "0",
        "0",
        "0",
        [],
        2021,
    ),
    *(
        dati_mancanti(codice, dice, estratti)
        for codice in ("INCIDENZA_GESTIONE_DIRETTA", "INCIDENZA_CONTRIBUTI_IMPRESE")
        for dice, estratti in (
            ("an absent extract is missing", {}),
            ("a refused extract is missing", {INTERVENTI: RIFIUTATO}),
        )
    ),
]

ESTREMI = _quote(
    "the largest amounts of the contract are summed and divided",
    [_intervento(DIRETTA, MASSIMO), _intervento(CONTRIBUTO, QUASI)],
    MASSIMO,
    QUASI,
    "19999999999999999.97",
    [0, 1],
)


def shares(codice: str) -> Indicatore:
    """One of the two, with its own of the cases."""
    casi, estremi = ([c for c in tutti if c.codice == codice] for tutti in (CASI, ESTREMI))
    return Indicatore(codice, "percentuale", (INTERVENTI,), casi, estremi)
