"""What every format of a delivered file is brought to: text cells, each row with its line.

Belongs here: the cells of a file, the account of its lines, its header, the refusal. Does not belong
here: how a format is opened (delimited.py, native.py, workbook.py), what a cell means (values.py) or
whether it is allowed (judge.py).
"""

import functools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.contract.mappa import DA_SE, Apertura
from pipelines.contract.schema import CONTRATTO, Estratto
from pipelines.extracts.persone import MASKED, holds_people, tells_nobody, without_fiscal_code
from pipelines.landing.rifiutato import Rifiutato
from pipelines.testo import clean, folded, letters_allowed, letters_apart, one_line, quoted

FILE = "_file"
RIGA = "_riga"
CAMPI = "_campi"
"""How many fields a row has, where they are not as many as the header's; null for a sound row."""

TESTI = "\x00testo"
"""Column that keeps the trimmed text of a row, field by field, beside its typed values. One struct,
not a column each: pandera's cost is per column."""

MAX_BYTE_RIGA = 8 << 20
MAX_RIGHE = 5_000_000
MAX_COLONNE = 16_384
MAX_RIGHE_TITOLO = 30
"""What one file may hold, once opened: beyond it memory would be at the sender's mercy."""
MAX_BYTE_ESTRATTO = 1 << 30
"""What all the parts of an extract may hold together, as delivered and then once opened; 19 times as
much is the most that is read of a partition, one extract at a time."""
UNREADABLE = "\x00!"
"""Begins the text of a cell that holds no value of any type (an error, a formula never computed): it is
`tipo` whatever its column, and what follows is quoted. No text of a delivered file can hold NUL."""
LONE_CR = "\x00r"
"""Stands for a carriage return that ends no line, which the csv module would take for an end."""
STRAY_QUOTES = 0
"""Number of fields (`_campi`) of a line whose quotes leave nobody sure where its fields end."""
_CHUNK_ROWS = 50_000


def text_of(nome: str) -> pl.Expr:
    """The trimmed text of a column, beside its typed values (judge.type_cells)."""
    return pl.col(TESTI).struct.field(nome)


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
    """The cells of a file: a frame of `_riga`, `_campi` and one text column per contract column, as people
    see it and trimmed; empty is missing.

    `campi` is the number of fields of the header; `ignote` are the header's names that the
    contract does not know; `note` are sentences on what was read and what was not (a hidden sheet);
    `come` says in words how the file was opened: its separator or sheet, the line of its header;
    `escluse` are the rows that were left out, `altrui` those of other bodies or years, which the frame has
    no longer; `formato` is the public format that the file was in, or the contract's.
    """

    frame: pl.DataFrame
    campi: int
    ignote: tuple[str, ...]
    codifica: str | None
    conto: Conto
    note: tuple[str, ...] = ()
    segnali: tuple[Segnale, ...] = ()
    come: str = ""
    escluse: int = 0
    altrui: int = 0
    formato: str = CONTRATTO


_SPACING = re.compile(r"[\s_.\-\u2010-\u2015]+")
_ANNO_IN_CODA = re.compile(r"[\s_.\-]*\(?(?:19|20)[0-9]{2}\)?$")


def normalised(name: str) -> str:
    """A header name as it is compared, without a trailing year."""
    bare = folded(name)
    return _ANNO_IN_CODA.sub("", bare) or bare


def _squeezed(name: str) -> str:
    """A header name without the marks that part its words."""
    return _SPACING.sub("", normalised(name))


@functools.cache
def _spellings(estratto: Estratto) -> dict[str, tuple[str, re.Pattern[str]]]:
    """By squeezed name: a column, and how it is written with or without marks for its `_`."""
    marks = _SPACING.pattern.replace("+", "*")
    return {
        c.nome.replace("_", ""): (c.nome, re.compile(c.nome.replace("_", marks)))
        for c in estratto.colonne
        if not c.intestazioni
    }


@functools.cache
def _headings(estratto: Estratto) -> dict[str, str]:
    """By heading, as it is compared, the columns that a mapping names so."""
    return {folded(i.testo): c.nome for c in estratto.colonne for i in c.intestazioni}


@functools.lru_cache(4096)
def _column_of(field: str, estratto: Estratto) -> str:
    """The contract column that a heading names, or an empty string."""
    if mapped := _headings(estratto).get(folded(field)):
        return mapped
    nome, spelling = _spellings(estratto).get(_squeezed(field), ("", None))
    return nome if spelling and spelling.fullmatch(normalised(field)) else ""


def required_lacking(fields: Sequence[str], estratto: Estratto) -> list[str]:
    """The required columns that none of the fields names."""
    there = {_column_of(f, estratto) for f in fields[:MAX_COLONNE]}
    return [c.nome for c in estratto.colonne if c.obbligatoria and c.nome not in there]


@dataclass(frozen=True)
class Intestazione:
    """The header of a file, field by field."""

    nomi: tuple[str, ...]
    """Contract column of each field, or an empty string for one that the contract does not know."""
    ignote: tuple[str, ...]
    segnali: tuple[Segnale, ...] = ()

    @property
    def campi(self) -> int:
        return len(self.nomi)

    def place_of(self) -> dict[str, int]:
        return {nome: place for place, nome in enumerate(self.nomi) if nome}


def recognised(fields: Sequence[str], estratto: Estratto) -> int:
    """How many of the fields name a column of the contract."""
    return sum(bool(_column_of(f, estratto)) for f in fields[:MAX_COLONNE])


