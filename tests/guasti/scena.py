"""The stage of the faults: a tiny landing zone, outputs already published, runs over them.

Belongs here: what a fault starts from, and how a run is started, in this process or in one of its
own. Does not belong here: the faults; what is right afterwards (giudice.py).

The figure by which publications are told apart is the number of studies: the extract `isr/studi`
with N published rows makes `ISR_STUDI` N, in the database and on the scorecard.
"""

import hashlib
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from unittest import mock

from pipelines.night import steps
from pipelines.publication import pubblicazioni
from pipelines.publication import publish as publication
from pipelines.settings import ROOT, Luoghi
from tests.guasti.figlio import Ordini, nel_figlio
from tests.guasti.giudice import Contenuto, Vista, guarda, pulita
from tests.sample import generate

CAMERA, ESERCIZIO = "MS", 2020
GIORNO = date(2021, 1, 31)
ESTRATTI = (
    "isr/studi",
    "kronos/fte",
    "provveditorato/pagamenti",
    "registro_imprese/pratiche",
    "segreteria/sedute",
)
"""What of the sample is delivered: each format, and extracts in many parts."""
STUDI = f"{CAMERA}/{ESERCIZIO}/isr/studi.csv"
AMBIENTE = {
    "PIRA_KEY": "chiave delle prove dei guasti",
    "PIRA_ATTESA": "0",
    "DAGSTER_DISABLE_TELEMETRY": "1",
}
ALLEGATO = ROOT / "raw" / CAMERA / str(ESERCIZIO) / "allegato.txt"
ATTESA_MASSIMA = 300
"""Seconds after which a process that should have ended is lost."""


@dataclass(frozen=True)
class Banco:
    """One fault's own landing zone and output."""

    raw: Path
    warehouse: Path

    @property
    def luoghi(self) -> Luoghi:
        return Luoghi(self.raw, self.warehouse)


def scrivi_studi(raw: Path, numero: int) -> None:
    """Makes `numero` the known figure of the landing zone, as a delivery does: whole, by a rename."""
    rows = [f"S{i};Studio {i};RAPPORTO;{1 + i % 28:02d}/03/2020;PUBBLICATO" for i in range(numero)]
    path = raw / STUDI
    draft = path.with_name(".studi")
    draft.write_text("\n".join(["id_studio;titolo;tipologia;data_pubblicazione;stato", *rows, ""]))
    draft.replace(path)


@contextmanager
def ambiente() -> Iterator[None]:
    """The environment of every run here: a key of the tests, no Dagster but the case's own."""
    with mock.patch.dict(os.environ, AMBIENTE):
        yield


def corri(banco: Banco, adesso: datetime | None = None) -> list[str]:
    """A run in this process, undisturbed, at the time `adesso`; returns what it said."""
    said: list[str] = []
    with (
        ambiente(),
        mock.patch.object(steps, "new_run", partial(steps.new_run, adesso=adesso)),
    ):
        steps.run(banco.raw, banco.warehouse, giorno=GIORNO, say=said.append)
    return said


def comando_pira(banco: Banco, *parole: str) -> tuple[list[str], dict[str, str]]:
    """`pira`, with Dagster's home inside the case's folder."""
    places = {
        "PIRA_RAW": str(banco.raw),
        "PIRA_WAREHOUSE": str(banco.warehouse),
        "DAGSTER_HOME": str(banco.warehouse.parent / "dagster"),
    }
    return [sys.executable, "-m", "pipelines.cli", *parole], {**os.environ, **AMBIENTE, **places}


PIRA_RUN = ("run", "--data-riferimento", GIORNO.isoformat())


