"""How pandera judges a frame: rules as expressions, and which rows break which.

Belongs here: schemas out of rules, and what they say of a frame, as cheaply as pandera can be asked. Does
not belong here: which rules an extract has, and what becomes of the rows that break them (judge.py).
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors

from pipelines.extracts.cells import RIGA

FAILURES_SCHEMA = {"index": pl.Int64(), "column": pl.String(), "check": pl.String()}


def assert_validation_is_on() -> None:
    """pandera can be switched off from the environment; then nothing here would be judged."""
    if os.environ.get("PANDERA_VALIDATION_ENABLED", "True").lower() not in ("true", "1"):
        raise RuntimeError("PANDERA_VALIDATION_ENABLED spegne la validazione: toglierla.")
    if os.environ.get("PANDERA_VALIDATION_DEPTH", "SCHEMA_AND_DATA") != "SCHEMA_AND_DATA":
        raise RuntimeError("PANDERA_VALIDATION_DEPTH limita la validazione: toglierla.")


def check(name: str, column: str, holds: pl.Expr) -> pa.Check:
    """A check that a row passes when `holds` is true or missing, as pandera has it by default."""
    return pa.Check(lambda data: data.lazyframe.select(holds.alias(column)), name=name)


def failures_of(schema: pa.DataFrameSchema, frame: pl.DataFrame) -> pl.DataFrame:
    """One row (`index`, `column`, `check`) per row and check that fails; empty when all is well."""
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases: pl.DataFrame = errors.failure_cases
        if cases["index"].null_count():
            raise
        return cases.select(pl.col("index").cast(pl.Int64), "column", "check")
    return pl.DataFrame(schema=FAILURES_SCHEMA)


Verdetto = tuple[str, str, pl.Expr]
"""The name of a rule, the column that it blames, what is true or missing of a row that keeps it."""


@dataclass(frozen=True)
class Regole:
    """The rules that a row of a frame of these types keeps or breaks by itself, and a schema that has all
    of them as one check."""

    tipi: pl.Schema
    tutte: pa.DataFrameSchema
    verdetti: tuple[Verdetto, ...]


def rules(types: Mapping[str, pl.DataType], verdetti: Iterable[Verdetto]) -> Regole:
    """The rules of a frame whose columns, `_riga` among them, are of these types."""
    verdetti = tuple(verdetti)
    every = pl.all_horizontal(pl.lit(True), *(holds for _, _, holds in verdetti))
    tutte = pa.DataFrameSchema({RIGA: pa.Column(types[RIGA], checks=[check("tutte", RIGA, every)])})
    return Regole(pl.Schema(types), tutte, verdetti)


def broken(regole: Regole, frame: pl.DataFrame) -> pl.DataFrame:
    """As `failures_of`. pandera asks a frame some four times for each check, and more where one fails: it is
    given the rows that break a rule, and the rules that they break; or where none does, all at once."""
    if frame.schema != regole.tipi:
        raise TypeError(f"{frame.schema} al posto di {regole.tipi}")
    keeps = [holds for _, _, holds in regole.verdetti]
    kept = frame.select(every.all().alias(f"{place}") for place, every in enumerate(keeps)).row(0)
    if all(kept):
        return failures_of(regole.tutte, frame)
    rows = frame.select((~pl.all_horizontal(keeps)).arg_true()).to_series()
    checks: dict[str, list[pa.Check]] = {}
    for (rule, column, holds), all_keep in zip(regole.verdetti, kept, strict=True):
        if not all_keep:
            checks.setdefault(column, []).append(check(rule, column, holds))
    columns = {name: pa.Column(nullable=True, checks=own) for name, own in checks.items()}
    found = failures_of(pa.DataFrameSchema(columns), frame[rows])
    return found.with_columns(rows.gather(found["index"]).cast(pl.Int64).alias("index"))
