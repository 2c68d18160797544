"""What Dagster does besides the nights: the mail that tells of them, old records, a look at what is kept.

Belongs here: when a message is due, when old runs go, when kept files are read again. Does not belong
here: what is told and to whom (mail/), which records go (retention.py), what is looked at (verify.py),
the nights themselves (nights.py).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import dagster as dg
from dagster import DagsterRunStatus as Status

from pipelines.mail.outbox import deliver, tell_failure, tell_publication
from pipelines.night.verify import FETTE, slice_of_day, verify
from pipelines.orchestration.failures import errors_of, failure_of
from pipelines.orchestration.nights import DEFAULT_SCHEDULE, DEFAULT_SENSOR, notte, ogni_notte
from pipelines.orchestration.retention import GIORNI, prune_runs
from pipelines.publication.kept import last_confirmation
from pipelines.publication.sgombero import GIORNI as GIORNI_DEPOSITO
from pipelines.publication.sgombero import prune_store
from pipelines.publication.turno import turn
from pipelines.settings import ROMA, Luoghi, now

BY_SCHEDULE = "dagster/schedule_name"


def ended(context: dg.RunStatusSensorContext) -> datetime:
    """When a run ended. Two that ended close together may be told in the other order."""
    record = context.instance.get_run_record_by_id(context.dagster_run.run_id)
    if record is None or record.end_time is None:
        return now()
    return datetime.fromtimestamp(record.end_time, ROMA)


@dg.run_status_sensor(
    run_status=Status.SUCCESS,
    name="notte_riuscita",
    monitored_jobs=[notte],
    description="Prepara la posta del mattino dopo la notte, e dice che un incidente è finito.",
    default_status=DEFAULT_SENSOR,
)
def notte_riuscita(context: dg.RunStatusSensorContext) -> None:
    """A publication of the day is told the next morning; that an incident is over, at once."""
    night = context.dagster_run.tags.get(BY_SCHEDULE) == ogni_notte.name
    tell_publication(Luoghi.from_environment(), ended(context), morning=night)


@dg.run_failure_sensor(
    name="notte_fallita",
    monitored_jobs=[notte],
    description="Apre un incidente quando un'esecuzione fallisce: un messaggio, non uno per tentativo.",
    default_status=DEFAULT_SENSOR,
)
def notte_fallita(context: dg.RunFailureSensorContext) -> None:
    """The reason is the deepest cause, in our own words where they are ours."""
    error = next(iter(errors_of([context.failure_event])), None)
    tell_failure(Luoghi.from_environment(), failure_of(error), ended(context))


@dg.sensor(
    name="posta",
    minimum_interval_seconds=60,
    description="Spedisce i messaggi pronti; quelli che il server non prende restano e si ritentano.",
    default_status=DEFAULT_SENSOR,
)
def posta(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """After a night without news, too, the morning message tells what the day before published."""
    luoghi = Luoghi.from_environment()
    confirmed = last_confirmation(luoghi)
    if confirmed is not None and confirmed != context.cursor:
        tell_publication(luoghi, now(), morning=True)
        context.update_cursor(confirmed)
    sent = deliver(luoghi)
    return dg.SkipReason(f"{sent} messaggi spediti." if sent else "Niente da spedire.")


@dg.op(description=f"Toglie le esecuzioni finite da più di {GIORNI} giorni, coi loro registri")
def togli_vecchie(context: dg.OpExecutionContext) -> None:
    """In its turn, as every run: who looks for killed runs looks for the lock that they held."""
    with turn(Luoghi.from_environment(), context.run_id, context.log.info):
        gone = prune_runs(context.instance, timedelta(days=GIORNI))
    context.log.info(f"Esecuzioni tolte: {len(gone.rimosse)}; tenute: {len(gone.tenute)}")


@dg.op(description=f"Toglie dal deposito ciò che da {GIORNI_DEPOSITO} giorni non serve più")
def sgombera(context: dg.OpExecutionContext) -> None:
    older = timedelta(days=GIORNI_DEPOSITO)
    gone = prune_store(Luoghi.from_environment(), older, now(), context.log.info)
    context.log.info(f"File tolti dal deposito: {gone.tolti}; in attesa: {gone.attesa}")


@dg.job(
    description="La pulizia: toglie le esecuzioni vecchie di Dagster e le consegne ritirate",
    executor_def=dg.in_process_executor,
)
def pulizia() -> None:
    togli_vecchie()
    sgombera()


@dg.schedule(
    job=pulizia,
    cron_schedule="0 6 * * 0",
    execution_timezone="Europe/Rome",
    description="Ogni domenica alle 6, ora di Roma",
    default_status=DEFAULT_SCHEDULE,
)
def ogni_settimana(_: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest]:
    yield dg.RunRequest()


@dg.op(
    description=f"Rilegge una fetta su {FETTE} di ciò che è tenuto e la confronta con le sue impronte"
)
def rileggi(context: dg.OpExecutionContext) -> None:
    found = verify(Luoghi.from_environment(), now(), slice_of_day(now().date()), context.log.info)
    for line in found.righe:
        context.log.warning(line)
    if found.guasti:
        # Trying again would read the same bytes.
        raise dg.Failure(description=found.riassunto, allow_retries=False)
    context.log.info(found.riassunto)


@dg.job(
    description="La verifica: ciò che è tenuto è ancora come era stato scritto",
    executor_def=dg.in_process_executor,
)
def verifica() -> None:
    rileggi()


@dg.schedule(
    job=verifica,
    cron_schedule="30 5 * * *",
    execution_timezone="Europe/Rome",
    description=f"Ogni giorno alle 5:30, ora di Roma: una fetta, tutto in {FETTE} giorni",
    default_status=DEFAULT_SCHEDULE,
)
def ogni_giorno(_: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest]:
    yield dg.RunRequest()
