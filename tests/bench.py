"""The cost of a night, as ratios from one run: `make bench`.

Every figure is a whole process, timed from outside with its peak memory. The floor is DuckDB alone on
the same file: `read_csv` with explicit columns, and the average. A shared machine drifts, so the
processes are run in turn and the medians are compared, never seconds of different days.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.sample import generate, generate_pratiche

PRATICHE = 2_000_000
TURNS = 3
MB = 1024

FLOOR = """
import duckdb, sys
print(duckdb.sql('''
    select avg(greatest(0, date_diff('day', data_ora_arrivo::date, data_ora_chiusura::date)
        - coalesce(giorni_sospensione, 0)))
    from read_csv(?, header = true, delim = ';', quote = '"', auto_detect = false,
        timestampformat = '%d/%m/%Y %H:%M', columns = {
            'numero_protocollo': 'VARCHAR', 'canale': 'VARCHAR', 'data_ora_arrivo': 'TIMESTAMP',
            'data_ora_chiusura': 'TIMESTAMP', 'giorni_sospensione': 'BIGINT', 'esito': 'VARCHAR'})
    where canale = 'TELEMATICA' and esito = 'EVASA'
''', params=[sys.argv[1]]).fetchall())
"""
WITHOUT_DAGSTER = """
import sys
from pathlib import Path
from pipelines.night.steps import run
run(Path(sys.argv[1]), Path(sys.argv[2]))
"""
LOAD = "import pipelines.definitions"


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


def in_turn(processes: dict[str, Callable[[], Costo]]) -> dict[str, Costo]:
    """The median cost of each process, run in turn so that the machine's drift touches all."""
    found: dict[str, list[Costo]] = {name: [] for name in processes}
    for turn in range(TURNS):
        for name, process in processes.items():
            print(f"  {turn + 1}/{TURNS} {name}", file=sys.stderr)
            found[name].append(process())
    return {
        name: Costo(
            statistics.median(c.wall for c in costs),
            statistics.median(c.cpu for c in costs),
            max(c.memoria for c in costs),
        )
        for name, costs in found.items()
    }


def main() -> None:
    """Generates the files, runs everything in turn and prints the table."""
    with tempfile.TemporaryDirectory(prefix="pira-bench-") as name:
        folder = Path(name)
        big, empty, sample = folder / "big", folder / "empty", folder / "sample"
        file = big / "MS/2020/registro_imprese/pratiche.csv"
        file.parent.mkdir(parents=True)
        generate_pratiche(file, PRATICHE, 2020, seed=1)
        header = empty / file.relative_to(big)
        header.parent.mkdir(parents=True)
        with file.open("rb") as stream:
            header.write_bytes(stream.readline())
        generate(sample)
        count = iter(range(1_000))

        def run(raw: Path, dagster: bool) -> Costo:
            target = folder / f"warehouse-{next(count)}"
            places = {
                "PIRA_RAW": str(raw),
                "PIRA_WAREHOUSE": str(target),
                "PIRA_KEY": "misura, lunga quanto basta",
            }
            if dagster:
                return measured([sys.executable, "-m", "pipelines.cli", "run"], places)
            return measured([sys.executable, "-c", WITHOUT_DAGSTER, str(raw), str(target)], places)

        costs = in_turn(
            {
                "floor": lambda: measured([sys.executable, "-c", FLOOR, str(file)], {}),
                "empty run": lambda: run(empty, dagster=True),
                "our run": lambda: run(big, dagster=True),
                "empty run, no Dagster": lambda: run(empty, dagster=False),
                "our run, no Dagster": lambda: run(big, dagster=False),
                "sample run": lambda: run(sample, dagster=True),
                "sample run, no Dagster": lambda: run(sample, dagster=False),
                "load definitions": lambda: measured([sys.executable, "-c", LOAD], {}),
            }
        )
        print(_table(costs))


def _table(costs: dict[str, Costo]) -> str:
    floor = costs["floor"]
    lines = [
        f"{PRATICHE:,} pratiche, median of {TURNS} turns",
        "| process | wall / floor | processor / floor | peak memory |",
        "|---|---|---|---|",
    ]
    for name, cost in costs.items():
        lines.append(
            f"| {name} | {cost.wall / floor.wall:.1f} | {cost.cpu / floor.cpu:.1f}"
            f" | {cost.memoria:.0f} MB |"
        )
    big, empty = costs["our run"], costs["empty run"]
    plain, plain_empty = costs["our run, no Dagster"], costs["empty run, no Dagster"]
    sample, sample_plain = costs["sample run"], costs["sample run, no Dagster"]
    lines += [
        "",
        "| ratio | measured | aim |",
        "|---|---|---|",
        f"| (our run - empty run) / floor | {(big.wall - empty.wall) / floor.wall:.1f} | 3 |",
        f"| the same without Dagster | {(plain.wall - plain_empty.wall) / floor.wall:.1f} | |",
        f"| peak memory of our run | {big.memoria:.0f} MB | 2048 MB |",
        "| what Dagster adds to the sample run |"
        f" {100 * (sample.wall / sample_plain.wall - 1):.0f} % | 60 % |",
        f"| load definitions | {costs['load definitions'].wall:.1f} s | 3 s |",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
