"""What a case of an indicator is, and the forms that most of them have.

Belongs here: what the files of casi/ start from. Does not belong here: the cases of an indicator (its file
in casi/), how they are run and compared (test_definizioni.py), the default rows (zona.py: each counts).

The run speaks for 30 June 2021: 2020 is closed, 2021 is open. A case whose esercizio is not given
is of 2020.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from tests.indicatori.zona import Parziale

GIORNO = date(2021, 6, 30)

RIFIUTATO = "una_colonna;altra_colonna\n1;2\n"
"""A file that lacks the required columns, and is refused whole."""

Contenuto = Sequence[Parziale] | str


@dataclass(frozen=True, eq=False)
class Caso:
    """What a behaviour of an indicator is, and the rows that show it.

    `estratti` holds the files (an extract that is not named is absent; a text is a file as it is);
    `contano` the numbers of the rows (from 0) that are contributions.
    """

    codice: str
    dice: str
    esercizio: int
    estratti: Mapping[str, Contenuto]
    contano: Mapping[str, Sequence[int]]
    numeratore: Fraction | None
    denominatore: Fraction | None
    valore: Fraction | None
    stato: str

    def __str__(self) -> str:
        return f"{self.codice}: {self.dice}"


Misura = Literal["conteggio", "rapporto", "percentuale"]
"""How the value comes of the sums: the first alone, the first over the second, a hundred times that."""


@dataclass(frozen=True)
class Indicatore:
    """An indicator as its case file declares it, by hand: what it measures, the extracts that it needs, its
    cases. `estremi` are amounts that no chamber has but one wrong key can write: they must not stop the
    others, and are run apart."""

    codice: str
    misura: Misura
    estratti: tuple[str, ...]
    casi: Sequence[Caso]
    estremi: Sequence[Caso] = ()


def _stato(esercizio: int) -> str:
    return "DEFINITIVO" if esercizio < GIORNO.year else "PROVVISORIO"


def conta(
    codice: str,
    estratto: str,
    dice: str,
    righe: Sequence[Parziale],
    contano: Sequence[int],
    esercizio: int = 2020,
) -> Caso:
    """A count: its value is how many rows count."""
    numero = Fraction(len(contano))
    return Caso(
        codice,
        dice,
        esercizio,
        {estratto: righe},
        {estratto: contano},
        numero,
        None,
        numero,
        _stato(esercizio),
    )


def rapporto(
    codice: str,
    dice: str,
    estratti: Mapping[str, Contenuto],
    numeratore: int | str,
    denominatore: int | str,
    contano: Mapping[str, Sequence[int]],
    esercizio: int = 2020,
) -> Caso:
    """A ratio: numeratore / denominatore."""
    sopra, sotto = Fraction(numeratore), Fraction(denominatore)
    stato = _stato(esercizio)
    return Caso(codice, dice, esercizio, estratti, contano, sopra, sotto, sopra / sotto, stato)


def percentuale(
    codice: str,
    dice: str,
    estratti: Mapping[str, Contenuto],
    numeratore: int | str,
    denominatore: int | str,
    contano: Mapping[str, Sequence[int]],
    esercizio: int = 2020,
) -> Caso:
    """A ratio in percent points."""
    caso = rapporto(codice, dice, estratti, numeratore, denominatore, contano, esercizio)
    return replace(caso, valore=caso.valore and caso.valore * 100)


def non_calcolabile(
    codice: str,
    dice: str,
    estratti: Mapping[str, Contenuto],
    numeratore: int | str,
    denominatore: int | str,
    contano: Mapping[str, Sequence[int]],
    esercizio: int = 2020,
) -> Caso:
    """No value, but what is known of the two sums."""
    sopra, sotto = Fraction(numeratore), Fraction(denominatore)
    stato = "NON_CALCOLABILE"
    return Caso(codice, dice, esercizio, estratti, contano, sopra, sotto, None, stato)


def dati_mancanti(codice: str, dice: str, estratti: Mapping[str, Contenuto]) -> Caso:
    """No value, no sums, no contributions."""
    return Caso(codice, dice, 2020, estratti, {}, None, None, None, "DATI_MANCANTI")


CAPODANNO, SAN_SILVESTRO = date(2020, 1, 1), date(2020, 12, 31)
VIGILIA, DOPO = date(2019, 12, 31), date(2021, 1, 1)
OGGI, DOMANI = GIORNO, GIORNO + timedelta(days=1)


def periodo(codice: str, estratto: str, colonna: str) -> list[Caso]:
    """The bounds of the period, for a count by date."""
    chiuso = [{colonna: g} for g in (CAPODANNO, SAN_SILVESTRO, VIGILIA, DOPO)]
    aperto = [{colonna: g} for g in (DOPO, OGGI, SAN_SILVESTRO, DOMANI, date(2021, 12, 31))]
    return [
        conta(codice, estratto, "1 January and 31 December are in the period", chiuso, [0, 1]),
        conta(codice, estratto, "an open year ends on the day it speaks for", aperto, [0, 1], 2021),
        conta(codice, estratto, "a header alone counts 0", [], []),
        conta(codice, estratto, "a header alone counts 0 in an open year", [], [], 2021),
        dati_mancanti(codice, "an absent extract is missing, not 0", {}),
        dati_mancanti(codice, "a refused extract is missing, not 0", {estratto: RIFIUTATO}),
    ]


UNA_RIGA: list[Parziale] = [{}]
MASSIMO, QUASI = "9999999999999999.99", "9999999999999999.98"
"""The largest importo that the contract keeps, and a cent less."""
