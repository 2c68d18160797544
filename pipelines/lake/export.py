"""The lake, or some of it, as the one file of one machine.

Belongs here: making the file out of what the catalogue shows. Does not belong here: computing any of it.
"""

from pathlib import Path

import duckdb

from pipelines.connection import text_literal
from pipelines.durable import BOZZA, take_name
from pipelines.lake import catalogo
from pipelines.lake.luogo import Lago, NonNelLago, speaking
from pipelines.lake.parti import list_tables
from pipelines.lake.registro import SCHEMA, read_state
from pipelines.lake.schema import define
from pipelines.settings import unusable
from pipelines.warehouse.models import read_models

_USCITA = "uscita"


def export(lago: Lago, file: Path, camera: str | None = None, esercizio: int | None = None) -> int:
    """Writes a DuckDB file of one publication, or of one chamber or year of it; returns its partitions.

    Raises `NonNelLago` where the file is there already, or the lake has nothing of what was asked.
    """
    if file.exists():
        raise NonNelLago(f"{file} c'è già: indicare un altro nome, o toglierlo.")
    if why := unusable(file.absolute().parent):
        raise NonNelLago(f"{why}.")
    draft = file.with_name(f".{file.name}{BOZZA}")
    draft.unlink(missing_ok=True)
    try:
        with speaking(), catalogo.attached(lago, file.absolute().parent) as connection:
            connection.execute("begin")
            count = sum(
                camera in (None, c) and esercizio in (None, e)
                for c, e in read_state(connection).partizioni
            )
            connection.execute("rollback")
            if not count:
                raise NonNelLago("Il lago non ha niente di ciò che si chiede.")
            connection.execute(f"attach {text_literal(str(draft))} as {_USCITA}")
            connection.execute("begin")
            _fill(connection, camera, esercizio)
            connection.execute("commit")
            connection.execute(f"checkpoint {_USCITA}")
            connection.execute(f"use {catalogo.NOME}")
            connection.execute(f"detach {_USCITA}")
        take_name(draft, file)
    finally:
        draft.unlink(missing_ok=True)
    return count


def _fill(connection: duckdb.DuckDBPyConnection, camera: str | None, esercizio: int | None) -> None:
    tables = list_tables(connection)
    connection.execute(f"use {_USCITA}")
    for (schema,) in connection.execute(
        "select schema_name from duckdb_schemas() where database_name = ? and not internal",
        [catalogo.NOME],
    ).fetchall():
        if schema != SCHEMA:
            connection.execute(f"create schema if not exists {schema}")
    order = {m.tabella: ", ".join(m.chiave) for m in read_models() if m.chiave}
    asked = {"camera": camera, "esercizio": esercizio}
    for table, key in tables.items():
        if table.startswith(f"{SCHEMA}."):
            continue
        conditions = [
            f"{name} = {text_literal(value) if isinstance(value, str) else value}"
            for name in key
            if (value := asked[name]) is not None
        ]
        where = f" where {' and '.join(conditions)}" if conditions else ""
        connection.execute(
            f"create table {table} as from {catalogo.NOME}.{table}{where}"
            f" order by {order.get(table, 'all')}"
        )
    define(connection, catalogo.NOME, _USCITA)
