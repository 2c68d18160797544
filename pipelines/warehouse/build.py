"""A fresh database file from what was read: load, run sql/, comment every table and column.

Belongs here: the order in which a file is made. Does not belong here: the tables that loading makes
(load.py), what is computed (sql/), whether it may be published (publish.py). The file is private
until it is published, and nobody ever writes it again.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb

from pipelines.connection import connect, text_literal
from pipelines.warehouse import dizionario
from pipelines.warehouse.checks import create_outcomes
from pipelines.warehouse.comments import comment
from pipelines.warehouse.load import Materiale, load
from pipelines.warehouse.models import (
    CONTRIBUTI,
    ESITI,
    SQL,
    TUTTI,
    Modello,
    glossary,
    read_models,
    union_of_contributions,
)

MACRO = ("aritmetica", "parole")
"""Schemas of macros that models call, each made by the file of its name in sql/."""

CALCOLATI = "temp.main.calcolati"
"""The contributions while the others are made: a dozen models and checks read them, and each would compute
them anew. They are not kept: as a table they would be as large again as what they are of."""


def build(
    path: Path, kept: Mapping[str, Path], material: Materiale, progress: Callable[[str], None]
) -> None:
    """Makes the database file at `path`, which must not exist; closes it without a `.wal`.

    `kept` are the tables that cannot be computed again, each with the Parquet file that the next
    runs will read it from.
    """
    models = read_models()
    contributions = union_of_contributions(models)
    connection = connect(path, read_only=False)
    try:
        connection.execute("begin")  # or each of some thousand statements would wait for the disk
        for schema in _schemas(models):
            connection.execute(f"create schema if not exists {schema}")
        for macros in MACRO:
            connection.execute((SQL / f"{macros}.sql").read_text("utf-8"))
        progress("caricamento")
        load(connection, material, models)
        dizionario.create(connection)
        progress("modelli SQL")
        for model in models:
            if model.tabella == "indicatori.contributi":
                connection.execute(f"create temp table {CALCOLATI} as {contributions}")
                connection.execute(f"create view {TUTTI} as from {CALCOLATI}")
            if ESITI in model.dipende and not _exists(connection, ESITI):
                create_outcomes(connection, models)
            _create(connection, model)
        connection.execute(f"create or replace view {TUTTI} as {contributions}")
        connection.execute(f"drop table {CALCOLATI}")
        comment(connection, models)
        dizionario.load(connection, models)
        connection.execute("commit")
        for table, target in kept.items():
            connection.execute(
                f"copy (from {table} order by all) to {text_literal(str(target))} (format parquet)"
            )
        connection.execute("checkpoint")
    finally:
        connection.close()
    leftover = path.with_name(f"{path.name}.wal")
    if leftover.exists():
        raise RuntimeError(f"{leftover.name} è rimasto accanto al magazzino: non si pubblica.")


def _schemas(models: tuple[Modello, ...]) -> list[str]:
    loaded = {name.split(".")[0] for name in glossary()[1]}
    return sorted({m.schema for m in models} | loaded | {*MACRO, "fonti", CONTRIBUTI})


def _exists(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    return bool(
        connection.execute(
            "select 1 from duckdb_tables() where schema_name || '.' || table_name = ?", [table]
        ).fetchone()
    )


def _create(connection: duckdb.DuckDBPyConnection, model: Modello) -> None:
    """A table is stored in the order of its key, so that equal content is stored equally."""
    if model.vista:
        connection.execute(f"create view {model.tabella} as {model.sql}")
        return
    order = f" order by {', '.join(model.chiave)}" if model.chiave else " order by all"
    connection.execute(f"create table {model.tabella} as select * from (\n{model.sql}\n){order}")
