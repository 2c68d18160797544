"""How Dagster starts runs, and how its daemon learns that one was killed.

Belongs here: answering whether a run is alive. Does not belong here: how that is seen (interrotte.py),
how often the daemon asks (home.py).
"""

from dagster import DagsterRun
from dagster._core.launcher import CheckRunHealthResult, DefaultRunLauncher, WorkerStatus

from pipelines.orchestration.interrotte import FRASE, list_interrupted
from pipelines.settings import Luoghi


class Lanciatore(DefaultRunLauncher):
    """Dagster's own launcher, that knows who holds the output; a class because Dagster wants one."""

    @property
    def supports_check_run_worker_health(self) -> bool:
        """The daemon asks for the health of every run that has started."""
        return True

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        """A run that nobody carries on has failed, whoever started it; the daemon ends it."""
        interrupted = list_interrupted(self._instance, Luoghi.from_environment())
        if run.run_id in {found.run_id for found in interrupted}:
            return CheckRunHealthResult(WorkerStatus.FAILED, FRASE)
        return CheckRunHealthResult(WorkerStatus.RUNNING)
