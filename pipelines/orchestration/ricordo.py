"""What Dagster's storage of events asks its database again and again, and needs to ask once.

Belongs here: what stays as it is while a process lives, or for a moment; what is handed over together. Does
not belong here: where the events stand (events.py: a file; storage.py: PostgreSQL).
"""

import os
import time
from collections.abc import Sequence
from typing import Any

from dagster._core.storage.event_log import SqlEventLogStorage
from sqlalchemy import Connection, inspect

os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", "1000")
"""How Dagster is asked to hand over together what it writes together: what a run plans, the partitions
of an asset."""

RICORDO = 1.0
"""Seconds for which the keys of partitions are believed to be as they were."""


class Ricordo(SqlEventLogStorage):
    """Stands before one of Dagster's own storages; a class because Dagster wants one.

    Before each event Dagster asks whether its tables and columns are there, and for each partition of each
    asset whether that is.
    """

    def __init__(self, *settings: Any, **named: Any) -> None:
        self._found: set[tuple[str, ...]] = set()
        self._partitions: dict[str, tuple[float, Sequence[str]]] = {}
        super().__init__(*settings, **named)  # type: ignore[no-untyped-call]

    def has_table(self, table_name: str) -> bool:
        """Whether there is a table. One that is there stays."""
        if (table_name,) not in self._found:
            with self.index_connection() as connection:
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
