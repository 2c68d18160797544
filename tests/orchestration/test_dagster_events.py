"""Dagster's file of events: opened once, and nothing of what Dagster promises lost by that.

Belongs here: the storage by itself, several processes and threads, kills. Does not belong here: when it
is used and what is pruned of it (test_dagster_home.py), whole nights that are killed (guasti/).
"""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from unittest import mock

import dagster as dg
import pytest
from dagster._core.events import DagsterEvent, StepMaterializationData
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log import ConsolidatedSqliteEventLogStorage
from sqlalchemy.event import listen
from sqlalchemy.exc import OperationalError

from pipelines.orchestration.events import Eventi
from pipelines.settings import ROOT

RUN = "00000000-0000-4000-8000-000000000001"


def an_event(text: str) -> EventLogEntry:
    """An event of a run, that says something."""
    return EventLogEntry(None, 10, text, RUN, time.time(), job_name="notte")


def said(storage: ConsolidatedSqliteEventLogStorage) -> list[str]:
    """What the events of the run say, in their order."""
    return [
        record.event_log_entry.user_message for record in storage.get_records_for_run(RUN).records
    ]


@pytest.fixture
def eventi(tmp_path: Path) -> Iterator[Eventi]:
    """A file of events, empty."""
    storage = Eventi(str(tmp_path))
    yield storage
    storage.dispose()


def test_the_file_is_opened_once(eventi: Eventi) -> None:
    eventi.store_event(an_event("prima"))
    with mock.patch.object(sqlite3.dbapi2, "connect", side_effect=AssertionError("aperto")):
        for number in range(20):
            eventi.store_event(an_event(str(number)))
            assert eventi.has_table("asset_check_executions")
        assert len(said(eventi)) == 21


def test_a_commit_waits_for_no_disk_and_the_last_to_close_leaves_no_journal(
    eventi: Eventi, tmp_path: Path
) -> None:
    eventi.store_event(an_event("prima"))
    with eventi.index_connection() as connection:
        raw = connection.connection.cursor()
        assert raw.execute("pragma synchronous").fetchone() == (1,)
        assert raw.execute("pragma journal_mode").fetchone() == ("wal",)
    assert (tmp_path / "event_log.db-wal").exists()
    eventi.dispose()
    assert [path.name for path in tmp_path.iterdir()] == ["event_log.db"]
    assert said(eventi) == ["prima"], "it opens again by itself"


def test_a_table_that_comes_is_seen(eventi: Eventi) -> None:
    assert not eventi.has_table("venuta_dopo")
    with closing(sqlite3.connect(eventi.get_db_path())) as other:
        other.execute("create table venuta_dopo (x)")
    assert eventi.has_table("venuta_dopo")


def materialised(asset: str, partition: str) -> EventLogEntry:
    """An event of a partition of an asset, of which Dagster keeps something in three tables."""
    made = dg.AssetMaterialization(asset, partition=partition, tags={"dagster/data_version": "1"})
    event = DagsterEvent(
        "ASSET_MATERIALIZATION", "notte", event_specific_data=StepMaterializationData(made)
    )
    return EventLogEntry(None, 10, "", RUN, 1_600_000_000.0, job_name="notte", dagster_event=event)


def tables(folder: Path) -> dict[str, list[object]]:
    """What the file holds of assets and their events, but for when it was written."""
    kept = ("event_logs", "asset_keys", "asset_event_tags")
    with closing(sqlite3.connect(folder / "event_log.db")) as connection:
        return {
            table: [
                [
                    value
                    for value, (name, *_) in zip(row, cursor.description, strict=True)
                    if name != "create_timestamp"
                ]
                for cursor in [connection.execute(f"select * from {table} order by 1")]
                for row in cursor
            ]
            for table in kept
        }


def test_a_batch_leaves_what_dagster_would_in_one_transaction(
    eventi: Eventi, tmp_path: Path
) -> None:
    batch = [materialised(a, p) for a in ("prima", "seconda") for p in ("AA-2020", "BB-2020")]
    commits: list[object] = []
    note = commits.append
    listen(eventi._engine, "commit", note)
    eventi.store_event_batch(batch)
    assert len(commits) == 1
    (other := tmp_path / "suo").mkdir()
    theirs = ConsolidatedSqliteEventLogStorage(str(other))
    theirs.store_event_batch(batch)
    assert tables(tmp_path) == tables(other)
    assert [len(rows) for rows in tables(tmp_path).values()] == [4, 2, 4]


