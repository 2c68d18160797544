"""Facts that Python knows as rows of a table.

Belongs here: how they are handed over. Does not belong here: which facts (load.py, checks.py), rows that
lie in Parquet files (fonti.py).
"""

import json
from collections.abc import Iterable
from decimal import Decimal

import duckdb


def fill(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: str,
    rows: Iterable[tuple[object, ...]],
) -> None:
    """A table of facts that Python knows, a value for each of its columns."""
    connection.execute(f"create table {table} ({columns})")
    add(connection, table, rows)


def add(
    connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[tuple[object, ...]]
) -> None:
    """More rows of such a table.

    They are handed over as one text, each as it is written: for every parameter DuckDB tries to import
    what is not installed, which takes longer than all the rest.
    """
    texts = [[None if value is None else _written(value) for value in row] for row in rows]
    if texts:
        values = ", ".join(f"v[{place}]" for place in range(1, len(texts[0]) + 1))
        connection.execute(
            f"insert into {table} select {values}"
            " from (select unnest(from_json(?, '[[\"varchar\"]]')) as v)",
            [json.dumps(texts)],
        )


def _written(value: object) -> str:
    """A value as DuckDB reads it back, exactly."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)
