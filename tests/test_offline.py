"""The main job asks nothing of the network: it runs, whole, with the network cut."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

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
ALLEGATO = Path(__file__).parents[1] / "raw" / "MS" / "2020" / "allegato.txt"


def _without_network() -> list[str]:
    """A prefix that runs a command in a network namespace of its own, where the system allows it."""
    prefix = ["unshare", "--map-root-user", "--net"]
    if shutil.which("unshare") is None:
        return []
    allowed = subprocess.run([*prefix, "true"], capture_output=True, check=False)
    return prefix if allowed.returncode == 0 else []


def test_main_job_runs_with_the_network_cut(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    generate(raw, pratiche=100, esercizi=(2020,))
    shutil.copy(ALLEGATO, raw / "MS" / "2020")
    environment = {
        **os.environ,
        "PIRA_KEY": "senza rete, lunga quanto basta",
        "PIRA_RAW": str(raw),
        "PIRA_WAREHOUSE": str(tmp_path / "warehouse"),
    }
    environment.pop("DAGSTER_HOME", None)
    done = subprocess.run(
        [*_without_network(), sys.executable, "-c", RUN],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "NETWORK" not in done.stderr
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "warehouse" / "pira.duckdb").exists()
