"""The measures of `pira health`: read by a parser of the test's own, compared with the publication.

Belongs here: the Prometheus text, the command's words and status. Does not belong here: what counts
as a problem (test_health.py).
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from pipelines.desk.health import look
from pipelines.desk.metrics import HELP, Misura, exposition
from pipelines.orchestration.home import POSTGRES, dagster_home
from pipelines.settings import ROOT, Luoghi
from tests.salute import SUBITO, beat, confirm, set_field, the, value
from tests.warehouse.magazzini import ADESSO, chiedi, copia


@pytest.fixture
def luoghi(piccola: Luoghi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Luoghi:
    """A publication of its own, made at ADESSO; Dagster was never here."""
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.delenv(POSTGRES, raising=False)
    return copia(piccola, tmp_path)


@pytest.fixture
def istanza(luoghi: Luoghi) -> Iterator[dg.DagsterInstance]:
    """Dagster's records beside the publication."""
    with dg.DagsterInstance.from_config(str(dagster_home(luoghi))) as instance:
        yield instance


# --- Prometheus -------------------------------------------------------------------------------------

NOME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
ETICHETTA = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)')
CAMPIONE = re.compile(rf"({NOME})(?:\{{(.*)\}})? (\S+)")
Campioni = dict[tuple[str, frozenset[tuple[str, str]]], float]


def parse(text: str) -> Campioni:
    """Text format 0.0.4, read by its rules: HELP, then TYPE, then the samples of that name."""
    assert text.endswith("\n")
    found: Campioni = {}
    helped: list[str] = []
    typed: list[str] = []
    for line in text.removesuffix("\n").split("\n"):
        if line.startswith("# HELP "):
            name, about = line.removeprefix("# HELP ").split(" ", 1)
            assert re.fullmatch(NOME, name) and about.strip() and name not in helped
            helped.append(name)
        elif line.startswith("# TYPE "):
            name, kind = line.removeprefix("# TYPE ").split(" ")
            assert kind in ("counter", "gauge", "histogram", "summary", "untyped")
            assert name not in typed and helped[-1] == name
            typed.append(name)
        else:
            sample = CAMPIONE.fullmatch(line)
            assert sample is not None, line
            name, labels, number = sample.groups()
            assert typed[-1] == name
            pairs = ETICHETTA.findall(labels or "")
            assert "".join(f'{k}="{v}",' for k, v in pairs).rstrip(",") == (labels or "")
            plain = {
                (k, re.sub(r"\\(.)", lambda m: {"n": "\n"}.get(m[1], m[1]), v)) for k, v in pairs
            }
            assert len({k for k, _ in plain}) == len(pairs)
            key = (name, frozenset(plain))
            assert key not in found
            found[key] = float(number)
    return found


def test_the_measures_are_those_of_the_publication(
    luoghi: Luoghi, istanza: dg.DagsterInstance
) -> None:
    beat(istanza, SUBITO, "SENSOR")
    confirm(luoghi, ADESSO + timedelta(minutes=30))
    found = look(luoghi, SUBITO)
    read = parse(exposition(found.misure))

    def of(name: str, **labels: str) -> float:
        return read[(name, frozenset(labels.items()))]

    def count(query: str) -> int:
        [(number,)] = chiedi(luoghi, query)
        assert isinstance(number, int)
        return number

    assert of("pira_in_salute") == 0
    assert of("pira_last_publication_timestamp_seconds") == ADESSO.timestamp()
    assert of("pira_last_confirmation_timestamp_seconds") == ADESSO.timestamp() + 1800
    assert of("pira_last_publication_age_seconds") == 1800
    assert of("pira_daemon_up", demone="SENSOR") == 0
    assert of("pira_daemon_up", demone="SCHEDULER") == 1
    assert of("pira_publications_kept") == 1
    assert of("pira_quarantined_rows") == count("select count(*) from qualita.scarti")
    assert of("pira_refused_files") == 0
    missing = {
        (dict(labels)["camera"], dict(labels)["esercizio"]): number
        for (name, labels), number in read.items()
        if name == "pira_missing_results"
    }
    expected = chiedi(
        luoghi,
        "select camera, esercizio::varchar, count(*) - count(risultato)"
        " from scorecard.indicatori group by all",
    )
    assert missing == {(camera, year): number for camera, year, number in expected} != {}
    assert {name for name, _ in read} == {m.nome for m in found.misure}


