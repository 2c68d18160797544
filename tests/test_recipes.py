"""What CONTRIBUTING.md says it takes is what it takes.

Belongs here: its recipes carried out to the letter, one after the other, and the tests that a newcomer's
change meets. Does not belong here: how a recipe is read and carried out (ricette.py).
"""

import sys
from pathlib import Path

import pytest

from pipelines.settings import ROOT
from tests.ricette import carry_out, copy_repository, read_recipes, run, run_tests

MEETS = (
    "tests/offices/test_docs.py",
    "tests/warehouse/test_modelli.py",
    "tests/warehouse/test_pubblicato.py",
    "tests/warehouse/test_controlli.py",
    "tests/extracts/test_declarations.py",
    "tests/indicatori/test_definizioni.py",
    "tests/sample/test_campione_files.py",
    "tests/scorecard/test_md.py",
    "tests/orchestration/test_definitions.py",
    "tests/test_structure.py",
)
CHOSEN = (
    "test_docs or test_modelli or test_pubblicato or test_declarations or test_md or test_structure"
    " or test_every_check or stands_on or is_an_asset or studi_senza_tipologia"
    " or case_file or taken_away or test_every_declared or test_columns_are"
)
"""What looks at all that there is, whatever it is, over one small build: where something is lacking, one of
these says so. The cases of an indicator are computed in the long form, with all the others'."""

LACKING = {
    "An indicator": (
        "tests/indicatori/test_definizioni.py::test_every_indicator_has_a_case_file",
        "DETERMINE has no case file: write tests/indicatori/casi/determine.py",
    ),
    "An extract": (
        "tests/sample/test_campione_files.py::test_every_declared_extract_is_there_in_every_year",
        "ambiente/mud has no sample: write a function with @genera",
    ),
    "A check": (
        "tests/warehouse/test_controlli.py::test_every_check_has_a_case_that_turns_it_red",
        "studi_senza_tipologia has no case that turns it red",
    ),
}
"""After the first step of a recipe alone: the test that goes red, and what it says."""


@pytest.fixture(scope="module")
def copia(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_repository(tmp_path_factory.mktemp("ricette") / "pira")


def test_every_recipe_is_there() -> None:
    assert list(read_recipes()) == ["An indicator", "An extract", "A check", "An output format"]
    assert all(passi for passi in read_recipes().values())


def test_recipes_carried_out_to_the_letter_leave_nothing_red(copia: Path) -> None:
    firsts = {title: passi[0] for title, passi in read_recipes().items() if title in LACKING}
    for passo in firsts.values():
        carry_out(passo, copia)
    done = run_tests(copia, "-q", *(test for test, _ in LACKING.values()))
    for test, said in LACKING.values():
        assert f"FAILED {test}" in done.stdout, done.stdout
        assert said in done.stdout
    for passi in read_recipes().values():
        for passo in passi:
            if passo not in firsts.values():
                carry_out(passo, copia)
    for asked in (["check", "."], ["format", "--check", "."]):
        judged = run([sys.executable, "-m", "ruff", *asked, "--no-cache"], copia)
        assert judged.returncode == 0, judged.stdout + judged.stderr
    done = run_tests(copia, "-q", *MEETS, "-k", CHOSEN)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr


@pytest.mark.lungo
@pytest.mark.parametrize("title", read_recipes())
def test_the_whole_suite_passes_after_a_recipe(title: str, tmp_path: Path) -> None:
    copy = copy_repository(tmp_path / "pira")
    for passo in read_recipes()[title]:
        carry_out(passo, copy)
    itself = f"--ignore={(Path(__file__)).relative_to(ROOT)}"
    done = run_tests(copy, "-q", "-n", "2", "--dist", "loadfile", itself)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr
