"""The models of a build made again, after what they are made from was changed.

Belongs here: rebuilding in place, and what a chamber is when it is alone. Does not belong here: what to
change, and what should come of it.
"""

import shutil
from contextlib import closing
from pathlib import Path

import duckdb

from pipelines.connection import connect
from pipelines.warehouse.build import _create
from pipelines.warehouse.checks import create_outcomes
from pipelines.warehouse.models import ESITI, Modello, read_models
from tests.warehouse.magazzini import Riga, colonne_di

DAI_CONTROLLI = ("qualita.controlli", ESITI, "qualita.evidenze")
"""The tables that running the checks makes."""


def rifai(connection: duckdb.DuckDBPyConnection, modelli: tuple[Modello, ...]) -> None:
    """Makes models again, in their order, from the tables as they are now."""
    made = False
    for model in modelli:
        if ESITI in model.dipende and not made:
            for table in DAI_CONTROLLI:
                connection.execute(f"drop table {table}")
            create_outcomes(connection, read_models())
            made = True
        connection.execute(f"drop {'view' if model.vista else 'table'} {model.tabella}")
        _create(connection, model)


def recomputed(
    connection: duckdb.DuckDBPyConnection, model: str, columns: str, where: str
) -> list[Riga]:
    """What a model says over the tables as they are now."""
    (sql,) = (m.sql for m in read_models() if m.tabella == model)
    return connection.execute(f"select {columns} from ({sql}) where {where}").fetchall()


def copia(connection: duckdb.DuckDBPyConnection, tabella: str, cambia: str, dove: str) -> None:
    """Puts beside the rows of a table others that differ from them in what `cambia` says."""
    connection.execute(
        f"insert into {tabella} by name select * replace ({cambia}) from {tabella} where {dove}"
    )


def soli(database: Path, base: Path, dove: str, tolti: str) -> tuple[dict[str, list[Riga]], ...]:
    """The rows of every model that are `dove`: as published, and made again without the source rows `tolti`.

    Both are conditions over camera and esercizio; a table that lacks one of their columns is left alone.
    Works on a copy in `base`.
    """
    copy = base / "pira.duckdb"
    shutil.copyfile(database, copy)
    copy.chmod(0o644)
    with closing(connect(copy, read_only=False)) as connection:
        connection.execute("begin")
        models = read_models()
        columns = colonne_di(connection)
        whole = {m.tabella for m in models if {"camera", "esercizio"} <= columns[m.tabella].keys()}
        before = {t: _rows(connection, t, dove) for t in whole}
        views = connection.execute(
            "select schema_name || '.' || view_name from duckdb_views() where not internal"
        ).fetchall()
        made = {*DAI_CONTROLLI, *(view for (view,) in views), *(m.tabella for m in models)}
        for table, names in columns.items():
            if table not in made and all(c in names for c in ("camera", "esercizio") if c in tolti):
                connection.execute(f"delete from {table} where {tolti}")
        rifai(connection, models)
        return before, {t: _rows(connection, t, dove) for t in whole}


def _rows(connection: duckdb.DuckDBPyConnection, table: str, where: str) -> list[Riga]:
    return connection.execute(f"select * from {table} where {where} order by all").fetchall()
