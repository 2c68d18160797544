"""The lake on one, two and four workers, with its real parts: `make bench-lake`.

    python -m tests.bench.lago [PRATICHE [CHAMBERS [WORKERS...]]]

Belongs here: a landing zone of chambers of a year, each with so many pratiche; nights of it on so many
workers, each over a lake of its own; seconds by the wall, bytes in the bucket, the peak memory of a process.
Does not belong here: the parts (lago/servers.py), one file (__main__.py).

Each worker has one core, as long as there are cores. The clock runs from when Dagster is asked for the runs
until all have ended, and again for the commit.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from pipelines.orchestration.runs import CHOSEN_TAG, CLOCK_TAG, range_tags
from tests.bench.zone import ESERCIZIO, chambers, many_chambers
from tests.lago import servers
from tests.lago.servers import Impianto
from tests.parte import Parte

PRATICHE, CAMERE, OPERAI = 20_000, 8, (1, 2, 4)
FINITE = ("SUCCESS", "FAILURE", "CANCELED")
MB = 1024


@dataclass(frozen=True)
class Notte:
    """What a night over the lake took: seconds of all chambers and of the commit, bytes of the bucket, and
    the peak in MB of the largest process of a chamber's run and of the commit's."""

    operai: int
    calcolo: float
    pubblicazione: float
    byte: int
    memoria: float
    memoria_pubblicazione: float


# --- a night ----------------------------------------------------------------------------------------


def night(raw: Path, names: list[str], workers: int) -> Notte:
    """All chambers, then the commit, over a new lake with so many workers."""
    with servers.plant(raw) as plant, ExitStack() as ends:
        plant.pira("lake", "create", check=True)
        parts = [plant.daemon(), *(plant.worker(f"operaio-{n}") for n in range(workers))]
        for part in parts:
            part.avvia()
            ends.callback(part.uccidi)
        for n, part in enumerate(parts[1:]):
            on_one_core(part, n)
        asked = [
            {**range_tags([f"{name}-{ESERCIZIO}"]), CHOSEN_TAG: f"{name}-*", CLOCK_TAG: "sì"}
            for name in names
        ]
        computed, peak = timed(plant, parts[1:], "notte", asked)
        shown, peak_shown = timed(plant, parts[1:], "pubblicazione_nel_lago", [{}])
        held = sum(p.stat().st_size for p in plant.secchio.parte.cartella.glob("*.dat"))
    return Notte(workers, computed, shown, held, peak, peak_shown)


def on_one_core(worker: Parte, number: int) -> None:
    """Keeps a worker, and what it starts from now on, on a core: one alone would compute on all of them."""
    assert worker.processo
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(worker.processo.pid, {cores[number % len(cores)]})


def timed(
    plant: Impianto, workers: list[Parte], job: str, asked: list[dict[str, str]]
) -> tuple[float, float]:
    """Seconds until the runs of a job have ended well, and the peak memory in MB of a worker's process."""
    over = Event()
    with ThreadPoolExecutor(1) as watch:
        peak = watch.submit(peak_memory, [w.processo.pid for w in workers if w.processo], over)
        try:
            begun = time.time()
            plant.lancia(job, *asked)
            ended = finished(plant, job, len(asked))
        finally:
            over.set()
    return ended - begun, peak.result()


def finished(plant: Impianto, job: str, count: int) -> float:
    """When the last of so many runs ended. Raises when one failed."""
    import psycopg2

    connection = psycopg2.connect(plant.ambiente["PIRA_DAGSTER_PG"])
    connection.autocommit = True
    with connection.cursor() as cursor:
        while True:
            cursor.execute("select status, end_time from runs where pipeline_name = %s", [job])
            found = cursor.fetchall()
            if len(found) == count and all(status in FINITE for status, _ in found):
                break
            time.sleep(0.5)
    connection.close()
    if any(status != "SUCCESS" for status, _ in found):
        raise RuntimeError(f"{job}: {found}")
    return float(max(end for _, end in found))


def peak_memory(sessions: list[int], over: Event) -> float:
    """The most that a process of these sessions has held, looked at while it lives."""
    most = 0.0
    while not over.wait(0.2):
        for status in list(_statuses(sessions)):
            for line in status.splitlines():
                if line.startswith("VmHWM:"):
                    most = max(most, int(line.split()[1]) / MB)
    return most


def _statuses(sessions: list[int]) -> Iterator[str]:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(process.name)) in sessions:
                yield (process / "status").read_text()
        except (ProcessLookupError, FileNotFoundError):
            continue


def main(pratiche: int = PRATICHE, count: int = CAMERE, *workers: int) -> None:
    names = chambers(count)
    with tempfile.TemporaryDirectory(prefix="bench-lago-") as base:
        raw = Path(base) / "raw"
        many_chambers(raw, pratiche, names)
        print(f"{count} chambers x 1 year x {pratiche} pratiche")
        print(
            "| workers | chambers, s | of one worker | s a chamber | commit, s | MB a chamber"
            " | peak MB of a run | of the commit |"
        )
        print("|---|---|---|---|---|---|---|---|")
        alone = None
        for many in workers or OPERAI:
            found = night(raw, names, many)
            alone = alone or found.calcolo
            print(
                f"| {many} | {found.calcolo:.0f} | {found.calcolo / alone:.2f}"
                f" | {found.calcolo / count:.1f} | {found.pubblicazione:.0f}"
                f" | {found.byte / count / MB / MB:.1f} | {found.memoria:.0f}"
                f" | {found.memoria_pubblicazione:.0f} |",
                flush=True,
            )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
