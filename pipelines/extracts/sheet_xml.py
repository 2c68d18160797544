"""The cells of one sheet of a workbook, each as what it is: text, number, moment, or nothing readable.

Belongs here: a sheet's XML, row by row. Does not belong here: which sheet is read (workbook.py), what
a column of the contract makes of a cell (sheet.py). A hidden or filtered row is a row.
"""

import datetime as dt
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, NamedTuple

from pipelines.extracts.cells import MAX_COLONNE, UNREADABLE
from pipelines.extracts.number_format import Formato
from pipelines.extracts.ooxml import SALVARE, Lettore, element_names, shown, unescaped
from pipelines.landing.rifiutato import Rifiutato

MAX_RIGHE_FOGLIO = 1_048_576
MAX_CELLE = 20_000_000
"""Places of a sheet, the empty ones before a row's last cell included."""

MAX_TESTO = 256_000_000
"""Characters of all the cells: one long text can be cited by every cell of a sheet."""

_SHOWN = 60
"""Characters of a formula, or of what is no value, that are quoted."""


class Numero(NamedTuple):
    """A native number, plain (`1234.5`), and what its format says of it, if anything."""

    testo: str
    formato: Formato | None


Cella = str | Numero | dt.datetime
"""Text (empty: nothing; `UNREADABLE` + what is shown: no value of any type), number or moment."""


@dataclass(frozen=True)
class Comune:
    """What the cells of a sheet refer to: shared strings, formats by style, how days are counted."""

    stringhe: list[str]
    formati: list[Formato | None]
    dal_1904: bool


def read_rows(source: IO[bytes], part: str, common: Comune) -> Iterator[tuple[int, list[Cella]]]:
    """Rows that hold something: number in the sheet, and cells in their places.

    Raises `Rifiutato` where the XML is damaged, rows or cells are not in order, or there are too many.
    """
    griglia = _Griglia(common)
    lettore = Lettore(part, griglia.start, griglia.end)
    places, characters = MAX_CELLE, MAX_TESTO
    piece = b"?"
    with source:
        while piece:
            piece = source.read(1 << 16)
            lettore.feed(piece)
            for riga, cells in griglia.rows:
                places -= len(cells)
                characters -= sum([len(cell) for cell in cells if type(cell) is str])
                if places < 0 or characters < 0:
                    raise Rifiutato(
                        "il foglio è troppo grande: esportare solo le colonne del contratto."
                    )
                yield riga, cells
            griglia.rows.clear()


_NAMES = element_names("row", "c", "v", "f", "is", "t", "rPh")


