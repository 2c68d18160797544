"""The files that are read: pratiche alone, in every kind of file; chambers with every extract."""

import gzip
import os
from pathlib import Path

import polars as pl

from tests.indicatori import piano
from tests.sample import generate, generate_pratiche
from tests.warehouse.magazzini import blocchi

MAX_FILE = 3_000_000
"""Rows of a file; what has more comes in several years, since an extract has its bound."""

ESERCIZIO = 2020


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


def chambers(count: int) -> list[str]:
    return [f"{chr(65 + i // 26)}{chr(65 + i % 26)}" for i in range(count)]


def many_chambers(raw: Path, pratiche: int, names: list[str]) -> None:
    """Chambers of one year that have a plan, every extract, and so many pratiche each.

    The large file is one: what is measured is not its making.
    """
    first = names[0]
    generate(raw, first, [ESERCIZIO], pratiche=100)
    base = raw / first / f"{ESERCIZIO}"
    big = base / "registro_imprese" / "pratiche.csv"
    for part in big.parent.glob("pratiche*"):
        part.unlink()
    generate_pratiche(big, pratiche, ESERCIZIO, seed=1)
    for name in names[1:]:
        for path in base.rglob("*"):
            target = raw / name / path.relative_to(raw / first)
            if path.is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                os.link(path, target)
    for name in names:
        piano.scrivi(raw, name, ESERCIZIO, blocchi())
