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
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.lake import luogo
from pipelines.settings import ROOT
from tests.indicatori import piano, zona
from tests.lago import servers
from tests.lago.servers import ATTESA, Impianto
from tests.warehouse.magazzini import blocchi, scrivi_anno

CAMERE = ("AA", "BB")
GIORNO = "2021-01-15"
CALCOLO = (*(w for camera in CAMERE for w in ("--camera", camera)), "--data-riferimento", GIORNO)
"""What is asked of `pira lake stage`: both chambers, of that day."""


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
    """A lake of the test's own; `durate` are the seconds that each command over it took last."""

    impianto: Impianto
    raw: Path
    durate: dict[str, float] = field(default_factory=dict)

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
        begun = time.monotonic()
        said = finish(self.avvia(*words), stato)
        self.durate[words[0]] = time.monotonic() - begun
        return said

    def consegna(self, nome: str) -> None:
        """Computes both chambers and leaves them in the bucket."""
        self.fai("stage", nome, *CALCOLO)

    def cambiamenti(self) -> int:
        """How often the catalogue has changed: a publication is one change."""
        import psycopg2

        told = self.impianto.ambiente
        where = luogo.Lago.read(told["PIRA_LAGO"]).catalogo
        secret = {"user": told["PGUSER"], "password": told["PGPASSWORD"]}
        with closing(psycopg2.connect(where, **secret)) as session, session.cursor() as cursor:
            cursor.execute("select count(*) from ducklake_snapshot")
            ((count,),) = cursor.fetchall()
        return int(count)

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
        return dict(json.loads(servers.python(self.impianto.ambiente, "-c", program)))

    def macchina_sola(self, warehouse: Path) -> dict[str, Any]:
        """The manifest of a night over the same landing zone into one file, by the same program."""
        program = (
            "import sys\n"
            "from datetime import date\n"
            "from pathlib import Path\n"
            "from pipelines.night.steps import run\n"
            f"print(run(Path(sys.argv[1]), Path(sys.argv[2]), giorno=date.fromisoformat('{GIORNO}')))"
        )
        alone = {**self.impianto.ambiente, "PIRA_LAGO": ""}
        folder = servers.python(alone, "-c", program, self.raw, warehouse)
        found: dict[str, Any] = json.loads((Path(folder.strip()) / "manifest.json").read_text())
        return found


def finish(process: "subprocess.Popen[str]", stato: int) -> str:
    """Waits for a command, which must end with this status."""
    said, _ = process.communicate(timeout=ATTESA)
    assert process.returncode == stato, said
    return said


@contextmanager
def lake(base: Path) -> Iterator[Lago]:
    """A lake over the two chambers, of which nothing is published yet."""
    raw = base / "raw"
    landing_zone(raw)
    with servers.plant(raw) as plant:
        found = Lago(plant, raw)
        found.fai("create")
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


def same_truth(lago: Lago, base: Path) -> None:
    """What can be computed again is what one machine computes into one file."""
    ours, alone = lago.manifesto()["tabelle"], lago.macchina_sola(base)["tabelle"]
    story = ("storico.", "passaporto.")
    compared = [t for t, facts in alone.items() if facts["ripetibile"] and not t.startswith(story)]
    assert len(compared) > 30
    told = {t: (ours[t]["righe"], ours[t]["contenuto"]) for t in compared}
    assert told == {t: (alone[t]["righe"], alone[t]["contenuto"]) for t in compared}


def wait_until(true: Callable[[], bool], otherwise: str) -> None:
    for _ in range(ATTESA * 10):
        if true():
            return
        time.sleep(0.1)
    raise AssertionError(otherwise)


# --- what befalls -----------------------------------------------------------------------------------


def kill(_: Lago, process: "subprocess.Popen[str]") -> str:
    """Whoever works ends, with all that it started, without a word."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return ""


def kill_catalogue(lago: Lago, process: "subprocess.Popen[str]") -> str:
    """PostgreSQL is killed under whoever works, and comes back."""
    lago.impianto.catalogo.uccidi()
    said = ended(process)
    lago.impianto.catalogo.avvia()
    return said


def cut_bucket(lago: Lago, process: "subprocess.Popen[str]") -> str:
    """The bucket is killed under whoever works, and comes back."""
    lago.impianto.secchio.parte.uccidi()
    said = ended(process)
    lago.impianto.secchio.riavvia()
    return said


def ended(process: "subprocess.Popen[str]") -> str:
    """What a command says that has lost a part: that it did its work, or in a sentence that it did not."""
    said, _ = process.communicate(timeout=ATTESA)
    assert process.returncode in (0, 1) and "Traceback" not in said, said
    return said


GUASTI: dict[str, Callable[[Lago, "subprocess.Popen[str]"], str]] = {
    "operaio": kill,
    "catalogo": kill_catalogue,
    "secchio": cut_bucket,
}


def strike(lago: Lago, what: str, seconds: float, *words: str, after: str = "") -> bool:
    """A command to which something happens so many seconds after its start, or after it has said a word;
    whether it was still at it.

    The catalogue has changed once or not at all, and what was said of it is true.
    """
    before = lago.cambiamenti()
    process = lago.avvia(*words)
    assert process.stdout is not None
    if after:
        assert any(after in line for line in process.stdout)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        said = GUASTI[what](lago, process)
        changed = lago.cambiamenti() - before
        assert changed in (0, 1)
        assert not changed or "niente è cambiato" not in said, said
        assert changed or "Pubblicato" not in said, said
        return True
    finish(process, 0)
    return False