def find_header(
    lines: Sequence[Sequence[str]],
    estratto: Estratto,
    righe: Sequence[int] = (),
    apertura: Apertura = DA_SE,
) -> int:
    """Which of a file's first lines, blank ones left out, is its header: the first, unless it lacks a
    required column and exactly one of the others has them all (titles stand above it).

    Where it is stated, the one of that number among `righe`. Raises `Rifiutato` where there is none.
    """
    if apertura.intestazione is not None:
        if apertura.intestazione not in righe:
            why = "quella riga del file è vuota, o non c'è: scrivere il numero di quella giusta."
            raise Rifiutato(apertura.wrong("intestazione", why))
        return list(righe).index(apertura.intestazione)
    required = {c.nome for c in estratto.colonne if c.obbligatoria or c.intestazioni}
    whole = [
        place
        for place, fields in enumerate(lines[:MAX_RIGHE_TITOLO])
        if required <= {_column_of(field, estratto) for field in fields[:MAX_COLONNE]}
    ]
    return whole[0] if len(whole) == 1 else 0


def read_header(fields: Sequence[str], estratto: Estratto, riga: int | None = None) -> Intestazione:
    """The header's fields as contract columns; names left empty at the end name nothing.

    `riga` is its line, where it has one. Raises `Rifiutato` when a required column is missing or a
    contract column stands twice.
    """
    width = max((place for place, field in enumerate(fields, 1) if clean(field)), default=0)
    if width > MAX_COLONNE:
        raise Rifiutato(
            f"l'intestazione ha {width} colonne, oltre il limite di {MAX_COLONNE}: "
            "esportare solo quelle del contratto."
        )
    fields = fields[:width]
    nomi = tuple(_column_of(f, estratto) for f in fields)
    ignote = [f for f, nome in zip(fields, nomi, strict=True) if not nome and clean(f)]
    near = {c.nome: _nearest(c.nome, ignote) for c in estratto.colonne}
    absent = [c for c in estratto.colonne if c.nome not in nomi]
    for c in absent:
        if c.intestazioni:
            found = said_header(fields, estratto, riga)
            raise Rifiutato(f"{c.intestazioni[0].se_manca}{found}: scriverla come sta nel file.")
    missing = [c.nome for c in absent if c.obbligatoria]
    if missing:
        raise Rifiutato(
            f"nell'intestazione{said_header(fields, estratto, riga)} mancano le colonne "
            f"{', '.join(_hinted(nome, near[nome]) for nome in missing)}: "
            "aggiungerle, correggerne il nome, o dire in una mappa quali sono (pira map)."
        )
    twice = sorted(n for n, count in Counter(filter(None, nomi)).items() if count > 1)
    if twice:
        raise Rifiutato(
            f"nell'intestazione{said_header(fields, estratto, riga)} la colonna "
            f"{', '.join(twice)} compare più volte: lasciarne una."
        )
    segnali = tuple(
        Segnale(_SOMIGLIANTE[nome in nomi], nome, 1, riga, heading.strip())
        for nome, heading in near.items()
        if heading is not None
    )
    return Intestazione(nomi, tuple(map(_on_one_line, ignote)), segnali)


_SOMIGLIANTE = {False: "intestazione_somigliante", True: "nome_somigliante"}
"""What a heading near a column's name is called, by whether that column is there."""
_GUARDATE = 200
"""Headings outside the contract that are looked at: a header may have thousands."""


def _nearest(nome: str, headings: Sequence[str]) -> str | None:
    """The heading that differs from a column's name by a slip or two, the nearest first."""
    plain = nome.replace("_", "")
    most = letters_allowed(plain)
    found = [(letters_apart(_squeezed(h), plain, most), h) for h in headings[:_GUARDATE]]
    apart, heading = min(found, key=lambda pair: pair[0], default=(most + 1, ""))
    return heading if apart <= most else None


def _hinted(nome: str, near: str | None) -> str:
    return f"{nome} (forse {quoted(near.strip())})" if near else nome


def said_header(fields: Sequence[str], estratto: Estratto, riga: int | None) -> str:
    """The line taken as header, quoted. In an extract about people one without a name of the contract
    may be a row of them: then only what is nearly a name, or tells of nobody, is repeated."""
    said = [field.strip() for field in fields]
    if holds_people(estratto) and not recognised(fields, estratto):
        said = [
            field if told or any(_nearest(c.nome, [field]) for c in estratto.colonne) else MASKED
            for field, told in zip(
                said, tells_nobody(pl.Series(said, dtype=pl.String), estratto), strict=True
            )
        ]
    place = "" if riga is None else f"riga {riga}: "
    return f" ({place}{quoted('; '.join(map(without_fiscal_code, said)))})"


def _on_one_line(name: str) -> str:
    """A header name from outside on one line of a report."""
    return without_fiscal_code(one_line(clean(name)))


def nothing() -> Rifiutato:
    """The refusal of a file without even a header."""
    return Rifiutato("è vuoto: esportarlo di nuovo, con almeno la riga di intestazione.")


def collect(rows: Iterator[tuple[int, list[str]]], header: Intestazione) -> pl.DataFrame:
    """Rows of fields as a frame, a chunk at a time, so that Python objects never pile up."""
    needed = header.place_of()
    schema = {RIGA: pl.Int64, CAMPI: pl.Int64, **dict.fromkeys(needed, pl.String)}
    places = list(needed.values())
    chunks: list[pl.DataFrame] = []
    chunk: list[tuple[object, ...]] = []
    for riga, fields in rows:
        count = len(fields)
        if count > header.campi and not any(map(clean, fields[header.campi :])):
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
