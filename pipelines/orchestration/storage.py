"""Dagster's records in PostgreSQL, at an address as operators write it.

Belongs here: naming the driver, since SQLAlchemy 2.1 takes `postgresql://` to mean psycopg 3, while Dagster
brings psycopg2 with it; keeping connections open. Does not belong here: what is remembered of the database
(ricordo.py), when PostgreSQL is used (home.py).
"""

from collections.abc import Mapping
from typing import Any, Self

from dagster._serdes import ConfigurableClassData
from dagster_postgres import DagsterPostgresStorage, PostgresEventLogStorage
from dagster_postgres.utils import create_pg_engine

from pipelines.orchestration.ricordo import Ricordo


class EventiInPostgres(Ricordo, PostgresEventLogStorage):
    """Dagster's own storage of events, that remembers; a class because Dagster wants one."""


class Postgres(DagsterPostgresStorage):
    """Dagster's own storage, over the driver that it brings; a class because Dagster wants one."""

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> Self:
        """The storage that `dagster.yaml` asks for by `postgres_url`."""
        address = config_value["postgres_url"].replace("postgresql://", "postgresql+psycopg2://", 1)
        found = cls(postgres_url=address, inst_data=inst_data)
        found._event_log_storage = EventiInPostgres(address)
        # By itself it opens a connection for every event, each a process of the server's.
        for part in (found._run_storage, found._event_log_storage, found._schedule_storage):
            part._engine = create_pg_engine(
                address, isolation_level="AUTOCOMMIT", pool_pre_ping=True
            )
        return found
