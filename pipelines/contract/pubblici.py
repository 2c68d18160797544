"""How a public format is declared: a file that others define, which becomes rows of an extract.

Belongs here: the records, and which formats feed an extract. Does not belong here: the formats (a module
of formati/ each), how a file is told and read (extracts/pubblici.py).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Literal

import polars as pl

from pipelines.contract.mappa import Numero
from pipelines.contract.schema import FORMATI
from pipelines.fingerprints import list_public
from pipelines.partizione import Partizione

FUORI_MERCATO = ("1", "2", "5", "7")
"""The ANAC's instruments that are outside the market, where the rules do not say others (A4)."""
CON_IL_PUNTO = Numero(decimale=".", migliaia="", centesimi=0)
IN_CENTESIMI = Numero(decimale=",", migliaia="", centesimi=2)


@dataclass(frozen=True)
class Ente:
    """For whom, and for which year, a public file is read.

    `codice_fiscale` and `codice_siope` are those by which public files call the chamber, where the rules
    say them; `fuori_mercato` are ANAC's instruments that are bought outside the market (rule A4).
    """

    partizione: Partizione
    codice_fiscale: str | None
    codice_siope: str | None
    fuori_mercato: tuple[str, ...]


@dataclass(frozen=True)
class Campo:
    """A column of a public file, or an element below its record, by the names that it may have.

    A file has the format if it has every field of its `firma`. `forma` is what the whole text looks like
    where a file has no header.
    """

    nome: str
    voci: tuple[str, ...]
    firma: bool = False
    forma: str = ""


@dataclass(frozen=True)
class Regola:
    """A rule by its number, what it says, and where that is written."""

    numero: str
    testo: str
    fonte: str


@dataclass(frozen=True)
class Reso:
    """What a file says: a frame as high as what was read, of texts by column of the extract.

    `altrui` are the rows of other bodies or years, `fuori` those that are no data; `note` are sentences on
    what was understood.
    """

    righe: pl.DataFrame
    altrui: pl.Series | None = None
    fuori: pl.Series | None = None
    note: tuple[str, ...] = ()


class NonAttribuibile(ValueError):
    """A file of which nobody can say whose its rows are; the message is a sentence with its remedy."""


@dataclass(frozen=True)
class Documento:
    """What was read of a file: a frame of texts by field, and the lines that stand above its header."""

    righe: pl.DataFrame
    titolo: str = ""


@dataclass(frozen=True)
class Pubblico:
    """A public format: its module has one, called FORMATO, and that is all it takes to be read.

    `traduci` makes the extract's columns out of what was read. `intestazione=False` says that the file
    has no header. Of an XML, `spazio` is the namespace and the name of its root, `elemento` that of a
    record; a field whose path begins with `/` is one of the whole file.
    """

    codice: str
    nome: str
    estratto: str
    campi: tuple[Campo, ...]
    traduci: Callable[[Documento, Ente], Reso]
    regole: tuple[Regola, ...]
    genere: Literal["csv", "xml"] = "csv"
    intestazione: bool = True
    numeri: dict[str, Numero] = field(default_factory=dict)
    spazio: tuple[str, str] = ("", "")
    elemento: str = ""


@cache
def public_formats() -> tuple[Pubblico, ...]:
    """Every public format."""
    return tuple(import_module(name).FORMATO for name in list_public())


def formats_of(estratto: str) -> tuple[Pubblico, ...]:
    """The public formats that an extract may come in, by its code."""
    return tuple(f for f in public_formats() if f.estratto == estratto)


def endings_of(estratto: str) -> tuple[str, ...]:
    """How the names of an extract's files may end."""
    return (*FORMATI, *dict.fromkeys(f.genere for f in formats_of(estratto) if f.genere == "xml"))


# --- what several formats say alike -----------------------------------------------------------------


def bare_code(nome: str) -> pl.Expr:
    """A code as text without what a program that took it for a number adds: `5.0` is `5`, `09` stays."""
    return pl.col(nome).str.strip_chars().str.replace(r"^([0-9]+)\.0+$", "$1")


def reduced(nome: str) -> pl.Expr:
    """A text as words are looked for in it: small letters without accents, single spaces."""
    plain = pl.col(nome).str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_lowercase()
    return plain.str.replace_all(r"[^a-z0-9]+", " ").str.strip_chars()
