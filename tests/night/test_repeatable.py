"""The same inputs and code give the same content, whatever the threads and the order of arrival."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sample import generate
from tests.un_filo import UN_SOLO_FILO

RUN = """
import sys
from datetime import date
from pathlib import Path
from pipelines.settings import Luoghi
from tests.warehouse.magazzini import ADESSO, corri
corri(Luoghi(*map(Path, sys.argv[1:])), giorno=date(2021, 1, 31), adesso=ADESSO)
"""
ALLEGATO = Path(__file__).parents[2] / "raw" / "MS" / "2020" / "allegato.txt"


def _published(raw: Path, warehouse: Path, threads: int) -> dict[str, object]:
    environment = {**os.environ, "PIRA_KEY": "ripetibile, lunga quanto basta"}
    environment |= dict.fromkeys(UN_SOLO_FILO, str(threads))
    # at one instant, too: a workbook says since when a value is known
    subprocess.run(
        [sys.executable, "-c", RUN, str(raw), str(warehouse)],
        env=environment,
        check=True,
        cwd=warehouse.parent,
    )
    manifest = json.loads((warehouse / "manifest.json").read_text())
    tables = {
        name: (table["righe"], table["contenuto"])
        for name, table in manifest["tabelle"].items()
        if table["ripetibile"]
    }
    pages = {name: sha for name, sha in manifest["file"].items() if name.startswith("scorecard/")}
    assert pages
    return {"tabelle": tables, "scorecard": pages}


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("arrivi") / "raw"
    generate(folder, pratiche=400, esercizi=(2019, 2020))
    shutil.copy(ALLEGATO, folder / "MS" / "2020")
    return folder


def _copied_backwards(raw: Path, target: Path) -> Path:
    """The same files, made in the opposite order, with other times, after the years that they tell of."""
    files = sorted((p for p in raw.rglob("*") if p.is_file()), reverse=True)
    for age, path in enumerate(files):
        copy = target / path.relative_to(raw)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        os.utime(copy, (1_620_000_000 + age, 1_620_000_000 + age))
    return target


def test_threads_and_order_of_arrival_do_not_change_the_content(raw: Path, tmp_path: Path) -> None:
    many = _published(raw, tmp_path / "many", 4)
    one = _published(_copied_backwards(raw, tmp_path / "raw"), tmp_path / "one", 1)
    assert many["tabelle"]
    assert many == one


@pytest.mark.lungo
def test_another_input_changes_the_content(raw: Path, tmp_path: Path) -> None:
    changed = _copied_backwards(raw, tmp_path / "raw")
    studi = changed / "MS" / "2020" / "isr" / "studi.csv"
    studi.write_bytes(studi.read_bytes().rstrip().rpartition(b"\n")[0] + b"\n")
    before = _published(raw, tmp_path / "before", 4)["tabelle"]
    after = _published(changed, tmp_path / "after", 4)["tabelle"]
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    differing = {name for name in before if before[name] != after[name]}
    assert "fonti.isr_studi" in differing
    assert "fonti.brevetti_domande" not in differing
