"""Dagster's home: the settings that the environment asks for, read by the real Dagster; retention.

Belongs here: files and a real PostgreSQL as storage, which runs are removed. Does not belong here:
what a night does (test_definitions.py), the units that use the home (test_deploy.py).
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import dagster as dg
import psycopg2
import pytest
from dagster._core.events import RunFailureReason
from dagster._core.execution.retries import auto_reexecution_should_retry_run
from dagster._core.instance import InstanceRef
from dagster._core.instance.config import get_tick_retention_settings
from dagster._core.scheduler.instigation import TickStatus
from dagster._core.storage.dagster_run import DagsterRun
from dagster._core.storage.local_compute_log_manager import LocalComputeLogManager
from dagster._serdes import deserialize_value, serialize_value

from pipelines.cli import main
from pipelines.orchestration.events import Eventi
from pipelines.orchestration.home import (
    LOGS,
    MARK,
    POSTGRES,
    AmbienteErrato,
    dagster_home,
    has_records,
    home_of,
    in_database,
)
from pipelines.orchestration.retention import GIORNI, prune_runs
from pipelines.settings import ROOT, Luoghi
from tests import postgres
from tests.indicatori import piano
from tests.indicatori.piano import Blocco, Voce
from tests.indicatori.zona import scrivi
from tests.warehouse.magazzini import chiedi


@pytest.fixture(scope="module")
def indirizzo() -> Iterator[str]:
    """The address of a real PostgreSQL."""
    with postgres.server() as address:
        yield address


@pytest.fixture
def luoghi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Luoghi:
    """Places whose home is inside the output, and no database."""
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.delenv(POSTGRES, raising=False)
    return Luoghi(tmp_path / "raw", tmp_path / "warehouse")


# --- the settings -----------------------------------------------------------------------------------


def opened(home: Path) -> dg.DagsterInstance:
    return dg.DagsterInstance.from_config(str(home))


def test_the_settings_are_what_dagster_obeys(istanza: dg.DagsterInstance) -> None:
    assert not istanza.telemetry_enabled
    assert not istanza.nux_enabled
    assert istanza.run_monitoring_enabled
    assert 3600 < istanza.run_monitoring_max_runtime_seconds < 86400
    assert istanza.run_monitoring_settings["free_slots_after_run_end_seconds"] > 0
    queue = istanza.get_concurrency_config().run_queue_config
    assert queue is not None and queue.max_concurrent_runs == 1
    assert istanza.get_settings("sensors")["use_threads"]
    for kind in ("schedule", "sensor"):
        settings = istanza.get_settings("retention")[kind]
        kept = get_tick_retention_settings(settings, dict.fromkeys(TickStatus, -1))
        assert min(kept.values()) >= 7 and max(kept.values()) == GIORNI
    assert isinstance(istanza.compute_log_manager, LocalComputeLogManager)
    path = istanza.compute_log_manager.get_captured_local_path(["a", "b"], "out")
    assert Path(path) == Path(istanza.root_directory) / LOGS / "a/b.out"


def test_without_a_database_the_records_are_files(luoghi: Luoghi) -> None:
    with opened(dagster_home(luoghi)) as instance:
        assert isinstance(instance.event_log_storage, Eventi)


def test_the_password_is_on_no_command_line(
    indirizzo: str, luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(POSTGRES, indirizzo)
    with opened(dagster_home(luoghi)) as instance:
        # what Dagster hands to the processes that it starts
        handed = serialize_value(instance.get_ref())
        run = instance.add_run(a_run(instance, dg.DagsterRunStatus.SUCCESS))
    assert postgres.PAROLA not in handed
    with dg.DagsterInstance.from_ref(deserialize_value(handed, InstanceRef)) as again:
        assert again.get_run_by_id(run.run_id) is not None
        again.delete_run(run.run_id)


def test_a_crash_is_tried_once_more_and_a_refusal_never(luoghi: Luoghi) -> None:
    with opened(dagster_home(luoghi)) as instance:
        failed = instance.add_run(a_run(instance, dg.DagsterRunStatus.FAILURE))

        def again(reason: RunFailureReason) -> bool:
            return bool(auto_reexecution_should_retry_run(instance, failed, reason))

        assert not again(RunFailureReason.STEP_FAILURE)
        assert again(RunFailureReason.UNKNOWN)
        second = a_run(instance, dg.DagsterRunStatus.FAILURE)._replace(
            root_run_id=failed.run_id,
            parent_run_id=failed.run_id,
            tags={"dagster/root_run_id": failed.run_id, "dagster/parent_run_id": failed.run_id},
        )
        instance.add_run(second)
        assert not auto_reexecution_should_retry_run(instance, second, RunFailureReason.UNKNOWN)


def a_run(instance: dg.DagsterInstance, status: dg.DagsterRunStatus) -> DagsterRun:
    """A run's row, without a job."""
    number = len(instance.get_run_records())
    return DagsterRun(
        job_name="notte", run_id=f"00000000-0000-4000-8000-{number:012d}", status=status
    )


