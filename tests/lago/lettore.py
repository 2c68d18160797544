"""An analyst who counts all the while: what the lake says of some tables, and what is there of them.

Belongs here: the looks, as lines of JSON. Does not belong here: who judges them (guasti.py). It runs in the
lake's environment, and ends when the file that it is given a name of is there.
"""

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
import psycopg2

from pipelines.lake import catalogo
from pipelines.lake.luogo import Lago
from pipelines.publication.publish import CONTENUTO

TABELLE = (
    *("fonti.segreteria_sedute", "indicatori.valori", "scorecard.indicatori"),
    *("qualita.file", "storico.valori", "regole.parametri"),
)
"""Of each kind: of a partition, of a chamber, of all, with history."""

PAUSA = 0.5
"""Seconds between two looks: others work on the same machine."""


def look(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """The publication in force, and the tables that hold other rows than it says; in one snapshot."""
    connection.execute("begin")
    try:
        (number,) = connection.execute(
            "select max(numero) from registro.pubblicazioni"
        ).fetchone() or (None,)
        said: dict[str, list[int]] = {table: [0, 0] for table in TABELLE}
        for table, rows, content in connection.execute(
            "select tabella, righe, contenuto from registro.parti"
        ).fetchall():
            if table in said:
                said[table][0] += rows
                said[table][1] += int(content, 16)
        wrong = []
        for table, (rows, content) in said.items():
            counted = connection.execute(f"select count(*) from {table}").fetchone()
            scanned = connection.execute(
                f"select count(*), {CONTENUTO} from (from {table}) as t"
            ).fetchone()
            if counted != (rows,) or scanned != (rows, content):
                wrong.append(table)
        return {
            "numero": number,
            "righe": {t: rows for t, (rows, _) in said.items()},
            "diverse": wrong,
        }
    finally:
        connection.execute("rollback")


def main(end: Path) -> None:
    lago = Lago.from_environment()
    assert lago is not None
    while not end.exists():
        try:
            with (
                tempfile.TemporaryDirectory() as spill,
                catalogo.attached(lago, Path(spill)) as connection,
            ):
                while not end.exists():
                    print(json.dumps(look(connection)), flush=True)
                    time.sleep(PAUSA)
        except (
            duckdb.Error,
            psycopg2.Error,
        ) as error:  # a part is not there: no answer is no wrong one
            print(json.dumps({"errore": str(error)[:200]}), flush=True)
            time.sleep(PAUSA)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
