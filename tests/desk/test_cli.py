"""`pira`, the command: what it prints, its exit status, and that it writes nowhere but where it may.

Whole runs are in processes of their own, and few: starting Dagster costs more than the run.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.cli import main
from pipelines.fingerprints import list_formats
from pipelines.scorecard.libreria import missing_library
from pipelines.settings import ROOT, Luoghi
from tests.indicatori import piano
from tests.indicatori.piano import Blocco, Voce
from tests.indicatori.zona import scrivi
from tests.warehouse.magazzini import albero, chiedi

GIORNO = "2020-11-30"


@dataclass(frozen=True)
class Macchina:
    """A machine of its own for `pira`: a home, a folder to stand in, one for temporary files."""

    base: Path

    @property
    def luoghi(self) -> Luoghi:
        return Luoghi(self.base / "raw", self.base / "uscita/magazzino")

    def pira(
        self, *words: str, code: Path = ROOT, where: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Runs `pira` from some code, standing in `where`."""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PIRA_", "DAGSTER_", "XDG_"))
        }
        return subprocess.run(
            [sys.executable, "-m", "pipelines.cli", *words],
            cwd=where or self.base / "cwd",
            env=inherited
            | {
                "HOME": str(self.base / "home"),
                "TMPDIR": str(self.base / "tmp"),
                "PIRA_RAW": str(self.luoghi.raw),
                "PIRA_WAREHOUSE": str(self.luoghi.warehouse),
                "DAGSTER_HOME": str(self.base / "dagster"),
                "PYTHONPATH": str(code),
                "PYTHONDONTWRITEBYTECODE": "1",
                "COLUMNS": "200",
            },
            capture_output=True,
            text=True,
            check=False,
        )


def new_machine(base: Path) -> Macchina:
    """With a landing zone: AA of 2020, a plan of three indicators, two of which have data."""
    for name in ("home", "cwd", "tmp"):
        (base / name).mkdir()
    machine = Macchina(base)
    voci = [
        Voce("ISR_STUDI", "8", ("=>4", "=>8", "=>8")),
        Voce("DELIBERE", "8", ("=>2", "=>8", "=>8")),
        Voce("SEDUTE", "8", ("=>8", "=>8", "=>8")),
    ]
    piano.scrivi(machine.luoghi.raw, "AA", 2020, [Blocco("1.1", voci)])
    scrivi(machine.luoghi.raw, "AA", 2020, "isr/studi", [{}, {}, {}])
    scrivi(machine.luoghi.raw, "AA", 2020, "segreteria/atti", [{}, {}])
    return machine


@dataclass(frozen=True)
class Corsa:
    """A run of the command, with the trees around it before and after."""

    macchina: Macchina
    esito: subprocess.CompletedProcess[str]
    prima: dict[str, dict[str, tuple[int, int]]]
    dopo: dict[str, dict[str, tuple[int, int]]]


FERME = ("raw", "home", "cwd", "tmp")


def trees(machine: Macchina) -> dict[str, dict[str, tuple[int, int]]]:
    found = {name: albero(machine.base / name) for name in FERME}
    return found | {"warehouse": albero(ROOT / "warehouse")}


@pytest.fixture(scope="module")
def corsa(tmp_path_factory: pytest.TempPathFactory) -> Corsa:
    """`pira run` for a day before the end of the year."""
    machine = new_machine(tmp_path_factory.mktemp("macchina"))
    before = trees(machine)
    ended = machine.pira("run", "--data-riferimento", GIORNO)
    return Corsa(machine, ended, before, trees(machine))


def test_a_run_publishes_and_prints_the_scorecard(corsa: Corsa) -> None:
    assert corsa.esito.returncode == 0, corsa.esito.stderr
    lines = [" ".join(line.split()) for line in corsa.esito.stdout.splitlines()]
    assert "Scorecard AA 2020" in lines
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines if "│" in line]
    assert rows == [
        ["1.1", "ISR_STUDI", "=>4", "3", "", "75,00%", "▲ giallo", "▲ giallo", "PROVVISORIO"],
        ["1.1", "DELIBERE", "=>2", "2", "", "100,00%", "● verde", "● verde", "PROVVISORIO"],
        ["1.1", "SEDUTE", "=>8", "", "", "", "○ non misurato", "○ non misurato", "DATI_MANCANTI"],
    ]
    (total,) = [line for line in lines if line.startswith("Realizzazione della Camera")]
    assert (
        "87,50% (tra 58,33% e 91,67%, secondo i risultati che mancano), copertura 66,67% del peso:"
        " il 33,33% non è misurato."
    ) in total
    assert "Alla data: 1 verde; 1 giallo; 0 rossi; 1 non misurato." in lines
    assert "Anno intero: 1 verde; 1 giallo; 0 rossi; 1 non misurato." in lines
    assert re.search(r"Dati al 30/11/2020, regole 1\.1\+[0-9a-f]{6}\.", total)