def avvia(comando: Sequence[str], variabili: dict[str, str] | None = None) -> subprocess.Popen[str]:
    """A process of its own, whose words can be read line by line."""
    return subprocess.Popen(
        comando,
        cwd=ROOT,
        env=variabili or {**os.environ, **AMBIENTE},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@dataclass(frozen=True)
class Figlio:
    """How a run that harms itself ended: exit status, words, and the changes that it counted."""

    stato: int
    parole: str
    eventi: list[str]


_vivaio = multiprocessing.get_context("forkserver")
_vivaio.set_forkserver_preload(["tests.guasti.figlio"])


def ordini(banco: Banco, **altro: object) -> Ordini:
    """Orders for a child that works on a bench; `altro` are those of `Ordini`."""
    return Ordini(str(banco.raw), str(banco.warehouse), GIORNO.isoformat(), **altro)  # type: ignore[arg-type]


def comando_figlio(banco: Banco, **altro: object) -> list[str]:
    """A child as a command, for those that need a whole process of their own."""
    return [sys.executable, "-m", "tests.guasti.figlio", json.dumps(asdict(ordini(banco, **altro)))]


def genera_figlio(banco: Banco, colpo: float | None = None, **altro: object) -> Figlio:
    """Runs a child to its end, or until it is killed from outside `colpo` seconds after its start.

    Forked from a process that has imported everything, since starting one costs as much as a run.
    """
    voice = banco.warehouse.parent / "voce.txt"
    child = _vivaio.Process(target=nel_figlio, args=(ordini(banco, **altro), voice, AMBIENTE))
    child.start()
    if colpo is not None:
        child.join(colpo)
        child.kill()
    child.join(ATTESA_MASSIMA)
    words = voice.read_text() if voice.exists() else ""
    events = json.loads(words.splitlines()[-1]) if child.exitcode == 0 else []
    assert child.exitcode is not None, "il figlio non finisce"
    return Figlio(child.exitcode, words, events)


def _collega(source: str, target: str) -> str:
    """Copies by a hard link what nobody ever writes again; dot files are written in place."""
    if Path(source).name.startswith("."):
        shutil.copy2(source, target)
    else:
        os.link(source, target)
    return target


def impronta(folder: Path) -> str:
    """Names and content of a folder."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _caso(base: str, cifra: int, ritorno: str = "") -> str:
    return f"{base} {cifra} {ritorno}"


@dataclass
class Scena:
    """Landing zones and outputs to start from, made once; every case gets its own copy.

    Outputs: `vuoto`; `una`, one publication of the first landing zone; `due`, one of each;
    `piena`, as many as are kept. The second landing zone differs in the known figure; `fresca` is what
    it gives where nothing was before.
    """

    radice: Path
    attese: dict[str, Contenuto] = field(default_factory=dict)
    eventi: dict[str, list[str]] = field(default_factory=dict)
    durate: dict[str, float] = field(default_factory=dict)
    viste: dict[str, Vista | None] = field(default_factory=dict)
    prove: int = 0

    PRIMA, SECONDA = 3, 5

    def prepara(self) -> "Scena":
        """Makes the landing zone and the outputs."""
        raw = self.radice / "raw"
        generate(raw, camera=CAMERA, esercizi=(ESERCIZIO,), pratiche=60)
        for path in (raw / CAMERA / str(ESERCIZIO)).glob("*/*"):
            if not f"{path.parent.name}/{path.name}".startswith(ESTRATTI):
                path.unlink()
        shutil.copy(ALLEGATO, raw / CAMERA / str(ESERCIZIO) / "allegato.txt")
        scrivi_studi(raw, self.PRIMA)
        (self.radice / "vuoto").mkdir()
        self._fa(Banco(raw, self.radice / "una"), "vuoto", self.PRIMA)
        self._copia("una", "due")
        scrivi_studi(raw, self.SECONDA)
        self._fa(Banco(raw, self.radice / "due"), "una", self.SECONDA)
        corri(Banco(raw, self.radice / "fresca"))
        scrivi_studi(raw, self.PRIMA)
        self._copia("una", "piena")
        self._riempi(Luoghi(raw, self.radice / "piena"))
        (self.radice / "contati.json").write_text(json.dumps([self.eventi, self.durate]))
        return self._sa_cosa_attendere()

    def eredita(self, fatta: Path) -> "Scena":
        """Takes the landing zone and the outputs that another process has made in a folder."""
        for part in ("raw", "vuoto", "una", "due", "fresca", "piena"):
            shutil.copytree(fatta / part, self.radice / part, symlinks=True, copy_function=_collega)
        self.eventi, self.durate = json.loads((fatta / "contati.json").read_text())
        return self._sa_cosa_attendere()

    def _sa_cosa_attendere(self) -> "Scena":
        """Of both landing zones an undisturbed run has published already."""
        for cifra, output in ((self.PRIMA, "una"), (self.SECONDA, "fresca")):
            key = impronta(self.banco("vuoto", cifra).raw)
            self.attese[key] = pulita(guarda(self.radice / output)).contenuto
        return self

    def _copia(self, da: str, a: str) -> None:
        shutil.copytree(self.radice / da, self.radice / a, symlinks=True, copy_function=_collega)

    def _riempi(self, luoghi: Luoghi) -> None:
        """As many publications as are kept, all alike but in their name."""
        (first,) = pubblicazioni.list_publications(luoghi)
        for number in range(2, publication.KEEP + 1):
            name = f"{number:06d}{first.name[6:]}"
            shutil.copytree(first, first.with_name(name), copy_function=_collega)
        luoghi.corrente.unlink()
        luoghi.corrente.symlink_to(f"{luoghi.pubblicazioni.name}/{name}")

    def banco(self, base: str, cifra: int) -> Banco:
        """A fresh copy of an output, with a landing zone that has the given figure."""
        self.prove += 1
        folder = self.radice / "prove" / str(self.prove)
        shutil.copytree(self.radice / "raw", folder / "raw")
        scrivi_studi(folder / "raw", cifra)
        shutil.copytree(
            self.radice / base, folder / "warehouse", symlinks=True, copy_function=_collega
        )
        return Banco(folder / "raw", folder / "warehouse")

    def vista(self, base: str) -> Vista | None:
        """What the public names of an output show from which cases start."""
        if base not in self.viste:
            self.viste[base] = guarda(self.radice / base)
        return self.viste[base]

    def attesa(self, raw: Path) -> Contenuto:
        """What an undisturbed run publishes of a landing zone."""
        key = impronta(raw)
        if key not in self.attese:
            calm = Banco(raw, self.radice / "attese" / key)
            corri(calm)
            self.attese[key] = pulita(guarda(calm.warehouse)).contenuto
        return self.attese[key]

    def conta(self, base: str, cifra: int, ritorno: str = "") -> list[str]:
        """Every change that a run makes from a base, in order: the boundaries at which to harm."""
        if _caso(base, cifra, ritorno) not in self.eventi:
            self._fa(self.banco(base, cifra), base, cifra, ritorno)
        return self.eventi[_caso(base, cifra, ritorno)]

    def _fa(self, banco: Banco, base: str, cifra: int, ritorno: str = "") -> None:
        """A calm run over an output that is as `base`; its changes are counted."""
        start = time.monotonic()
        counted = genera_figlio(banco, ritorno=ritorno)
        assert counted.stato == 0, counted.parole
        key = _caso(base, cifra, ritorno)
        self.eventi[key], self.durate[key] = counted.eventi, time.monotonic() - start

    def dura(self, base: str, cifra: int) -> float:
        """Seconds that a calm run takes here from a base: the span in which to strike."""
        self.conta(base, cifra)
        return self.durate[_caso(base, cifra)]


def visto(banco: Banco) -> Vista | None:
    """What the public names of an output show."""
    return guarda(banco.warehouse)
