"""`pira serve`: a real page and a real daemon, seen by `pira health`, and nothing left when they end."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import dagster as dg
import pytest

from pipelines.settings import ROOT, Luoghi
from tests.postgres import free_port
from tests.warehouse.magazzini import copia

SEGNO = "PIRA_PROVA_DI_SERVE"
"""In the environment of every process that the trial starts, whatever session it puts itself in."""

LIMITE = 120.0
"""Seconds that each wait may last: only what never ends is cut off."""


def processes(mark: str) -> dict[int, str]:
    """The processes alive that carry the mark, with their command lines."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"{SEGNO}={mark}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                found[int(folder.name)] = words
    return found


def wait(what: Callable[[], bool], alive: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + LIMITE
    while not what():
        assert alive.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.5)


def answers(port: int) -> bool:
    with suppress(OSError):
        address = f"http://127.0.0.1:{port}/server_info"
        with urllib.request.urlopen(address, timeout=5) as page:
            return b"dagster_webserver_version" in page.read()
    return False


@contextmanager
def serve(
    luoghi: Luoghi, base: Path
) -> Iterator[tuple["subprocess.Popen[bytes]", int, dict[str, str]]]:
    """The trial, its port and its environment; whatever is left at the end is killed."""
    port, log = free_port(), base / "diario"
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PIRA_", "DAGSTER_"))}
    environment |= {
        "PYTHONPATH": str(ROOT),
        "PIRA_RAW": str(luoghi.raw),
        "PIRA_WAREHOUSE": str(luoghi.warehouse),
        "DAGSTER_HOME": str(base / "dagster"),
        SEGNO: str(base),
    }
    with log.open("wb") as stream:
        trial = subprocess.Popen(
            [sys.executable, "-m", "pipelines.cli", "serve", "--port", str(port)],
            env=environment,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
        )
    try:
        wait(lambda: answers(port), trial, log)
        yield trial, port, environment
    finally:
        for number in processes(str(base)):
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        trial.wait()


def heard_of(environment: dict[str, str]) -> set[str]:
    """The parts of the daemon that Dagster has heard of: asking it costs nothing, a command a process."""
    with dg.DagsterInstance.from_config(environment["DAGSTER_HOME"]) as instance:
        return set(instance.get_daemon_heartbeats())


def health(environment: dict[str, str]) -> str:
    """What `pira health` says, asked as a production machine asks."""
    said = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", "health", "--prometheus"],
        env={k: v for k, v in environment.items() if k != SEGNO} | {"PIRA_PRODUZIONE": "1"},
        capture_output=True,
        text=True,
        timeout=LIMITE,
        check=False,
    )
    assert "Traceback" not in said.stderr
    return said.stdout


@pytest.mark.parametrize("how", [pytest.param("control-c", marks=pytest.mark.lungo), "sigterm"])
def test_page_and_daemon_start_and_end_together(piccola: Luoghi, tmp_path: Path, how: str) -> None:
    luoghi, log = copia(piccola, tmp_path), tmp_path / "diario"
    mark = str(tmp_path)
    with serve(luoghi, tmp_path) as (trial, port, environment):
        started = processes(mark)
        assert any("--senza-demone" in words for words in started.values())
        assert any("_daemon" in words for words in started.values())
        if how == "sigterm":
            wait(lambda: heard_of(environment) >= {"SCHEDULER", "SENSOR"}, trial, log)
            said = health(environment)
            assert 'pira_daemon_up{demone="SCHEDULER"} 1' in said
            assert 'pira_daemon_up{demone="SENSOR"} 1' in said
            trial.terminate()
        else:
            # a terminal sends it to everything that it runs in the foreground
            os.killpg(trial.pid, signal.SIGINT)
        trial.wait(timeout=LIMITE)
        deadline = time.monotonic() + LIMITE
        while processes(mark) and time.monotonic() < deadline:
            time.sleep(0.5)
        assert processes(mark) == {}, log.read_text()
        assert not answers(port)
    assert "Traceback" not in log.read_text()
