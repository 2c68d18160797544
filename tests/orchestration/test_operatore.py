"""What an operator does with Dagster by hand, and what Dagster makes of runs that were killed.

Belongs here: some assets without the others, partitions that are gone, `pira run` on the page, records
that another process holds, killed runs. Does not belong here: the whole job (test_definitions.py), kills
of real processes (tests/guasti).
"""

import fcntl
import sqlite3
import tomllib
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster import DagsterRunStatus as Status
from dagster._core.launcher import WorkerStatus

from pipelines.definitions import defs
from pipelines.desk import run as night
from pipelines.desk.looks import look_at_daemon
from pipelines.night import steps
from pipelines.orchestration import interrotte
from pipelines.orchestration.failures import errors_of, failure_of
from pipelines.orchestration.home import dagster_home
from pipelines.orchestration.interrotte import FRASE, list_interrupted
from pipelines.orchestration.launcher import Lanciatore
from pipelines.orchestration.nights import register_partitions
from pipelines.orchestration.retention import prune_runs
from pipelines.orchestration.runs import CLOCK_TAG, range_tags
from pipelines.orchestration.shown import check_result
from pipelines.orchestration.specs import PARTITIONS
from pipelines.settings import ROOT, Luoghi, now
from pipelines.warehouse.checks import Esito
from tests.warehouse.magazzini import albero, copia

GRACE = interrotte.GRACE


@pytest.fixture
def uscita(piccola: Luoghi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Luoghi:
    """An output with its landing zone, for all that asks the environment."""
    luoghi = copia(piccola, tmp_path)
    monkeypatch.setenv("PIRA_RAW", str(luoghi.raw))
    monkeypatch.setenv("PIRA_WAREHOUSE", str(luoghi.warehouse))
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster"))
    return luoghi


# --- some assets without the others -----------------------------------------------------------------


def click(luoghi: Luoghi, *names: str, partition: str = "AA-2020") -> dg.ExecuteInProcessResult:
    """What happens when an operator materialises some assets by hand."""
    with dg.DagsterInstance.ephemeral() as instance:
        register_partitions(instance, luoghi)
        instance.add_dynamic_partitions(str(PARTITIONS.name), [partition])  # it may be gone since
        return defs.resolve_job_def("notte").execute_in_process(
            instance=instance,
            asset_selection=[dg.AssetKey(name.split("/")) for name in names],
            tags={**range_tags([partition]), CLOCK_TAG: "sì"},
            raise_on_error=False,
        )


def reasons_of(ended: dg.ExecuteInProcessResult) -> set[str]:
    return {failure_of(error) for error in errors_of(ended.all_events)}


@pytest.mark.parametrize(
    "chosen",
    [
        ["pubblicazione"],
        ["scorecard/documenti"],
        ["indicatori/DELIBERE"],
        ["indicatori/valori", "scorecard/documenti", "pubblicazione"],
    ],
    ids=lambda chosen: "+".join(chosen),
)
def test_half_a_night_is_refused_at_once_and_nothing_changes(
    uscita: Luoghi, chosen: list[str]
) -> None:
    before = albero(uscita.warehouse)
    ended = click(uscita, *chosen)
    assert not ended.success
    (reason,) = reasons_of(ended)
    assert "lanciare l'intero lavoro «notte»" in reason
    assert albero(uscita.warehouse) == before
    assert ended.dagster_run.tags["dagster/max_retries"] == "0", "it would be refused again"


def test_one_extract_is_read_alone_and_nothing_is_published(uscita: Luoghi) -> None:
    before = uscita.corrente.readlink()
    ended = click(uscita, "fonti/segreteria_atti")
    assert ended.success
    keys = {e.asset_key for e in ended.get_asset_materialization_events()}
    made = {key.to_user_string() for key in keys if key}
    assert made == {"fonti/segreteria_atti"}
    assert uscita.corrente.readlink() == before


@pytest.mark.parametrize("partition", ["ZZ-2020", "una qualunque"])
def test_a_partition_that_is_gone_is_refused_before_the_turn(
    uscita: Luoghi, partition: str
) -> None:
    with uscita.turno.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        ended = click(uscita, "fonti/segreteria_atti", partition=partition)
    (reason,) = reasons_of(ended)
    assert f"La zona di consegna non ha più {partition}: " in reason


# --- how checks read --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cases", "said"), [(0, "Nessun caso. "), (1, "1 caso. "), (2, "2 casi. ")]
)
def test_what_a_check_found_comes_first(cases: int, said: str) -> None:
    outcome = Esito("x", "Nessuna riga è in quarantena.", "y", False, False, cases, (), ())
    shown = check_result(outcome, dg.AssetKey("y"), [], None).description or ""
    assert shown == f"{said}Deve valere: nessuna riga è in quarantena."


# --- `pira run` -------------------------------------------------------------------------------------


def test_the_page_finds_the_runs_of_the_command() -> None:
    """The timeline shows no run that does not say of which code location it is."""
    origin = night._origin("notte")
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["dg"]["project"]
    assert origin.location_name == declared["code_location_name"]
    target = origin.repository_origin.code_location_origin.loadable_target_origin
    assert target.module_name == f"{declared['root_module']}.definitions"
    assert origin.repository_origin.repository_name == defs.get_repository_def().name


@pytest.fixture
def occupati(tmp_path: Path) -> Iterator[Path]:
    """A file of SQLite that another connection holds."""
    path = tmp_path / "runs.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("begin exclusive")
        yield path


