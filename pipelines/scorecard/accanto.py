"""Documents that other processes finish, while the rest of them are written.

Belongs here: starting those processes, giving each its share, seeing that all was finished. Does not belong
here: what becomes of a document (the program that its format names).
"""

import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipelines.settings import ROOT

PROCESSI = min(os.cpu_count() or 1, 4)
"""How many of a program there are at most: each holds some hundred MB."""

Consegna = Callable[[Path], None]
"""Hands over a file that lies ready to be finished."""


@contextmanager
def beside() -> Iterator[Callable[[str], Consegna]]:
    """Gives what has a process of a program ready for one more file; all end when every file is finished.

    A program reads names of files on its standard input, a JSON text a line, until there are no more. Raises
    `RuntimeError` where one fails, which says why on the standard error; whatever is raised in between, no
    process is left.
    """
    running: defaultdict[str, list[subprocess.Popen[bytes]]] = defaultdict(list)
    handed = Counter[int]()

    def ready(programma: str) -> Consegna:
        mine = running[programma]
        if all(handed[child.pid] for child in mine) and len(mine) < PROCESSI:
            mine.append(_start(programma))
        child = min(mine, key=lambda child: handed[child.pid])

        def hand_over(path: Path) -> None:
            handed[child.pid] += 1
            _tell(child, path)

        return hand_over

    try:
        yield ready
        for programma, mine in running.items():
            for child in mine:
                _close(child)
            if failed := [status for child in mine if (status := child.wait())]:
                raise RuntimeError(f"{programma} è finito con stato {failed[0]}")
    finally:
        for child in (child for mine in running.values() for child in mine):
            child.kill()
            _close(child)
            child.wait()


def _start(programma: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", programma],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        cwd=ROOT,
    )


def _tell(child: subprocess.Popen[bytes], path: Path) -> None:
    assert child.stdin is not None
    with suppress(BrokenPipeError):  # how it ended is asked at the end
        child.stdin.write(json.dumps(str(path.absolute())).encode() + b"\n")
        child.stdin.flush()


def _close(child: subprocess.Popen[bytes]) -> None:
    assert child.stdin is not None
    with suppress(BrokenPipeError):
        child.stdin.close()
