"""A mapping: how the file that an office exports becomes the rows of an extract.

Belongs here: what a mapping says, and what is raised where it cannot be. Does not belong here: how one is
read from TOML (mappa_toml.py), where it lies (landing/mappe.py), how it is applied (extracts/mappe.py).

A mapping names headings, spellings and rows; it never gives a value that the file does not hold, but for
a constant that it declares.
"""

from dataclasses import dataclass

from pipelines.testo import quoted


class MappaturaErrata(ValueError):
    """A mapping that cannot be; the message is one Italian sentence with file, line and key."""


@dataclass(frozen=True)
class Voce:
    """An entry: its table and key, and where they stand."""

    tabella: str
    chiave: str
    file: str
    riga: int | None

    def wrong(self, why: str) -> MappaturaErrata:
        """What is raised where this entry cannot be."""
        line = "" if self.riga is None else f", riga {self.riga}"
        table = f", [{self.tabella}]" if self.tabella else ""
        key = f" {quoted(self.chiave)}" if self.chiave else ""
        return MappaturaErrata(f"mappa_errata: {self.file}{line}{table}{key}: {why}")


@dataclass(frozen=True)
class Sorgente:
    """A file of a mapping: its path below the landing zone, and what it says."""

    file: str
    testo: str


@dataclass(frozen=True)
class Apertura:
    """How a file is to be opened; what is not said is found out. `intestazione` is a line or row, from 1.

    `dice` are the entries that say so, by key.
    """

    foglio: str | None = None
    intestazione: int | None = None
    codifica: str | None = None
    separatore: str | None = None
    dice: tuple[tuple[str, Voce], ...] = ()

    def wrong(self, chiave: str, why: str) -> str:
        """What is said where the file is not as an entry says."""
        return str(dict(self.dice)[chiave].wrong(why))


DA_SE = Apertura()
"""Nothing is said: a file speaks for itself."""


@dataclass(frozen=True)
class Numero:
    """How a number is written: its decimal mark, its thousands mark, how many digits are cents."""

    decimale: str
    migliaia: str
    centesimi: int


@dataclass(frozen=True)
class Divisione:
    """A piece of what stands under a heading: the `parte`-th, from 1, of those that `separatore` parts.
    The highest of a heading is how many there must be. `voce` is the entry that names the heading."""

    da: str
    separatore: str
    parte: int
    voce: Voce


Chiamate = tuple[tuple[str, tuple[tuple[str, Voce], ...]], ...]
"""By column of the contract, the headings of the file, each with its entry."""


@dataclass(frozen=True)
class Mappatura:
    """What a mapping says, checked against its extract. `sha256` is that of all its files."""

    testi: tuple[Sorgente, ...]
    sha256: str
    apertura: Apertura = DA_SE
    colonne: Chiamate = ()
    unioni: Chiamate = ()
    divisioni: tuple[tuple[str, Divisione], ...] = ()
    costanti: tuple[tuple[str, str], ...] = ()
    codici: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    numeri: tuple[tuple[str, Numero], ...] = ()
    date: tuple[tuple[str, str], ...] = ()
    """By column, the regular expression of its texts, with the groups of `_PEZZI`."""
    escludi: tuple[tuple[str, str, Voce], ...] = ()
    """Column, pattern and entry of the rows that are left out."""
    voci: tuple[Voce, ...] = ()
