"""The Dagster front door: what operators see, which way the gates stand, what a night leaves behind.

Belongs here: assets, checks, partitions, the schedule, one run of the job. Does not belong here: what
is computed (test_end_to_end.py), the command (test_cli.py).
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from graphlib import TopologicalSorter
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from click.testing import CliRunner
from dagster._cli.definitions import definitions_validate_command
from dagster._cli.utils import TMP_DAGSTER_HOME_PREFIX
from dagster._utils.schedules import schedule_execution_time_iterator

from pipelines.contract.estratti import ESTRATTI, PER_CODICE
from pipelines.definitions import defs
from pipelines.night import steps
from pipelines.orchestration import nights, specs
from pipelines.orchestration.home import dagster_home
from pipelines.orchestration.nights import register_partitions
from pipelines.orchestration.runs import CHOSEN_TAG, CLOCK_TAG, DAY_TAG, NEWS_TAG, range_tags
from pipelines.orchestration.specs import (
    ALLEGATO,
    DOCUMENTI,
    PARTITIONS,
    PUBBLICAZIONE,
    REGISTRO,
    VALORI,
    extract_key,
)
from pipelines.settings import ROOT, Luoghi
from pipelines.warehouse.models import checks, read_models
from pipelines.warehouse.persone import is_about_people
from tests.contratto import SEDICI
from tests.guasti.passi import PASSI, innesta
from tests.indicatori import zona
from tests.indicatori.zona import predefinite
from tests.warehouse.magazzini import (
    CODICI,
    GIORNO,
    ULTIMI,
    albero,
    apri,
    chiedi,
    colonne_di,
    copia,
    corri,
)

GRAFO = defs.resolve_asset_graph()
ASSET = sorted(GRAFO.get_all_asset_keys())
ROMA = ZoneInfo("Europe/Rome")

VOCE: dict[str, Any] = {"loggers": {"voce": {}}}
"""What a run says, as `pira run` asks for it."""

PESANTI = ("openpyxl", "xlsxwriter", "jinja2", "rich", "dagster_webserver", "pandas", "numpy")
"""Modules that loading the definitions must not pay for: they are for reading and writing files."""

di_ogni_asset = pytest.mark.parametrize("key", ASSET, ids=lambda key: key.to_user_string())


# --- loading ----------------------------------------------------------------------------------------


def test_loading_imports_nothing_that_only_a_run_needs() -> None:
    program = (
        "import json, sys\n"
        "from pipelines.definitions import defs\n"
        "jobs = [job.name for job in defs.resolve_all_job_defs()]\n"
        f"heavy = [name for name in {PESANTI!r} if name in sys.modules]\n"
        "print(json.dumps([jobs, heavy]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    jobs, heavy = json.loads(done.stdout)
    assert "notte" in jobs
    assert heavy == []


def test_dagster_finds_the_definitions_and_leaves_nothing_in_the_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `dagster dev` does from the root of the repository, without a home of its own."""
    for name in ("pyproject.toml", ".gitignore"):
        shutil.copy(ROOT / name, tmp_path)
    git = ["git", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "--quiet"], check=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DAGSTER_HOME")
    ended = CliRunner().invoke(definitions_validate_command, ["--log-level", "error"])
    assert ended.exit_code == 0, ended.output
    # what one that is killed leaves there
    (tmp_path / f"{TMP_DAGSTER_HOME_PREFIX}x").mkdir()
    (tmp_path / f"{TMP_DAGSTER_HOME_PREFIX}x/runs.db").touch()
    status = subprocess.run(
        [*git, "status", "--porcelain"], capture_output=True, text=True, check=True
    )
    assert status.stdout.splitlines() == ["?? .gitignore", "?? pyproject.toml"]


# --- what an operator reads -------------------------------------------------------------------------


def test_every_extract_and_every_indicator_is_an_asset() -> None:
    keys = {key.to_user_string() for key in ASSET}
    assert {f"fonti/{codice.replace('/', '_')}" for codice in predefinite(2020, 0)} <= keys
    assert {f"indicatori/{codice}" for codice in CODICI} <= keys
    assert len(keys) == len(PER_CODICE) + len(CODICI) + 8