def test_explain_tells_what_a_figure_can_still_become(corsa: Corsa) -> None:
    ended = corsa.macchina.pira("explain", "ISR_STUDI", "--camera", "AA", "--esercizio", "2020")
    assert ended.returncode == 0, ended.stderr
    assert "AA/2020/isr/studi.csv:2" in ended.stdout
    assert re.search("Riga [0-9]+ del piano, target =>4: ▲ giallo nell'anno\n", ended.stdout)
    assert "alla data 75,00% (target alla data =>4), ▲ giallo.\n" in ended.stdout
    assert (
        "Raggiungibile: serve almeno 1 riga in più; 0,97 ogni 30 giorni nei 31 che restano, finora 0,27."
    ) in ended.stdout


def test_a_run_says_where_it_wrote(corsa: Corsa) -> None:
    luoghi = corsa.macchina.luoghi
    assert f"Magazzino: {luoghi.database}\n" in corsa.esito.stdout
    assert f"Scorecard: {luoghi.warehouse / 'scorecard'}\n" in corsa.esito.stdout
    assert luoghi.database.is_file()
    formats = [
        facts
        for facts in list_formats().values()
        if facts["suffisso"] != "pdf" or missing_library() is None
    ]
    assert {facts["suffisso"] for facts in formats} >= {"csv", "html", "json", "txt", "xlsx"}
    assert {path.name for path in (luoghi.warehouse / "scorecard").iterdir()} == {
        facts["suffisso"] if facts.get("insieme") else f"AA-2020.{facts['suffisso']}"
        for facts in formats
    }


def test_a_run_shows_its_progress(corsa: Corsa) -> None:
    said = corsa.esito.stderr
    for step in ("Notte su AA-2020", "Leggo gli estratti", "Costruisco", "Scrivo", "pubblico"):
        assert step in said
    assert "Traceback" not in said and "DEBUG" not in said


def test_a_day_before_its_end_makes_the_year_provisional(corsa: Corsa) -> None:
    rows = chiedi(
        corsa.macchina.luoghi,
        "select codice, stato, data_riferimento::varchar from scorecard.indicatori order by riga",
    )
    assert rows == [
        ("ISR_STUDI", "PROVVISORIO", GIORNO),
        ("DELIBERE", "PROVVISORIO", GIORNO),
        ("SEDUTE", "DATI_MANCANTI", GIORNO),
    ]


def test_a_run_writes_only_the_output_dagsters_home_and_the_key(corsa: Corsa) -> None:
    key = ".config/pira/key"
    assert key not in corsa.prima["home"]
    assert corsa.dopo["home"].keys() == {key}
    assert (corsa.macchina.base / "home" / key).stat().st_mode & 0o777 == 0o600
    for name in ("raw", "cwd", "tmp", "warehouse"):
        assert corsa.dopo[name] == corsa.prima[name], name
    assert sorted(path.name for path in corsa.macchina.base.iterdir()) == sorted(
        [*FERME, "dagster", "uscita"]
    )
    assert [path.name for path in (corsa.macchina.base / "uscita").iterdir()] == ["magazzino"]


def test_the_key_is_never_shown(corsa: Corsa) -> None:
    key = (corsa.macchina.base / "home/.config/pira/key").read_text().strip()
    assert key not in corsa.esito.stdout + corsa.esito.stderr
    for path in corsa.macchina.luoghi.warehouse.rglob("*"):
        if path.is_file():
            assert key.encode() not in path.read_bytes(), path


def test_dagster_keeps_no_telemetry(corsa: Corsa) -> None:
    home = corsa.macchina.base / "dagster"
    assert "telemetry:\n  enabled: false\n" in (home / "dagster.yaml").read_text()
    assert list(corsa.macchina.base.rglob("*telemetry*")) == []


def test_rules_that_make_no_sense_leave_the_publication_as_it_was(
    corsa: Corsa, tmp_path: Path
) -> None:
    for name in ("pipelines", "sql"):
        shutil.copytree(ROOT / name, tmp_path / name)
    rules = tmp_path / "sql/regole.toml"
    rules.write_text(rules.read_text("utf-8").replace("giallo_da = 70", "giallo_da = 95"), "utf-8")
    luoghi = corsa.macchina.luoghi
    before = albero(luoghi.warehouse / "pubblicazioni"), luoghi.corrente.readlink()
    ended = corsa.macchina.pira("run", code=tmp_path)
    assert ended.returncode == 1
    assert ended.stdout == ""
    last = ended.stderr.strip().splitlines()[-1]
    assert last.startswith("Nulla è stato pubblicato.")
    assert last.endswith("le soglie vanno da 0 a 100, giallo poi verde.")
    assert "Traceback" not in ended.stderr
    assert (albero(luoghi.warehouse / "pubblicazioni"), luoghi.corrente.readlink()) == before


