"""Several processes that use one outbox, all let go at the same moment."""

import subprocess
import sys

from pipelines.settings import ROOT, Luoghi


def insieme(luoghi: Luoghi, what: str, how_many: int) -> list[int]:
    """What each of them counted; -1 for one that died."""
    command = [sys.executable, "-m", "tests.mail.figlio", str(luoghi.raw), str(luoghi.warehouse)]
    children = [
        subprocess.Popen(
            [*command, what],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(how_many)
    ]
    for child in children:
        assert child.stdout is not None and child.stdout.readline() == "pronto\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("\n")
        child.stdin.flush()
    answers = [child.communicate(timeout=120)[0].strip() for child in children]
    return [int(answer) if answer else -1 for answer in answers]
