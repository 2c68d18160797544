"""When the night runs, and over which partitions: the job, the schedule, the sensor on deliveries.

Belongs here: partitions as Dagster knows them, and what starts a run. Does not belong here: what there
is to do (pending.py), when a delivery is whole (deliveries.py), the assets themselves (assets.py).
"""

import logging
import os
from collections.abc import Iterable, Iterator, Mapping

import dagster as dg
from dagster import DagsterRunStatus as Status

from pipelines.landing.deliveries import INSIEME, look, settled
from pipelines.night.orologio import doubt
from pipelines.night.pending import Novita, pending
from pipelines.night.presenza import list_known, list_missed, list_there
from pipelines.orchestration.home import chambers_a_run, in_lake
from pipelines.orchestration.insiemi import sets_of
from pipelines.orchestration.runs import CHOSEN_TAG, NEWS_TAG, NOTHING, range_tags
from pipelines.orchestration.specs import PARTITIONS
from pipelines.partizione import camera_of
from pipelines.publication.kept import confirm
from pipelines.settings import Luoghi, now

WHY_TAG = "pira/perche"
UNDER_WAY = [Status.QUEUED, Status.NOT_STARTED, Status.STARTING, Status.STARTED]

_IN_PRODUCTION = os.environ.get("PIRA_PRODUZIONE") == "1"
DEFAULT_SCHEDULE = (
    dg.DefaultScheduleStatus.RUNNING if _IN_PRODUCTION else dg.DefaultScheduleStatus.STOPPED
)
DEFAULT_SENSOR = (
    dg.DefaultSensorStatus.RUNNING if _IN_PRODUCTION else dg.DefaultSensorStatus.STOPPED
)
"""In production schedules and sensors are on from the start."""


def _voce(_: dg.InitLoggerContext) -> logging.Logger:
    logger = logging.Logger("pira", level=logging.INFO)
    handler = logging.StreamHandler()
    handler.setFormatter(_Plain())
    handler.addFilter(lambda record: record.levelno == logging.INFO)
    logger.addHandler(handler)
    return logger


voce = dg.LoggerDefinition(
    _voce, description="Una riga per passo, come la legge chi lancia `pira run`"
)


class _Plain(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        meta = getattr(record, "dagster_meta", {})
        return f"  {meta.get('orig_message') or record.getMessage()}"


notte = dg.define_asset_job(
    "notte",
    selection=dg.AssetSelection.all(),
    description="La notte: dal piano e dagli estratti alla scorecard pubblicata",
    executor_def=dg.in_process_executor,
    # What a step leaves lies in its own run's place: after a crash the whole run is tried again.
    tags={"dagster/retry_strategy": "ALL_STEPS"},
)


# --- partitions -------------------------------------------------------------------------------------


def register_partitions(instance: dg.DagsterInstance, luoghi: Luoghi) -> list[str]:
    """Makes every folder of the landing zone a partition; returns the keys in Dagster's order.

    Where there is none, every published partition is one: a run that keeps them needs some.
    """
    keys = [p.chiave for p in list_known(luoghi)]
    instance.add_dynamic_partitions(str(PARTITIONS.name), keys)
    present = set(keys)
    known = instance.get_dynamic_partitions(str(PARTITIONS.name))
    for gone in (k for k in known if k not in present):
        instance.delete_dynamic_partition(str(PARTITIONS.name), gone)
    return [k for k in known if k in present]


def _requests(
    luoghi: Luoghi, keys: list[str], found: list[Novita], tags: Mapping[str, str]
) -> Iterator[dg.RunRequest]:
    """One run for all there is to do, from the first partition to the last; in a lake one for each set of
    chambers, over all their years.

    What lies between is not read, but taken as it was. What concerns the whole comes with any of them.
    """
    if not in_lake():
        wanted = {n.partizione.chiave for n in found if n.partizione}
        chosen = [key for key in keys if key in wanted] or keys[:1]
        asked = ",".join(chosen) if list_there(luoghi) else NOTHING
        yield _request(chosen, found, {CHOSEN_TAG: asked, **tags})
        return
    chambers = {n.partizione.camera for n in found if n.partizione}
    if any(n.partizione is None for n in found):
        chambers = {*map(camera_of, keys)}
    tick = now().isoformat()
    for camere, chosen in sets_of(keys, chambers, chambers_a_run()):
        own = [n for n in found if n.partizione is None or n.partizione.camera in camere]
        told = {CHOSEN_TAG: years_of(camere), **tags}
        # Dagster wants a key where a tick asks for several; one of another tick would keep this from running
        yield _request(chosen, own, told, f"{tick} {camere[0]}")


def years_of(camere: Iterable[str]) -> str:
    """Chooses all the years of some chambers."""
    return ",".join(f"{camera}-*" for camera in camere)


def _request(
    chosen: list[str], found: list[Novita], tags: Mapping[str, str], key: str | None = None
) -> dg.RunRequest:
    why = "; ".join(map(str, found[:3])) + (f"; e altre {len(found) - 3}" * (len(found) > 3))
    return dg.RunRequest(run_key=key, tags={**range_tags(chosen), WHY_TAG: why[:250], **tags})


# --- what starts a run ------------------------------------------------------------------------------


@dg.schedule(
    job=notte,
    cron_schedule="0 4 * * *",
    execution_timezone="Europe/Rome",
    description="Ogni notte alle 4, ora di Roma: confronta la zona di consegna con ciò che è "
    "pubblicato e fa quello che manca. Una notte senza novità non lancia niente, e lo dice.",
    default_status=DEFAULT_SCHEDULE,
)
def ogni_notte(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
    luoghi = Luoghi.from_environment()
    instant = now()
    keys = register_partitions(context.instance, luoghi)
    if not keys:
        yield dg.SkipReason("La zona di consegna non ha partizioni (<camera>/<esercizio>).")
        return
    if why := doubt(luoghi, instant):
        # The run refuses, with this sentence: so it is told as any night that fails.
        yield from _requests(luoghi, keys, [Novita(None, why)], {})
        return
    found = pending(luoghi, instant.date())
    if not found:
        confirm(luoghi, instant)
        missed = ", ".join(p.chiave for p in list_missed(luoghi))
        yield dg.SkipReason(
            f"Niente di nuovo: le {len(keys)} partizioni della zona di consegna sono quelle pubblicate."
            if not missed
            else f"Niente di nuovo, ma non sono nella zona di consegna e restano com'erano: {missed}."
        )
        return
    # It may wait for hours: what arrives meanwhile is read too.
    yield from _requests(luoghi, keys, found, {NEWS_TAG: "sì"})


@dg.sensor(
    job=notte,
    minimum_interval_seconds=60,
    description="Lancia le partizioni toccate appena una consegna è intera: ferma tra due sguardi, "
    "o accompagnata da un file .ok o .sha256. Solo un acceleratore: la notte fa lo stesso.",
    default_status=DEFAULT_SENSOR,
)
def consegne_arrivate(
    context: dg.SensorEvaluationContext,
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    luoghi = Luoghi.from_environment()
    glance = look(luoghi.raw, context.cursor)
    context.update_cursor(glance.cursor())
    if not glance.nuove:
        yield dg.SkipReason("Nessuna consegna da guardare.")
        return
    if context.instance.get_runs_count(dg.RunsFilter(job_name=notte.name, statuses=UNDER_WAY)):
        yield dg.SkipReason("Un'esecuzione è in corso: guardo alla fine.")
        return
    keys = register_partitions(context.instance, luoghi)
    whole, wrong = settled(luoghi.raw, glance)
    if not whole | wrong:
        yield dg.SkipReason("Una consegna sta arrivando: aspetto che sia ferma.")
        return
    found = [
        n
        for n in pending(luoghi, now().date())
        if not n.calendario and (n.partizione.chiave if n.partizione else INSIEME) in whole
    ]
    if why := doubt(luoghi, now()):
        yield dg.SkipReason(why)
        return
    context.update_cursor(glance.cursor(whole | wrong))
    if not found or not keys:
        yield dg.SkipReason("Ciò che è intero è già pubblicato.")
        return
    yield from _requests(luoghi, keys, found, {})