def test_a_batch_that_breaks_leaves_nothing(eventi: Eventi) -> None:
    rows = [eventi._event_to_row(an_event("intero")), RuntimeError("rotto")]
    with (
        mock.patch.object(Eventi, "_event_to_row", side_effect=rows),
        pytest.raises(RuntimeError, match="rotto"),
    ):
        eventi.store_event_batch([an_event("intero"), an_event("rotto")])
    assert said(eventi) == []
    eventi.store_event(an_event("dopo"))
    assert said(eventi) == ["dopo"]


def test_a_partition_that_another_process_makes_is_found_at_once(
    eventi: Eventi, tmp_path: Path
) -> None:
    other = Eventi(str(tmp_path))
    eventi.add_dynamic_partitions("camera_esercizio", ["AA-2020"])
    assert not eventi.has_dynamic_partition("camera_esercizio", "BB-2020")
    other.add_dynamic_partitions("camera_esercizio", ["BB-2020"])
    assert eventi.has_dynamic_partition("camera_esercizio", "BB-2020")
    assert eventi.get_dynamic_partitions("camera_esercizio") == ["AA-2020", "BB-2020"]
    eventi.delete_dynamic_partition("camera_esercizio", "AA-2020")
    assert eventi.get_dynamic_partitions("camera_esercizio") == ["BB-2020"]
    other.dispose()


def test_a_home_of_before_is_carried_on_and_could_go_back(tmp_path: Path) -> None:
    ConsolidatedSqliteEventLogStorage(str(tmp_path)).store_event(an_event("prima"))
    storage = Eventi(str(tmp_path))
    storage.store_event(an_event("dopo"))
    assert (
        said(storage) == said(ConsolidatedSqliteEventLogStorage(str(tmp_path))) == ["prima", "dopo"]
    )
    storage.dispose()


CHILD = """
import sys
from tests.orchestration.test_dagster_events import Eventi, an_event
storage = Eventi(sys.argv[1])
for number in range(int(sys.argv[3])):
    storage.store_event(an_event(f"{sys.argv[2]} {number}"))
print("fatto", flush=True)
sys.stdin.read()
"""


def child(folder: Path, name: str, events: int) -> subprocess.Popen[str]:
    """A process that writes events, says so, and waits with its file open."""
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder), name, str(events)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_processes_and_threads_write_at_once_and_a_kill_loses_nothing(
    eventi: Eventi, tmp_path: Path
) -> None:
    others = [child(tmp_path, name, 30) for name in ("uno", "due")]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: eventi.store_event(an_event(f"filo {n}")), range(60)))
    for other in others:
        assert other.stdout is not None and other.stdout.readline() == "fatto\n"
        other.send_signal(signal.SIGKILL)
        other.communicate()
    found = said(eventi)
    assert sorted(found) == sorted(
        [f"{name} {n}" for name in ("uno", "due") for n in range(30)]
        + [f"filo {n}" for n in range(60)]
    )
    assert found.index("uno 3") < found.index("uno 4")
    with closing(sqlite3.connect(eventi.get_db_path())) as connection:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]


def test_a_page_that_watches_is_told_what_another_writes(eventi: Eventi, tmp_path: Path) -> None:
    told: list[str] = []
    third = threading.Event()

    def hear(entry: EventLogEntry, _: str) -> None:
        told.append(entry.user_message)
        if len(told) == 3:
            third.set()

    eventi.watch(RUN, None, hear)
    other = Eventi(str(tmp_path))
    for text in ("uno", "due", "tre"):
        other.store_event(an_event(text))
    assert third.wait(60) and told == ["uno", "due", "tre"]
    eventi.end_watch(RUN, hear)
    other.dispose()


def removed(folder: Path) -> None:
    for path in folder.glob("event_log.db*"):
        path.unlink()


def put_back(folder: Path) -> None:
    copied = folder / "copia"
    removed(folder)
    shutil.copyfile(copied, folder / "event_log.db")


@pytest.mark.parametrize("change", [removed, put_back])
def test_events_go_into_the_file_that_is_there(
    eventi: Eventi, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    eventi.store_event(an_event("prima"))
    eventi.dispose()
    shutil.copyfile(eventi.get_db_path(), tmp_path / "copia")
    eventi.store_event(an_event("perso con il file"))
    change(tmp_path)
    if change is removed:
        with pytest.raises(OperationalError, match="no such table"):
            eventi.store_event(an_event("in nessun posto"))
        return
    eventi.store_event(an_event("dopo"))
    assert said(ConsolidatedSqliteEventLogStorage(str(tmp_path))) == ["prima", "dopo"]
