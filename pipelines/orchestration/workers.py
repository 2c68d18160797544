"""How Dagster starts runs on workers over a broker, and how its daemon learns that one was killed.

Belongs here: answering whether a worker carries a run on. Does not belong here: runs on one machine
(launcher.py), the workers themselves (Celery's, with the tasks that Dagster brings), what they are told
(dagster-lake.yaml). It is loaded only where there is a lake: its library stands in the lake's environment.
"""

from dagster import DagsterRun
from dagster._core.launcher import CheckRunHealthResult, WorkerStatus
from dagster_celery.launcher import CeleryRunLauncher
from dagster_celery.tags import DAGSTER_CELERY_TASK_ID_TAG

PAZIENZA = 5.0
"""Seconds that the workers have to answer: each does while it works."""

FRASE = "L'esecuzione si è interrotta: nessun operaio la porta avanti. Ciò che era pubblicato resta com'era."


class Operai(CeleryRunLauncher):  # type: ignore[misc]  # of the lake's environment
    """Dagster's own launcher, that asks the workers; a class because Dagster wants one.

    What a worker said last stays written when it is killed, so a run would be at work for ever.
    """

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        """A run that no worker has, of those that answer, has failed; the daemon ends it.

        Where none answers there is nobody to try it again either.
        """
        task = run.tags[DAGSTER_CELERY_TASK_ID_TAG]
        answers = self.celery.control.inspect(timeout=PAZIENZA).query_task(task)
        if answers and not any(task in tasks for tasks in answers.values()):
            return CheckRunHealthResult(WorkerStatus.FAILED, FRASE)
        return CheckRunHealthResult(WorkerStatus.RUNNING)
