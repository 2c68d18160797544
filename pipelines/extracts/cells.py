"""What every format of a delivered file is brought to: text cells, each row with its line.

Belongs here: the cells of a file, the account of its lines, its header, the refusal. Does not belong
here: how a format is opened (delimited.py, native.py, workbook.py), what a cell means (values.py) or
whether it is allowed (judge.py).
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.extracts.contract import Estratto

RIGA = "_riga"
CAMPI = "_campi"
"""How many fields a row has, where they are not as many as the header's; null for a sound row."""

MAX_BYTE = 512 << 20
MAX_BYTE_RIGA = 8 << 20
MAX_RIGHE = 5_000_000
MAX_COLONNE = 16_384
MAX_RIGHE_TITOLO = 30
"""What one file may hold, once opened: beyond it memory would be at the sender's mercy."""
UNREADABLE = "\x00!"
"""Begins the text of a cell that holds no value of any type (an error, a formula never computed): it is
`tipo` whatever its column, and what follows is quoted. No text of a delivered file can hold NUL."""
LONE_CR = "\x00r"
"""Stands for a carriage return that ends no line, which the csv module would take for an end."""
_CHUNK_ROWS = 50_000


class Rifiutato(Exception):
    """A file refused whole; the message is one Italian sentence that says why and what to do."""


@dataclass(frozen=True)
class Conto:
    """Where the lines of a file went, but for its rows: counted one by one, not by difference.

    `proseguite` are the lines after the first of rows whose quoted fields span several.
    """

    file: int
    intestazione: int
    vuote: int
    proseguite: int = 0


@dataclass(frozen=True)
class Segnale:
    """What was noticed while a file was read, and no rule of a row can say; checks ask for it by name.

    `riga` and `esempio` are the first of `casi` cases; `esempio` never quotes a personal column.
    """

    segnale: str
    colonna: str | None
    casi: int
    riga: int | None
    esempio: str | None


@dataclass(frozen=True)
class Celle:
    """The cells of a file: a frame of `_riga`, `_campi` and one text column per contract column.

    `campi` is the number of fields of the header; `ignote` are the header's names that the
    contract does not know; `note` are sentences on what was read and what was not (a hidden sheet).
    """

    frame: pl.DataFrame
    campi: int
    ignote: tuple[str, ...]
    codifica: str | None
    conto: Conto
    note: tuple[str, ...] = ()
    segnali: tuple[Segnale, ...] = ()


def normalised(name: str) -> str:
    """A header name as it is compared: trimmed, case folded, without accents."""
    decomposed = unicodedata.normalize("NFKD", name.strip().casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@dataclass(frozen=True)
class Intestazione:
    """The header of a file, field by field."""

    nomi: tuple[str, ...]
    """Contract column of each field, or an empty string for one that the contract does not know."""
    ignote: tuple[str, ...]

    @property
    def campi(self) -> int:
        return len(self.nomi)

    def place_of(self) -> dict[str, int]:
        return {nome: place for place, nome in enumerate(self.nomi) if nome}


def recognised(fields: list[str], estratto: Estratto) -> int:
    """How many of the fields name a column of the contract."""
    known = {c.nome for c in estratto.colonne}
    return sum(normalised(f) in known for f in fields[:MAX_COLONNE])


def find_header(lines: Sequence[Sequence[str]], estratto: Estratto) -> int:
    """Which of a file's first lines, blank ones left out, is its header: the first, unless it lacks a
    required column and exactly one of the others has them all (titles stand above it)."""
    required = {c.nome for c in estratto.colonne if c.obbligatoria}
    whole = [
        place
        for place, fields in enumerate(lines[:MAX_RIGHE_TITOLO])
        if required <= {normalised(field) for field in fields[:MAX_COLONNE]}
    ]
    return whole[0] if len(whole) == 1 else 0


def read_header(fields: list[str], estratto: Estratto) -> Intestazione:
    """The header's fields as contract columns; names left empty at the end name nothing.

    Raises `Rifiutato` when a required column is missing or a contract column stands twice.
    """
    width = max((place for place, field in enumerate(fields, 1) if field.strip()), default=0)
    if width > MAX_COLONNE:
        raise Rifiutato(
            f"l'intestazione ha {width} colonne, oltre il limite di {MAX_COLONNE}: "
            "esportare solo quelle del contratto."
        )
    fields = fields[:width]
    known = {c.nome for c in estratto.colonne}
    nomi = tuple(n if (n := normalised(f)) in known else "" for f in fields)
    missing = [c.nome for c in estratto.colonne if c.obbligatoria and c.nome not in nomi]
    if missing:
        raise Rifiutato(
            f"nell'intestazione mancano le colonne {', '.join(missing)}: "
            "aggiungerle o correggerne il nome."
        )
    twice = sorted(n for n, count in Counter(filter(None, nomi)).items() if count > 1)
    if twice:
        raise Rifiutato(
            f"nell'intestazione la colonna {', '.join(twice)} compare più volte: lasciarne una."
        )
    ignote = tuple(_shown(f) for f, n in zip(fields, nomi, strict=True) if not n and f.strip())
    return Intestazione(nomi, ignote)


def _shown(name: str) -> str:
    """A header name from outside on one line of a report."""
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())


def nothing() -> Rifiutato:
    """The refusal of a file without even a header."""
    return Rifiutato("è vuoto: serve almeno la riga di intestazione.")


def collect(rows: Iterator[tuple[int, list[str]]], header: Intestazione) -> pl.DataFrame:
    """Rows of fields as a frame, a chunk at a time, so that Python objects never pile up."""
    needed = header.place_of()
    schema = {RIGA: pl.Int64, CAMPI: pl.Int64, **dict.fromkeys(needed, pl.String)}
    places = list(needed.values())
    chunks: list[pl.DataFrame] = []
    chunk: list[tuple[object, ...]] = []
    for riga, fields in rows:
        count = len(fields)
        if count > header.campi and not any(f.strip() for f in fields[header.campi :]):
            count = header.campi
        if count == header.campi:
            values = [fields[place].replace(LONE_CR, "\r") for place in places]
            chunk.append((riga, None, *values))
        else:
            chunk.append((riga, count, *([None] * len(places))))
        if len(chunk) == _CHUNK_ROWS:
            chunks.append(pl.DataFrame(chunk, schema=schema, orient="row"))
            chunk = []
    chunks.append(pl.DataFrame(chunk, schema=schema, orient="row"))
    return pl.concat(chunks)
