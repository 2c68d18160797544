"""The files that are read: pratiche alone, in every kind of file."""

import gzip
from pathlib import Path

import polars as pl

from tests.sample import generate_pratiche

MAX_FILE = 3_000_000
"""Rows of a file; what has more comes in several years, since an extract has its bound."""


def _write(kind: str, csv: Path) -> None:
    """Turns a csv of pratiche into another kind of file beside it."""
    match kind:
        case "quoted":
            lines = csv.read_text().splitlines()
            csv.write_text("".join('"' + line.replace(";", '";"') + '"\n' for line in lines))
        case "gz":
            csv.with_suffix(".csv.gz").write_bytes(gzip.compress(csv.read_bytes()))
        case "xlsx" | "parquet":
            cells = pl.read_csv(csv, separator=";", infer_schema=False)
            target = csv.with_suffix(f".{kind}")
            cells.write_excel(target) if kind == "xlsx" else cells.write_parquet(target)
    if kind not in ("csv", "quoted"):
        csv.unlink()


def landing_zone(zone: Path, kind: str, rows: int) -> Path:
    """A landing zone of pratiche alone, in as many years as it takes."""
    for year, begin in enumerate(range(0, max(rows, 1), MAX_FILE)):
        csv = zone / f"MS/{2020 - year}/registro_imprese/pratiche.csv"
        generate_pratiche(csv, min(MAX_FILE, rows - begin), 2020 - year, seed=1)
        _write(kind, csv)
    return zone