@di_ogni_asset
def test_an_asset_says_whose_it_is_what_it_is_and_where_it_stands(key: dg.AssetKey) -> None:
    node = GRAFO.get(key)
    assert node.owners and all(owner.startswith("team:") for owner in node.owners)
    assert node.description and len(node.description) > 20
    assert node.group_name.startswith("g") and node.group_name[1].isdigit()
    before = {GRAFO.get(parent).group_name for parent in node.parent_keys}
    assert all(group <= node.group_name for group in before)
    assert node.kinds
    assert node.partitions_def == PARTITIONS


def test_dagster_can_draw_the_assets_which_make_no_circle() -> None:
    order = TopologicalSorter({key: GRAFO.get(key).parent_keys for key in ASSET}).static_order()
    assert set(order) == set(ASSET)


def checked_by(key: dg.AssetKey) -> set[str]:
    """The checks of an asset; an indicator's contributions are judged with those of all the others."""
    names = {check.name for check in GRAFO.get(key).check_keys}
    if key.path[0] == "indicatori" and key.path[-1] in CODICI:
        names |= checked_by(VALORI)
    return names


@di_ogni_asset
def test_many_partitions_asked_for_at_once_are_one_run(key: dg.AssetKey) -> None:
    assert GRAFO.get(key).backfill_policy == dg.BackfillPolicy.single_run()


def test_a_check_says_what_must_hold_not_that_it_holds() -> None:
    """Its heading stands under a green tick and under a red cross alike."""
    said = [GRAFO.get(key).description for key in GRAFO.asset_check_keys]
    assert said and all((text or "").startswith("Deve valere: ") for text in said)


@di_ogni_asset
def test_an_asset_is_checked(key: dg.AssetKey) -> None:
    assert checked_by(key)


def test_every_sql_check_stands_on_an_asset() -> None:
    names = [check.name for check in GRAFO.asset_check_keys]
    in_sql = {check.nome for check in checks(read_models())}
    apart = {"contratto", "consegna", "piani_letti", "piano_intatto", "conti_tornati", "avvisi"}
    assert in_sql == set(names) - apart
    assert names.count("contratto") == names.count("consegna") == len(PER_CODICE)
    assert len(names) == len(in_sql) + 2 * len(PER_CODICE) + 4


def downstream_of(key: dg.AssetKey) -> set[dg.AssetKey]:
    reached: set[dg.AssetKey] = set()
    ahead = [key]
    while ahead:
        new = GRAFO.get(ahead.pop()).child_keys - reached
        reached |= new
        ahead.extend(new)
    return reached


@di_ogni_asset
def test_nothing_goes_around_the_publication(key: dg.AssetKey) -> None:
    below = downstream_of(key)
    assert (PUBBLICAZIONE in below) == (key != PUBBLICAZIONE)
    if key == PUBBLICAZIONE:
        assert below == set()


def test_an_indicator_stands_below_the_extracts_that_it_reads() -> None:
    parents = {
        codice: {
            k.to_user_string() for k in GRAFO.get(dg.AssetKey(["indicatori", codice])).parent_keys
        }
        for codice in CODICI
    }
    assert {"fonti/registro_imprese_pratiche"} <= parents["TEMPO_MEDIO_PRATICHE_RI"]
    assert {"fonti/segreteria_personale", "fonti/segreteria_welfare"} <= parents["WELFARE"]
    assert {"fonti/contabilita_costi_processo", "fonti/registro_imprese_consistenza"} <= parents[
        "RISORSE_INNOVAZIONE_PER_IMPRESA"
    ]
    assert all(any(name.startswith("fonti/") for name in found) for found in parents.values())


# --- which code makes an asset ----------------------------------------------------------------------


@di_ogni_asset
def test_an_asset_says_which_code_makes_it(key: dg.AssetKey) -> None:
    assert GRAFO.get(key).code_version


def test_a_changed_query_is_told_of_what_it_makes_and_of_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def versions() -> dict[str, str | None]:
        return {t.main: t.spec.code_version for t in specs.warehouse_tables()}

    before = versions()
    changed = tuple(
        replace(m, sql=f"{m.sql}\nlimit 0") if m.tabella == "contributi.WELFARE" else m
        for m in specs.MODELS
    )
    monkeypatch.setattr(specs, "MODELS", changed)
    after = versions()
    assert {name for name in before if before[name] != after[name]} == {
        *("contributi.WELFARE", "indicatori.valori", "scorecard.indicatori", "storico.valori"),
        "qualita.file",  # beside it stands what the checks found, and they read everything
    }


