"""The dead man: what it calls well, what it names as a problem, that it neither crashes nor hangs.

Belongs here: `pira health` over good and broken places, what it names. Does not belong here: the
measures as Prometheus reads them (test_metrics.py), a real daemon (test_deploy.py).
"""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import dagster as dg
import pytest
from dagster._daemon.controller import (
    DEFAULT_DAEMON_HEARTBEAT_TOLERANCE_SECONDS,
    DEFAULT_HEARTBEAT_INTERVAL_SECONDS,
)

from pipelines.cli import main
from pipelines.desk import health, looks
from pipelines.desk.health import Salute, look
from pipelines.desk.looks import AHEAD, OLDEST, RECORDS
from pipelines.orchestration.home import POSTGRES, dagster_home
from pipelines.orchestration.registri import PARTI
from pipelines.publication.kept import VERIFICA, check_space, needed_bytes
from pipelines.publication.pubblicazioni import NonPubblicabile, current
from pipelines.settings import ROMA, ROOT, Luoghi
from tests import postgres
from tests.salute import SUBITO, beat, confirm, set_field, the, value
from tests.warehouse.magazzini import ADESSO, copia

SECONDO = timedelta(seconds=1)


@pytest.fixture
def luoghi(piccola: Luoghi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Luoghi:
    """A publication of its own, made at ADESSO; Dagster was never here."""
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.delenv(POSTGRES, raising=False)
    return copia(piccola, tmp_path)


def only_problem(found: Salute) -> str:
    """The one problem of a place."""
    assert not found.sana
    (problem,) = found.problemi
    assert problem in found.riga and "\n" not in found.riga
    return problem


# --- the last publication ---------------------------------------------------------------------------


def test_a_fresh_publication_is_well(luoghi: Luoghi) -> None:
    found = look(luoghi, SUBITO)
    assert found.problemi == ()
    assert found.riga.startswith("In salute: pubblicazione 000001-20210701T040000-")
    assert "il 01/07/2021 04:00; demone non atteso; " in found.riga
    assert value(found, "pira_in_salute") == 1
    assert value(found, "pira_last_publication_age_seconds") == 3600
    assert value(found, "pira_last_publication_timestamp_seconds") == ADESSO.timestamp()


def test_a_night_is_missed_after_twenty_six_hours(luoghi: Luoghi) -> None:
    assert timedelta(hours=26) == OLDEST
    assert look(luoghi, ADESSO + OLDEST).sana
    problem = only_problem(look(luoghi, ADESSO + OLDEST + SECONDO))
    assert "01/07/2021 04:00" in problem and "26 ore fa" in problem
    assert "75 ore fa" in only_problem(look(luoghi, ADESSO + timedelta(hours=75)))


def test_a_night_with_nothing_to_do_counts(luoghi: Luoghi) -> None:
    confirmed = ADESSO + timedelta(days=3)
    confirm(luoghi, confirmed)
    found = look(luoghi, confirmed + OLDEST)
    assert found.sana and "confermata il 04/07/2021 04:00" in found.riga
    assert value(found, "pira_last_confirmation_timestamp_seconds") == confirmed.timestamp()
    assert value(found, "pira_last_publication_timestamp_seconds") == ADESSO.timestamp()
    assert value(found, "pira_last_publication_age_seconds") == OLDEST.total_seconds()
    assert "04/07/2021" in only_problem(look(luoghi, confirmed + OLDEST + SECONDO))


def test_a_confirmation_of_another_publication_does_not_count(luoghi: Luoghi) -> None:
    confirm(luoghi, ADESSO + timedelta(days=3), "000009-20210630T040000-altra")
    assert "01/07/2021 04:00" in only_problem(look(luoghi, ADESSO + timedelta(days=3)))


def test_a_confirmation_older_than_the_publication_does_not_count(luoghi: Luoghi) -> None:
    confirm(luoghi, ADESSO - timedelta(days=3))
    assert look(luoghi, ADESSO + OLDEST).sana


@pytest.mark.parametrize("confirmed", [False, True])
def test_a_publication_of_the_future_is_a_clock_that_jumped(
    luoghi: Luoghi, confirmed: bool
) -> None:
    when = ADESSO
    if confirmed:
        when = ADESSO + timedelta(days=30)
        confirm(luoghi, when)
    assert look(luoghi, when - AHEAD).sana
    assert "orologio" in only_problem(look(luoghi, when - AHEAD - SECONDO))


def test_nothing_ever_published_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "")
    found = look(Luoghi(tmp_path / "raw", tmp_path / "warehouse"), SUBITO)
    assert only_problem(found).startswith("non è mai stato pubblicato nulla")
    assert value(found, "pira_publications_kept") == 0
    assert list(tmp_path.iterdir()) == []  # looking makes nothing


