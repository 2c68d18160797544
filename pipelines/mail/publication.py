"""The current publication, open, and the way to ask it about some chambers only.

Belongs here: which files are opened and which rows a recipient may see. Does not belong here: what is
asked (report.py).
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from pipelines.connection import connect
from pipelines.publication.memoria import read_manifest
from pipelines.settings import ROMA, Luoghi


@dataclass(frozen=True)
class Pubblicazione:
    """The current publication, open: its database and what its manifest says of it."""

    connection: duckdb.DuckDBPyConnection
    pubblicato: datetime
    esecuzione: str


@contextmanager
def open_publication(luoghi: Luoghi) -> Iterator[Pubblicazione | None]:
    """The current publication, None where there is none yet, or its manifest is damaged.

    Links are followed once: database and manifest are of the same night, whatever happens meanwhile.
    """
    database = luoghi.database.resolve()
    manifest = read_manifest(database.parent)
    if not database.exists() or not manifest:
        yield None
        return
    with closing(connect(database)) as connection:
        yield Pubblicazione(
            connection,
            datetime.fromisoformat(manifest["pubblicato"]).astimezone(ROMA),
            manifest["esecuzione"],
        )


@dataclass(frozen=True)
class Domande:
    """Asks a publication about some chambers; `@mie` in a query is the condition that they are."""

    connection: duckdb.DuckDBPyConnection
    camere: tuple[str, ...]

    def rows(self, query: str, **values: object) -> list[tuple[Any, ...]]:
        """The rows; none where a publication of older code, gone back to, lacks table or column."""
        mine = "list_contains($camere, camera)" if self.camere else "true"
        camere = {"camere": list(self.camere)} if self.camere else {}
        try:
            cursor = self.connection.execute(query.replace("@mie", mine), {**values, **camere})
        except (duckdb.CatalogException, duckdb.BinderException):
            return []
        return cursor.fetchall()