# --- partitions and the night -----------------------------------------------------------------------


@pytest.fixture
def istanza() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def folders(raw: Path, *keys: str) -> Luoghi:
    for key in keys:
        (raw / key.replace("-", "/")).mkdir(parents=True, exist_ok=True)
    return Luoghi(raw, raw.parent / "warehouse")


def test_partitions_are_the_folders_of_the_landing_zone(
    istanza: dg.DagsterInstance, tmp_path: Path
) -> None:
    luoghi = folders(tmp_path / "raw", "AA-2019", "AA-2020", "BB-2020")
    (luoghi.raw / "AA/vecchi").mkdir()
    (luoghi.raw / "AA/allegato.txt").touch()
    expected = ["AA-2019", "AA-2020", "BB-2020"]
    assert register_partitions(istanza, luoghi) == expected
    assert register_partitions(istanza, luoghi) == expected
    shutil.rmtree(luoghi.raw / "AA/2020")
    assert register_partitions(istanza, luoghi) == ["AA-2019", "BB-2020"]
    assert list(istanza.get_dynamic_partitions("camera_esercizio")) == ["AA-2019", "BB-2020"]
    # what comes back comes last
    folders(luoghi.raw, "AA-2020")
    assert register_partitions(istanza, luoghi) == ["AA-2019", "BB-2020", "AA-2020"]


@pytest.fixture(scope="module")
def casa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.DagsterInstance]:
    """Dagster with the home that `pira run` makes for it."""
    base = tmp_path_factory.mktemp("casa")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", str(base / "dagster"))
        home = dagster_home(Luoghi(base / "raw", base / "warehouse"))
        with dg.DagsterInstance.from_config(str(home)) as instance:
            yield instance


def range_of(request: dg.RunRequest) -> tuple[str, ...]:
    return tuple(request.tags[f"dagster/asset_partition_range_{end}"] for end in ("start", "end"))