# --- the mail ---------------------------------------------------------------------------------------


def put(luoghi: Luoghi, folder: str, name: str, when: datetime = ADESSO) -> None:
    """A message in a folder of the mail, put there at an instant."""
    path = luoghi.posta / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("posta")
    os.utime(path, (when.timestamp(), when.timestamp()))


def test_a_message_may_wait_for_six_hours(luoghi: Luoghi) -> None:
    put(luoghi, "uscita", "00000001-mattino.eml")
    put(luoghi, "uscita", "00000002-mattino.eml", ADESSO + timedelta(hours=5))
    at_the_limit = look(luoghi, ADESSO + looks.WAITING)
    assert timedelta(hours=6) == looks.WAITING and at_the_limit.sana
    assert value(at_the_limit, "pira_mail_waiting") == 2
    assert value(at_the_limit, "pira_mail_oldest_waiting_seconds") == 6 * 3600
    assert value(at_the_limit, "pira_mail_refused") == 0
    problem = only_problem(look(luoghi, ADESSO + looks.WAITING + SECONDO))
    assert "attende da 6 ore" in problem and "PIRA_SMTP_HOST" in problem
    (luoghi.posta / "impedimento.txt").write_text("smtp risponde 504: indicarlo in X.\naltro.\n")
    problem = only_problem(look(luoghi, ADESSO + timedelta(hours=9)))
    assert "attende da 9 ore" in problem and problem.endswith("smtp risponde 504: indicarlo in X")


def test_a_message_refused_for_ever_is_a_problem_until_somebody_sees_to_it(luoghi: Luoghi) -> None:
    put(luoghi, "respinta", "00000001-mattino.eml")
    put(luoghi, "respinta", "00000001-mattino.txt")
    found = look(luoghi, SUBITO)
    assert value(found, "pira_mail_refused") == 1
    problem = only_problem(found)
    assert "1 messaggio rifiutato" in problem and "PIRA_MAIL_TO" in problem
    put(luoghi, "respinta", "00000002-guasto.eml")
    assert "2 messaggi rifiutati" in only_problem(look(luoghi, SUBITO))


def test_looking_changes_nothing(luoghi: Luoghi) -> None:
    def seen() -> list[tuple[str, int, int]]:
        return sorted(
            (str(path), path.lstat().st_size, path.lstat().st_mtime_ns)
            for path in luoghi.warehouse.rglob("*")
        )

    before = seen()
    look(luoghi, SUBITO)
    assert seen() == before


# --- broken things ----------------------------------------------------------------------------------


def _no_folder(luoghi: Luoghi) -> None:
    folder = current(luoghi)
    assert folder is not None
    shutil.rmtree(folder)


def _folder_instead(luoghi: Luoghi) -> None:
    the(luoghi, "manifest.json").unlink()
    the(luoghi, "manifest.json").mkdir()


