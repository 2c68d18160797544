"""A clock that is wrong must not publish, nor date what is known.

Belongs here: which times are believed, what is said of the others, what becomes of facts that are dated
to come. Does not belong here: `pira run` under such a clock (tests/guasti), the day that is spoken for.
"""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from pipelines.night import orologio, steps
from pipelines.night.orologio import doubt
from pipelines.orchestration import nights
from pipelines.publication import kept as publications
from pipelines.publication.kept import confirm, last_confirmation
from pipelines.publication.pubblicazioni import NonPubblicabile
from pipelines.settings import ROMA, Luoghi
from pipelines.warehouse.load import _redate

ULTIMA = datetime(2026, 3, 12, 4, 0, tzinfo=ROMA)
ORA, GIORNO = timedelta(hours=1), timedelta(days=1)
SPENTA = {"avvio": "prima", "secondi": 5.0}


@pytest.fixture
def luoghi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Luoghi:
    """The last publication, of a machine that was started again since; nobody else keeps its clock."""
    found = Luoghi(tmp_path / "raw", tmp_path / "warehouse")
    folder = found.pubblicazioni / "000001"
    folder.mkdir(parents=True)
    manifest = {
        "pubblicato": ULTIMA.isoformat(),
        "macchina": SPENTA,
        "partizioni": {},
        "estranei": "",
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    found.corrente.symlink_to("pubblicazioni/000001")
    accesa(monkeypatch, {"avvio": "adesso", "secondi": 60.0})
    monkeypatch.setattr(orologio, "kept_by_others", lambda _: False)
    return found


def accesa(monkeypatch: pytest.MonkeyPatch, count: dict[str, Any] | None) -> None:
    """What the machine has counted."""
    for module in (orologio, publications):
        monkeypatch.setattr(module, "machine", lambda: count)


@pytest.mark.parametrize("after", [-timedelta(minutes=5), 0 * ORA, GIORNO, 26 * ORA])
def test_a_night_after_the_last_is_believed(luoghi: Luoghi, after: timedelta) -> None:
    assert doubt(luoghi, ULTIMA + after) is None


@pytest.mark.parametrize(
    ("after", "says"),
    [
        (-timedelta(minutes=6), "12/03/2026 03:54, prima dell'ultima notte"),
        (-400 * GIORNO, "prima dell'ultima notte, che è del 12/03/2026 04:00"),
        (27 * ORA, "27 ore dopo"),
        (8 * GIORNO, "8 giorni dopo l'ultima notte"),
        (4000 * GIORNO, "4000 giorni dopo"),
    ],
)
def test_a_clock_that_jumped_is_not_and_it_is_said_what_to_do(
    luoghi: Luoghi, after: timedelta, says: str
) -> None:
    why = doubt(luoghi, ULTIMA + after) or ""
    assert says in why and why.endswith("lanciare una volta `pira run --orologio-giusto`.")


def test_nothing_is_doubted_where_nothing_was_published(tmp_path: Path) -> None:
    assert doubt(Luoghi(tmp_path / "raw", tmp_path / "warehouse"), ULTIMA) is None


def test_a_night_without_news_explains_the_days_between(luoghi: Luoghi) -> None:
    confirm(luoghi, ULTIMA + 8 * GIORNO)
    assert doubt(luoghi, ULTIMA + 9 * GIORNO) is None
    assert "prima" in (doubt(luoghi, ULTIMA + 7 * GIORNO) or "")


def test_who_went_back_to_an_older_publication_has_not_undone_the_nights_between(
    luoghi: Luoghi,
) -> None:
    folder = luoghi.pubblicazioni / "000002"
    folder.mkdir()
    later = {"pubblicato": (ULTIMA + 8 * GIORNO).isoformat(), "macchina": SPENTA, "partizioni": {}}
    (folder / "manifest.json").write_text(json.dumps(later))
    assert doubt(luoghi, ULTIMA + 9 * GIORNO) is None
    # one that a wrong clock has dated to come explains nothing, and forbids nothing
    assert doubt(luoghi, ULTIMA + 3 * GIORNO) is not None
    assert doubt(luoghi, ULTIMA + GIORNO) is None


def test_a_machine_that_was_on_all_the_while_explains_them(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    week = 7 * GIORNO
    accesa(monkeypatch, {"avvio": "prima", "secondi": 5.0 + week.total_seconds()})
    assert doubt(luoghi, ULTIMA + week) is None
    assert doubt(luoghi, ULTIMA + week + 2 * ORA) is not None
    assert doubt(luoghi, ULTIMA + 4000 * GIORNO) is not None
    assert doubt(luoghi, ULTIMA - week) is not None


def test_a_clock_that_others_keep_is_believed_after_days_but_never_before(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orologio, "kept_by_others", lambda _: True)
    assert doubt(luoghi, ULTIMA + 3 * GIORNO) is None
    assert doubt(luoghi, ULTIMA - 3 * GIORNO) is not None


def test_a_time_that_the_kernel_does_not_show_is_kept_by_nobody() -> None:
    assert not orologio.kept_by_others(datetime(2036, 1, 1, tzinfo=ROMA))


def test_a_run_does_not_begin_under_a_clock_in_doubt_unless_told(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    (luoghi.raw / "AA/2020").mkdir(parents=True)
    monkeypatch.setattr(steps, "now", lambda: ULTIMA + 4000 * GIORNO)
    run = steps.new_run(luoghi)
    with pytest.raises(NonPubblicabile, match=r"L'orologio dice .*--orologio-giusto`\."):
        steps.begin(run, list)
    told = steps.begin(replace(run, orologio_giusto=True), list)
    assert [p.chiave for p in told.viste] == ["AA-2020"]


def test_the_schedule_asks_for_a_run_that_refuses_and_the_sensor_waits(
    luoghi: Luoghi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A night that does not publish must be told as one that fails is; and nothing is confirmed."""
    (luoghi.raw / "AA/2020").mkdir(parents=True)
    monkeypatch.setenv("PIRA_RAW", str(luoghi.raw))
    monkeypatch.setenv("PIRA_WAREHOUSE", str(luoghi.warehouse))
    monkeypatch.setattr(nights, "now", lambda: ULTIMA + 4000 * GIORNO)
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        with dg.build_schedule_context(instance) as context:
            (request,) = nights.ogni_notte.evaluate_tick(context).run_requests or []
        assert request.tags[nights.WHY_TAG].startswith("tutto: L'orologio dice 22/02/2037")
        assert last_confirmation(luoghi) is None
        cursor = None
        for _ in range(3):
            with dg.build_sensor_context(instance, cursor) as glance:
                tick = nights.consegne_arrivate.evaluate_tick(glance)
            assert not tick.run_requests
            cursor = tick.cursor
        assert "L'orologio dice" in (tick.skip_message or "")


def test_a_fact_dated_to_come_is_known_by_now_and_keeps_its_place() -> None:
    tables = ("precedenti", "consegne_precedenti", "controlli_precedenti")
    adesso = ULTIMA.replace(tzinfo=None)
    times = {"a": adesso - GIORNO, "b": adesso + GIORNO, "c": adesso + 3000 * GIORNO}
    with duckdb.connect() as connection:
        connection.execute("create schema storico")
        for table in tables:
            connection.execute(f"create table storico.{table} (cosa varchar, noto_dal timestamp)")
            connection.executemany(f"insert into storico.{table} values (?, ?)", [*times.items()])
        _redate(connection, ULTIMA)
        for table in tables:
            found = connection.execute(f"from storico.{table} order by noto_dal").fetchall()
            assert [name for name, _ in found] == ["a", "b", "c"]
            assert found[0][1] == times["a"]
            assert all(adesso < when < adesso + timedelta(seconds=1) for _, when in found[1:])