def test_the_night_asks_for_every_partition(
    casa: dg.DagsterInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    luoghi = folders(tmp_path / "raw", "AA-2019", "AA-2020", "BB-2020")
    monkeypatch.setenv("PIRA_RAW", str(luoghi.raw))
    tick = datetime(2026, 10, 26, 4, tzinfo=ROMA)
    with dg.build_schedule_context(casa, scheduled_execution_time=tick) as context:
        (request,) = nights.ogni_notte.evaluate_tick(context).run_requests or []
    assert range_of(request) == ("AA-2019", "BB-2020")
    # no run key: a night that failed must not keep the next from running
    assert request.run_key is None
    # it may have to wait, and then what has arrived meanwhile is news too
    assert NEWS_TAG in request.tags


def test_the_night_of_a_lake_asks_for_sets_of_chambers(
    casa: dg.DagsterInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    luoghi = folders(tmp_path / "raw", "AA-2019", "AA-2020", "BB-2020", "CC-2020")
    for name, value in (("RAW", str(luoghi.raw)), ("LAGO", "un lago"), ("INSIEME", "2")):
        monkeypatch.setenv(f"PIRA_{name}", value)
    with dg.build_schedule_context(casa) as context:
        requests = nights.ogni_notte.evaluate_tick(context).run_requests or []
    assert [(r.tags[CHOSEN_TAG], range_of(r)) for r in requests] == [
        ("AA-*,BB-*", ("AA-2019", "BB-2020")),
        ("CC-*", ("CC-2020", "CC-2020")),
    ]
    assert all(NEWS_TAG in r.tags for r in requests)


def test_a_night_with_nothing_delivered_says_so(
    casa: dg.DagsterInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIRA_RAW", str(tmp_path / "vuota"))
    with dg.build_schedule_context(casa) as context:
        tick = nights.ogni_notte.evaluate_tick(context)
    assert not tick.run_requests
    assert "non ha partizioni" in (tick.skip_message or "")


@pytest.fixture(scope="module")
def pubblicata(piccola: Luoghi, tmp_path_factory: pytest.TempPathFactory) -> Luoghi:
    """What its landing zone makes in a year when nothing is expected; only to be copied."""
    luoghi = copia(piccola, tmp_path_factory.mktemp("pubblicata"))
    corri(luoghi, giorno=date(2026, 10, 25), adesso=datetime(2026, 10, 25, 4, tzinfo=ROMA))
    return luoghi


@pytest.fixture
def ferma(pubblicata: Luoghi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Luoghi:
    """A publication of which nothing is news, and the night after."""
    luoghi = copia(pubblicata, tmp_path)
    monkeypatch.setenv("PIRA_RAW", str(luoghi.raw))
    monkeypatch.setenv("PIRA_WAREHOUSE", str(luoghi.warehouse))
    monkeypatch.setattr(nights, "now", lambda: datetime(2026, 10, 26, 4, tzinfo=ROMA))
    return luoghi


def night(instance: dg.DagsterInstance) -> Any:
    with dg.build_schedule_context(instance) as context:
        return nights.ogni_notte.evaluate_tick(context)


def test_a_night_without_news_does_next_to_nothing_and_says_so(
    casa: dg.DagsterInstance, ferma: Luoghi
) -> None:
    before = albero(ferma.warehouse)
    tick = night(casa)
    assert not tick.run_requests
    assert (tick.skip_message or "").startswith("Niente di nuovo: le 3 partizioni")
    after = albero(ferma.warehouse)
    assert after.keys() - before.keys() == {"verifica.json"}
    assert [name for name in before if after[name] != before[name]] == []


def test_a_night_asks_for_what_changed_and_says_why(
    casa: dg.DagsterInstance, ferma: Luoghi
) -> None:
    zona.scrivi(ferma.raw, "AA", 2020, "isr/studi", [{}])
    (request,) = night(casa).run_requests or []
    assert range_of(request) == ("AA-2020", "AA-2020")
    assert request.tags[nights.WHY_TAG] == "AA-2020: file consegnati, cambiati o ritirati"
    assert request.tags[CHOSEN_TAG] == "AA-2020"
    # one run, whatever there is to do: what lies between is not read
    zona.scrivi(ferma.raw, "AA", 2019, "isr/studi", [{}])
    zona.scrivi(ferma.raw, "BB", 2020, "isr/studi", [{}])
    zona.scrivi(ferma.raw, "AA", 2020, "isr/studi", [{}, {}])
    (request,) = night(casa).run_requests or []
    assert range_of(request) == ("AA-2019", "BB-2020")
    assert request.tags[CHOSEN_TAG] == "AA-2019,BB-2020"


def test_a_stranger_concerns_the_whole_which_comes_with_any_partition(
    casa: dg.DagsterInstance, ferma: Luoghi
) -> None:
    (ferma.raw / "lettera.txt").write_text("chi sono")
    (request,) = night(casa).run_requests or []
    assert request.tags[CHOSEN_TAG] == "AA-2019"


def delivered(instance: dg.DagsterInstance, cursor: str | None) -> Any:
    context = dg.build_sensor_context(instance=instance, cursor=cursor)
    return nights.consegne_arrivate.evaluate_tick(context)


def test_the_sensor_asks_for_a_delivery_once_it_is_whole(
    istanza: dg.DagsterInstance, ferma: Luoghi
) -> None:
    first = delivered(istanza, None)
    assert not first.run_requests
    calm = delivered(istanza, first.cursor)
    assert "già pubblicato" in calm.skip_message
    assert delivered(istanza, calm.cursor).skip_message == "Nessuna consegna da guardare."
    zona.scrivi(ferma.raw, "BB", 2020, "isr/studi", [{}])
    growing = delivered(istanza, calm.cursor)
    assert not growing.run_requests
    (request,) = delivered(istanza, growing.cursor).run_requests
    assert request.tags["dagster/asset_partition_range_start"] == "BB-2020"
    assert request.run_key is None
    assert NEWS_TAG not in request.tags, "what has not settled is not whole"
    # asked once: a run that fails is for the night to try again, not for every minute
    cursor = delivered(istanza, growing.cursor).cursor
    assert not delivered(istanza, cursor).run_requests
    # nor for every minute in which something goes on somewhere else
    (ferma.raw / "AA/2020/isr/studi.csv.sha256").write_text("0" * 64)
    for _ in range(3):
        tick = delivered(istanza, cursor)
        assert not tick.run_requests
        cursor = tick.cursor
    assert delivered(istanza, cursor).skip_message == "Nessuna consegna da guardare."


def test_the_sensor_waits_for_a_run_under_way(istanza: dg.DagsterInstance, ferma: Luoghi) -> None:
    cursor = delivered(istanza, delivered(istanza, None).cursor).cursor
    zona.scrivi(ferma.raw, "BB", 2020, "isr/studi", [{}])
    cursor = delivered(istanza, cursor).cursor
    run = istanza.create_run_for_job(
        defs.resolve_job_def("notte"), status=dg.DagsterRunStatus.STARTED
    )
    waiting = delivered(istanza, cursor)
    assert "in corso" in waiting.skip_message
    istanza.delete_run(run.run_id)
    assert len(delivered(istanza, waiting.cursor).run_requests) == 1


def ticks(start: datetime, days: int) -> list[datetime]:
    schedule = nights.ogni_notte
    found = schedule_execution_time_iterator(
        start.timestamp(), schedule.cron_schedule, schedule.execution_timezone
    )
    return [next(found).astimezone(ROMA) for _ in range(days)]


@pytest.mark.parametrize(
    ("change", "hours"),
    [(datetime(2026, 3, 29, tzinfo=ROMA), 23), (datetime(2026, 10, 25, tzinfo=ROMA), 25)],
)
def test_the_night_is_at_four_in_rome_whatever_the_clock_does(change: datetime, hours: int) -> None:
    found = ticks(change - timedelta(days=3), 7)
    assert [(t.hour, t.minute) for t in found] == [(4, 0)] * 7
    assert [b.date() - a.date() for a, b in pairwise(found)] == [timedelta(days=1)] * 6
    apart = [b.astimezone(UTC) - a.astimezone(UTC) for a, b in pairwise(found)]
    assert sorted(apart) == sorted([timedelta(hours=24)] * 5 + [timedelta(hours=hours)])
    assert apart[2] == timedelta(hours=hours)


# --- one run of the job -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def uscita(piccola: Luoghi, tmp_path_factory: pytest.TempPathFactory) -> Luoghi:
    return copia(piccola, tmp_path_factory.mktemp("notte"))


@pytest.fixture(scope="module")
def passi() -> list[str]:
    """The steps that the job took, in order."""
    return []


@pytest.fixture(scope="module")
def notte(uscita: Luoghi, passi: list[str]) -> Iterator[dg.ExecuteInProcessResult]:
    """The job over AA, in this process."""
    with pytest.MonkeyPatch.context() as patch, dg.DagsterInstance.ephemeral() as instance:
        innesta(steps, passi.append, patch.setattr)
        patch.setenv("PIRA_RAW", str(uscita.raw))
        patch.setenv("PIRA_WAREHOUSE", str(uscita.warehouse))
        register_partitions(instance, uscita)
        yield defs.resolve_job_def("notte").execute_in_process(
            instance=instance,
            run_config=VOCE,
            tags={
                **range_tags(["AA-2019", "AA-2020"]),
                DAY_TAG: GIORNO.isoformat(),
                CLOCK_TAG: "sì",
            },
        )


def metadata_of(
    notte: dg.ExecuteInProcessResult, partition: str = "AA-2020"
) -> dict[str, dict[str, Any]]:
    """What each asset says of a partition."""
    return {
        event.asset_key.to_user_string(): dict(event.materialization.metadata)
        for event in notte.get_asset_materialization_events()
        if event.asset_key and event.partition == partition
    }


def test_the_newest_year_is_what_an_asset_shows(notte: dg.ExecuteInProcessResult) -> None:
    latest = {e.asset_key: e.partition for e in notte.get_asset_materialization_events()}
    assert set(latest.values()) == {"AA-2020"} and set(latest) == set(ASSET)


def test_a_night_materialises_every_asset(notte: dg.ExecuteInProcessResult) -> None:
    assert notte.success
    assert set(metadata_of(notte)) == {key.to_user_string() for key in ASSET}


def test_the_job_keeps_the_order_of_the_night(
    notte: dg.ExecuteInProcessResult, passi: list[str]
) -> None:
    """It must not do so by chance: each step stands below the one before."""
    assert notte.success
    assert list(dict.fromkeys(passi)) == list(PASSI)
    alone = ALLEGATO
    for key in (extract_key(ESTRATTI[0]), REGISTRO, DOCUMENTI, PUBBLICAZIONE):
        assert key in downstream_of(alone)
        alone = key


def test_the_run_is_the_one_that_was_published(
    notte: dg.ExecuteInProcessResult, uscita: Luoghi
) -> None:
    manifest = json.loads((uscita.warehouse / "manifest.json").read_text())
    assert manifest["esecuzione"] == notte.run_id
    assert chiedi(uscita, "select esecuzione from storico.esecuzione") == [(notte.run_id,)]
    folder = metadata_of(notte)["pubblicazione"]["pubblicazione"]
    assert folder.value == uscita.corrente.resolve().name


@pytest.mark.parametrize("esercizio", [2019, 2020])
def test_tables_show_their_rows_their_columns_and_a_preview(
    notte: dg.ExecuteInProcessResult, uscita: Luoghi, esercizio: int
) -> None:
    metadata = metadata_of(notte, f"AA-{esercizio}")
    tables = {
        "indicatori/valori": "indicatori.valori",
        "scorecard/tabelle_scorecard": "scorecard.indicatori",
        "piano/tabelle_piano": "piano.indicatori",
        "qualita/registro": "qualita.file",
        "storico/storia": "storico.valori",
        **{f"indicatori/{codice}": f"contributi.{codice}" for codice in CODICI},
    }
    with apri(uscita) as connection:
        published = colonne_di(connection)
        comments = {
            (table, column): comment
            for table, column, comment in connection.execute(
                "select schema_name || '.' || table_name, column_name, comment"
                " from duckdb_columns()"
            ).fetchall()
        }
        for asset, table in tables.items():
            facts = metadata[asset]
            where = f"{table} where camera = 'AA' and esercizio = {esercizio}"
            (count,) = connection.execute(f"select count(*) from {where}").fetchone() or (0,)
            assert facts["dagster/partition_row_count"].value == count, asset
            # the rows of the small landing zone count in the indicators of the contract
            mute = asset in {f"indicatori/{codice}" for codice in {*CODICI} - {*SEDICI}}
            assert count > 0 or mute or (esercizio, table.split(".")[0]) in SENZA_PIANO
            columns = facts["dagster/column_schema"].schema.columns
            assert {c.name: (c.type, c.description) for c in columns} == {
                name: (kind, comments[table, name]) for name, kind in published[table].items()
            }
            head, _, *rows = facts["anteprima"].value.splitlines()
            if is_about_people(table):
                assert head == "| numeratore | denominatore | righe |"
                assert rows == []  # two people a year: too few to be shown
            else:
                assert len(rows) == min(8, count)
            if table.startswith("contributi.") and not is_about_people(table):
                assert head == "| riga | numeratore | denominatore |"
                assert all(row.startswith(f"| AA/{esercizio}/") for row in rows)


def lineage_of(notte: dg.ExecuteInProcessResult, asset: str) -> dict[str, set[tuple[str, str]]]:
    """By column of an asset, the asset and the column of each that it is made from."""
    found = metadata_of(notte)[asset]["dagster/column_lineage"].lineage.deps_by_column
    return {
        name: {(dep.asset_key.to_user_string(), dep.column_name) for dep in deps}
        for name, deps in found.items()
    }


def test_a_figure_leads_back_to_the_columns_of_its_extracts(
    notte: dg.ExecuteInProcessResult,
) -> None:
    assert ("indicatori/valori", "valore") in lineage_of(notte, "scorecard/tabelle_scorecard")[
        "risultato"
    ]
    values = lineage_of(notte, "indicatori/valori")["numeratore"]
    assert {(f"indicatori/{codice}", "numeratore") for codice in CODICI} <= values
    assert lineage_of(notte, "indicatori/WELFARE")["numeratore"] == {
        ("fonti/segreteria_personale", "matricola")
    }
    shown = metadata_of(notte)["indicatori/WELFARE"]["origine delle colonne"].value
    assert "| numeratore | fonti/segreteria_personale: matricola |" in shown.replace("\\", "")


def test_every_column_is_followed_and_leads_upwards(notte: dg.ExecuteInProcessResult) -> None:
    """What cannot be followed is left out, and would be so in silence."""
    told = metadata_of(notte)
    columns = {
        asset: {column.name for column in facts["dagster/column_schema"].schema.columns}
        for asset, facts in told.items()
        if "dagster/column_schema" in facts
    }
    assert columns.keys() - {"qualita/registro"} == {
        asset for asset, facts in told.items() if "dagster/column_lineage" in facts
    }
    for asset in columns.keys() - {"qualita/registro"}:
        found = lineage_of(notte, asset)
        assert found.keys() == columns[asset]
        for other, column in {dep for deps in found.values() for dep in deps}:
            assert dg.AssetKey(asset.split("/")) in downstream_of(dg.AssetKey(other.split("/")))
            assert "." in column or column in columns.get(other, {column}), (asset, other, column)


def test_the_origin_of_columns_is_kept_once(notte: dg.ExecuteInProcessResult) -> None:
    older = metadata_of(notte, "AA-2019")["indicatori/WELFARE"]
    assert "dagster/column_schema" in older and "dagster/column_lineage" not in older


SENZA_PIANO = {(2019, "scorecard"), (2019, "piano")}
"""What has no rows, since the first plan is of 2020."""


def test_an_indicator_says_its_value(notte: dg.ExecuteInProcessResult) -> None:
    def value(partition: str) -> str:
        return str(metadata_of(notte, partition)["indicatori/INCIDENZA_CONSIP"]["valore"].value)

    assert value("AA-2020") == "100,00%, target =>100,00%, verde, definitivo"
    assert value("AA-2019") == "100,00%, definitivo"


@pytest.mark.parametrize("esercizio", [2019, 2020])
def test_extracts_show_their_rows_and_files(
    notte: dg.ExecuteInProcessResult, esercizio: int
) -> None:
    shown = 0
    for asset, facts in metadata_of(notte, f"AA-{esercizio}").items():
        if asset.startswith("fonti/"):
            shown += 1
            assert facts["dagster/partition_row_count"].value == 2
            assert facts["righe in quarantena"].value == 0
            (file,) = facts["file"].value.splitlines()[2:]
            (codice,) = [c for c in predefinite(2020, 0) if asset == f"fonti/{c.replace('/', '_')}"]
            assert file.replace("\\", "").startswith(f"| {codice}.csv |")
            assert file.endswith("| 2 | 2 | 0 | ACCETTATO |")
    assert shown == len(PER_CODICE)


def test_every_check_is_evaluated_and_says_how_it_went(notte: dg.ExecuteInProcessResult) -> None:
    found = notte.get_asset_check_evaluations()
    assert {e.asset_check_key for e in found} == set(GRAFO.asset_check_keys)
    assert len(found) == len(set(GRAFO.asset_check_keys))
    assert [e.check_name for e in found if not e.passed] == []
    assert all(e.description for e in found)
    severities = {e.check_name: e.severity for e in found}
    for check in checks(read_models()):
        assert (severities[check.nome] == dg.AssetCheckSeverity.ERROR) == check.blocca


def test_the_last_values_stand_beside_those_computed_again(
    notte: dg.ExecuteInProcessResult,
) -> None:
    (found,) = [
        e for e in notte.get_asset_check_evaluations() if e.check_name == "ultimo_valore_osservato"
    ]
    head, _, *rows = str(found.metadata["confronto"].value).splitlines()
    columns = [cell.strip().replace("\\", "") for cell in head.split("|")]
    assert {"codice", "ultimo_valore", "ricalcolato", "coincide"} <= set(columns)
    assert len(rows) >= len(ULTIMI)


def test_what_a_run_does_not_read_stays_as_it_was_published(
    notte: dg.ExecuteInProcessResult, piccola: Luoghi, uscita: Luoghi
) -> None:
    assert notte.success
    query = "from indicatori.valori where camera = 'BB' order by all"
    assert chiedi(uscita, query) == chiedi(piccola, query) != []


# --- telemetry --------------------------------------------------------------------------------------


def test_dagster_is_told_to_send_nothing_home(casa: dg.DagsterInstance) -> None:
    assert casa.telemetry_enabled is False
    settings = Path(casa.root_directory) / "dagster.yaml"
    assert "telemetry:\n  enabled: false\n" in settings.read_text()


def test_without_a_home_dagster_lives_in_the_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "")
    home = dagster_home(Luoghi(tmp_path / "raw", tmp_path / "warehouse"))
    assert home == tmp_path / "warehouse/dagster"
    assert [path.name for path in home.iterdir()] == ["dagster.yaml"]


def test_a_home_that_is_configured_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    (tmp_path / "dagster.yaml").write_text("telemetry:\n  enabled: false\n# mio\n")
    dagster_home(Luoghi(tmp_path / "raw", tmp_path / "warehouse"))
    assert (tmp_path / "dagster.yaml").read_text().endswith("# mio\n")