def test_the_settings_follow_the_environment(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = dagster_home(luoghi)
    files = (home / "dagster.yaml").read_text()
    assert files.startswith(MARK) and not in_database(home)
    monkeypatch.setenv(POSTGRES, "postgresql://pira:segreta@localhost/dagster")
    dagster_home(luoghi)
    database = (home / "dagster.yaml").read_text()
    assert "env: PIRA_DAGSTER_PG\n" in database and in_database(home)
    assert "segreta" not in database and "Eventi" not in database
    monkeypatch.delenv(POSTGRES)
    dagster_home(luoghi)
    assert (home / "dagster.yaml").read_text() == files
    assert [path.name for path in home.iterdir()] == ["dagster.yaml"]


def test_the_settings_are_written_only_when_they_change(luoghi: Luoghi) -> None:
    settings = dagster_home(luoghi) / "dagster.yaml"
    before = settings.stat()
    dagster_home(luoghi)
    assert (settings.stat().st_ino, settings.stat().st_mtime_ns) == (
        before.st_ino,
        before.st_mtime_ns,
    )
    settings.write_text(settings.read_text() + "# una riga di troppo\n")
    dagster_home(luoghi)
    assert "di troppo" not in settings.read_text()


def test_settings_of_ours_that_are_older_follow_and_lose_no_log(luoghi: Luoghi) -> None:
    home = home_of(luoghi)
    (home / "compute_logs/una/compute_logs").mkdir(parents=True)
    printed = Path("una/compute_logs/passo.out")
    (home / "compute_logs" / printed).write_text("detto")
    (home / "dagster.yaml").write_text(f"{MARK}\ntelemetry:\n  enabled: true\n")
    with opened(dagster_home(luoghi)) as instance:
        assert not instance.telemetry_enabled
        logs = instance.compute_log_manager
        assert isinstance(logs, LocalComputeLogManager)
        found = Path(logs.get_captured_local_path(printed.with_suffix("").parts, "out"))
    assert found.read_text() == "detto" and not (home / "compute_logs").exists()


@pytest.mark.parametrize("text", ["telemetry:\n  enabled: true\n", f"\n{MARK}\n", ""])
def test_settings_of_the_operator_are_left_alone(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    home = home_of(luoghi)
    home.mkdir(parents=True)
    (home / "dagster.yaml").write_text(text)
    monkeypatch.setenv(POSTGRES, "postgresql://pira@localhost/dagster")
    dagster_home(luoghi)
    assert (home / "dagster.yaml").read_text() == text
    assert not in_database(home)


@pytest.mark.parametrize("address", ["localhost", "postgres://a@b/c", "mysql://a:zitta@b/c"])
def test_an_address_that_is_not_postgresqls_is_wrong_usage(
    luoghi: Luoghi,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    address: str,
) -> None:
    monkeypatch.setenv(POSTGRES, address)
    with pytest.raises(AmbienteErrato, match=POSTGRES):
        dagster_home(luoghi)
    monkeypatch.setenv("PIRA_WAREHOUSE", str(luoghi.warehouse))
    with pytest.raises(SystemExit) as ended:
        main(["dagster-home"])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert POSTGRES in said and "zitta" not in said


@pytest.mark.parametrize("name", ["[2020]", "a*", "[", "x[1]/dagster"])
def test_a_home_that_dagster_would_take_for_a_pattern_is_refused(
    luoghi: Luoghi,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    name: str,
) -> None:
    monkeypatch.setenv("PIRA_WAREHOUSE", str(tmp_path / name))
    with pytest.raises(SystemExit) as ended:
        main(["dagster-home"])
    assert ended.value.code == 2 and not (tmp_path / name).exists()
    assert "indicare con DAGSTER_HOME una cartella" in capsys.readouterr().err
    # doing what it says is enough: the output stays where it is
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster"))
    with opened(dagster_home(Luoghi(luoghi.raw, tmp_path / name))) as instance:
        assert not instance.telemetry_enabled


def test_the_command_says_where_the_home_is(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PIRA_WAREHOUSE", str(luoghi.warehouse))
    assert main(["dagster-home"]) == 0
    assert capsys.readouterr().out == f"{luoghi.warehouse / 'dagster'}\n"
    assert (luoghi.warehouse / "dagster/dagster.yaml").is_file()


def test_asking_for_records_makes_none(luoghi: Luoghi) -> None:
    home = home_of(luoghi)
    assert not has_records(home)
    dagster_home(luoghi)
    assert not has_records(home)
    with opened(home):
        pass
    assert has_records(home)


# --- PostgreSQL -------------------------------------------------------------------------------------


@pytest.mark.lungo
def test_a_night_is_kept_in_postgresql(indirizzo: str, tmp_path: Path) -> None:
    raw, home = tmp_path / "raw", tmp_path / "dagster"
    piano.scrivi(raw, "AA", 2020, [Blocco("1.1", [Voce("DELIBERE", "8", ("=>2",) * 3)])])
    scrivi(raw, "AA", 2020, "segreteria/atti", [{}, {}])
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PIRA_RAW": str(raw),
        "PIRA_WAREHOUSE": str(tmp_path / "warehouse"),
        "DAGSTER_HOME": str(home),
        POSTGRES: indirizzo,
    }
    ended = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", "run", "--data-riferimento", "2021-06-30"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    luoghi = Luoghi(raw, tmp_path / "warehouse")
    [(run,)] = chiedi(luoghi, "select esecuzione from storico.esecuzione")
    connection = psycopg2.connect(indirizzo)
    with connection, connection.cursor() as cursor:
        cursor.execute("select run_id, pipeline_name, status from runs")
        assert cursor.fetchall() == [(run, "notte", "SUCCESS")]
        cursor.execute(
            "select count(distinct asset_key) from event_logs"
            " where run_id = %s and dagster_event_type = 'ASSET_MATERIALIZATION'",
            (run,),
        )
        [(assets,)] = cursor.fetchall()
    connection.close()
    assert assets > 40
    assert list(home.rglob("*.db")) == []
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert home / "dagster.yaml" in kept
    assert [path for path in kept if postgres.PAROLA.encode() in path.read_bytes()] == []
    assert postgres.PAROLA not in ended.stdout + ended.stderr


# --- retention --------------------------------------------------------------------------------------

PARTI = dg.StaticPartitionsDefinition(["AA-2019", "AA-2020"])


@dg.asset(
    partitions_def=PARTI, check_specs=[dg.AssetCheckSpec("conti", asset="valori")], name="valori"
)
def asset_valori() -> Iterator[Any]:
    print("detto durante l'esecuzione")
    yield dg.MaterializeResult(check_results=[dg.AssetCheckResult(passed=True)])


@dg.asset(name="rotto")
def asset_rotto() -> None:
    raise ValueError("rotto")


@pytest.fixture(params=["file", "postgresql"])
def istanza(
    request: pytest.FixtureRequest, luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dg.DagsterInstance]:
    """Dagster over each storage, empty."""
    with ExitStack() as stack:
        if request.param == "postgresql":
            monkeypatch.setenv(POSTGRES, request.getfixturevalue("indirizzo"))
        instance = stack.enter_context(opened(dagster_home(luoghi)))
        instance.run_storage.wipe()
        instance.event_log_storage.wipe()
        yield instance


def go(instance: dg.DagsterInstance, key: str) -> str:
    """A run that makes a partition; returns its name."""
    result = dg.materialize([asset_valori], partition_key=key, instance=instance)
    assert result.success
    return result.run_id


def names(instance: dg.DagsterInstance) -> set[str]:
    return {record.dagster_run.run_id for record in instance.get_run_records()}


def traces(instance: dg.DagsterInstance, run: str) -> list[object]:
    """Events and logs that are left of a run."""
    base = Path(instance.root_directory) / LOGS
    return [*instance.all_logs(run), *base.glob(f"{run}*"), *base.rglob(f"{run}/*")]


DOMANI = timedelta(days=1)


def test_old_runs_go_with_their_events_and_logs(istanza: dg.DagsterInstance) -> None:
    first, second = go(istanza, "AA-2019"), go(istanza, "AA-2019")
    failed = dg.materialize([asset_rotto], instance=istanza, raise_on_error=False).run_id
    assert all(traces(istanza, run) for run in (first, second, failed))
    assert (Path(istanza.root_directory) / LOGS / first).is_dir()
    done = prune_runs(istanza, timedelta(hours=1), datetime.now(UTC) + DOMANI)
    assert done.rimosse == (first, failed)
    assert done.tenute == (second,)
    assert names(istanza) == {second}
    assert [traces(istanza, run) for run in (first, failed)] == [[], []]
    assert traces(istanza, second)
    latest = istanza.get_latest_materialization_event(dg.AssetKey("valori"))
    assert latest is not None and latest.run_id == second


def test_the_latest_run_of_a_partition_is_kept_whatever_its_age(
    istanza: dg.DagsterInstance,
) -> None:
    closed, before, after = go(istanza, "AA-2019"), go(istanza, "AA-2020"), go(istanza, "AA-2020")
    done = prune_runs(istanza, timedelta(0), datetime.now(UTC) + DOMANI)
    assert done.rimosse == (before,)
    assert set(done.tenute) == {closed, after} == names(istanza)
    made = istanza.get_materialized_partitions(dg.AssetKey("valori"))
    assert made == {"AA-2019", "AA-2020"}


def outcomes(instance: dg.DagsterInstance) -> list[str]:
    """The runs whose outcome of the check is kept, the last first."""
    key = dg.AssetCheckKey(dg.AssetKey("valori"), "conti")
    found = instance.event_log_storage.get_asset_check_execution_history(key, limit=9)
    return [record.run_id for record in found]


def test_the_last_outcome_of_a_check_outlives_its_run_and_the_others_do_not_pile_up(
    istanza: dg.DagsterInstance,
) -> None:
    first, second, third = (go(istanza, "AA-2019") for _ in range(3))
    prune_runs(istanza, timedelta(days=GIORNI), datetime.now(UTC))
    assert outcomes(istanza) == [third, second, first]
    istanza.delete_run(third)
    prune_runs(istanza, timedelta(0), datetime.now(UTC) + DOMANI)
    assert outcomes(istanza) == [third]


def test_young_runs_stay(istanza: dg.DagsterInstance) -> None:
    old = go(istanza, "AA-2019")
    time.sleep(0.01)
    between = datetime.now(UTC)
    young, younger = go(istanza, "AA-2019"), go(istanza, "AA-2019")
    done = prune_runs(istanza, timedelta(days=GIORNI), between + timedelta(days=GIORNI))
    assert done.rimosse == (old,) and done.tenute == ()
    assert names(istanza) == {young, younger}


def test_a_run_in_progress_is_never_touched(istanza: dg.DagsterInstance) -> None:
    busy = [
        istanza.add_run(a_run(istanza, status)).run_id
        for status in (
            dg.DagsterRunStatus.NOT_STARTED,
            dg.DagsterRunStatus.STARTING,
            dg.DagsterRunStatus.STARTED,
            dg.DagsterRunStatus.CANCELING,
        )
    ]
    canceled = istanza.add_run(a_run(istanza, dg.DagsterRunStatus.CANCELED)).run_id
    done = prune_runs(istanza, timedelta(0), datetime.now(UTC) + DOMANI)
    assert done.rimosse == (canceled,)
    assert names(istanza) == set(busy)


@pytest.mark.parametrize("where", ["logs", "events", "row"])
def test_a_removal_that_was_cut_short_is_completed(luoghi: Luoghi, where: str) -> None:
    with opened(dagster_home(luoghi)) as instance:
        first, second = go(instance, "AA-2019"), go(instance, "AA-2019")
        cut: dict[str, Callable[[], Any]] = {
            "logs": lambda: mock.patch.object(
                LocalComputeLogManager, "delete_logs", side_effect=OSError("tagliato")
            ),
            "events": lambda: mock.patch.object(
                Eventi, "delete_events", side_effect=OSError("tagliato")
            ),
            "row": lambda: mock.patch.object(
                dg.DagsterInstance, "delete_run", side_effect=OSError("tagliato")
            ),
        }
        with cut[where](), pytest.raises(OSError, match="tagliato"):
            prune_runs(instance, timedelta(0), datetime.now(UTC) + DOMANI)
        assert names(instance) == {first, second}
        done = prune_runs(instance, timedelta(0), datetime.now(UTC) + DOMANI)
        assert done.rimosse == (first,)
        assert traces(instance, first) == []


def test_the_command_prunes_and_says_how_many(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PIRA_WAREHOUSE", str(luoghi.warehouse))
    with opened(dagster_home(luoghi)) as instance:
        runs = {go(instance, "AA-2019"), go(instance, "AA-2019")}
        capsys.readouterr()
        assert main(["prune-runs"]) == 0
        assert capsys.readouterr().out.startswith("Esecuzioni tolte: 0; ")
        assert names(instance) == runs
    for words in (["--older-than", "0"], ["--older-than", "-1"], ["--older-than", "novanta"]):
        with pytest.raises(SystemExit) as ended:
            main(["prune-runs", *words])
        assert ended.value.code == 2
