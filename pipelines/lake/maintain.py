"""The upkeep of the lake, alone in its own window: old publications, small files, what nobody took.

Belongs here: what `pira lake maintain` does, and in which order. Does not belong here: anything about rows.
It holds the lake as a commit does, so that compaction and a replacement never meet.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from pipelines.lake import catalogo, secchio
from pipelines.lake.luogo import Lago, speaking
from pipelines.lake.registro import SCHEMA
from pipelines.lake.secchio import CONSEGNE, Secchio
from pipelines.night.steps import Say, silent

TENUTE = timedelta(days=30)
"""How long a publication that others have followed can still be read, and what nobody took is kept."""


@dataclass(frozen=True)
class Fatto:
    """What was done, or would be: publications that can no longer be read, files merged, files removed."""

    scadute: int
    unite: int
    tolti: tuple[str, ...]


def maintain(lago: Lago, adesso: datetime, prova: bool, say: Say = silent) -> Fatto:
    """Expires, compacts and cleans, in this order; with `prova` only says what it would do."""
    before = f"older_than => '{adesso - TENUTE:%Y-%m-%d %H:%M:%S%z}'::timestamptz"
    dry = f"dry_run => {str(prova).lower()}"
    name = f"'{catalogo.NOME}'"
    with (
        speaking(),
        tempfile.TemporaryDirectory() as spill,
        catalogo.committing(lago, say),
        catalogo.attached(lago, Path(spill), read_only=False) as connection,
    ):
        bucket = secchio.open_bucket(lago)

        def call(function: str, *options: str) -> list[tuple[object, ...]]:
            asked = ", ".join((name, *options))
            return connection.execute(f"call {function}({asked})").fetchall()

        expired = call("ducklake_expire_snapshots", before, dry)
        merged = [] if prova else call("ducklake_merge_adjacent_files")
        gone = call("ducklake_cleanup_old_files", before, dry)
        gone += call("ducklake_delete_orphaned_files", before, dry)
        objects = sorted(_left_over(connection, bucket, adesso - TENUTE))
        if objects and not prova:
            bucket.delete(objects)
    removed = (*(str(path).removeprefix(f"{lago.secchio}/") for path, *_ in gone), *objects)
    return Fatto(len(expired), len(merged), tuple(sorted(set(removed))))


def _left_over(
    connection: duckdb.DuckDBPyConnection, bucket: Secchio, before: datetime
) -> Iterator[str]:
    """The documents and records of deliveries that no publication names which can still be read."""
    named: set[str] = set()
    for (snapshot,) in connection.execute(
        f"select snapshot_id from {catalogo.NOME}.snapshots()"
    ).fetchall():
        try:
            rows = connection.execute(
                f"select file from {SCHEMA}.documenti at (version => {snapshot})"
            ).fetchall()
        except duckdb.CatalogException:  # of before the registers were made
            continue
        named |= {file for (file,) in rows}
    for path, put in secchio.names(bucket, CONSEGNE):
        if put < before and path not in named and not path.endswith(".parquet"):
            yield path
