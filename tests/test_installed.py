"""The wheel, in an environment that has nothing else of ours: the main job runs from another folder.

Belongs here: what is in the wheel, that the program which it installs is the repository's, and that a run
of it asks nothing of the network. Does not belong here: what a run computes (test_end_to_end.py).
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from pipelines.fingerprints import program_fingerprint, reading_fingerprint
from pipelines.settings import ROOT, program_version
from tests.sample import generate

RUN = """
import socket, sys

def forbid(event, arguments):
    if event == "socket.getaddrinfo" or (
        event == "socket.connect" and arguments[0].family != socket.AF_UNIX
    ):
        print("NETWORK", event, arguments[1:], file=sys.stderr)
        raise OSError("no network here")

sys.addaudithook(forbid)
from pipelines.cli import main
sys.exit(main(["run"]))
"""

IMPRONTE = """
from pipelines.fingerprints import program_fingerprint, reading_fingerprint
from pipelines.orchestration.porta import WORKSPACE
print(reading_fingerprint(), program_fingerprint(), WORKSPACE)
"""


@dataclass(frozen=True)
class Installata:
    """An environment with the wheel in it, and an empty folder to stand in."""

    wheel: Path
    ambiente: Path
    cartella: Path

    def run(self, *words: str | Path, prefix: tuple[str, ...] = ()) -> tuple[int, str, str]:
        """Runs a program of the environment in the folder; its status, and what it said."""
        kept = {n: v for n, v in os.environ.items() if not n.startswith(("PIRA_", "PYTHON"))}
        kept.pop("DAGSTER_HOME", None)
        program, *rest = words
        done = subprocess.run(
            [*prefix, self.ambiente / "bin" / program, *rest],
            cwd=self.cartella,
            env=kept | {"PIRA_KEY": "un ambiente vuoto, lunga quanto basta"},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def installata(tmp_path_factory: pytest.TempPathFactory) -> Installata:
    """Built and installed without an index; the libraries are those of the environment of the tests."""
    base = tmp_path_factory.mktemp("installata")
    python = base / "ambiente/bin/python"

    def run(*words: str | Path) -> None:
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", base)
    [wheel] = base.glob("*.whl")
    run(sys.executable, "-m", "venv", "--without-pip", base / "ambiente")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python)
    run(*pip, "install", "--quiet", "--no-index", "--no-deps", wheel)
    [site] = base.glob("ambiente/lib/python*/site-packages")
    # only the folder: what makes the repository importable there lies in a .pth, and is not followed
    (site / "librerie.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    (base / "altrove").mkdir()
    return Installata(wheel, base / "ambiente", base / "altrove")


def test_the_wheel_holds_what_the_program_reads(installata: Installata) -> None:
    with zipfile.ZipFile(installata.wheel) as wheel:
        inside = {name for name in wheel.namelist() if ".dist-info/" not in name}
    wanted = {p.relative_to(ROOT).as_posix() for p in (ROOT / "pipelines").rglob("*.*")}
    for folder in ("sql", "deploy"):
        wanted |= {
            f"pipelines/{p.relative_to(ROOT).as_posix()}"
            for p in (ROOT / folder).rglob("*")
            if p.is_file()
        }
    assert inside == {name for name in wanted if "__pycache__" not in name}
    assert {"pipelines/sql/regole.toml", "pipelines/deploy/workspace.yaml"} <= inside


def test_what_is_installed_is_the_program_of_the_repository(installata: Installata) -> None:
    assert installata.run("pira", "--version") == (0, f"pira {program_version()}\n", "")
    status, said, _ = installata.run("python", "-c", IMPRONTE)
    reading, program, workspace = said.split()
    assert (status, reading, program) == (0, reading_fingerprint(), program_fingerprint())
    assert Path(workspace).is_relative_to(installata.ambiente) and Path(workspace).is_file()


def test_the_pages_of_the_repository_are_written_from_the_repository(
    installata: Installata,
) -> None:
    status, _, said = installata.run("pira", "docs")
    assert status == 2 and "nel repository" in said


def _without_network() -> tuple[str, ...]:
    """A prefix that runs a command in a network namespace of its own, where the system allows it."""
    prefix = ("unshare", "--map-root-user", "--net")
    if shutil.which("unshare") is None:
        return ()
    allowed = subprocess.run([*prefix, "true"], capture_output=True, check=False)
    return prefix if allowed.returncode == 0 else ()


def test_the_main_job_runs_from_another_folder_with_the_network_cut(
    installata: Installata,
) -> None:
    raw, warehouse = installata.cartella / "raw", installata.cartella / "warehouse"
    generate(raw, pratiche=100, esercizi=(2020,))
    shutil.copy(ROOT / "raw/MS/2020/allegato.txt", raw / "MS/2020")
    status, shown, said = installata.run("python", "-c", RUN, prefix=_without_network())
    assert "NETWORK" not in said
    assert status == 0, said
    assert "Scorecard MS 2020" in shown and f"Magazzino: {warehouse / 'pira.duckdb'}" in shown
    with duckdb.connect(str(warehouse / "pira.duckdb"), read_only=True) as connection:
        [found] = connection.execute("select count(*) from scorecard.indicatori").fetchall()
    assert found == (16,)
    assert sorted(path.name for path in installata.cartella.iterdir()) == ["raw", "warehouse"]
