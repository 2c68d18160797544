"""From which columns of which other tables a column of a model is computed, read out of the SQL itself.

Belongs here: following the columns of models back through the models that they read. Does not belong
here: who shows it (orchestration/), which rows made a figure (`pira explain`). What only chooses rows (a
filter, a join) is not an origin: with another such column the same cells would be written.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from pipelines.warehouse.models import CONTROLLI, TUTTI, Modello, union_of_contributions

if TYPE_CHECKING:
    from sqlglot.schema import MappingSchema

Colonna = tuple[str, str]
"""A column of the warehouse: its table, as `schema.name`, and its own name."""


def trace_origins(
    models: tuple[Modello, ...], columns: Mapping[str, Mapping[str, str]], ends: Collection[str]
) -> dict[str, dict[str, tuple[Colonna, ...]]]:
    """By table of `ends` that is a model and by column, the columns that it is computed from, sorted.

    `columns` are the types of the columns of every table, views too, as the database has them. A column is
    followed through other models until a table of `ends` or one that is loaded; SQL that cannot be followed
    ends the way where it is.
    """
    from sqlglot.schema import MappingSchema

    queries = {m.tabella: m.sql for m in models if m.schema != CONTROLLI}
    queries[TUTTI] = union_of_contributions(models)
    names = {name.lower(): name for name in (*queries, *columns)}  # sqlglot reads no capitals
    known = MappingSchema(dialect="duckdb")
    for table, types in columns.items():
        known.add_table(table, dict(types))

    @cache
    def read(table: str) -> dict[str, frozenset[Colonna]]:
        found = _read_columns(queries[table], known)
        return {
            name: frozenset((names.get(other, other), column) for other, column in read_from)
            for name, read_from in found.items()
        }

    @cache
    def origins(column: Colonna) -> frozenset[Colonna]:
        """What a column is in the end: itself, unless it is of a model on the way."""
        table, name = column
        if table in ends or name not in (read(table) if table in queries else ()):
            return frozenset([column])
        return _together(map(origins, read(table)[name]))

    return {
        table: {
            name: tuple(sorted(_together(map(origins, found))))
            for name, found in read(table).items()
        }
        for table in ends
        if table in queries
    }


def _together(sets: Iterable[frozenset[Colonna]]) -> frozenset[Colonna]:
    return frozenset(column for found in sets for column in found)


def _read_columns(sql: str, known: "MappingSchema") -> dict[str, frozenset[Colonna]]:
    """By column of a query, the columns of tables that it is computed from."""
    from sqlglot import exp
    from sqlglot.lineage import lineage

    try:
        nodes = lineage(None, sql, known, dialect="duckdb", trim_selects=False)
    except Exception:  # what cannot be drawn must not stop a night
        return {}
    return {
        name: frozenset(
            (f"{table.db}.{table.name}", end.name.rpartition(".")[2])
            for end in node.walk()
            if isinstance(table := end.expression, exp.Table) and table.db
        )
        for name, node in nodes.items()
    }