class _Griglia:
    """The rows read so far of a sheet; its methods are what the parser calls back."""

    def __init__(self, common: Comune) -> None:
        self.rows: list[tuple[int, list[Cella]]] = []
        self._value = _reader(common)
        self._riga = 0
        self._cells: list[Cella] = []
        self._last = 0
        self._seen: set[int] | None = None
        self._columns: dict[str, int] = {}
        self._cell: dict[str, str] | None = None
        self._stored: str | None = None
        self._formula: str | None = None
        self._inline: list[str] = []
        self._phonetic = False
        self._formulas: dict[str, str] = {}
        self._shared = ""
        self._range = ""
        self._arrays: list[tuple[range, range, Cella]] = []

    def start(self, element: str, attributes: dict[str, str]) -> None:
        name = _NAMES.get(element)
        if name == "c":
            self._cell = attributes
        elif name == "row":
            self._begin_row(attributes.get("r"))
        elif name == "f":
            self._shared = attributes.get("si", "")
            several = attributes.get("t") in ("array", "dataTable")
            self._range = attributes.get("ref", "") if several else ""
        elif name == "rPh":
            self._phonetic = True

    def end(self, element: str, text: str) -> None:
        name = _NAMES.get(element)
        if name == "v":
            self._stored = text
        elif name == "c":
            self._end_cell()
        elif name == "row":
            self._end_row()
        elif name == "t" and not self._phonetic:
            self._inline.append(text)
        elif name == "f":
            self._formula = text or self._formulas.get(self._shared, "")
            if self._shared:
                self._formulas.setdefault(self._shared, text)
        elif name == "rPh":
            self._phonetic = False

    def _begin_row(self, number: str | None) -> None:
        if number is not None and not _WHOLE.fullmatch(number):
            raise Rifiutato(f"ha una riga numerata «{shown(number)}»: {SALVARE}.")
        riga = self._riga + 1 if number is None else int(number[:9])
        if not self._riga < riga <= MAX_RIGHE_FOGLIO:
            raise Rifiutato(
                f"le righe del foglio non sono in ordine ({riga} dopo {self._riga}): {SALVARE}."
            )
        self._riga, self._cells, self._last, self._seen = riga, [], 0, None

    def _end_row(self) -> None:
        cells = self._cells
        for rows, columns, value in self._arrays:
            if self._riga in rows:
                cells.extend([""] * (columns.stop - 1 - len(cells)))
                for place in columns:
                    cells[place - 1] = cells[place - 1] or value
        if cells:
            self.rows.append((self._riga, cells))

    def _end_cell(self) -> None:
        cell, stored, formula = self._cell, self._stored, self._formula
        self._cell = self._stored = self._formula = None
        if cell is None:
            return
        inline = "".join(self._inline) if self._inline else ""
        self._inline.clear()
        place = self._place(cell.get("r"))
        value = self._value(cell.get("t", "n"), cell.get("s"), stored, formula, inline)
        cells = self._cells
        if value == "":
            return
        if formula is not None and not stored and self._range:
            self._arrays += self._rectangle(value)
        missing = place - len(cells)
        if missing == 1:
            cells.append(value)
        elif missing > 1:
            cells.extend([""] * (missing - 1))
            cells.append(value)
        else:
            cells[place - 1] = value

    def _place(self, reference: str | None) -> int:
        """The column of a cell, from 1. Most rows have theirs in order; the others are looked up."""
        if reference is None:
            place = self._last + 1
        else:
            letters = reference.rstrip("0123456789")
            place = self._columns.get(letters) or self._column(letters)
        if place <= self._last or place > MAX_COLONNE:
            if self._seen is None:
                self._seen = {n for n, cell in enumerate(self._cells, 1) if cell != ""}
            if place in self._seen or place > MAX_COLONNE:
                raise Rifiutato(f"le celle della riga {self._riga} non sono in ordine: {SALVARE}.")
        if self._seen is not None:
            self._seen.add(place)
        self._last = max(self._last, place)
        return place

    def _rectangle(self, value: Cella) -> list[tuple[range, range, Cella]]:
        """Where else a formula over several cells, never computed, stands without a trace."""
        found = _RECTANGLE.fullmatch(self._range)
        if found is None:
            return []
        first, last = (self._column(letters) for letters in (found[1], found[3]))
        rows = range(int(found[2]), int(found[4]) + 1)
        return [(rows, range(first, min(last, MAX_COLONNE) + 1), value)]

    def _column(self, letters: str) -> int:
        place = 0
        if not _LETTERS.fullmatch(letters):
            raise Rifiutato(
                f"alla riga {self._riga} ha una cella di nome «{shown(letters)}»: {SALVARE}."
            )
        for letter in letters:
            place = place * 26 + ord(letter) - 64
        self._columns[letters] = place
        return place


_WHOLE = re.compile(r"[0-9]{1,9}")
_LETTERS = re.compile(r"[A-Z]{1,3}")
_RECTANGLE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,9}):\$?([A-Z]{1,3})\$?([0-9]{1,9})")
_DIGITS = re.compile(r"-?[0-9]{1,300}")
_NUMBER = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")

_Reader = Callable[[str, str | None, str | None, str | None, str], Cella]


