"""The committer's own build: what is of no chamber.

Belongs here: a build of no partition, out of which come the tables and rows that are of no chamber, and the
shape of all others. Does not belong here: how a build is made (warehouse/build.py), what of it the lake takes
(commit.py).
"""

from collections.abc import Collection
from pathlib import Path

import duckdb

from pipelines.connection import text_literal
from pipelines.contract.regolamento import load_rules
from pipelines.lake.manifesto import Cambio
from pipelines.lake.stage import STORIA
from pipelines.landing.zone import list_strangers
from pipelines.plan.frames import NESSUNA, no_plan, write_frames
from pipelines.publication.publish import verify
from pipelines.warehouse.build import build
from pipelines.warehouse.load import Materiale

CASA = "casa.duckdb"


def build_house(
    connection: duckdb.DuckDBPyConnection, change: Cambio, camere: Collection[str]
) -> Path:
    """A build of what is of none of some chambers: files beside them, and what was known of those.

    `connection` is to the lake; one of which nothing was published has no history.
    """
    tables = STORIA.items() if change.stato.numero else ()
    history = {table: change.lavoro / f"prima-{name}" for table, name in tables}
    chambers = ", ".join(map(text_literal, sorted(camere))) or "''"
    for table, path in history.items():
        connection.execute(
            f"copy (from {table} where camera is null or camera not in ({chambers}) order by all)"
            f" to {text_literal(str(path))} (format parquet)"
        )
    values, deliveries, checks = (
        tuple(path for one, path in history.items() if one == table) for table in STORIA
    )
    material = Materiale(
        esercizi=(),
        piani=(write_frames(change.lavoro / "piano", no_plan(), NESSUNA, []),),
        stranieri=tuple(s for s in list_strangers(change.luoghi.raw) if s.camera not in camere),
        storici=values,
        registri=deliveries,
        esami=checks,
        regole=load_rules(),
        esecuzione=change.nome,
        adesso=change.adesso,
    )
    path = change.lavoro / CASA
    build(path, {}, material, lambda _: None)
    verify(path)
    return path
