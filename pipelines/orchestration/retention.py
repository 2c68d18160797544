"""How long Dagster's records of runs are kept: open-source Dagster removes none by itself.

Belongs here: which finished runs go, with their events and logs. Does not belong here: ticks of
schedules and sensors (Dagster removes those, see home.py), publications (publication/pubblicazioni.py).

What an operator loses with a run: its page, its events and printed output, and its points in the
plots of an asset. What stays: the state of every asset and partition, because a run that holds the
latest materialization of one is kept whatever its age; the last outcome of each check (all of them are
in the warehouse); and the history of values and deliveries, which is in the warehouse and not in Dagster.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pipelines.orchestration.interrotte import end_interrupted
from pipelines.settings import Luoghi

if TYPE_CHECKING:
    from dagster import DagsterInstance

GIORNI = 90
"""Days that a finished run is kept: a quarter, so that a bad night can be compared with its like."""


@dataclass(frozen=True)
class Potatura:
    """Runs removed, old ones that were kept because something current rests on them, killed ones ended."""

    rimosse: tuple[str, ...]
    tenute: tuple[str, ...]
    interrotte: tuple[str, ...] = ()


def prune_runs(
    instance: "DagsterInstance", older_than: timedelta, now: datetime | None = None
) -> Potatura:
    """Removes finished runs that last changed more than `older_than` ago, their events, their logs.

    A run in progress is never touched; one whose process was killed is ended first, whatever its age.
    The run's own row goes last: a removal that is cut short is completed by the next.
    """
    from dagster import RunsFilter

    before = (now or datetime.now(UTC)).astimezone(UTC) - older_than
    old = instance.get_run_records(RunsFilter(updated_before=before))
    ended = end_interrupted(instance, Luoghi.from_environment())
    runs = [record.dagster_run for record in reversed(old)]
    names = [run.run_id for run in runs if run.is_finished or run.run_id in ended]
    needed = set(_runs_of_latest(instance)) if names else set()
    removed = [name for name in names if name not in needed]
    for name in removed:
        instance.compute_log_manager.delete_logs(prefix=[name])
        instance.event_log_storage.delete_events(name)
        instance.delete_run(name)
    _forget_outcomes(instance, before)
    kept = tuple(name for name in names if name in needed)
    return Potatura(tuple(removed), kept, tuple(ended))


def _forget_outcomes(instance: "DagsterInstance", before: datetime) -> None:
    """Removes the outcomes of checks that are older, but for each check's last: Dagster leaves them all
    in a table of their own when it removes a run."""
    from dagster._core.storage.event_log import SqlEventLogStorage
    from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable
    from sqlalchemy import delete, func, select

    storage, outcomes = instance.event_log_storage, AssetCheckExecutionsTable.c
    assert isinstance(storage, SqlEventLogStorage)
    last = select(func.max(outcomes.id)).group_by(outcomes.asset_key, outcomes.check_name)
    old = outcomes.create_timestamp < before.replace(tzinfo=None)
    with storage.index_connection() as connection:
        connection.execute(delete(AssetCheckExecutionsTable).where(old, outcomes.id.not_in(last)))


def _runs_of_latest(instance: "DagsterInstance") -> Iterator[str]:
    """The runs that hold the latest materialization of an asset, or of one of its partitions."""
    from dagster import AssetRecordsFilter, DagsterEventType

    for record in instance.get_asset_records():
        entry = record.asset_entry
        if entry.last_materialization_record is not None:
            yield entry.last_materialization_record.run_id
        latest = instance.event_log_storage.get_latest_storage_id_by_partition(
            entry.asset_key, DagsterEventType.ASSET_MATERIALIZATION
        )
        if latest:
            found = instance.fetch_materializations(
                AssetRecordsFilter(entry.asset_key, storage_ids=[*latest.values()]),
                limit=len(latest),
            )
            yield from (event.run_id for event in found.records)
