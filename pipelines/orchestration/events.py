"""Dagster's events in a file that is opened once, an event or a batch of them in one transaction.

Belongs here: what of Dagster's own storage of events in a file we do in another way, and why. Does not
belong here: what is remembered of any such storage (ricordo.py), when it is used (home.py), PostgreSQL
(storage.py: it brings a driver that takes a third of a second to import).
"""

import threading
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
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DisconnectionError

from pipelines.orchestration.ricordo import Ricordo


class Eventi(Ricordo, ConsolidatedSqliteEventLogStorage):
    """Dagster's own storage over connections that are kept; a class because Dagster wants one.

    Dagster opens the file for each of some two thousand questions of a night, and each time that it closes
    it the journal is written back, the disk waited for, the journal removed: more than half of the
    night. Here a commit does not wait for the disk (`synchronous=NORMAL`). What is committed
    outlives the process, however that ends. A power cut may lose the events of the last moments, never
    the soundness of the file; a publication waits for the disk by itself, so the page may then know less
    of a night than is published.

    Dagster writes an event in three transactions: here it is one, or one for all the events of a batch.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engine = _engine(Path(base_dir))
        self._begun = threading.local()
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
