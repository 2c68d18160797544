"""The first sheet of a delivered workbook, cell by cell.

Belongs here: what makes a workbook safe to open, and its cells as text. Does not belong here: what
the cells mean, and the bounds on memory and time of whoever opens it (sandbox.py). A workbook is a
zip from outside: 500 KB can unpack to gigabytes, so its members are counted and inflated against a
bound before any parser sees them.
"""

import datetime
import io
import zipfile
from collections.abc import Iterator
from contextlib import closing

from pipelines.extracts.cells import MAX_COLONNE, Rifiutato
from pipelines.extracts.native import NATIVE_NUMBER, plain_number
from pipelines.extracts.values import FRACTION_MARK

MAX_MEMBERS = 1_000
MAX_UNPACKED = 512 << 20
MAX_RIGHE_FOGLIO = 1_048_576
MAX_CELLE = 20_000_000
"""Places of a sheet, the empty ones before a row's last cell included."""

MAX_TESTO = 256_000_000
"""Characters of all the cells: one long text can be cited by every cell of a sheet."""

_MEMBER = b"PK\x01\x02"
"""Begins each entry of a zip's directory."""
_DTD = tuple("<!DOCTYPE".encode(codec) for codec in ("ascii", "utf-16-le", "utf-16-be"))


def read_sheet(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Rows of the first sheet: number in the sheet, and cells as text (`NATIVE_NUMBER` marked).

    Raises `Rifiutato` when the workbook is not safe to open, and whatever its reader raises.
    """
    _inspect(content)
    import openpyxl
    from openpyxl.worksheet._reader import WorkSheetParser

    book = openpyxl.load_workbook(
        io.BytesIO(content), read_only=True, data_only=True, keep_links=False
    )
    sheet = book.worksheets[0]
    last, places, characters = 0, MAX_CELLE, MAX_TESTO
    # The library's own rows leave out, without a word, cells and rows that are not in order.
    with closing(book), closing(sheet._get_source()) as source:
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for riga, found in parser.parse():
            if not last < riga <= MAX_RIGHE_FOGLIO:
                raise Rifiutato("le righe del foglio non sono in ordine: salvarlo di nuovo.")
            last = riga
            cells = _row([(cell["column"], _cell_text(cell["value"])) for cell in found])
            places -= len(cells)
            characters -= sum(map(len, cells))
            if places < 0 or characters < 0:
                raise Rifiutato(
                    "il foglio è troppo grande: esportare solo le colonne del contratto."
                )
            if cells:
                yield riga, cells


def _row(found: list[tuple[int, str]]) -> list[str]:
    """The cells of a row in their places, up to the last that holds something."""
    places = [place for place, _ in found]
    if len(set(places)) < len(places) or not all(0 < place <= MAX_COLONNE for place in places):
        raise Rifiutato("le celle del foglio non sono in ordine: salvarlo di nuovo.")
    cells = [""] * max((place for place, text in found if text), default=0)
    for place, text in found:
        if text:
            cells[place - 1] = text
    return cells


def _inspect(content: bytes) -> None:
    """Refuses archives that are bombs, hold macros, leave their folder or declare a DTD."""
    if content.count(_MEMBER) > MAX_MEMBERS:
        raise Rifiutato(f"la cartella di lavoro ha più di {MAX_MEMBERS} parti interne.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            budget = MAX_UNPACKED
            for member in archive.infolist():
                _check_name(member.filename)
                if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise Rifiutato("la cartella di lavoro non è compressa come xlsx prevede.")
                budget = _inflate(archive, member, budget)
    except Rifiutato:
        raise
    except Exception as error:
        raise Rifiutato(
            "non è una cartella di lavoro xlsx leggibile: salvarla di nuovo."
        ) from error


def _check_name(name: str) -> None:
    if name.startswith(("/", "\\")) or ".." in name.split("/") or ":" in name:
        raise Rifiutato("la cartella di lavoro contiene nomi di file non ammessi.")
    if name.lower().endswith("vbaproject.bin"):
        raise Rifiutato("la cartella di lavoro contiene macro: salvarla senza (xlsx).")


def _inflate(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: int) -> int:
    """What is left of the budget after inflating a member, a piece at a time."""
    tail = b""
    with archive.open(member) as stream:
        while piece := stream.read(1 << 20):
            budget -= len(piece)
            if budget < 0:
                raise Rifiutato(
                    f"una volta aperta la cartella di lavoro supera {MAX_UNPACKED >> 20} MB."
                )
            if any(mark in tail + piece for mark in _DTD):
                raise Rifiutato("la cartella di lavoro dichiara un DTD, che non è ammesso.")
            tail = piece[-32:]
    return budget


def _cell_text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "S" if value else "N"
        case int():
            return NATIVE_NUMBER + str(value)
        case float():
            return NATIVE_NUMBER + plain_number(value)
        case datetime.datetime():
            if value.time() == datetime.time():
                return value.date().isoformat()
            text = value.isoformat(timespec="seconds")
            return text + (f"{FRACTION_MARK}{value.microsecond:06d}" if value.microsecond else "")
        case datetime.date():
            return value.isoformat()
        case _:
            return str(value)
