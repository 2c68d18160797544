"""The cost of a night, as ratios from one run: `make bench`.

    python -m tests.bench PYTHON_WITH_PANDAS [PRATICHE [TURNS]]

Every figure is a whole process, timed from outside with its peak memory. A shared machine drifts, so the
processes are run in turn and the medians are compared, never seconds of different days.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from multiprocessing import get_context
from pathlib import Path

from tests.bench.progetto_dbt import write_project
from tests.bench.zone import ESERCIZIO, chambers, landing_zone, many_chambers
from tests.sample import generate

PICCOLO = 50_000
"""Rows of the formats that are compared on a small file: a workbook has no more in practice."""
CAMBIATO = "MS/2020/isr/studi.csv"
CAMERE, DI_UNA_CAMERA = 20, 20_000
"""Chambers of a year, and pratiche of each."""
MB = 1024

RATIOS = (
    ("(cold - empty) / floor A", "4.0", ("cold", "empty", "floor A")),
    ("the same without Dagster", "4.0", ("cold, no Dagster", "empty, no Dagster", "floor A")),
    ("the same / floor B", "1.5", ("cold, no Dagster", "empty, no Dagster", "floor B")),
    ("quoted / unquoted, no Dagster", "1.5", ("quoted, no Dagster", "", "cold, no Dagster")),
    ("sample cold, with / without Dagster", "1.4", ("sample cold", "", "sample cold, no Dagster")),
    ("sample unchanged / cold", "", ("sample unchanged", "", "sample cold")),
    ("sample cold / office's script", "", ("sample cold", "", "office's script, sample")),
    (
        "sample cold, no Dagster / dbt run",
        "1.2",
        ("sample cold, no Dagster", "", "dbt run, sample"),
    ),
    (
        "sample unchanged, no Dagster / dbt run",
        "0.7",
        ("sample unchanged, no Dagster", "", "dbt run, sample"),
    ),
    (
        "20 chambers, one changed / unchanged",
        "",
        ("20 chambers, one file changed", "", "20 chambers unchanged"),
    ),
)
"""Title, aim, and of which processes: one, less another if any, over a third."""

WITHOUT_DAGSTER = """
import sys
from pathlib import Path
from pipelines.night.steps import run
run(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@dataclass(frozen=True)
class Costo:
    """What a process took: seconds by the wall and of processor, and its peak memory in MB."""

    wall: float
    cpu: float
    memoria: float


def measured(arguments: list[str], environment: dict[str, str]) -> Costo:
    """Runs a process to its end; raises when it fails."""
    begin = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            arguments, env={**os.environ, **environment}, stdout=output, stderr=output
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        if status:
            output.seek(0)
            raise RuntimeError(output.read().decode(errors="replace"))
    return Costo(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / MB)


def in_turn(processes: dict[str, Callable[[], Costo]], turns: int) -> dict[str, Costo]:
    """The median cost of each process, run in turn so that the machine's drift touches all."""
    found: dict[str, list[Costo]] = {name: [] for name in processes}
    for turn in range(turns):
        for name, process in processes.items():
            found[name].append(process())
            print(f"  {turn + 1}/{turns} {name} {found[name][-1]}", file=sys.stderr)
    return {
        name: Costo(
            statistics.median(c.wall for c in costs),
            statistics.median(c.cpu for c in costs),
            max(c.memoria for c in costs),
        )
        for name, costs in found.items()
    }


@dataclass(frozen=True)
class Notte:
    """A night that is measured: over which files, the first or the one after it, what changed between."""

    zona: Path
    dagster: bool = True
    seconda: bool = False
    cambiato: str = ""

    def run(self, folder: Path) -> Costo:
        """What it takes, in an output of its own below a folder."""
        with tempfile.TemporaryDirectory(dir=folder) as own:
            raw, target = self.zona, Path(own) / "warehouse"
            if self.cambiato:
                raw = Path(own) / "raw"
                shutil.copytree(self.zona, raw)
            places = {
                "PIRA_RAW": str(raw),
                "PIRA_WAREHOUSE": str(target),
                "PIRA_KEY": "misura, lunga quanto basta",
            }
            command = [sys.executable, "-m", "pipelines.cli", "run"]
            if not self.dagster:
                command = [sys.executable, "-c", WITHOUT_DAGSTER, str(raw), str(target)]
            if self.seconda:
                measured(command, places)
            if self.cambiato:
                shorten(raw / self.cambiato)
            return measured(command, places)


def shorten(file: Path) -> None:
    """Takes the last line of a file away. A name of its own: others may be the same file."""
    new = file.with_name("nuovo")
    new.write_bytes(file.read_bytes().rstrip(b"\n").rpartition(b"\n")[0] + b"\n")
    new.replace(file)


def twenty_chambers(folder: Path, turns: int) -> dict[str, Costo]:
    """Nights of one output over many chambers: the first, and those with nothing or one file new."""
    raw, names = folder / "camere", chambers(CAMERE)
    many_chambers(raw, DI_UNA_CAMERA, names)
    places = {
        "PIRA_RAW": str(raw),
        "PIRA_WAREHOUSE": str(folder / "camere-warehouse"),
        "PIRA_KEY": "misura, lunga quanto basta",
    }

    def night() -> Costo:
        return measured([sys.executable, "-m", "pipelines.cli", "run"], places)

    def changed() -> Costo:
        shorten(raw / names[-1] / f"{ESERCIZIO}/isr/studi.csv")
        return night()

    cold = in_turn({f"{CAMERE} chambers cold": night}, 1)
    later = {f"{CAMERE} chambers unchanged": night, f"{CAMERE} chambers, one file changed": changed}
    return cold | in_turn(later, turns)


def dbt_run(folder: Path, sample: Path, dbt: Path) -> Callable[[], Costo]:
    """What runs dbt over the tables that a night over the sample has loaded."""
    target = folder / "per-dbt"
    measured([sys.executable, "-c", WITHOUT_DAGSTER, str(sample), str(target)], {})
    project = folder / "dbt"
    write_project(project, target / "pira.duckdb", os.cpu_count() or 1)
    where = ["--project-dir", str(project), "--profiles-dir", str(project)]
    quiet = {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DBT_LOG_PATH": str(project / "logs")}
    return partial(measured, [str(dbt), "run", "--quiet", *where], quiet)


def main(pandas: str, pratiche: str = "2000000", turns: str = "3") -> None:
    """Generates the files, runs everything in turn and prints the tables."""
    with tempfile.TemporaryDirectory(prefix="pira-bench-") as name:
        folder, new = Path(name), count()
        apart = get_context("spawn").Pool(
            1
        )  # a process starts with the peak of the one that starts it
        make = partial(apart.apply, landing_zone)
        big = make((folder / "big", "csv", int(pratiche)))
        quoted = make((folder / "quoted", "quoted", int(pratiche)))
        empty = make((folder / "empty", "csv", 0))
        kinds = ("csv", "gz", "xlsx", "parquet")
        small = {kind: make((folder / f"small-{kind}", kind, PICCOLO)) for kind in kinds}
        sample = folder / "sample"
        apart.apply(generate, (sample,))
        apart.terminate()
        csvs = [str(path) for path in sorted(big.rglob("*.csv"))]

        def script(name: str, *given: str, python: str = sys.executable) -> Costo:
            return measured([python, str(Path(__file__).with_name(f"{name}.py")), *given], {})

        nights = {
            "empty": Notte(empty),
            "cold": Notte(big),
            "empty, no Dagster": Notte(empty, False),
            "cold, no Dagster": Notte(big, False),
            "quoted, no Dagster": Notte(quoted, False),
            "unchanged, no Dagster": Notte(big, False, True),
            **{f"small {kind}, no Dagster": Notte(zone, False) for kind, zone in small.items()},
            "sample cold": Notte(sample),
            "sample unchanged": Notte(sample, True, True),
            "sample, one file changed": Notte(sample, True, True, CAMBIATO),
            "sample cold, no Dagster": Notte(sample, False),
            "sample unchanged, no Dagster": Notte(sample, False, True),
            "sample, one file changed, no Dagster": Notte(sample, False, True, CAMBIATO),
        }
        costs = in_turn(
            {
                "floor A": lambda: script("pavimento_a", *csvs),
                "floor B": lambda: script("pavimento_b", str(folder / f"b-{next(new)}"), *csvs),
                "office's script, sample": lambda: script("ufficio", str(sample), python=pandas),
                "dbt run, sample": dbt_run(folder, sample, Path(pandas).with_name("dbt")),
                **{name: partial(night.run, folder) for name, night in nights.items()},
            },
            int(turns),
        ) | twenty_chambers(folder, int(turns))
        print(f"{int(pratiche):,} pratiche, median of {turns}, {os.cpu_count()} cores\n")
        print(_table(costs))


def _table(costs: dict[str, Costo]) -> str:
    floor = costs["floor A"]
    lines = [
        "| process | wall / floor A | processor / floor A | peak memory |",
        "|---|---|---|---|",
    ]
    for name, cost in costs.items():
        ratios = f"{cost.wall / floor.wall:.1f} | {cost.cpu / floor.cpu:.1f}"
        lines.append(f"| {name} | {ratios} | {cost.memoria:.0f} MB |")
    lines += ["", "| ratio | by the wall | by the processor | aim |", "|---|---|---|---|"]
    for title, aim, (more, less, under) in RATIOS:
        wall, cpu = (
            (getattr(costs[more], by) - (getattr(costs[less], by) if less else 0))
            / getattr(costs[under], by)
            for by in ("wall", "cpu")
        )
        lines.append(f"| {title} | {wall:.1f} | {cpu:.1f} | {aim} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main(*sys.argv[1:])
