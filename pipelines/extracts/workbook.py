"""The first sheet of a delivered workbook, read in a child process with limits on its memory.

Belongs here: what makes a workbook safe to open and its cells as text. Does not belong here: what
the cells mean. A workbook is a zip from outside: 500 KB can unpack to gigabytes, so its members are
counted and inflated against a bound before any parser sees them.

Run as a program, `python -m pipelines.extracts.workbook FILE` prints one JSON line per row that has
a cell: `[riga, [cell, ...]]`.
"""

import datetime
import json
import resource
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from pipelines.extracts.cells import Rifiutato
from pipelines.extracts.native import NATIVE_NUMBER, plain_number
from pipelines.extracts.values import FRACTION_MARK

MAX_MEMBERS = 1_000
MAX_UNPACKED = 512 << 20
MAX_MEMORY = 2 << 30
MAX_SECONDS = 300


def read_sheet(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Rows of the first sheet: number in the sheet, and cells as text (`NATIVE_NUMBER` marked).

    Raises `Rifiutato` when the workbook cannot be opened safely or at all.
    """
    _inspect(path)
    child = subprocess.Popen(
        [sys.executable, "-m", "pipelines.extracts.workbook", str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    assert child.stdout is not None
    with child.stdout as output:
        for line in output:
            riga, cells = json.loads(line)
            yield riga, cells
    if child.wait() != 0:
        raise Rifiutato("la cartella di lavoro è guasta o troppo grande: salvarla di nuovo.")


def _inspect(path: Path) -> None:
    """Refuses archives that are bombs, hold macros, leave their folder or declare a DTD."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise Rifiutato(f"la cartella di lavoro ha più di {MAX_MEMBERS} parti interne.")
            budget = MAX_UNPACKED
            for member in members:
                name = member.filename
                if name.startswith(("/", "\\")) or ".." in name.split("/") or ":" in name:
                    raise Rifiutato("la cartella di lavoro contiene nomi di file non ammessi.")
                if name.lower().endswith("vbaproject.bin"):
                    raise Rifiutato("la cartella di lavoro contiene macro: salvarla senza (xlsx).")
                budget = _inflate(archive, member, budget)
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError) as error:
        raise Rifiutato(
            "non è una cartella di lavoro xlsx leggibile: salvarla di nuovo."
        ) from error
    except Exception as error:
        if isinstance(error, Rifiutato):
            raise
        raise Rifiutato("la cartella di lavoro è guasta: salvarla di nuovo.") from error


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
            if member.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in tail + piece:
                raise Rifiutato("la cartella di lavoro dichiara un DTD, che non è ammesso.")
            tail = piece[-16:]
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


def _print_rows(path: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # a declared dimension may lie
    for riga, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells = [_cell_text(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            print(json.dumps([riga, cells]))


if __name__ == "__main__":
    _print_rows(sys.argv[1])