def tries(path: Path, free_after: int, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A run that writes in that file, which is let go after some pauses; the pauses that were made."""
    pauses: list[float] = []

    def write(*_: Any) -> bool:
        if len(pauses) < free_after:
            with closing(sqlite3.connect(path, timeout=0)) as connection:
                connection.execute("begin immediate")
        return True

    monkeypatch.setattr(night, "_execute", write)
    monkeypatch.setattr(night, "show", lambda *_: None)
    monkeypatch.setattr("pipelines.desk.run.time.sleep", pauses.append)
    return pauses


def test_records_that_are_held_are_waited_for(
    uscita: Luoghi,
    occupati: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pauses = tries(occupati, 1, monkeypatch)
    assert night.run_night(uscita, None, None, None)
    assert pauses == [night.PAUSE]
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith("Un altro processo tiene i registri di Dagster in ")
    assert said.endswith(f"riprovo tra {night.PAUSE} secondi.")


def test_records_that_are_held_for_ever_end_in_a_sentence(
    uscita: Luoghi,
    occupati: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pauses = tries(occupati, 99, monkeypatch)
    assert not night.run_night(uscita, None, None, None)
    assert len(pauses) == night.ATTEMPTS - 1
    assert capsys.readouterr().err.splitlines()[-1].endswith("fermarlo e rilanciare.")


def test_another_error_is_not_taken_for_held_records(
    uscita: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: Any) -> bool:
        raise RuntimeError("altro")

    monkeypatch.setattr(night, "_execute", stumble)
    with pytest.raises(RuntimeError, match="altro"):
        night.run_night(uscita, None, None, None)


def failing(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first step of every run fails in this way."""

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(steps, "read_plans", fail)


def test_what_a_file_holds_is_not_told_of_a_failure(
    uscita: Luoghi, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failing(ValueError("ROSSI MARIO, codice fiscale RSSMRA80A01F205X"), monkeypatch)
    assert not night.run_night(uscita, "AA", 2020, None, orologio_giusto=True)
    said = capsys.readouterr()
    assert "Nulla è stato pubblicato. Errore imprevisto (ValueError): i registri" in said.err
    assert "ROSSI" not in said.out + said.err


def test_records_that_are_held_during_the_run_are_waited_for_too(
    uscita: Luoghi, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failing(sqlite3.OperationalError("database is locked"), monkeypatch)
    monkeypatch.setattr(night, "ATTEMPTS", 1)
    assert not night.run_night(uscita, "AA", 2020, None, orologio_giusto=True)
    assert capsys.readouterr().err.splitlines()[-1].endswith("fermarlo e rilanciare.")


# --- killed runs ------------------------------------------------------------------------------------


@pytest.fixture
def casa(uscita: Luoghi, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    """Dagster with our settings, where a run is old at once."""
    monkeypatch.setattr(interrotte, "GRACE", timedelta(seconds=-60))
    monkeypatch.setattr(interrotte, "SECOND_LOOK", 0)
    with dg.DagsterInstance.from_config(str(dagster_home(uscita))) as instance:
        yield instance


def begun(instance: dg.DagsterInstance, job: str = "notte", status: Status = Status.STARTED) -> str:
    """A run that some process, which is no more, has brought as far as that."""
    made = instance.create_run_for_job(
        defs.resolve_job_def(job), status=status, remote_job_origin=night._origin(job)
    )
    return made.run_id


def test_a_run_that_nobody_carries_on_is_interrupted(
    uscita: Luoghi, casa: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = begun(casa)
    begun(casa, status=Status.QUEUED)
    assert [found.run_id for found in list_interrupted(casa, uscita)] == [run]
    with uscita.turno.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert list_interrupted(casa, uscita) == [], "it may be the one that waits"
    monkeypatch.setattr(interrotte, "GRACE", timedelta(hours=1))
    assert list_interrupted(casa, uscita) == [], "it may not have taken its turn yet"


def test_the_daemon_learns_it_from_its_launcher(casa: dg.DagsterInstance) -> None:
    launcher = casa.run_launcher
    assert isinstance(launcher, Lanciatore) and launcher.supports_check_run_worker_health
    run = casa.get_run_by_id(begun(casa))
    assert run is not None
    assert launcher.check_run_worker_health(run) == (WorkerStatus.FAILED, FRASE, None, None)
    casa.report_run_failed(run)
    assert launcher.check_run_worker_health(run).status is WorkerStatus.RUNNING


def test_the_queue_goes_on_within_two_minutes(casa: dg.DagsterInstance) -> None:
    """A poll, the time in which a run may not have its turn yet, a poll."""
    settings = casa.get_settings("run_monitoring")
    assert 2 * settings["poll_interval_seconds"] + GRACE.total_seconds() < 120
    assert settings["start_timeout_seconds"] + settings["poll_interval_seconds"] < 120
    assert settings["cancel_timeout_seconds"] + settings["poll_interval_seconds"] < 120


def test_health_says_so_meanwhile(uscita: Luoghi, casa: dg.DagsterInstance) -> None:
    assert look_at_daemon(uscita, now()).problemi == ()
    run = begun(casa)
    (said,) = look_at_daemon(uscita, now()).problemi
    assert run[:8] in said and "pira prune-runs" in said


@pytest.mark.parametrize("status", [Status.STARTING, Status.STARTED, Status.CANCELING])
def test_pruning_ends_and_removes_it(casa: dg.DagsterInstance, status: Status) -> None:
    young, old = begun(casa, status=status), begun(casa, "pulizia", status)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    kept = prune_runs(casa, timedelta(days=9), tomorrow)
    assert set(kept.interrotte) == {young, old} and kept.rimosse == ()
    ended = casa.get_run_by_id(young)
    assert ended is not None and ended.is_finished
    assert ended.tags["dagster/max_retries"] == "0"
    late = begun(casa, status=status)
    assert set(prune_runs(casa, timedelta(0), tomorrow).rimosse) == {young, old, late}
    assert casa.get_runs() == []
