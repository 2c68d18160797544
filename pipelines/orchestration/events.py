"""Dagster's events in a file that is opened once, an event or a batch of them in one transaction.

Belongs here: what of Dagster's own storage of events in a file we do in another way, and why. Does not
belong here: when it is used (home.py), PostgreSQL (storage.py: it brings a driver that
takes a third of a second to import).
"""

import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dagster._core.event_api import EventHandlerFn
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log import ConsolidatedSqliteEventLogStorage
from dagster._core.storage.event_log.polling_event_watcher import SqlPollingEventWatcher
from dagster._core.storage.event_log.sqlite.consolidated_sqlite_event_log import (
    SQLITE_EVENT_LOG_FILENAME,
)
from dagster._core.storage.sql import create_engine
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS, create_db_conn_string
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, event, inspect
from sqlalchemy.exc import DisconnectionError

os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", "1000")
"""How Dagster is asked to hand over together what it writes together: what a run plans, the partitions
of an asset."""

RICORDO = 1.0
"""Seconds for which the keys of partitions are believed to be as they were."""


class Eventi(ConsolidatedSqliteEventLogStorage):
    """Dagster's own storage over connections that are kept; a class because Dagster wants one.

    Dagster opens the file for each of some two thousand questions of a night, and each time that it closes
    it the journal is written back, the disk waited for, the journal removed: more than half of the
    night. Here a commit does not wait for the disk (`synchronous=NORMAL`). What is committed
    outlives the process, however that ends. A power cut may lose the events of the last moments, never
    the soundness of the file; a publication waits for the disk by itself, so the page may then know less
    of a night than is published.

    Dagster writes an event in three transactions, and asks each time for what does not change: here it is
    one, or one for all the events of a batch, and what has been found is remembered.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engine = _engine(Path(base_dir))
        self._found: set[tuple[str, ...]] = set()
        self._begun = threading.local()
        self._partitions: dict[str, tuple[float, Sequence[str]]] = {}
        self._watcher: SqlPollingEventWatcher | None = None
        super().__init__(base_dir, inst_data)

    @contextmanager
    def _connect(self) -> Iterator[Connection]:
        """A transaction: that in which this thread is writing events, if it is, or one of its own."""
        begun = getattr(self._begun, "connection", None)
        if begun is not None:
            yield begun
        else:
            with self._engine.begin() as connection:
                yield connection

    @contextmanager
    def _together(self) -> Iterator[None]:
        with self._connect() as connection:
            outer, self._begun.connection = getattr(self._begun, "connection", None), connection
            try:
                yield
            finally:
                self._begun.connection = outer

    def store_event(self, event: EventLogEntry) -> None:
        """Writes an event and all that Dagster keeps of it elsewhere, or nothing."""
        with self._together():
            super().store_event(event)

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Writes events as if each were written by itself, all or none."""
        with self._together():
            super().store_event_batch(events)

    def has_table(self, table_name: str) -> bool:
        """Whether there is a table. One that is there stays: Dagster asks before each event."""
        if (table_name,) not in self._found:
            with self._connect() as connection:
                if inspect(connection).has_table(table_name):
                    self._found.add((table_name,))
        return (table_name,) in self._found

    def _has_asset_key_col_on_connection(self, conn: Connection, column_name: str) -> bool:
        """Whether the table of assets has a column; likewise."""
        column = ("asset_keys", column_name)
        if column not in self._found and super()._has_asset_key_col_on_connection(
            conn, column_name
        ):
            self._found.add(column)
        return column in self._found

    def has_asset_key_col(self, column_name: str) -> bool:
        """The same, asked from outside a transaction."""
        return ("asset_keys", column_name) in self._found or super().has_asset_key_col(column_name)

    def get_dynamic_partitions(self, partitions_def_name: str) -> Sequence[str]:
        """The keys of partitions, as they were `RICORDO` ago at most."""
        taken, keys = self._partitions.get(partitions_def_name, (-RICORDO, ()))
        if time.monotonic() - taken >= RICORDO:
            keys = super().get_dynamic_partitions(partitions_def_name)
            self._partitions[partitions_def_name] = time.monotonic(), keys
        return keys

    def has_dynamic_partition(self, partitions_def_name: str, partition_key: str) -> bool:
        """Whether there is a partition; one that is not known is looked for at once."""
        if partition_key not in self.get_dynamic_partitions(partitions_def_name):
            self._partitions.pop(partitions_def_name, None)
        return partition_key in self.get_dynamic_partitions(partitions_def_name)

    def add_dynamic_partitions(
        self, partitions_def_name: str, partition_keys: Sequence[str]
    ) -> None:
        """Makes partitions."""
        super().add_dynamic_partitions(partitions_def_name, partition_keys)
        self._partitions.pop(partitions_def_name, None)

    def delete_dynamic_partition(self, partitions_def_name: str, partition_key: str) -> None:
        """Removes a partition."""
        super().delete_dynamic_partition(partitions_def_name, partition_key)
        self._partitions.pop(partitions_def_name, None)

    def watch(self, run_id: str, cursor: str | None, callback: EventHandlerFn) -> None:
        """Tells `callback` of new events by asking for them, as over PostgreSQL.

        The file that Dagster would watch does not change when they are written: its journal does.
        """
        if self._watcher is None:
            self._watcher = SqlPollingEventWatcher(self)
        self._watcher.watch_run(run_id, cursor, callback)

    def end_watch(self, run_id: str, handler: EventHandlerFn) -> None:
        """Tells it no more."""
        if self._watcher is not None:
            self._watcher.unwatch_run(run_id, handler)

    def dispose(self) -> None:
        """Closes the file; the last process to do so leaves no journal."""
        if self._watcher is not None:
            self._watcher.close()
            self._watcher = None
        self._engine.dispose()


def _engine(folder: Path) -> Engine:
    """Connections that are kept, one for each thread that asks at the same time.

    They go where the file goes: who removes it, or puts back another, must not have later events
    written into one that nobody can open any more.
    """
    path = folder / f"{SQLITE_EVENT_LOG_FILENAME}.db"

    def opened(connection: Any, record: Any) -> None:
        connection.execute("pragma synchronous = normal")
        record.info["file"] = _identity(path)

    def taken(_: object, record: Any, __: object) -> None:
        if record.info["file"] != _identity(path):
            raise DisconnectionError(f"{path}: un altro file")

    engine = create_engine(
        create_db_conn_string(str(folder), SQLITE_EVENT_LOG_FILENAME),
        max_overflow=-1,  # as many as are asked for: one that had to wait would fail after a while
        connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS},
    )
    event.listen(engine, "connect", opened)
    event.listen(engine, "checkout", taken)
    return engine


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
