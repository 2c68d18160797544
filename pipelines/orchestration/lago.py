"""The lake as Dagster sees it: a run for each set of chambers, on any worker; one that shows what they left.

Belongs here: which chambers a run is of, where its steps work and what stands at the place of the switch;
the job that commits, and what starts it. Does not belong here: the lake itself (lake/), which chambers are a
set (insiemi.py), how runs reach the workers (workers.py). It is loaded only where there is a lake.
"""

import os
import sys
from collections.abc import Iterator, Sequence

import dagster as dg
from dagster import DagsterRunStatus as Status

from pipelines.fingerprints import program_is_on_disk
from pipelines.lake.commit import commit
from pipelines.lake.consegne import staged
from pipelines.lake.luogo import Lago, NonNelLago
from pipelines.lake.stage import deliver, prepare
from pipelines.night.steps import Esecuzione
from pipelines.orchestration.insiemi import range_over
from pipelines.orchestration.nights import DEFAULT_SENSOR, UNDER_WAY, notte, years_of
from pipelines.orchestration.runs import CHOSEN_TAG, covered, range_tags
from pipelines.orchestration.specs import PARTITIONS
from pipelines.partizione import camera_of
from pipelines.publication.pubblicazioni import NonPubblicabile
from pipelines.settings import Luoghi
from pipelines.warehouse.checks import Esito

RETRY_TAG = "dagster/will_retry"
"""What Dagster writes on a run that has failed: whether it will try it again by itself."""


def lake() -> Lago:
    """The lake that the environment names."""
    found = Lago.from_environment()
    assert found is not None, "senza PIRA_LAGO questo modulo non si carica"
    return found


def places_of(luoghi: Luoghi, keys: Sequence[str]) -> Luoghi:
    """Where a run over these partitions computes. Raises `NonPubblicabile` where there are none."""
    if not keys:
        raise NonPubblicabile(
            "In un lago un'esecuzione è di una o più Camere: lanciarla su delle partizioni."
        )
    return luoghi.of(*set(map(camera_of, keys)))


def begin(run: Esecuzione) -> None:
    """Makes a run, in its turn, go on from what the lake has of its chambers."""
    end_if_overtaken()
    prepare(lake(), run)


def end_if_overtaken() -> None:
    """Ends a worker's process that has carried other runs and is no longer the program on its disk.

    It ends as if it were killed: another takes its place, and the run is taken up.
    """
    if not program_is_on_disk():
        why = "Il programma o le sue regole sono cambiati: questo processo finisce."
        print(why, file=sys.stderr)
        os._exit(os.EX_TEMPFAIL)


def leave(run: Esecuzione) -> tuple[str, tuple[Esito, ...]]:
    """Leaves in the bucket what a run has made, and says under which name; a commit will show it."""
    return run.nome, deliver(lake(), run, run.nome, run.luoghi.camere)


@dg.run_failure_sensor(
    monitored_jobs=[notte],
    request_job=notte,
    description="Rilancia una per una le Camere di un'esecuzione fallita: ciò che ne ferma una non ferma le"
    " altre.",
    default_status=DEFAULT_SENSOR,
)
def insieme_diviso(
    context: dg.RunFailureSensorContext,
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Once nobody tries the whole again by itself."""
    tags = context.dagster_run.tags
    keys = covered(tags, context.instance.get_dynamic_partitions(str(PARTITIONS.name)))
    camere = sorted(set(map(camera_of, keys)))
    if len(camere) == 1 or tags.get(RETRY_TAG) == "true":
        yield dg.SkipReason("È di una Camera sola, o Dagster la ritenta intera.")
        return
    ours = {name: value for name, value in tags.items() if name.startswith("pira/")}
    for camera in camere:
        own = range_tags(range_over(keys, (camera,)))
        yield dg.RunRequest(tags={**ours, **own, CHOSEN_TAG: years_of((camera,))})


@dg.op(description="Mostra insieme tutto ciò che le esecuzioni hanno lasciato nel lago, o niente")
def mostra(context: dg.OpExecutionContext) -> None:
    """What there is to show is seen now: two that were launched for the same are one."""
    end_if_overtaken()  # it would take what the new program left for another's
    place = lake()
    left = staged(place)
    shown = commit(place, Luoghi.from_environment(), left, context.log.info) if left else None
    context.log.info(f"Consegne: {len(left)}; pubblicazione: {shown or 'nessuna, niente di nuovo'}")


@dg.job(
    description="La pubblicazione nel lago: una transazione del catalogo per tutte le Camere pronte",
    executor_def=dg.in_process_executor,
)
def pubblicazione_nel_lago() -> None:
    mostra()


@dg.sensor(
    job=pubblicazione_nel_lago,
    minimum_interval_seconds=30,
    description="Quando le esecuzioni delle Camere sono finite, mostra ciò che hanno lasciato.",
    default_status=DEFAULT_SENSOR,
)
def consegne_nel_lago(
    context: dg.SensorEvaluationContext,
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Looks at the lake and not at what it has launched: a look that is missed loses nothing."""
    for name in (notte.name, pubblicazione_nel_lago.name):
        asked = dg.RunsFilter(job_name=name, statuses=[*UNDER_WAY, Status.CANCELING])
        if count := context.instance.get_runs_count(asked):
            yield dg.SkipReason(f"{count} esecuzioni di {name} sono in corso: guardo alla fine.")
            return
    try:
        left = staged(lake())
    except NonNelLago as wrong:
        yield dg.SkipReason(str(wrong))
        return
    if left:
        yield dg.RunRequest()
    else:
        yield dg.SkipReason("Tutto ciò che è stato consegnato è già pubblicato.")
