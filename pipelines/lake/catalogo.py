"""The catalogue: DuckLake in PostgreSQL, attached to a DuckDB, and its one committer.

Belongs here: extensions, attaching, the lock. Does not belong here: what is written (commit.py, registro.py),
objects that are no table (secchio.py). The extensions come with the environment and are never downloaded.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

import duckdb
import psycopg2

from pipelines.connection import connect_apart, text_literal
from pipelines.lake.luogo import Lago, NonNelLago

NOME = "lago"
"""What the lake is called where it is attached."""
_ESTENSIONI = ("ducklake", "postgres_scanner", "httpfs")
_CHIAVE = 0x70697261
"""The advisory lock of the committer, in the catalogue's own database."""


def connect(spill: Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB that can attach a lake. Raises `NonNelLago` outside the lake's environment."""
    connection = connect_apart(spill)
    for name in _ESTENSIONI:
        connection.execute(f"load {text_literal(str(_extension(name)))}")
    # DuckLake opens connections of its own, which know only what is set for all.
    if address := os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL"):
        asked = urlsplit(address)
        connection.execute(f"set global s3_endpoint = {text_literal(asked.netloc)}")
        connection.execute(f"set global s3_use_ssl = {asked.scheme == 'https'}")
        connection.execute("set global s3_url_style = 'path'")
    # No object is written twice: what it is need be asked once, and not by each that reads it.
    connection.execute("set global enable_http_metadata_cache = true")
    # One commits at a time: where another has meanwhile, what was judged is no longer what there is.
    connection.execute("set ducklake_max_retry_count = 0")
    return connection


def _extension(name: str) -> Path:
    try:
        package = import_module(f"duckdb_extension_{name}")
    except ModuleNotFoundError:
        raise NonNelLago(
            f"Questo ambiente non ha l'estensione {name}: usare quello del lago (make .venv/.lake)."
        ) from None
    folder = Path(str(package.__file__)).parent / "extensions" / f"v{duckdb.__version__}"
    return folder / f"{name}.duckdb_extension"


@contextmanager
def attached(
    lago: Lago, spill: Path, read_only: bool = True, create: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB whose default database is the lake; one query in it sees one publication."""
    asked = ["read_only"] if read_only else ["data_inlining_row_limit 0"]
    if create:
        asked.append(f"data_path {text_literal(lago.below(''))}")
    else:
        asked.append("create_if_not_exists false")
    with closing(connect(spill)) as connection:
        connection.execute(
            f"attach {text_literal(f'ducklake:postgres:{lago.catalogo}')} as {NOME} ({', '.join(asked)})"
        )
        connection.execute(f"use {NOME}")
        try:
            yield connection
        except BaseException:
            # Left to the end of the connection, one that the catalogue does not answer ends the process.
            with suppress(duckdb.Error):
                connection.execute("rollback")
            raise


@contextmanager
def committing(lago: Lago, say: Callable[[str], None]) -> Iterator[Callable[[], None]]:
    """Holds the lake for the one that changes it; a second waits. Gives what raises if the hold is lost.

    The lock is PostgreSQL's: it goes with the session, however that ends.
    """
    with closing(psycopg2.connect(lago.catalogo)) as session:
        session.autocommit = True
        with session.cursor() as cursor:
            cursor.execute("select pg_try_advisory_lock(%s)", [_CHIAVE])
            if cursor.fetchone() == (False,):
                say("Un altro sta scrivendo nel lago: attendo.")
                cursor.execute("select pg_advisory_lock(%s)", [_CHIAVE])

            def still_held() -> None:
                cursor.execute("select 1")

            yield still_held
