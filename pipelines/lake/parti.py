"""The parts of a build: the rows of a table that are of one chamber and year, as a file and as a hash.

Belongs here: how a build is divided, and each part written. Does not belong here: where the files go
(stage.py), how the lake takes them (commit.py).

A table that has a column `camera` is made chamber by chamber, by whoever reads that chamber; a table that has
none, and the rows that are of no chamber, are made once, by the committer. A chamber is the least that gives
the same figures alone as among all: its years look at each other (which plan is in force, what was observed
last, how many rows there were), and no chamber looks at another.
"""

from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.connection import connect_apart, text_literal
from pipelines.lake.catalogo import NOME
from pipelines.publication.publish import CONTENUTO
from pipelines.warehouse.models import unrepeatable

CHIAVE = ("camera", "esercizio")
"""By what the files of the lake are told apart, as far as a table has it."""
_NESSUNO = "__HIVE_DEFAULT_PARTITION__"
"""How a folder says that a row has no value."""

Chiavi = Mapping[str, tuple[str, ...]]
"""Table -> those of `CHIAVE` that it has."""

Posto = tuple[str, str | None, int | None]
"""A table, a chamber, a year: the last two None where a row, or the table, has none."""


@dataclass(frozen=True)
class Parte:
    """The rows of a table that are of a chamber and year: how many, their hash, the object that holds them.

    `file` is None where the lake has the same rows already.
    """

    tabella: str
    camera: str | None
    esercizio: int | None
    righe: int
    contenuto: str
    ripetibile: bool
    file: str | None = None

    @property
    def posto(self) -> Posto:
        return self.tabella, self.camera, self.esercizio

    def equals(self, other: "Parte | None") -> bool:
        """Whether another has the same rows."""
        return other is not None and (self.righe, self.contenuto) == (other.righe, other.contenuto)

    def as_record(self) -> dict[str, Any]:
        return asdict(self)


def list_tables(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, ...]]:
    """Table -> those of `CHIAVE` that it has, of the default database of a connection."""
    found = connection.execute(
        "select schema_name || '.' || table_name, list(column_name order by column_index)"
        " from duckdb_columns() semi join duckdb_tables() using (database_name, schema_name, table_name)"
        " where database_name = current_database() group by all order by all"
    ).fetchall()
    return {table: tuple(name for name in CHIAVE if name in names) for table, names in found}


def list_parts(
    connection: duckdb.DuckDBPyConnection, camere: Collection[str] | None
) -> list[Parte]:
    """The parts of an open build that are of some chambers; None are all of a build that has no chamber."""
    found = []
    for table, key in list_tables(connection).items():
        if camere and "camera" not in key:
            continue
        asked = [name if name in key else f"null as {name}" for name in CHIAVE]
        of = f" where camera in ({', '.join(map(text_literal, camere))})" if camere else ""
        for chamber, year, rows, total in connection.execute(
            f"select {', '.join(asked)}, count(*), {CONTENUTO} from {table} as t{of}"
            " group by all having count(*) > 0 order by all"
        ).fetchall():
            repeatable = table not in unrepeatable()
            found.append(Parte(table, chamber, year, rows, f"{total:x}", repeatable))
    return found


def condition(key: Iterable[str], posto: Posto) -> str:
    """SQL: the rows of a part of a table that has these columns of `CHIAVE`."""
    values = dict(zip(CHIAVE, posto[1:], strict=True))
    told = [
        f"{name} is null"
        if (value := values[name]) is None
        else f"{name} = {text_literal(value) if isinstance(value, str) else value}"
        for name in key
    ]
    return " and ".join(told) or "true"


def write_parts(build: Path, parts: Iterable[Parte], folder: Path) -> Mapping[Posto, str]:
    """Parts of a closed build as Parquet files below `folder`, in folders by which DuckLake knows them."""
    written = {}
    with closing(connect_apart(folder / "spill")) as connection:
        connection.execute(f"attach {text_literal(str(build))} as build (read_only)")
        connection.execute("use build")
        tables = list_tables(connection)
        for part in parts:
            key = tables[part.tabella]
            values = dict(zip(CHIAVE, part.posto[1:], strict=True))
            above = [f"{name}={_NESSUNO if values[name] is None else values[name]}" for name in key]
            name = "/".join((*above, f"{part.tabella}.parquet"))
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            connection.execute(
                f"copy (from {part.tabella} where {condition(key, part.posto)})"
                f" to {text_literal(str(path))} (format parquet, compression zstd)"
            )
            written[part.posto] = name
    return written


def add_files(connection: duckdb.DuckDBPyConnection, table: str, files: str, divided: bool) -> None:
    """Gives a table of an attached lake some files, a SQL list; `divided` as their folders say."""
    schema, name = table.split(".")
    connection.execute(
        f"call ducklake_add_data_files('{NOME}', '{name}', {files}, schema => '{schema}',"
        f" hive_partitioning => {str(divided).lower()})"
    )
