"""What Dagster's records say of its daemon and of the runs at work, where the settings are ours.

Belongs here: asking the tables for it, without Dagster: loading it takes ten times as long as all the rest of
`pira health`. Does not belong here: what counts as a problem (desk/looks.py), records that an operator keeps
elsewhere, which only Dagster can ask, anything that writes.
"""

import json
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pipelines.orchestration.home import POSTGRES, in_database, is_ours

PARTI = (
    *("ASSET", "BACKFILL", "EVENT_LOG_CONSUMER", "FRESHNESS_DAEMON", "MONITORING"),
    *("QUEUED_RUN_COORDINATOR", "SCHEDULER", "SENSOR"),
)
"""The parts of the daemon that Dagster wants with our settings."""

SILENZIO = 1830.0
"""Seconds that Dagster lets each of them be silent."""

NON_FINITE = ("NOT_STARTED", "STARTING", "STARTED", "CANCELING")
"""What Dagster calls a run that is not over."""


@dataclass(frozen=True)
class Registri:
    """`parti` are those that the daemon must have, `battiti` when each that ever lived last gave a sign, in
    seconds since the epoch; `al_lavoro` says whether there are runs that are not over."""

    parti: tuple[str, ...]
    battiti: Mapping[str, float]
    al_lavoro: bool


_BATTITI = "select daemon_type, body from daemon_heartbeats"
_AL_LAVORO = f"select 1 from runs where status in {NON_FINITE} limit 1"


def read_records(home: Path, seconds: int) -> Registri | None:
    """What the records of this home say; None where the settings are not ours.

    Raises `ValueError` when their address is not in the environment, the driver's own error when they do not
    answer within `seconds` or cannot be read.
    """
    if not is_ours(home):
        return None
    if in_database(home):
        beats, at_work = _from_server(os.environ.get(POSTGRES, ""), seconds)
    else:
        beats, at_work = _from_file(home / "history" / "runs.db", seconds)
    return Registri(PARTI, {part: json.loads(body)["timestamp"] for part, body in beats}, at_work)


def _from_file(path: Path, seconds: int) -> tuple[list[tuple[str, str]], bool]:
    # who may only read leaves files beside the records that their owner may not remove
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", timeout=seconds, uri=True)) as records:
        return records.execute(_BATTITI).fetchall(), bool(records.execute(_AL_LAVORO).fetchall())


def _from_server(address: str, seconds: int) -> tuple[list[tuple[str, str]], bool]:
    if not address:
        raise ValueError(f"{POSTGRES} manca dall'ambiente")
    import psycopg2

    connection = psycopg2.connect(address, connect_timeout=seconds)
    with closing(connection), connection.cursor() as cursor:
        cursor.execute(_BATTITI)
        beats = cursor.fetchall()
        cursor.execute(_AL_LAVORO)
        return beats, bool(cursor.fetchall())
