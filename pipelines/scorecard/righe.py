"""Rows of the warehouse, as what writes documents takes them.

Belongs here: a row, and asking for rows. Does not belong here: which are asked for.
"""

from collections.abc import Sequence

import duckdb

Row = dict[str, object]
"""A row by column name."""


def rows_of(
    connection: duckdb.DuckDBPyConnection, query: str, values: Sequence[object] = ()
) -> list[Row]:
    """Rows of a query by column name."""
    cursor = connection.execute(query, values)
    names = [d[0] for d in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
