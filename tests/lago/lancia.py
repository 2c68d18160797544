"""Asks Dagster for runs as its page does: `python -m tests.lago.lancia JOB TAGS...`, in the lake's Python.

Belongs here: the one process that submits them. Does not belong here: what they do, who waits for them.
Each TAGS is a JSON object; the runs' names are printed, in the same order.
"""

import json
import sys

from dagster import DagsterInstance
from dagster._cli.job import _create_run
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import WorkspaceFileTarget

from pipelines.orchestration.home import dagster_home
from pipelines.orchestration.nights import register_partitions
from pipelines.orchestration.porta import WORKSPACE
from pipelines.settings import Luoghi


def main(job: str, *tags: str) -> None:
    luoghi = Luoghi.from_environment()
    dagster_home(luoghi)
    target = WorkspaceFileTarget([str(WORKSPACE)])
    with DagsterInstance.get() as instance:
        register_partitions(instance, luoghi)
        with WorkspaceProcessContext(instance, target) as process:
            workspace = process.create_request_context()
            (location,) = workspace.code_locations
            (repository,) = location.get_repositories().values()
            for one in tags:
                run = _create_run(
                    instance=instance,
                    code_location=location,
                    remote_repo=repository,
                    remote_job=repository.get_full_job(job),
                    run_config={},
                    tags=json.loads(one),
                    op_selection=None,
                    run_id=None,
                )
                print(instance.submit_run(run.run_id, workspace).run_id, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
