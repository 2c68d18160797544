"""How things look on the operator's page: tables, columns, outcomes of checks and what they cost, and
which partition an asset shows.

Belongs here: turning records into what Dagster draws, with no text from outside able to steer it.
Does not belong here: which assets there are (specs.py), what makes them (assets.py).
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import dagster as dg

from pipelines.italiano import format_percentuale
from pipelines.partizione import newest_of
from pipelines.warehouse.avvisi import Primo
from pipelines.warehouse.checks import Esito, Prezzo

SHOWN = 5
"""Rows that a check shows under its sentence."""

BLOCKS = "Se fallisce non si pubblica: è la pubblicazione a rifiutarsi."
WARNS = "Se fallisce sta nel rapporto del giorno, e si pubblica lo stesso."


def rule(text: str, after: str = "") -> str:
    """What a check stands for, in words that hold whether it is passed or failed.

    The page draws the sentence beside a green tick or a red cross: said as a fact, under the cross it
    would say the opposite of what was found.
    """
    return f"Deve valere: {text[0].lower()}{text[1:]} {after}".strip()


def column_schema(columns: dict[str, tuple[str, str]]) -> dict[str, Any]:
    """The metadata entry by which Dagster shows the columns of a table: type and meaning of each."""
    described = [dg.TableColumn(name, kind, text) for name, (kind, text) in columns.items()]
    return {"dagster/column_schema": dg.TableSchema(columns=described)} if described else {}


_MARKS = re.compile(r"[\\|<>\[\]`*]|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])")


def escaped(text: str) -> str:
    """A text that Markdown shows as it is, in one line; the `_` inside a name means nothing there."""
    return " ".join(_MARKS.sub(r"\\\g<0>", text).split())


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows as a Markdown table; text from outside cannot break out of its cell.

    A column whose values are all numbers stands to the right.
    """
    cells = [tuple(row) for row in rows]

    def cell(value: object) -> str:
        return escaped("" if value is None else str(value))[:400]

    def rule(place: int) -> str:
        found = [row[place] for row in cells if row[place] is not None]
        return "--:" if found and all(isinstance(v, int | Decimal) for v in found) else "---"

    lines = [
        "| " + " | ".join(map(cell, columns)) + " |",
        "| " + " | ".join(rule(place) for place in range(len(columns))) + " |",
    ]
    return "\n".join([*lines, *("| " + " | ".join(map(cell, row)) + " |" for row in cells)])


def markdown(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> dg.MetadataValue:
    """Rows as metadata that Dagster draws as a table."""
    return dg.MetadataValue.md(table(columns, rows))


def described(text: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A sentence with the first rows under it: what the page of a check shows without a click."""
    return f"{text}\n\n{table(columns, rows[:SHOWN])}" if rows else text


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun."""
    return f"{number} {one if number == 1 else many}"


def costs(prices: Sequence[Prezzo]) -> dict[str, Any]:
    """What failures cost, as a table; nothing where nothing failed."""
    rows = [(p.partizione, p.casi, p.frase) for p in prices]
    return {"che cosa costa": markdown(("partizione", "casi", "costo"), rows)} if rows else {}


def worst(prices: Sequence[Prezzo]) -> Prezzo | None:
    """The dearest of some failures."""
    return max(prices, key=lambda p: (p.peso or 0, p.celle), default=None)


FIRST_COLUMNS = ("controllo", "che cosa")


def to_look_at(firsts: Sequence[Primo]) -> list[tuple[object, ...]]:
    """What is to be looked at first as lines of the morning's summary."""
    return [(first.avviso.controllo, first.detto) for first in firsts]


WARNING_COLUMNS = ("controllo", "casi", "dove pesa di più", "celle", "peso")


def warning(outcome: Esito, prices: Sequence[Prezzo]) -> tuple[object, ...]:
    """A failed check as a line of the morning's summary."""
    dearest = worst([p for p in prices if p.controllo == outcome.nome])
    if dearest is None:
        return outcome.nome, outcome.casi, None, None, None
    weight = None if dearest.peso is None else format_percentuale(dearest.peso)
    return outcome.nome, outcome.casi, dearest.partizione or "ovunque", dearest.celle, weight


def check_result(
    outcome: Esito,
    key: dg.AssetKey,
    prices: Sequence[Prezzo],
    beside: tuple[Sequence[str], Iterable[Sequence[object]]] | None,
) -> dg.AssetCheckResult:
    """A check of sql/controlli: a sentence, the cases as a table, their cost, a table beside them."""
    error = dg.AssetCheckSeverity.ERROR
    cases = "Nessun caso" if outcome.superato else counted(outcome.casi, "caso", "casi")
    said = f"{cases}. {rule(outcome.descrizione)}"
    if dearest := worst(prices):
        said += f" {dearest.partizione}: {escaped(dearest.frase)}".replace(" : ", " ")
    return dg.AssetCheckResult(
        check_name=outcome.nome,
        asset_key=key,
        passed=outcome.superato,
        severity=error if outcome.blocca else dg.AssetCheckSeverity.WARN,
        description=described(said, outcome.colonne, outcome.esempi),
        metadata={
            "quanti": outcome.casi,
            "casi": markdown(outcome.colonne, outcome.esempi),
            **costs(prices),
            **({"confronto": markdown(*beside)} if beside else {}),
        },
    )


def show_newest(context: dg.AssetExecutionContext) -> None:
    """The page of an asset shows what was written last, and Dagster writes partitions in no order.

    So a run of many writes its newest year once more.
    """
    newest = newest_of(context.partition_keys)
    if len(context.partition_keys) == 1:
        return
    for key in sorted(context.selected_asset_keys):
        asked = dg.AssetRecordsFilter(key, asset_partitions=[newest])
        for latest in context.instance.fetch_materializations(asked, limit=1).records:
            if latest.asset_materialization:
                context.log_event(latest.asset_materialization)
