"""The scorecard as a table for machines: csv, written by Polars.

Belongs here: a row for each indicator. Does not belong here: the allegato's layout (txt.py, xlsx.py).
Text that a spreadsheet would run as a formula is neutralised in the csv; numbers never are.
"""

from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl

from pipelines.scorecard.formato import Formato
from pipelines.scorecard.legenda import FORMULA_MARKS
from pipelines.scorecard.riservatezza import discreet
from pipelines.scorecard.sheet import Scheda


def inert(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe goes before it."""
    return f"'{text}" if text.startswith(FORMULA_MARKS) else text


def _csv_value(value: object) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return "S" if value else "N"
        case Decimal():
            return format(value, "f").replace(".", ",")
        case date():
            return value.strftime("%d/%m/%Y")
        case str():
            return inert(value)
        case _:
            return str(value)


def columns_of(scheda: Scheda) -> list[str]:
    """The columns of the table, in order."""
    return list(scheda.indicatori[0]) if scheda.indicatori else ["camera", "esercizio"]


def render_csv(scheda: Scheda, discreto: bool = False) -> bytes:
    """One row per indicator, Italian decimals, `;`, UTF-8 with BOM: it opens in any spreadsheet.

    If `discreto`, without what would count the people of an indicator.
    """
    names = columns_of(scheda)
    shown = [
        discreet(row) if discreto and scheda.is_personale(row) else row for row in scheda.indicatori
    ]
    rows = [[_csv_value(row[name]) for name in names] for row in shown]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    return frame.write_csv(separator=";", include_bom=True).encode()


def write_csv(scheda: Scheda, path: Path) -> None:
    """Write the table of a partition."""
    path.write_bytes(render_csv(scheda))


FORMATO = Formato("csv", "la tabella per i fogli di calcolo", write_csv)
