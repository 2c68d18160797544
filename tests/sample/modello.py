"""The records that the sample is made of.

Belongs here: a value, a row, a row made to be refused, and what a generator is told. Does not
belong here: what a row says (uffici/), how it is spelt (dialetto.py), where
it is delivered (consegna.py).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from tests.sample.casuale import lavorativi
from tests.sample.fatti import Fatti

Valore = str | int | Decimal | date | datetime | bool | None

Riga = dict[str, Valore]
"""A row of an extract by column of the contract; a column that it lacks is missing."""


@dataclass(frozen=True)
class Guasta:
    """A line that the contract refuses, by one rule and no other.

    `testi` are cells written as they stand, in place of the spelling of `valori`. `campi` cuts the
    line after that many fields. `linea` replaces the line whole (a footer).
    """

    regola: str
    valori: Riga = field(default_factory=dict)
    testi: Mapping[str, str] = field(default_factory=dict)
    campi: int | None = None
    linea: tuple[str, ...] = ()

    @property
    def solo_testo(self) -> bool:
        """True where only a text file can hold it: a typed file has no 31/02 and no short lines."""
        return bool(self.testi or self.campi is not None or self.linea)


Voce = Riga | Guasta | None
"""A line of a file; None is a blank one, nothing but separators."""


@dataclass(frozen=True)
class Contesto:
    """What every generator knows: whose year it is, the seed, and the facts to carry."""

    camera: str
    esercizio: int
    seed: int
    fatti: Fatti
    pratiche: int

    @property
    def inizio(self) -> date:
        return date(self.esercizio, 1, 1)

    @property
    def fine(self) -> date:
        return date(self.esercizio, 12, 31)

    @property
    def prima(self) -> date:
        """A working day of the year before, for a row that an export brings along."""
        return lavorativi(self.esercizio - 1)[-3]

    @property
    def dopo(self) -> date:
        """A working day of the year after: extracts are exported in January."""
        return lavorativi(self.esercizio + 1)[4]


Generatore = Callable[[Contesto], list[Riga]]

GENERATORI: dict[str, Generatore] = {}
"""Who makes the sound rows of each extract: whoever says so with `genera`."""


def genera(estratto: str) -> Callable[[Generatore], Generatore]:
    """Declares a function as the one that makes the rows of `<ufficio>/<estratto>`."""

    def declared(make: Generatore) -> Generatore:
        GENERATORI[estratto] = make
        return make

    return declared