def test_an_empty_landing_zone_publishes_nothing(tmp_path: Path) -> None:
    for name in ("home", "cwd", "tmp", "raw"):
        (tmp_path / name).mkdir()
    ended = Macchina(tmp_path).pira("run")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("Niente da pubblicare: ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cwd", "home", "raw", "tmp"]


def test_wrong_usage_has_its_own_status(tmp_path: Path) -> None:
    for name in ("home", "cwd", "tmp", "raw"):
        (tmp_path / name).mkdir()
    ended = Macchina(tmp_path).pira("run", "--camera", "MS")
    assert ended.returncode == 2
    assert "la zona di consegna non ha la partizione chiesta" in ended.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cwd", "home", "raw", "tmp"]


INGLESE = re.compile(
    r"\b(usage|error|argument|option|expected|invalid|choose|required|show|exit|could)s?\b"
)
"""Words by which argparse would be known where it speaks by itself."""


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ([], "comando"),
        (["corri"], "comando"),
        (["run", "--giorno", "2020-12-31"], "--giorno"),
        (["run", "--data-riferimento", "2020-02-30"], "non è una data"),
        (["run", "--data-riferimento", "31/12/2020"], "non è una data"),
        (["run", "--data-riferimento", ""], "non è una data"),
        (["run", "--data-riferimento"], "--data-riferimento"),
        (["run", "--camera", "ms"], "non è una sigla"),
        (["run", "--camera", "MSS"], "non è una sigla"),
        (["run", "--camera", "M\N{LATIN CAPITAL LETTER S WITH CARON}"], "non è una sigla"),
        (["run", "--camera", "../MS"], "non è una sigla"),
        (["run", "--esercizio", "20"], "non è un anno"),
        (["run", "--esercizio", "02020"], "non è un anno"),
        (["run", "--esercizio", "duemila"], "non è un anno"),
        (["run", "--esercizio", "٢٠٢٠"], "non è un anno"),
        (["run", "--camera", "ZZ"], "non ha la partizione chiesta"),
        (["run", "--esercizio", "1999"], "non ha la partizione chiesta"),
        (["run", "--camera", "AA", "--esercizio", "2019"], "non ha la partizione chiesta"),
        (["rollback"], "manca NOME"),
        (["rollback", "una", "due"], "non si conosce due"),
        (["prune-runs", "--older-than", "molto"], "non è un numero di giorni"),
        (["run", "--senza-attesa=1"], "non vuole un valore"),
        (["serve", "--s"], "--s può essere --senza-demone, --sola-lettura"),
        (["serve", "--port", "alta"], "non è un numero intero"),
        (["new-camera", "LU", "--esercizio"], "manca almeno un valore"),
    ],
    ids=" ".join,
)
def test_words_that_make_no_sense_are_wrong_usage(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: Sequence[str],
    why: str,
) -> None:
    (tmp_path / "raw/AA/2020").mkdir(parents=True)
    monkeypatch.setenv("PIRA_RAW", str(tmp_path / "raw"))
    monkeypatch.setenv("PIRA_WAREHOUSE", str(tmp_path / "warehouse"))
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert why in said and not INGLESE.search(said)
    assert not (tmp_path / "warehouse").exists()


def test_help_is_not_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["run", "--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert all(word in shown for word in ("--camera", "--esercizio", "--data-riferimento"))
    assert not INGLESE.search(shown)


def test_the_version_is_the_packages(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]

    def said() -> str:
        with pytest.raises(SystemExit) as ended:
            main(["--version"])
        assert ended.value.code == 0
        return capsys.readouterr().out

    assert said() == f"pira {declared}\n"
    monkeypatch.setattr(sys, "path", [str(ROOT)])
    assert said() == "pira non installato\n"


def test_a_program_without_its_models_says_so(tmp_path: Path) -> None:
    for name in ("home", "cwd", "tmp"):
        (tmp_path / name).mkdir()
    shutil.copytree(ROOT / "pipelines", tmp_path / "codice/pipelines")
    ended = Macchina(tmp_path).pira("new-camera", "LU", code=tmp_path / "codice")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == (
        f"In {tmp_path / 'codice/sql'} non c'è nessun modello: pira non è installato per intero,"
        " reinstallarlo.\n"
    )


def test_the_manifest_is_of_the_run_that_was_printed(corsa: Corsa) -> None:
    manifest = json.loads((corsa.macchina.luoghi.warehouse / "manifest.json").read_text())
    run = chiedi(corsa.macchina.luoghi, "select esecuzione from storico.esecuzione")
    assert run == [(manifest["esecuzione"],)]