def test_the_measures_of_a_spoilt_delivery(
    campione: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "")
    found = look(campione, SUBITO)
    [(rows, files)] = chiedi(
        campione,
        "select (select count(*) from qualita.scarti),"
        " (select count(*) from qualita.file where esito = 'RIFIUTATO')",
    )
    assert rows > 0
    assert value(found, "pira_quarantined_rows") == rows
    assert value(found, "pira_refused_files") == files


def test_late_extracts_are_counted_where_the_publication_knows_them(
    luoghi: Luoghi,
) -> None:
    path = the(luoghi, "pira.duckdb")
    with closing(duckdb.connect(str(path))) as writer:
        writer.execute(
            "create schema if not exists qualita;"
            "create or replace table qualita.freschezza as"
            " from (values (true), (false), (true), (null)) as t(in_ritardo)"
        )
    assert value(look(luoghi, SUBITO), "pira_late_extracts") == 2
    with closing(duckdb.connect(str(path))) as writer:
        writer.execute("drop table qualita.freschezza")
    found = look(luoghi, SUBITO)
    assert found.sana
    assert [m for m in found.misure if m.nome == "pira_late_extracts"] == []


def test_labels_are_escaped() -> None:
    hard = 'a"b\\c\nd,e="f'
    text = exposition([Misura("pira_daemon_up", 1, (("demone", hard), ("altro", "x")))])
    assert parse(text) == {("pira_daemon_up", frozenset({("demone", hard), ("altro", "x")})): 1.0}


def test_every_measure_has_its_description() -> None:
    modules = [p for p in (ROOT / "pipelines").glob("**/*.py") if p.name != "metrics.py"]
    sources = "".join(p.read_text("utf-8") for p in modules)
    assert set(re.findall(r'"(pira_\w+)"', sources)) == set(HELP)
    for name in HELP:
        assert not name.endswith("_total")  # none of them is a counter
        assert not re.search(r"_(hours|minutes|days|mb|kb|megabytes)$", name)


# --- the command ------------------------------------------------------------------------------------


def pira(luoghi: Luoghi, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("PIRA_", "DAGSTER_"))}
    places = {"PIRA_RAW": str(luoghi.raw), "PIRA_WAREHOUSE": str(luoghi.warehouse)}
    return subprocess.run(
        [sys.executable, "-m", "pipelines.cli", "health", *words],
        env=inherited | places | {"PYTHONPATH": str(ROOT)} | more,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def di_adesso(luoghi: Luoghi) -> Luoghi:
    """A publication that is an hour old by the clock of this machine."""
    when = datetime.now(ADESSO.tzinfo) - timedelta(hours=1)
    set_field(the(luoghi, "manifest.json"), "pubblicato", when.isoformat())
    return luoghi


def test_the_command_when_well(di_adesso: Luoghi) -> None:
    ended = pira(di_adesso)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("In salute: ") and ended.stdout.count("\n") == 1


def test_the_command_when_ill(luoghi: Luoghi) -> None:
    ended = pira(luoghi, PIRA_PRODUZIONE="1")
    assert (ended.returncode, ended.stderr) == (1, "")
    assert ended.stdout.startswith("Da guardare: ") and ended.stdout.count("\n") == 1
    assert "ore fa" in ended.stdout and "il demone" in ended.stdout


def test_the_measures_have_the_same_status(di_adesso: Luoghi) -> None:
    well = pira(di_adesso, "--prometheus")
    assert (well.returncode, well.stderr) == (0, "")
    assert parse(well.stdout)[("pira_in_salute", frozenset())] == 1
    ill = pira(di_adesso, "--prometheus", PIRA_PRODUZIONE="1")
    assert ill.returncode == 1 and ill.stderr.startswith("Da guardare: ")
    assert parse(ill.stdout)[("pira_in_salute", frozenset())] == 0
