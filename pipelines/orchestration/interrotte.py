"""Runs that Dagster believes at work and that nobody carries on: their process was killed.

Belongs here: telling them by the lock that nobody holds, and ending them. Does not belong here: the lock
(publication/turno.py), how often Dagster asks (home.py), removing what has ended (retention.py).

A run holds the output from its first step to its last, and the operating system lets the lock go with
the process. So, while nobody holds it, no run that started a while ago is alive: one that waits for its
turn would have taken it.
"""

import fcntl
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pipelines.orchestration.home import NO_RETRY
from pipelines.settings import Luoghi

if TYPE_CHECKING:
    from dagster import DagsterInstance, DagsterRun

JOBS = ("notte", "pulizia", "__ASSET_JOB")
"""The jobs whose runs hold the output; the last is what Dagster calls assets chosen on its page."""

GRACE = timedelta(seconds=45)
"""How long a run may take from its start to its turn, or from the end of its turn to its own."""

SECOND_LOOK = 1.0
"""Seconds between two looks at the lock, which passes from a run to the one that waits for it."""

FRASE = (
    "L'esecuzione si è interrotta: il suo processo non c'è più, perché nessuno tiene il magazzino."
    " Ciò che era pubblicato resta com'era."
)


def is_held(luoghi: Luoghi) -> bool:
    """Whether a run holds the output, or waits to."""
    try:
        stream = luoghi.turno.open("rb")
    except FileNotFoundError:
        return False
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def list_interrupted(instance: "DagsterInstance", luoghi: Luoghi) -> list["DagsterRun"]:
    """The runs that are not over and that nobody carries on, the latest first."""
    from dagster import DagsterRunStatus, RunsFilter

    at_work = [
        DagsterRunStatus.NOT_STARTED,
        DagsterRunStatus.STARTING,
        DagsterRunStatus.STARTED,
        DagsterRunStatus.CANCELING,
    ]
    before = datetime.now(UTC) - GRACE
    asked = RunsFilter(statuses=at_work, updated_before=before)
    if is_held(luoghi) or not any(run.job_name in JOBS for run in instance.get_runs(asked)):
        return []
    time.sleep(SECOND_LOOK)
    if is_held(luoghi):
        return []
    return [run for run in instance.get_runs(asked) if run.job_name in JOBS]


def end_interrupted(instance: "DagsterInstance", luoghi: Luoghi) -> list[str]:
    """Ends them, and returns their names. Dagster tries none of them again."""
    from dagster import DagsterRunStatus

    found = list_interrupted(instance, luoghi)
    for run in found:
        instance.add_run_tags(run.run_id, NO_RETRY)
        if run.status is DagsterRunStatus.CANCELING:
            instance.report_run_canceled(run, FRASE)
        else:
            instance.report_run_failed(run, FRASE)
    return [run.run_id for run in found]
