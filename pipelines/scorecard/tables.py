"""The scorecard for machines: csv and json, written by Polars.

Belongs here: the flat forms. Does not belong here: the allegato's layout (txt.py, xlsx.py, html.py).
Text that a spreadsheet would run as a formula is neutralised in the csv; numbers never are.
"""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl

from pipelines.scorecard.legenda import is_provvisoria
from pipelines.scorecard.sheet import Row, Scheda

FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")


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


def write_csv(scheda: Scheda, path: Path) -> None:
    """One row per indicator, Italian decimals, `;`, UTF-8 with BOM: it opens in any spreadsheet."""
    names = list(scheda.indicatori[0]) if scheda.indicatori else ["camera", "esercizio"]
    rows = [[_csv_value(row[name]) for name in names] for row in scheda.indicatori]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    frame.write_csv(path, separator=";", include_bom=True)


def _json_value(value: object) -> object:
    """Decimals as text, so that no reader turns an amount into a float."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value


def _json_row(row: Row) -> Row:
    return {name: _json_value(value) for name, value in row.items()}


def write_json(scheda: Scheda, path: Path) -> None:
    """The whole scorecard: chamber, objectives with their indicators, rules."""

    def objective_of(row: Row) -> tuple[object, ...]:
        return row["missione"], row["programma"], row["obiettivo"]

    content = {
        "camera": scheda.partizione.camera,
        "esercizio": scheda.partizione.esercizio,
        "esercizio_piano": scheda.esercizio_piano,
        "data_riferimento": scheda.data_riferimento.isoformat(),
        "provvisorio": is_provvisoria(scheda),
        "estratti_sintetici": scheda.sintetici,
        "regole": _json_row(scheda.regole),
        "realizzazione": _json_value(scheda.realizzazione),
        "realizzazione_minima": _json_value(scheda.realizzazione_minima),
        "realizzazione_massima": _json_value(scheda.realizzazione_massima),
        "copertura": _json_value(scheda.copertura),
        "obiettivi": [
            {
                **_json_row(obiettivo),
                "indicatori": [
                    _json_row(i)
                    for i in scheda.indicatori
                    if objective_of(i) == objective_of(obiettivo)
                ],
            }
            for obiettivo in scheda.obiettivi
        ],
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
