"""The lake on one, two and four workers, with its real parts: `make bench-lake`.

    python -m tests.bench.lago [PRATICHE [CHAMBERS [WORKERS...]]]

Belongs here: a landing zone of chambers of a year, each with so many pratiche; nights of it on so many
workers, each over a lake of its own; seconds by the wall, bytes in the bucket, the peak memory of a process.
Does not belong here: the parts (lago/servers.py), one file (__main__.py).

Each worker has one core while it computes chambers, as long as there are cores; the parts beside them have
all, and so has the one that commits. The clock runs from when Dagster has the first run until all have ended,
and again for the commit. Sets of chambers are as a night makes them, but no worker goes without.
"""

import math
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

from pipelines.orchestration.home import chambers_a_run
from pipelines.orchestration.insiemi import sets_of
from pipelines.orchestration.nights import years_of
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


def night(raw: Path, names: list[str], workers: int, insieme: int) -> Notte:
    """All chambers in sets of so many, then the commit, over a new lake with so many workers."""
    with servers.plant(raw) as plant, ExitStack() as ends:
        plant.pira("lake", "create", check=True)
        parts = [plant.daemon(), *(plant.worker(f"operaio-{n}") for n in range(workers))]
        for n, part in enumerate(parts):
            with on_one_core(n) if n else nullcontext():
                part.avvia()
            ends.callback(part.uccidi)
        until(plant, _DEMONE, bool)
        keys = [f"{name}-{ESERCIZIO}" for name in names]
        asked = [
            {**range_tags(own), CHOSEN_TAG: years_of(camere), CLOCK_TAG: "sì"}
            for camere, own in sets_of(keys, names, insieme)
        ]
        computed, peak = timed(plant, parts[1:], "notte", asked)
        on_all_cores(parts[1:])
        shown, peak_shown = timed(plant, parts[1:], "pubblicazione_nel_lago", [{}])
        held = sum(p.stat().st_size for p in plant.secchio.parte.cartella.glob("*.dat"))
    return Notte(workers, computed, shown, held, peak, peak_shown)


@contextmanager
def on_one_core(number: int) -> Iterator[None]:
    """Keeps what is started on a core: one worker alone would compute on all of them."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {sorted(cores)[number % len(cores)]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def on_all_cores(parts: Sequence[Parte]) -> None:
    """Gives back all cores to some parts, with all that they have started."""
    for process in _processes([p.processo.pid for p in parts if p.processo]):
        for thread in (process / "task").iterdir():
            with suppress(ProcessLookupError):
                os.sched_setaffinity(int(thread.name), os.sched_getaffinity(0))


def timed(
    plant: Impianto, workers: list[Parte], job: str, asked: list[dict[str, str]]
) -> tuple[float, float]:
    """Seconds until the runs of a job have ended well, and the peak memory in MB of a worker's process."""
    over = Event()
    with ThreadPoolExecutor(1) as watch:
        peak = watch.submit(peak_memory, [w.processo.pid for w in workers if w.processo], over)
        try:
            plant.lancia(job, *asked)
            found = until(plant, _ESECUZIONI, partial(_ended, len(asked)), job)
        finally:
            over.set()
    if any(status != "SUCCESS" for status, *_ in found):
        raise RuntimeError(f"{job}: {found}")
    _, asked_at, ended = zip(*found, strict=True)
    return float(max(ended)) - float(min(asked_at)), peak.result()


_DEMONE = "select 1 from daemon_heartbeats where daemon_type = 'QUEUED_RUN_COORDINATOR'"
_ESECUZIONI = (
    "select status, extract(epoch from create_timestamp::timestamptz), end_time from runs"
    " where pipeline_name = %s"
)


def _ended(count: int, found: Sequence[tuple[Any, ...]]) -> bool:
    return len(found) == count and all(status in FINITE for status, *_ in found)


def until(
    plant: Impianto, query: str, enough: Callable[[Sequence[tuple[Any, ...]]], bool], *given: str
) -> Sequence[tuple[Any, ...]]:
    """What Dagster's records say, once it is enough."""
    import psycopg2

    with closing(psycopg2.connect(plant.ambiente["PIRA_DAGSTER_PG"])) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            while True:
                cursor.execute(query, given)
                found: Sequence[tuple[Any, ...]] = cursor.fetchall()
                if enough(found):
                    return found
                time.sleep(0.5)


def peak_memory(sessions: list[int], over: Event) -> float:
    """The most that a process of these sessions has held, as it says itself while it lives."""
    most, last = 0.0, False
    while not last:
        last = over.wait(2)
        for process in _processes(sessions):
            with suppress(ProcessLookupError, FileNotFoundError):
                for line in (process / "status").read_text().splitlines():
                    if line.startswith("VmHWM:"):
                        most = max(most, int(line.split()[1]) / MB)
    return most


def _processes(sessions: list[int]) -> list[Path]:
    """What is going on in these sessions, where the system tells of it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(ProcessLookupError):
            if os.getsid(int(process.name)) in sessions:
                found.append(process)
    return found


def main(pratiche: int = PRATICHE, count: int = CAMERE, *workers: int) -> None:
    names = chambers(count)
    with tempfile.TemporaryDirectory(prefix="bench-lago-") as base:
        raw = Path(base) / "raw"
        many_chambers(raw, pratiche, names)
        asked = workers or OPERAI
        insieme = min(chambers_a_run(), math.ceil(count / max(asked)))
        print(f"{count} chambers x 1 year x {pratiche} pratiche, at most {insieme} a run")
        print(
            "| workers | chambers, s | of one worker | s a chamber | commit, s | MB a chamber"
            " | peak MB of a run | of the commit |"
        )
        print("|---|---|---|---|---|---|---|---|")
        alone = None
        for many in asked:
            found = night(raw, names, many, insieme)
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
