"""A delivered file as an auditor opens it: line by line, with nothing of the system.

Belongs here: which line has which number, in each of the four formats, and whether a cell says what
the warehouse says. Does not belong here: what a line counts for.
"""

import csv
import gzip
import io
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
from openpyxl import load_workbook

Linee = dict[int, dict[str, Any]]
"""Number of a line -> column -> what stands there."""


def read_lines(path: Path) -> Linee:
    """Every line of data of a file, by its number in the file."""
    if path.name.endswith(".parquet"):
        rows = pl.read_parquet(path).iter_rows(named=True)
        # no header line: the first row is line 1
        return {n: _named(list(row), list(row.values())) for n, row in enumerate(rows, start=1)}
    if path.name.endswith(".xlsx"):
        sheet = load_workbook(path, read_only=True).worksheets[0]
        numbered = list(enumerate(sheet.iter_rows(values_only=True), start=1))
    else:
        numbered = _read_text(path)
    (_, header), *data = [(n, row) for n, row in numbered if any(_shown(c) for c in row)]
    return {n: _named([_shown(c) for c in header], list(row)) for n, row in data}


def _read_text(path: Path) -> list[tuple[int, Any]]:
    content = path.read_bytes()
    content = gzip.decompress(content) if path.name.endswith(".gz") else content
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    first = next(line for line in text.splitlines() if line.strip())
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=max(";,\t", key=first.count), strict=True
    )
    rows, begins = [], 1
    for row in reader:
        rows.append((begins, row))
        begins = reader.line_num + 1
    return rows


def _shown(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.strip().casefold())
    return "".join(c for c in letters if not unicodedata.combining(c))


def _named(names: list[str], cells: list[Any]) -> dict[str, Any]:
    return dict(zip(map(_plain, names), cells, strict=False))


def says(cell: object, value: object) -> bool:
    """Whether a cell of a file says what the warehouse holds, in any spelling of the offices."""
    if type(cell) is type(value):
        return cell == value or (isinstance(cell, str) and _coded(cell) == value)
    text = _shown(cell)
    match value:
        case None:
            return text == ""
        case bool():
            return text.upper()[:1] == ("S" if value else "N")
        case datetime():
            return value.isoformat(timespec="minutes") in text or f"{value:%d/%m/%Y}" in text
        case date():
            return value.isoformat() == text[:10] or f"{value:%d/%m/%Y}" == text
        case int() | Decimal():
            spelt = text if isinstance(cell, int | float) else text.replace(".", "")
            number = spelt.replace("€", "").strip().replace(",", ".")
            return Decimal(number) == value
        case _:
            return value in (text, _coded(text))


def _coded(text: str) -> str:
    """A code of a list, whose spaces count as underscores."""
    return text.strip().upper().replace(" ", "_")
