"""The shape of the lake: the tables, views and macros of a build, with what they say of themselves.

Belongs here: bringing the lake to the shape of a build. Does not belong here: rows (commit.py), what
the shape is (warehouse/). All of it is SQL of the project's own, as in a file of one machine.
"""

import duckdb

from pipelines.connection import text_literal
from pipelines.lake.catalogo import NOME
from pipelines.lake.parti import Chiavi
from pipelines.lake.registro import DETTO, SCHEMA, TABELLE
from pipelines.warehouse.build import MACRO
from pipelines.warehouse.models import SQL, TUTTI, read_models

Forma = dict[str, list[tuple[str, str]]]
"""Table -> its columns with their types."""


def shape(connection: duckdb.DuckDBPyConnection, build: str, key: Chiavi) -> set[str]:
    """Gives a lake, in an open transaction, the shape of an attached build.

    Returns the tables that are new, or no longer had the right columns and are made anew: they are empty.
    """
    wanted, there = _tables(connection, build), _tables(connection, NOME)
    ours = {f"{SCHEMA}.{name}" for name in TABELLE}
    for schema in _schemas(connection, build) | {SCHEMA}:
        connection.execute(f"create schema if not exists {schema}")
    for table in there.keys() - wanted.keys() - ours:
        connection.execute(f"drop table {table}")
    anew = {table for table, columns in wanted.items() if there.get(table) != columns}
    for table in sorted(anew):
        connection.execute(f"drop table if exists {table}")
        connection.execute(f"create table {table} as from {build}.{table} limit 0")
        if key[table]:
            connection.execute(f"alter table {table} set partitioned by ({', '.join(key[table])})")
    for name, columns in TABELLE.items():
        if f"{SCHEMA}.{name}" not in there:
            connection.execute(f"create table {SCHEMA}.{name} ({columns})")
            said = text_literal(DETTO[name])
            connection.execute(f"comment on table {SCHEMA}.{name} is {said}")
    return anew


def define(connection: duckdb.DuckDBPyConnection, source: str, target: str) -> None:
    """The macros, views and comments of an attached database made anew in another that has its tables.

    The target is the default one of the connection.
    """
    for macros in MACRO:
        text = (SQL / f"{macros}.sql").read_text("utf-8")
        connection.execute(text.replace("create macro", "create or replace macro"))
    for _, text in sorted(_views(connection, source).items(), key=_place):
        connection.execute(text)
    for name in _views(connection, target).keys() - _views(connection, source).keys():
        connection.execute(f"drop view {name}")
    for said in _comments(connection, source):
        connection.execute(said)


def _place(view: tuple[str, str]) -> float:
    """Views in the order in which they can be made: those that no file is come first, but for the union of
    all contributions."""
    places = {m.tabella: float(place) for place, m in enumerate(read_models())}
    return places["indicatori.contributi"] - 0.5 if view[0] == TUTTI else places.get(view[0], -1.0)


def _views(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, str]:
    """View -> what makes it; the lake keeps no more of its name than the last word."""
    return {
        name: f"create or replace view {name} as {sql.partition(' AS ')[2]}"
        for name, sql in connection.execute(
            "select schema_name || '.' || view_name, sql from duckdb_views()"
            " where database_name = ? and not internal",
            [database],
        ).fetchall()
    }


def _comments(connection: duckdb.DuckDBPyConnection, database: str) -> list[str]:
    tables = _tables(connection, database)
    return [
        f"comment on {kind} {name} is {text_literal(text)}"
        for kind, name, text in connection.execute(
            "select 'table', schema_name || '.' || table_name, comment from duckdb_tables()"
            " where database_name = $1 and comment is not null"
            " union all select 'view', schema_name || '.' || view_name, comment from duckdb_views()"
            " where database_name = $1 and not internal and comment is not null"
            " union all select 'column', schema_name || '.' || table_name || '.\"' || column_name || '\"',"
            " comment from duckdb_columns() where database_name = $1 and comment is not null",
            [database],
        ).fetchall()
        if not name.startswith(f"{SCHEMA}.")
        if kind != "column" or name.rsplit(".", 1)[0] in tables
    ]


def _tables(connection: duckdb.DuckDBPyConnection, database: str) -> Forma:
    found: Forma = {}
    for table, column, kind in connection.execute(
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns()"
        " semi join duckdb_tables() using (database_name, schema_name, table_name)"
        " where database_name = ? order by column_index",
        [database],
    ).fetchall():
        found.setdefault(table, []).append((column, kind))
    return found


def _schemas(connection: duckdb.DuckDBPyConnection, database: str) -> set[str]:
    return {
        name
        for (name,) in connection.execute(
            "select schema_name from duckdb_schemas() where database_name = ? and not internal",
            [database],
        ).fetchall()
    }
