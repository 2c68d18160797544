"""Processes that finish documents beside: each gets its share, none fails in silence, none is left."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.scorecard import accanto
from pipelines.settings import ROOT

LEGGE = "json.tool"
"""A program that wants one JSON text and no more: the second file that it is handed makes it fail."""


@pytest.fixture
def avviati(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that are started, two of a program at most."""
    found: list[subprocess.Popen[bytes]] = []
    start = accanto._start

    def noted(programma: str) -> subprocess.Popen[bytes]:
        found.append(start(programma))
        return found[-1]

    monkeypatch.setattr(accanto, "_start", noted)
    monkeypatch.setattr(accanto, "PROCESSI", 2)
    return found


def test_each_process_gets_its_share(avviati: list[subprocess.Popen[bytes]]) -> None:
    with accanto.beside() as ready:
        for name in ("uno", "due\nrighe"):
            ready(LEGGE)(Path(name))
    assert [child.returncode for child in avviati] == [0, 0]


def test_what_is_not_finished_is_said(avviati: list[subprocess.Popen[bytes]]) -> None:
    with pytest.raises(RuntimeError, match=r"json\.tool"), accanto.beside() as ready:
        for name in ("uno", "due", "tre"):
            ready(LEGGE)(Path(name))
    assert sorted(child.returncode for child in avviati) == [0, 1]


def test_what_fails_in_between_leaves_no_process(avviati: list[subprocess.Popen[bytes]]) -> None:
    with pytest.raises(ZeroDivisionError), accanto.beside() as ready:
        ready(LEGGE)
        raise ZeroDivisionError
    assert [child.returncode for child in avviati] == [-signal.SIGKILL]


def test_who_is_killed_leaves_no_process() -> None:
    program = (
        "from pipelines.scorecard import accanto; import time\n"
        "start = accanto._start\n"
        "def noted(programma):\n"
        "    child = start(programma)\n"
        "    print(child.pid, flush=True)\n"
        "    return child\n"
        "accanto._start = noted\n"
        "with accanto.beside() as ready:\n"
        f"    ready({LEGGE!r})\n"
        "    time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as night:
        assert night.stdout is not None
        child = int(night.stdout.readline())
        night.kill()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and _lives(child):
        time.sleep(0.05)
    assert not _lives(child)


def _lives(process: int) -> bool:
    """Whether it runs: one that ended, and that nobody has asked how, does not."""
    try:
        os.kill(process, 0)
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
