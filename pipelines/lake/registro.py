"""What the lake knows of itself: publications, deliveries, the parts of tables, documents.

Belongs here: the tables of the schema `registro`, read; how they are written as files. Does not belong here:
when they change (commit.py). They change in the same commit as what they speak of, so what no row names was
never published.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.connection import text_literal
from pipelines.lake.parti import Parte, Posto

SCHEMA = "registro"
TABELLE = {
    "pubblicazioni": "numero integer, pubblicazione varchar, quando timestamp, esecuzione varchar,"
    " programma varchar, cartella varchar, manifesto varchar",
    "consegne": "consegna varchar, camera varchar, impronta varchar, pubblicazione varchar",
    "parti": "tabella varchar, camera varchar, esercizio integer, righe bigint, contenuto varchar,"
    " ripetibile boolean",
    "documenti": "camera varchar, nome varchar, file varchar, sha256 varchar",
    "partizioni": "camera varchar, esercizio integer",
}
DETTO = {
    "pubblicazioni": "Le pubblicazioni del lago: ognuna è una modifica sola del catalogo",
    "consegne": "Ciò che chi calcola ha consegnato, e in quale pubblicazione è entrato",
    "parti": "Le righe di ogni tabella, Camera ed esercizio: quante, e la loro impronta",
    "documenti": "I documenti in vigore di ogni Camera, e dove stanno nel secchio",
    "partizioni": "Le partizioni pubblicate",
}
"""What the comments say."""

Documento = tuple[str, str, str, str]
"""Chamber, name, object, sha256."""


@dataclass(frozen=True)
class Stato:
    """The lake as its current publication says. `numero` is 0 where nothing was published yet."""

    numero: int
    programma: str | None
    consegne: dict[tuple[str, str], tuple[str, str]]
    parti: dict[Posto, Parte]
    documenti: tuple[Documento, ...]
    partizioni: frozenset[tuple[str, int]]

    @property
    def camere(self) -> frozenset[str]:
        return frozenset(camera for camera, _ in self.partizioni)


def read_state(connection: duckdb.DuckDBPyConnection) -> Stato:
    """The registers of an attached lake; nothing of one that has none yet."""
    try:
        return _read(connection)
    except duckdb.CatalogException:
        return Stato(0, None, {}, {}, (), frozenset())


def _read(connection: duckdb.DuckDBPyConnection) -> Stato:
    last = connection.execute(
        f"select numero, programma from {SCHEMA}.pubblicazioni order by numero desc limit 1"
    ).fetchone()
    numero, programma = last or (0, None)
    parts = [Parte(*row) for row in connection.execute(f"from {SCHEMA}.parti").fetchall()]
    return Stato(
        numero,
        programma,
        {
            (name, camera): (impronta, publication)
            for name, camera, impronta, publication in connection.execute(
                f"from {SCHEMA}.consegne"
            ).fetchall()
        },
        {part.posto: part for part in parts},
        tuple(connection.execute(f"from {SCHEMA}.documenti order by all").fetchall()),
        frozenset(connection.execute(f"from {SCHEMA}.partizioni").fetchall()),
    )


def base_of(stato: Stato, camera: str) -> str:
    """One hash of all that the lake has of a chamber: what a delivery went on from."""
    own = sorted(
        [p.tabella, p.esercizio or 0, p.righe, p.contenuto]
        for p in stato.parti.values()
        if p.camera == camera
    )
    return hashlib.sha256(json.dumps(own).encode()).hexdigest()


def write_register(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    rows: Iterable[tuple[object, ...]],
    path: Path,
) -> None:
    """A register as the Parquet file that takes its place in the lake."""
    texts = [[None if v is None else str(v) for v in row] for row in rows]
    kinds = [column.split() for column in TABELLE[name].split(", ")]
    values = ", ".join(
        f"v[{place}]::{kind} as {column}" for place, (column, kind) in enumerate(kinds, start=1)
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    connection.execute(
        f"copy (select {values} from (select unnest(from_json("
        f"{text_literal(json.dumps(texts))}, '[[\"varchar\"]]')) as v))"
        f" to {text_literal(str(path))} (format parquet)"
    )
