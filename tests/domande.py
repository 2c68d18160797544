"""docs/domande.md: questions with their SQL and their answer on the sample, and recipes.

Belongs here: reading the page, asking, printing an answer as the page does. Does not belong here: that the
answers are still those (warehouse/test_domande.py).

    python -m tests.domande warehouse/pira.duckdb    # writes the answers again, out of a publication of raw/
"""

import re
import sys
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb

from pipelines.settings import ROOT

PAGINA = ROOT / "docs/domande.md"

_BLOCCO = re.compile(
    r"^```(?P<lingua>\w+)\n(?P<testo>.*?)^```\n(?P<risposta>\n(?:\|[^\n]*\n)+)?", re.M | re.S
)


@dataclass(frozen=True)
class Blocco:
    """A block of code of the page; `risposta` is the table printed below it, or empty."""

    titolo: str
    lingua: str
    testo: str
    risposta: str


def read_page(text: str | None = None) -> list[Blocco]:
    """Every block, under the heading where it stands."""
    found = []
    _, *sections = re.split(r"^## ", text or PAGINA.read_text("utf-8"), flags=re.M)
    for section in sections:
        title = section.splitlines()[0]
        for block in _BLOCCO.finditer(section):
            answer = (block["risposta"] or "").strip("\n")
            found.append(Blocco(title, block["lingua"], block["testo"], answer))
    return found


def answer(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """What a query gives, as a table of the page."""
    cursor = connection.execute(sql)
    names = [d[0] for d in cursor.description or ()]
    rows = [[_cell(value) for value in row] for row in cursor.fetchall()]
    lines = [names, ["---"] * len(names), *(rows or [["(nessuna riga)", *[""] * (len(names) - 1)]])]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "sì" if value else "no"
        case Decimal():
            return format(value, "f").replace(".", ",")
        case datetime():
            return value.strftime("%d/%m/%Y %H:%M")
        case date():
            return value.strftime("%d/%m/%Y")
        case _:
            return str(value).replace("|", "/")


def write_answers(connection: duckdb.DuckDBPyConnection) -> None:
    """Every printed answer again; a block that has none is left without."""

    def again(block: re.Match[str]) -> str:
        if block["lingua"] != "sql" or not block["risposta"]:
            return block[0]
        return f"```sql\n{block['testo']}```\n\n{answer(connection, block['testo'])}\n"

    PAGINA.write_text(_BLOCCO.sub(again, PAGINA.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    with duckdb.connect(str(Path(sys.argv[1])), read_only=True) as opened:
        write_answers(opened)
