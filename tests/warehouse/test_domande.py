"""The questions of docs/domande.md give the answers that are printed, and its recipes run.

Belongs here: running what the page says, over the published sample. Does not belong here: how it is read
(tests/domande.py), whether figures are right (tests/indicatori).
"""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines.settings import Luoghi
from tests.domande import Blocco, answer, read_page
from tests.warehouse.magazzini import chiedi

BLOCCHI = read_page()
DOMANDE = [b for b in BLOCCHI if b.lingua == "sql"]
RICETTE = [b for b in BLOCCHI if b.lingua == "python"]


def test_there_are_twenty_questions_with_their_answer() -> None:
    numbered = [b for b in DOMANDE if re.match("[0-9]+[.] ", b.titolo)]
    assert [int(b.titolo.split(".")[0]) for b in numbered] == list(range(1, 21))
    assert all(b.risposta for b in numbered)
    assert len(RICETTE) >= 4
    assert {b.lingua for b in BLOCCHI} == {"sql", "python", "sh", "r"}


@pytest.mark.parametrize("domanda", DOMANDE, ids=lambda b: b.titolo)
def test_a_question_has_the_answer_that_is_printed(
    magazzino: duckdb.DuckDBPyConnection, domanda: Blocco
) -> None:
    found = answer(magazzino, domanda.testo)
    if domanda.risposta:
        assert found == domanda.risposta, "python -m tests.domande writes the answers again"
    else:
        assert "(nessuna riga)" not in found


def test_an_answer_that_changed_is_seen(magazzino: duckdb.DuckDBPyConnection) -> None:
    page = "## 1. Quanto?\n\n```sql\nselect 1.5 as uno, null as due\n```\n\n| uno | due |\n"
    (block,) = read_page(f"{page}| --- | --- |\n| 1,4 |  |\n")
    assert block.risposta.endswith("| 1,4 |  |")
    assert answer(magazzino, block.testo) == "| uno | due |\n| --- | --- |\n| 1,5 |  |"


@pytest.fixture
def cartella(campione: Luoghi, tmp_path: Path) -> Path:
    """A folder in which `warehouse/` is the published sample."""
    (tmp_path / "warehouse").symlink_to(campione.warehouse, target_is_directory=True)
    return tmp_path


@pytest.mark.parametrize("ricetta", RICETTE, ids=lambda b: b.testo.splitlines()[-1])
def test_a_recipe_in_python_runs_and_shows_something(cartella: Path, ricetta: Blocco) -> None:
    command = [sys.executable, "-c", ricetta.testo]
    done = subprocess.run(command, cwd=cartella, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_the_recipe_of_the_shell_asks_what_can_be_asked(campione: Luoghi) -> None:
    """Its program need not be here: the same file and the same SQL."""
    (block,) = [b for b in BLOCCHI if b.lingua == "sh"]
    program, mode, database, query = shlex.split(block.testo)
    assert (program, mode) == ("duckdb", "-readonly")
    assert campione.warehouse / Path(database).name == campione.database
    assert chiedi(campione, query)