ROTTURE = {
    "manifest.json non è JSON": lambda p: the(p, "manifest.json").write_text("{"),
    "manifest.json: binario": lambda p: the(p, "manifest.json").write_bytes(b"\xff\xfe\x00"),
    "manca pubblicato": lambda p: the(p, "manifest.json").write_text("{}"),
    "non è ciò che pira scrive lì": lambda p: the(p, "manifest.json").write_text("[1]"),
    "senza fuso orario": lambda p: set_field(
        the(p, "manifest.json"), "pubblicato", "2021-07-01T04:00:00"
    ),
    "Invalid isoformat": lambda p: set_field(the(p, "manifest.json"), "pubblicato", "ieri"),
    "No such file": lambda p: the(p, "manifest.json").unlink(),
    "Is a directory": _folder_instead,
    "verifica.json non si legge": lambda p: (p.warehouse / VERIFICA).write_text("non JSON"),
    "verifica.json: quando": lambda p: (p.warehouse / VERIFICA).write_text(
        json.dumps({"pubblicazione": p.corrente.readlink().name, "quando": 3})
    ),
    "il magazzino pubblicato": lambda p: the(p, "pira.duckdb").write_bytes(b"rotto" * 9999),
    "magazzino tronco": lambda p: os.truncate(the(p, "pira.duckdb"), 20_000),
    "magazzino vuoto": lambda p: os.truncate(the(p, "pira.duckdb"), 0),
    "magazzino assente": lambda p: the(p, "pira.duckdb").unlink(),
    "pubblicazione sparita": _no_folder,
}


