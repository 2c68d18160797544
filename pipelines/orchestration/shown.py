"""How things look on the operator's page: tables, columns, outcomes of checks and what they cost.

Belongs here: turning records into what Dagster draws, with no text from outside able to steer it.
Does not belong here: which assets there are (specs.py), what makes them (assets.py).
"""

from collections.abc import Iterable, Sequence
from typing import Any

import dagster as dg

from pipelines.summaries import Tabella
from pipelines.warehouse.checks import Esito, Prezzo
from pipelines.warehouse.publish import NonPubblicabile


def column_schema(columns: dict[str, str]) -> dict[str, Any]:
    """The metadata entry by which Dagster shows the columns of a table, with what each is."""
    described = [dg.TableColumn(name, description=text) for name, text in columns.items()]
    return {"dagster/column_schema": dg.TableSchema(columns=described)} if described else {}


def markdown(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> dg.MetadataValue:
    """Rows as a Markdown table; text from outside cannot break out of its cell."""

    def cell(value: object) -> str:
        text = "" if value is None else str(value)
        for mark in "\\|<>[]`*_":
            text = text.replace(mark, f"\\{mark}")
        return " ".join(text.split())[:120]

    lines = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
    lines += ["| " + " | ".join(map(cell, row)) + " |" for row in rows]
    return dg.MetadataValue.md("\n".join(lines))


def costs(prices: Sequence[Prezzo]) -> dict[str, Any]:
    """What failures cost, as a table; nothing where nothing failed."""
    rows = [(p.partizione, p.casi, p.frase) for p in prices]
    return {"che cosa costa": markdown(("partizione", "casi", "costo"), rows)} if rows else {}


def check_result(
    outcome: Esito, key: dg.AssetKey, prices: Sequence[Prezzo], beside: Tabella | None
) -> dg.AssetCheckResult:
    """A check of sql/controlli: a sentence, the cases as a table, their cost, a table beside them."""
    error = dg.AssetCheckSeverity.ERROR
    cases = "nessun caso" if outcome.superato else f"{outcome.casi} casi"
    worst = max(prices, key=lambda p: (p.peso or 0, p.celle), default=None)
    said = [f"{outcome.descrizione} Oggi: {cases}."]
    if worst is not None and worst.partizione:
        said.append(f"{worst.partizione}: {worst.frase}")
    elif worst is not None:
        said.append(worst.frase)
    return dg.AssetCheckResult(
        check_name=outcome.nome,
        asset_key=key,
        passed=outcome.superato,
        severity=error if outcome.blocca else dg.AssetCheckSeverity.WARN,
        description=" ".join(said),
        metadata={
            "casi": markdown(outcome.colonne, outcome.esempi),
            **costs(prices),
            **({"confronto": markdown(beside.colonne, beside.prime)} if beside else {}),
        },
    )


def failure_of(error: Any) -> str:
    """Why a run failed, from the error that Dagster kept of it (None where its process was killed).

    A refusal is a sentence of ours. The text of any other error may hold what a file holds, people
    included, so that only its kind is told.
    """
    kind = None
    while error is not None:
        kind = error.cls_name
        if kind == NonPubblicabile.__name__:
            return str(error.message).strip().partition(": ")[2]
        error = error.cause
    if kind is None:
        return (
            "L'esecuzione si è interrotta prima della fine: i suoi registri in Dagster dicono dove."
        )
    return f"Errore imprevisto ({kind}): i registri dell'esecuzione in Dagster dicono dove."
