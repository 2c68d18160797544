"""Worlds of a few rows, written as tables, for a single model; and what it says of them, written alike.

    scorecard.celle
    camera  esercizio  codice
    AA      2020       -

Belongs here: reading such tables, and putting them in the place of a build's. Does not belong here: the
worlds (beside what they are of), changing rows of a sound build (test_righe_dei_modelli.py).
"""

import re
from decimal import Decimal

import duckdb

from pipelines.warehouse.models import read_models

Riga = tuple[str, ...]


def righe(tavola: str) -> list[Riga]:
    """The rows of a table, the names of its columns first; two spaces or more stand between two cells."""
    lines = [line.strip() for line in tavola.strip().splitlines()]
    return [tuple(re.split(r"\s{2,}", line)) for line in lines]


def metti(connection: duckdb.DuckDBPyConnection, mondo: str) -> None:
    """Tables hold these rows and no others; a dash, and a column that is not named, is NULL.

    Tables are parted by an empty line, and begin with their name. A view becomes a table.
    """
    views = {
        view
        for (view,) in connection.execute(
            "select schema_name || '.' || view_name from duckdb_views() where not internal"
        ).fetchall()
    }
    for block in re.split(r"\n\s*\n", mondo.strip()):
        name, _, rows = block.strip().partition("\n")
        columns, *values = righe(rows)
        if name in views:
            connection.execute(f"create temp table forma as from {name} limit 0")
            connection.execute(f"drop view {name}")
            connection.execute(f"create table {name} as from temp.forma")
            connection.execute("drop table temp.forma")
        connection.execute(f"delete from {name}")
        for row in values:
            assert len(row) == len(columns), f"{name}: {row}"
            connection.execute(
                f"insert into {name} ({', '.join(columns)}) values ({', '.join('?' * len(row))})",
                [None if cell == "-" else cell for cell in row],
            )


def dice(
    connection: duckdb.DuckDBPyConnection, modello: str, attesa: str, dove: str = "true"
) -> list[Riga]:
    """What a model says of the columns of an expected table, in the order of its rows."""
    columns, *expected = righe(attesa)
    (sql,) = (m.sql for m in read_models() if m.tabella == modello)
    found = connection.execute(f"select {', '.join(columns)} from ({sql}) where {dove}").fetchall()
    told = [tuple(map(_cella, row)) for row in found]
    place = {row: number for number, row in enumerate(expected)}
    return [columns, *sorted(told, key=lambda row: (place.get(row, len(place)), row))]


def _cella(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    return str(value).lower() if isinstance(value, bool) else str(value)