@pytest.mark.parametrize("name", ROTTURE)
def test_what_is_broken_is_named_and_never_a_traceback(
    luoghi: Luoghi, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ROTTURE[name](luoghi)
    monkeypatch.setenv("PIRA_WAREHOUSE", str(luoghi.warehouse))
    monkeypatch.setenv("PIRA_RAW", str(luoghi.raw))
    assert main(["health"]) == 1
    told = capsys.readouterr()
    assert told.err == "" and told.out.startswith("Da guardare: ") and told.out.count("\n") == 1
    said = name.partition(":")[0]
    if not said.startswith(("magazzino", "pubblicazione")):
        assert said in told.out
    else:
        assert "pira.duckdb" in told.out or "il magazzino pubblicato" in told.out


def test_a_broken_confirmation_does_not_hide_the_publication(luoghi: Luoghi) -> None:
    (luoghi.warehouse / VERIFICA).write_text("{}{")
    found = look(luoghi, SUBITO)
    assert VERIFICA in only_problem(found)
    assert value(found, "pira_last_publication_age_seconds") == 3600


def test_every_problem_stands_in_the_one_line(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIRA_PRODUZIONE", "1")
    (luoghi.warehouse / VERIFICA).write_text("no")
    the(luoghi, "pira.duckdb").write_bytes(b"rotto")
    full_disk(monkeypatch, 0)
    found = look(luoghi, ADESSO + timedelta(days=9))
    assert len(found.problemi) == 5
    assert found.riga.count("\n") == 0 and all(p in found.riga for p in found.problemi)
    assert value(found, "pira_in_salute") == 0


def test_a_look_that_does_not_end_is_a_problem(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = threading.Event()

    def stuck(_: Luoghi, __: datetime) -> looks.Referto:
        ended.wait(60)
        return looks.Referto()

    monkeypatch.setattr(health, "look_at_disk", stuck)
    try:
        found = look(luoghi, SUBITO, seconds=3)
    finally:
        ended.set()
    assert only_problem(found) == "il disco non risponde entro 3 secondi"
    assert value(found, "pira_last_publication_age_seconds") == 3600


# --- the daemon -------------------------------------------------------------------------------------

SILENZIO = timedelta(
    seconds=DEFAULT_DAEMON_HEARTBEAT_TOLERANCE_SECONDS + DEFAULT_HEARTBEAT_INTERVAL_SECONDS
)
"""How long Dagster lets a daemon be silent."""


@pytest.fixture
def istanza(luoghi: Luoghi) -> Iterator[dg.DagsterInstance]:
    """Dagster's records beside the publication."""
    with dg.DagsterInstance.from_config(str(dagster_home(luoghi))) as instance:
        yield instance


def test_a_daemon_never_seen_is_not_judged(luoghi: Luoghi, istanza: dg.DagsterInstance) -> None:
    assert istanza.get_daemon_heartbeats() == {}
    found = look(luoghi, SUBITO)
    assert found.sana and "demone non atteso" in found.riga
    assert [m for m in found.misure if m.nome == "pira_daemon_up"] == []


@pytest.mark.parametrize("started", [False, True])
def test_in_production_the_daemon_is_expected(
    luoghi: Luoghi,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    started: bool,
) -> None:
    if started:
        request.getfixturevalue("istanza")
    monkeypatch.setenv("PIRA_PRODUZIONE", "1")
    problem = only_problem(look(luoghi, SUBITO))
    assert "il demone di Dagster" in problem and "mai" in problem


def test_a_daemon_is_down_when_dagster_says_so(luoghi: Luoghi, istanza: dg.DagsterInstance) -> None:
    names = beat(istanza, SUBITO)
    assert sorted(names) == sorted(PARTI)
    found = look(luoghi, SUBITO + SILENZIO)
    assert found.sana and "demone attivo" in found.riga
    assert all(value(found, "pira_daemon_up", demone=name) == 1 for name in names)
    found = look(luoghi, SUBITO + SILENZIO + SECONDO)
    problem = only_problem(found)
    assert problem.startswith("il demone di Dagster è fermo, ultimo segno di vita 01/07/2021 05:00")
    assert all(value(found, "pira_daemon_up", demone=name) == 0 for name in names)


@pytest.mark.parametrize("silent", ["SCHEDULER", "SENSOR"])
def test_each_part_of_the_daemon_matters(
    luoghi: Luoghi, istanza: dg.DagsterInstance, silent: str
) -> None:
    beat(istanza, SUBITO, silent)
    found = look(luoghi, SUBITO)
    assert f"il demone di Dagster ({silent}) è fermo, mai visto" in only_problem(found)
    assert value(found, "pira_daemon_up", demone=silent) == 0
    assert value(found, "pira_daemon_up", demone="BACKFILL") == 1


def test_records_kept_where_the_operator_likes_are_asked_of_dagster(
    luoghi: Luoghi, istanza: dg.DagsterInstance
) -> None:
    beat(istanza, SUBITO, "SENSOR")
    settings = luoghi.warehouse / "dagster/dagster.yaml"
    settings.write_text(settings.read_text().partition("\n")[2])
    found = look(luoghi, SUBITO)
    assert "il demone di Dagster (SENSOR) è fermo, mai visto" in only_problem(found)
    assert value(found, "pira_daemon_up", demone="BACKFILL") == 1


def test_looking_loads_no_dagster(
    luoghi: Luoghi, istanza: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes longer to load than all that is looked at."""
    beat(istanza, datetime.now(ROMA))
    monkeypatch.setenv("PIRA_RAW", str(luoghi.raw))
    monkeypatch.setenv("PIRA_WAREHOUSE", str(luoghi.warehouse))
    program = (
        "import sys; from pipelines.cli import main; main(['health'])\n"
        "print(*sorted({'dagster', 'pandera', 'sqlalchemy', 'weasyprint'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    told, loaded = done.stdout.splitlines()
    assert "è fermo" not in told
    assert loaded == ""


def test_records_that_are_broken_are_named(luoghi: Luoghi, istanza: dg.DagsterInstance) -> None:
    beat(istanza, SUBITO)
    istanza.dispose()
    (luoghi.warehouse / "dagster/history/runs.db").write_bytes(b"rotto" * 999)
    assert "il demone di Dagster non si può guardare" in only_problem(look(luoghi, SUBITO))


def test_settings_that_are_broken_are_named(luoghi: Luoghi) -> None:
    home = luoghi.warehouse / "dagster"
    home.mkdir()
    (home / "dagster.yaml").write_text("telemetry: [\n")
    assert "il demone di Dagster non si può guardare" in only_problem(look(luoghi, SUBITO))


def test_records_that_are_locked_do_not_stop_the_look(
    luoghi: Luoghi, istanza: dg.DagsterInstance
) -> None:
    beat(istanza, SUBITO)
    istanza.dispose()
    with closing(sqlite3.connect(luoghi.warehouse / "dagster/history/runs.db")) as other:
        other.execute("begin exclusive")
        found = look(luoghi, SUBITO, seconds=15)
    assert found.sana or "il demone di Dagster non" in only_problem(found)


# --- the daemon's records in PostgreSQL -------------------------------------------------------------


def test_a_daemon_in_postgresql_is_seen_and_so_is_a_server_that_stopped(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postgres.server() as address:
        monkeypatch.setenv(POSTGRES, address)
        with dg.DagsterInstance.from_config(str(dagster_home(luoghi))) as instance:
            beat(instance, SUBITO)
        found = look(luoghi, SUBITO)
        assert found.sana and "demone attivo" in found.riga
    problem = only_problem(look(luoghi, SUBITO))
    assert "il demone di Dagster non si può guardare" in problem and "refused" in problem
    assert postgres.PAROLA not in problem


def test_a_server_that_never_answers_is_a_problem(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks, "CONNECT_SECONDS", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        monkeypatch.setenv(POSTGRES, f"postgresql://pira:zitta@127.0.0.1:{port}/dagster")
        dagster_home(luoghi)
        problem = only_problem(look(luoghi, SUBITO))
    assert "timeout" in problem and "zitta" not in problem


def test_an_address_that_is_not_in_the_environment_is_named(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(POSTGRES, "postgresql://pira@127.0.0.1/dagster")
    dagster_home(luoghi)
    monkeypatch.delenv(POSTGRES)
    assert POSTGRES in only_problem(look(luoghi, SUBITO))


def test_a_password_is_not_in_what_a_driver_says(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(POSTGRES, "postgresql://pira:segreta%zz@127.0.0.1/dagster")
    dagster_home(luoghi)
    problem = only_problem(look(luoghi, SUBITO))
    assert "il demone di Dagster non si può guardare" in problem and "segreta" not in problem


# --- the disk ---------------------------------------------------------------------------------------


class Uso(NamedTuple):
    total: int
    used: int
    free: int


def full_disk(patch: pytest.MonkeyPatch, free: int) -> None:
    patch.setattr(shutil, "disk_usage", lambda _: Uso(1 << 50, 0, free))


def test_a_disk_needs_room_for_two_runs(luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch) -> None:
    needed = needed_bytes(luoghi)
    full_disk(monkeypatch, 2 * needed)
    found = look(luoghi, SUBITO)
    assert found.sana
    assert value(found, "pira_disk_free_bytes", disco="magazzino") == 2 * needed
    assert value(found, "pira_disk_needed_bytes", disco="magazzino") == needed
    full_disk(monkeypatch, 2 * needed - 1)
    problem = only_problem(look(luoghi, SUBITO))
    assert str(luoghi.warehouse) in problem and "liberare spazio" in problem


def test_dagsters_home_on_another_disk_is_looked_at_too(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Path("/dev/shm")
    if not other.is_dir() or other.stat().st_dev == luoghi.warehouse.stat().st_dev:
        pytest.skip("there is no second disk here")
    monkeypatch.setenv("DAGSTER_HOME", str(other / f"pira-{os.getpid()}"))
    plenty = 2 * needed_bytes(luoghi)
    assert plenty > 2 * RECORDS
    room = {other: 2 * RECORDS}
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Uso(1, 0, room.get(path, plenty)))
    found = look(luoghi, SUBITO)
    assert found.sana and str(other) in found.riga
    assert value(found, "pira_disk_needed_bytes", disco="dagster") == RECORDS
    room[other] -= 1
    assert str(other) in only_problem(look(luoghi, SUBITO))


def test_what_runs_before_a_night_and_the_dead_man_count_the_same(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed = needed_bytes(luoghi)
    full_disk(monkeypatch, needed)
    check_space(luoghi)
    full_disk(monkeypatch, needed - 1)
    with pytest.raises(NonPubblicabile, match="liberare spazio"):
        check_space(luoghi)