def _reader(common: Comune) -> _Reader:
    """From the type, style, stored value, formula and inline text of a cell to what it holds."""
    strings, formats, dal_1904 = common.stringhe, common.formati, common.dal_1904
    known: dict[tuple[str, str], Cella] = {}

    def formatted(number: str, style: str) -> Cella:
        """A number whose style may say something; days repeat, so what was found is kept."""
        found = known.get((number, style))
        if found is None:
            formato = formats[int(style)] if _is_one_of(style, formats) else None
            found = _moment_or_number(number, formato, dal_1904)
            if len(known) < _KEPT:
                known[number, style] = found
        return found

    def value(
        tipo: str, style: str | None, stored: str | None, formula: str | None, inline: str
    ) -> Cella:
        if tipo == "inlineStr":
            return unescaped(inline)
        if tipo == "e":
            return _unreadable(stored or "errore")
        if stored is None or (stored == "" and tipo != "str"):
            return "" if formula is None else UNREADABLE + "=" + formula[:_SHOWN]
        if tipo == "s":
            place = stored.strip()
            if not _WHOLE.fullmatch(place) or int(place) >= len(strings):
                raise Rifiutato(f"una cella cita un testo che manca, {shown(place)}: {SALVARE}.")
            return strings[int(place)]
        if tipo == "n":
            number = plain_text(stored)
            if number is None:
                return _unreadable(stored)
            return formatted(number, style or "0")
        if tipo == "str":
            return unescaped(stored)
        if tipo == "b":
            return _YES_NO.get(stored.strip().lower()) or _unreadable(stored)
        if tipo == "d":
            return _iso(stored.strip()) or _unreadable(stored)
        return _unreadable(stored)

    return value


_KEPT = 1 << 16
_YES_NO = {"1": "S", "true": "S", "0": "N", "false": "N"}


def _is_one_of(style: str, formats: list[Formato | None]) -> bool:
    return _WHOLE.fullmatch(style) is not None and int(style) < len(formats)


def _unreadable(text: str) -> str:
    """An error (`#N/A`), or what no office program writes."""
    return UNREADABLE + shown(text)[:_SHOWN]


def plain_number(value: float) -> str:
    """A binary number as the decimal a workbook shows: fifteen significant digits, no exponent."""
    text = format(value, ".15g")
    return format(Decimal(text), "f") if "e" in text else text


def plain_text(stored: str) -> str | None:
    """A stored number as plain decimal text; none for what is no number."""
    if _DIGITS.fullmatch(stored):
        return str(int(stored))
    stored = stored.strip()
    if not _NUMBER.fullmatch(stored):
        return None
    number = float(stored)
    return plain_number(number) if math.isfinite(number) else None


def _moment_or_number(number: str, formato: Formato | None, dal_1904: bool) -> Cella:
    section = formato.section(Decimal(number)) if formato else None
    if section is None or not section.momento:
        return Numero(number, formato)
    return moment_of(number, dal_1904) or UNREADABLE + number.replace(".", ",")


_FIRST_1900 = dt.datetime(1899, 12, 31)
_FIRST_1904 = dt.datetime(1904, 1, 1)
_NO_DAY = 60
"""29 February 1900, which spreadsheets count and no calendar has."""


def moment_of(number: str, dal_1904: bool) -> dt.datetime | None:
    """The moment that a count of days stands for, to the millisecond; none where there is no such day.

    Below 1 it is an hour of no day.
    """
    days = Decimal(number)
    if not 1 <= days < 2_958_466:
        return None
    milliseconds = round(days * 86_400_000)
    if dal_1904:
        first = _FIRST_1904
    else:
        whole = milliseconds // 86_400_000
        if whole == _NO_DAY:
            return None
        first = _FIRST_1900 if whole < _NO_DAY else _FIRST_1900 - dt.timedelta(days=1)
    try:
        return first + dt.timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None


_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?Z?)?")


def _iso(text: str) -> dt.datetime | None:
    """A moment written as such (strict workbooks); a workbook's clock is the office's, `Z` or not."""
    if not _ISO.fullmatch(text):
        return None
    try:
        return dt.datetime.fromisoformat(text.removesuffix("Z"))
    except ValueError:
        return None
