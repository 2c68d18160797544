"""Nights one after the other in a time of their own: a late night costs what an early one did.

Run as `python -m tests.notti [QUANTE]`: a chamber whose year is open, with a delivery on two nights of
three, the real job every night, the weekly jobs every seventh. Prints what is kept and how long nights take;
the exit status is 1 where something grows that must not.

Belongs here: the nights and what is measured of them. Does not belong here: what a night leaves
(test_fortnight.py), how fast the work is (bench.py).
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

import dagster as dg
import pytest

from pipelines.desk import run as night
from pipelines.orchestration.retention import GIORNI, prune_runs
from pipelines.publication.sgombero import GIORNI as GIORNI_DEPOSITO
from pipelines.publication.sgombero import prune_store
from pipelines.settings import ROMA, Luoghi
from tests.indicatori import piano, zona
from tests.tempo import Orologio, segna
from tests.warehouse.magazzini import blocchi, scrivi_anno

QUANTE = 200
PRIMA = datetime(2020, 5, 1, 4, tzinfo=ROMA)
CAMERA, ESERCIZIO = "AA", 2020
CARTELLE = ("deposito", "storico", "pubblicazioni", "dagster")
PRESTO = 5
"""The night after which all is set aside, to be compared with what it is at the end."""
COPPIE = 5
"""Nights of either, one beside the other, since the machine is shared."""
MAX_CRESCITA = 1.2
"""What a late night may be of an early one: its work, and what it keeps but the history."""


@dataclass(frozen=True)
class Misura:
    """Seconds of processor that a night took, those that passed, and the bytes of each folder after it."""

    processore: float
    secondi: float
    byte: dict[str, int]


@contextmanager
def mondo(base: Path) -> Iterator[Luoghi]:
    """A chamber with its plan and a year of extracts, on a machine whose clock is set by the nights."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIRA_KEY", zona.CHIAVE)
        patch.setenv("PIRA_ATTESA", "0")
        segna(patch)
        luoghi = Luoghi(base / "raw", base / "warehouse")
        scrivi_anno(luoghi.raw, CAMERA, ESERCIZIO)
        piano.scrivi(luoghi.raw, CAMERA, ESERCIZIO, blocchi())
        yield luoghi


@contextmanager
def ambiente(luoghi: Luoghi) -> Iterator[None]:
    """The variables by which a run knows its places."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIRA_RAW", str(luoghi.raw))
        patch.setenv("PIRA_WAREHOUSE", str(luoghi.warehouse))
        patch.setenv("DAGSTER_HOME", str(luoghi.warehouse / "dagster"))
        yield


def notte(luoghi: Luoghi, n: int, consegna: bool) -> Misura:
    """The night of a day, with a delivery or without; raises where it does not publish."""
    Orologio.istante = PRIMA + timedelta(days=n)
    if consegna:
        zona.scrivi(luoghi.raw, CAMERA, ESERCIZIO, "segreteria/sedute", [{}] * (n + 1))
    with ambiente(luoghi), Path(os.devnull).open("w") as nowhere:
        start, work = time.perf_counter(), time.process_time()
        with redirect_stdout(nowhere), redirect_stderr(nowhere):
            assert night.run_night(luoghi, None, None, None), f"la notte {n + 1} non pubblica"
        taken = time.process_time() - work, time.perf_counter() - start
    return Misura(*taken, {c: _byte(luoghi.warehouse / c) for c in CARTELLE})


def notti(luoghi: Luoghi, quante: int) -> Iterator[Misura]:
    """Each night as it is over, with the weekly jobs after every seventh."""
    began: list[float] = []
    for n in range(quante):
        began.append(time.time())
        yield notte(luoghi, n, consegna=n % 3 > 0)
        if n % 7 == 6:
            # Files and records bear the real time: ages are counted in nights, and said in seconds.
            runs, store = (
                time.time() - began[max(0, n - days)] for days in (GIORNI, GIORNI_DEPOSITO)
            )
            prune_store(luoghi, timedelta(seconds=store), datetime.now(ROMA), lambda _: None)
            with ambiente(luoghi), dg.DagsterInstance.get() as instance:
                prune_runs(instance, timedelta(seconds=runs))


def _byte(folder: Path) -> int:
    return sum(p.lstat().st_size for p in folder.rglob("*") if p.is_file() and not p.is_symlink())


def lavoro(presto: Luoghi, tardi: Luoghi, quante: int) -> float:
    """What a late night works of an early one: each on its own output, one beside the other.

    The work is that of the processor, of which a shared machine takes more or less from hour to hour.
    """
    ratios = []
    for n in range(COPPIE):
        early = notte(presto, PRESTO + n, consegna=True).processore
        late = notte(tardi, quante + n, consegna=True).processore
        ratios.append(late / early)
    return median(ratios)


def crescite(misure: list[Misura]) -> dict[str, float]:
    """How much what is kept grew from half-way on. The history is left out: it grows with what becomes
    known, and nothing of it may ever go."""
    middle, last = misure[len(misure) // 2].byte, misure[-1].byte
    return {c: last[c] / middle[c] for c in CARTELLE if c != "storico"}


def main(quante: int) -> int:
    """Prints a line every twenty nights, then what grew; returns the exit status."""
    print(
        f"{'notte':>6}{'lavoro':>9}{'secondi':>9}" + "".join(f"{c + ', KB':>20}" for c in CARTELLE),
        flush=True,
    )
    misure = []
    with tempfile.TemporaryDirectory(prefix="pira-notti-") as folder, mondo(Path(folder)) as luoghi:
        aside = Path(folder) / "presto"
        presto = Luoghi(aside / "raw", aside / "warehouse")
        for number, misura in enumerate(notti(luoghi, quante), start=1):
            misure.append(misura)
            if number == PRESTO:
                for own, other in ((luoghi.raw, presto.raw), (luoghi.warehouse, presto.warehouse)):
                    shutil.copytree(own, other, symlinks=True)
            if number == PRESTO or number % 20 == 0:
                kept = "".join(f"{misura.byte[c] >> 10:>20}" for c in CARTELLE)
                print(
                    f"{number:>6}{misura.processore:>9.1f}{misura.secondi:>9.1f}{kept}", flush=True
                )
        grown = {"lavoro": lavoro(presto, luoghi, quante), **crescite(misure)}
    print("; ".join(f"{name} x {times:.2f}" for name, times in grown.items()))
    return int(any(times > MAX_CRESCITA for times in grown.values()))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else QUANTE))
