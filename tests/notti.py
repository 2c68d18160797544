"""Nights one after the other in a time of their own: a late night costs what an early one did.

Run as `python -m tests.notti [QUANTE]`: a chamber whose year is open, with a delivery on two nights of
three, the real job every night, the weekly jobs every seventh. Prints what is kept and how long nights take;
the exit status is 1 where something grows that must not.

Belongs here: the nights and what is measured of them. Does not belong here: what a night leaves
(test_fortnight.py), how fast the work is (bench.py).
"""

import os
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
    luoghi = Luoghi(base / "raw", base / "warehouse")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (
            ("PIRA_RAW", luoghi.raw),
            ("PIRA_WAREHOUSE", luoghi.warehouse),
            ("DAGSTER_HOME", luoghi.warehouse / "dagster"),
            ("PIRA_KEY", zona.CHIAVE),
            ("PIRA_ATTESA", 0),
        ):
            patch.setenv(name, str(value))
        segna(patch)
        scrivi_anno(luoghi.raw, CAMERA, ESERCIZIO)
        piano.scrivi(luoghi.raw, CAMERA, ESERCIZIO, blocchi())
        yield luoghi


def notti(luoghi: Luoghi, quante: int) -> Iterator[Misura]:
    """Each night as it is over; raises where one does not publish."""
    began: list[float] = []
    for n in range(quante):
        Orologio.istante = PRIMA + timedelta(days=n)
        if n % 3:
            zona.scrivi(luoghi.raw, CAMERA, ESERCIZIO, "segreteria/sedute", [{}] * (n + 1))
        began.append(time.time())
        start, work = time.perf_counter(), time.process_time()
        with (
            Path(os.devnull).open("w") as nowhere,
            redirect_stdout(nowhere),
            redirect_stderr(nowhere),
        ):
            assert night.run_night(luoghi, None, None, None), f"la notte {n + 1} non pubblica"
        taken = time.process_time() - work, time.perf_counter() - start
        if n % 7 == 6:
            # Files and records bear the real time: ages are counted in nights, and said in seconds.
            runs, store = (
                time.time() - began[max(0, n - days)] for days in (GIORNI, GIORNI_DEPOSITO)
            )
            prune_store(luoghi, timedelta(seconds=store), datetime.now(ROMA), lambda _: None)
            with dg.DagsterInstance.get() as instance:
                prune_runs(instance, timedelta(seconds=runs))
        yield Misura(*taken, {c: _byte(luoghi.warehouse / c) for c in CARTELLE})


def _byte(folder: Path) -> int:
    return sum(p.lstat().st_size for p in folder.rglob("*") if p.is_file() and not p.is_symlink())


def crescite(misure: list[Misura]) -> dict[str, float]:
    """How much each thing grew: the work from the fifth night to the last, what is kept from half-way on.

    The work is that of the processor, since the machine is shared. The history is left out: it grows with
    what becomes known, and nothing of it may ever go.
    """
    early, late = misure[2:7], misure[-5:]
    grown = {"lavoro": median(m.processore for m in late) / median(m.processore for m in early)}
    middle, last = misure[len(misure) // 2].byte, misure[-1].byte
    return grown | {c: last[c] / middle[c] for c in CARTELLE if c != "storico"}


def main(quante: int) -> int:
    """Prints a line every twenty nights, then what grew; returns the exit status."""
    print(
        f"{'notte':>6}{'lavoro':>9}{'secondi':>9}" + "".join(f"{c + ', KB':>20}" for c in CARTELLE),
        flush=True,
    )
    misure = []
    with tempfile.TemporaryDirectory(prefix="pira-notti-") as base, mondo(Path(base)) as luoghi:
        for number, misura in enumerate(notti(luoghi, quante), start=1):
            misure.append(misura)
            if number == 5 or number % 20 == 0:
                kept = "".join(f"{misura.byte[c] >> 10:>20}" for c in CARTELLE)
                print(
                    f"{number:>6}{misura.processore:>9.1f}{misura.secondi:>9.1f}{kept}", flush=True
                )
    grown = crescite(misure)
    print("; ".join(f"{name} x {times:.2f}" for name, times in grown.items()))
    return int(any(times > MAX_CRESCITA for times in grown.values()))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else QUANTE))
