"""Faults of a lake, each with the real part that it befalls, and what must hold after any of them.

Belongs here: a lake of two small chambers, what is done to it, who counts meanwhile, the judge. Does not
belong here: the parts (servers.py), the looks (lettore.py), how many faults are tried (test_guasti.py).
"""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.settings import ROOT
from tests.indicatori import piano, zona
from tests.lago import servers
from tests.lago.servers import Impianto
from tests.warehouse.magazzini import blocchi, scrivi_anno

CAMERE = ("AA", "BB")
GIORNO = "2021-01-15"
ATTESA = 240
"""Seconds that a command over the lake has to end, on a machine that does much else."""


def landing_zone(raw: Path) -> None:
    """Two chambers of a year, each with a plan."""
    for camera in CAMERE:
        scrivi_anno(raw, camera, 2020)
        piano.scrivi(raw, camera, 2020, blocchi())


def news(raw: Path, rows: int) -> None:
    """Something to publish of both chambers: so many rows of an extract of theirs."""
    for camera in CAMERE:
        zona.scrivi(raw, camera, 2020, "segreteria/sedute", [{}] * rows)


@dataclass(frozen=True)
class Lago:
    """A lake of the test's own."""

    impianto: Impianto
    raw: Path

    def avvia(self, *words: str) -> "subprocess.Popen[str]":
        """A command over it, in a group of its own, that goes on while the test does something else."""
        return subprocess.Popen(
            [servers.program("pira"), "lake", *words],
            env={**os.environ, **self.impianto.ambiente},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def fai(self, *words: str, stato: int = 0) -> str:
        """A command that must end with this status; what it printed."""
        return finish(self.avvia(*words), stato)

    def consegna(self, nome: str) -> None:
        """Computes both chambers and leaves them in the bucket."""
        chambers = [word for camera in CAMERE for word in ("--camera", camera)]
        self.fai("stage", nome, *chambers, "--data-riferimento", GIORNO)

    def manifesto(self) -> dict[str, Any]:
        """What the publication in force says of itself."""
        program = (
            "import json\n"
            "import tempfile\n"
            "from pathlib import Path\n"
            "from pipelines.lake import catalogo, secchio\n"
            "from pipelines.lake.luogo import Lago\n"
            "lago = Lago.from_environment()\n"
            "with tempfile.TemporaryDirectory() as t, catalogo.attached(lago, Path(t)) as c:\n"
            "    n, f = c.execute('select numero, cartella from registro.pubblicazioni"
            " order by numero desc limit 1').fetchone()\n"
            "found = secchio.read_json(secchio.open_bucket(lago), f'{f}/manifest.json')\n"
            "print(json.dumps({'numero': n, **found}))"
        )
        return dict(json.loads(self._python("-c", program)))

    def macchina_sola(self, warehouse: Path) -> dict[str, Any]:
        """The manifest of a night over the same landing zone into one file, by the same program."""
        program = (
            "import sys\n"
            "from datetime import date\n"
            "from pathlib import Path\n"
            "from pipelines.night.steps import run\n"
            f"print(run(Path(sys.argv[1]), Path(sys.argv[2]), giorno=date.fromisoformat('{GIORNO}')))"
        )
        folder = self._python("-c", program, str(self.raw), str(warehouse), PIRA_LAGO="")
        found: dict[str, Any] = json.loads((Path(folder.strip()) / "manifest.json").read_text())
        return found

    def _python(self, *words: str, **changed: str) -> str:
        done = subprocess.run(
            [servers.program("python"), *words],
            env={**os.environ, **self.impianto.ambiente, **changed},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=ATTESA,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def finish(process: "subprocess.Popen[str]", stato: int) -> str:
    """Waits for a command, which must end with this status."""
    said, _ = process.communicate(timeout=ATTESA)
    assert process.returncode == stato, said
    return said


@contextmanager
def lake(base: Path) -> Iterator[Lago]:
    """A lake with a first publication of both chambers."""
    raw = base / "raw"
    landing_zone(raw)
    with servers.plant(raw) as plant:
        found = Lago(plant, raw)
        found.fai("create")
        found.consegna("prima")
        found.fai("commit", "prima")
        yield found


# --- who counts meanwhile ---------------------------------------------------------------------------


@contextmanager
def counting(lago: Lago, base: Path) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """An analyst at work; gives what asks for all the looks so far. At the end it must have seen no mix."""
    end, said = base / "fine", base / "sguardi"
    end.unlink(missing_ok=True)
    with said.open("w") as stream:
        reader = subprocess.Popen(
            [servers.program("python"), "-m", "tests.lago.lettore", end],
            env={**os.environ, **lago.impianto.ambiente},
            cwd=ROOT,
            stdout=stream,
        )

    def looks() -> list[dict[str, Any]]:
        return [json.loads(line) for line in said.read_text().splitlines()]

    try:
        wait_until(lambda: bool(looks()), "nobody counts")
        yield looks
    finally:
        end.touch()
        assert reader.wait(ATTESA) == 0
    judge(looks())


def judge(looks: list[dict[str, Any]]) -> None:
    """Every answer is of one publication, whole, and none goes back."""
    seen = [look for look in looks if "errore" not in look]
    assert seen
    assert [look for look in seen if look["diverse"]] == []
    numbers = [look["numero"] for look in seen]
    assert numbers == sorted(numbers)
    rows: dict[int, dict[str, int]] = {}
    for look in seen:
        assert rows.setdefault(look["numero"], look["righe"]) == look["righe"]


def wait_until(true: Callable[[], bool], otherwise: str) -> None:
    for _ in range(ATTESA * 10):
        if true():
            return
        time.sleep(0.1)
    raise AssertionError(otherwise)


# --- what befalls -----------------------------------------------------------------------------------


def kill(process: "subprocess.Popen[str]") -> None:
    """Ends a command and all that it started, without a word."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def under_way(process: "subprocess.Popen[str]", seconds: float) -> bool:
    """Whether a committer that has judged what comes is still at it so many seconds later."""
    assert process.stdout is not None
    for line in process.stdout:
        if "parti nuove" in line:
            break
    time.sleep(seconds)
    return process.poll() is None


def kill_worker(lago: Lago, seconds: float) -> None:
    """The committer is killed."""
    process = lago.avvia("commit")
    under_way(process, seconds)
    kill(process)


def kill_catalogue(lago: Lago, seconds: float) -> None:
    """PostgreSQL is killed under the committer, and comes back."""
    process = lago.avvia("commit")
    under_way(process, seconds)
    lago.impianto.catalogo.uccidi()
    process.communicate(timeout=ATTESA)
    lago.impianto.catalogo.avvia()


def cut_bucket(lago: Lago, seconds: float) -> None:
    """The bucket is killed under the committer, and comes back."""
    process = lago.avvia("commit")
    under_way(process, seconds)
    lago.impianto.secchio.parte.uccidi()
    process.communicate(timeout=ATTESA)
    lago.impianto.secchio.riavvia()


GUASTI: dict[str, Callable[[Lago, float], None]] = {
    "operaio": kill_worker,
    "catalogo": kill_catalogue,
    "secchio": cut_bucket,
}
