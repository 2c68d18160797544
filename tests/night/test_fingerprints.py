"""What was read is read anew when what reads it changes, and only then.

Belongs here: which sources count for which fingerprint, tried on a copy of the code, and one night of
changed code. Does not belong here: what asks for a partition (test_pending.py).
"""

import ast
import importlib.util
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

from pipelines import fingerprints
from pipelines.fingerprints import (
    COMPUTING,
    DECLARING,
    READING,
    WRITING,
    apart,
    imports,
    libraries,
    list_formats,
    list_public,
    modules,
)
from pipelines.night.pending import pending
from pipelines.partizione import Partizione
from pipelines.settings import ROOT, Luoghi
from tests.warehouse.magazzini import GIORNO, chiedi, copia

LETTURA, PROGRAMMA, NIENTE = {"lettura", "programma"}, {"programma"}, set[str]()


@pytest.fixture(scope="module")
def codice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code, to be changed."""
    base = tmp_path_factory.mktemp("codice")
    for name in ("pipelines", "sql"):
        shutil.copytree(ROOT / name, base / name, ignore=shutil.ignore_patterns("__pycache__"))
    return base


@pytest.fixture(scope="module")
def impronte(codice: Path) -> ModuleType:
    """The module of the fingerprints, as it is in the copy."""
    path = codice / "pipelines/fingerprints.py"
    spec = importlib.util.spec_from_file_location("pipelines.fingerprints", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    vars(module).update(ROOT=codice, RESOURCES=codice)
    return module


def taken(impronte: ModuleType) -> dict[str, str]:
    """Both fingerprints, as a process that starts now takes them."""
    found = {}
    for name, take in (
        ("lettura", impronte.reading_fingerprint),
        ("programma", impronte.program_fingerprint),
    ):
        take.cache_clear()
        found[name] = take()
    return found


@contextmanager
def written(path: Path, text: str) -> Iterator[None]:
    """A file with that content, or one that is there for a while."""
    before = path.read_text("utf-8") if path.exists() else None
    path.write_text(text, "utf-8")
    try:
        yield
    finally:
        path.unlink() if before is None else path.write_text(before, "utf-8")


def differing(impronte: ModuleType, path: Path, text: str) -> set[str]:
    """Which fingerprints are others with that content of a file."""
    before = taken(impronte)
    with written(path, text):
        return {name for name, found in taken(impronte).items() if found != before[name]}


@pytest.mark.parametrize(
    ("file", "changes"),
    [
        ("pipelines/extracts/cells.py", LETTURA),
        ("pipelines/contract/estratti.py", LETTURA),
        ("pipelines/extracts/judge.py", LETTURA),
        ("pipelines/extracts/native.py", LETTURA),
        ("pipelines/extracts/values.py", LETTURA),
        ("pipelines/extracts/workbook.py", LETTURA),
        ("pipelines/landing/zone.py", LETTURA),
        ("pipelines/plan/read.py", PROGRAMMA),
        ("pipelines/warehouse/load.py", PROGRAMMA),
        ("pipelines/scorecard/txt.py", PROGRAMMA),
        ("pipelines/night/steps.py", PROGRAMMA),
        ("sql/regole.toml", PROGRAMMA),
        ("sql/scorecard/indicatori.sql", PROGRAMMA),
        ("pipelines/mail/compose.py", NIENTE),
        ("pipelines/scorecard/html.py", NIENTE),
        ("pipelines/scorecard/pagina.html.j2", NIENTE),
        ("pipelines/orchestration/shown.py", NIENTE),
        ("pipelines/cli.py", NIENTE),
        ("pipelines/offices/pages.py", NIENTE),
    ],
)
def test_a_source_counts_where_it_computes(
    codice: Path, impronte: ModuleType, file: str, changes: set[str]
) -> None:
    text = (codice / file).read_text("utf-8")
    assert differing(impronte, codice / file, text + "\n") == changes


def test_a_new_module_counts_as_soon_as_it_is_imported(codice: Path, impronte: ModuleType) -> None:
    new, judge = codice / "pipelines/extracts/nuovo.py", codice / "pipelines/extracts/judge.py"
    late = "\n\ndef late():\n    from pipelines.extracts import nuovo\n"
    with written(new, "REGOLA = 1\n"):
        assert differing(impronte, new, "REGOLA = 2\n") == NIENTE
        with written(judge, judge.read_text("utf-8") + late):
            assert differing(impronte, new, "REGOLA = 2\n") == LETTURA


@pytest.mark.parametrize(
    ("said", "changes"), [("", PROGRAMMA), (", apart=True", NIENTE), (", apart=False", PROGRAMMA)]
)
def test_a_format_counts_as_it_declares_though_nothing_imports_it(
    codice: Path, impronte: ModuleType, said: str, changes: set[str]
) -> None:
    declared = f'FORMATO = Formato("nuovo", "un formato nuovo", write{said})\n'
    new = codice / "pipelines/scorecard/nuovo.py"
    assert differing(impronte, new, declared) == changes
    with written(new, declared):
        assert differing(impronte, new, f"{declared}# detto meglio\n") == changes


def test_a_new_query_counts(codice: Path, impronte: ModuleType) -> None:
    assert differing(impronte, codice / "sql/controlli/nuovo.sql", "select 1") == PROGRAMMA


def test_another_version_of_a_library_counts(
    impronte: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = taken(impronte)
    real = impronte.version
    for library, changes in (("polars", LETTURA), ("xlsxwriter", PROGRAMMA), ("rich", NIENTE)):
        monkeypatch.setattr(
            impronte, "version", lambda name, one=library: "0" if name == one else real(name)
        )
        assert {n for n, f in taken(impronte).items() if f != before[n]} == changes, library


# --- nothing that computes is left out --------------------------------------------------------------


def test_the_libraries_that_read_are_known() -> None:
    found = libraries(modules(READING).values())
    assert {"python", "polars", "pandera", "duckdb"} <= found.keys()
    assert "dagster" not in libraries(modules(COMPUTING, apart()).values())


@pytest.mark.parametrize("name", sorted(modules(COMPUTING)))
def test_imports_can_be_followed(name: str) -> None:
    """No module that computes is imported in a way that the sources do not show."""
    source = modules(COMPUTING)[name]
    hidden = {"importlib.import_module", "importlib.util", "runpy"} & imports(source)
    assert hidden == ({"importlib.import_module"} if name in (WRITING, DECLARING) else set())
    assert b"__import__(" not in source
    assert b"\nfrom ." not in source and b" from ." not in source


@pytest.mark.parametrize("name", sorted(modules(COMPUTING)))
def test_imports_are_those_of_the_whole_source(name: str) -> None:
    source = modules(COMPUTING)[name]
    statements = [
        ast.unparse(node).encode()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert imports(source) == imports(b"\n".join(statements))


def test_what_reads_reads_no_file_of_ours_but_sources() -> None:
    """A table beside the code would be a rule that no fingerprint knows."""
    beside = {n for n, source in modules(READING).items() if re.search(rb"__file__|ROOT\b", source)}
    # one says where the root is, one starts itself again from there, and one follows the imports
    ours = {"pipelines.settings", "pipelines.extracts.sandbox", "pipelines.fingerprints"}
    assert beside == ours


def test_reading_is_part_of_computing() -> None:
    assert modules(READING).keys() <= modules(COMPUTING, apart()).keys()
    assert {"pipelines.fingerprints"} <= modules(READING).keys()
    assert modules(COMPUTING).keys() >= list_formats().keys()
    assert modules(READING).keys() >= set(list_public())
    assert apart(), "what is left out must be there to be left out"


# --- a night of changed code ------------------------------------------------------------------------

NOTTE = """
import json, sys
from datetime import date
from pathlib import Path
from pipelines.night.steps import run

raw, warehouse, giorno = Path(sys.argv[1]), Path(sys.argv[2]), date.fromisoformat(sys.argv[3])
run(raw, warehouse, "AA", 2020, giorno)
loaded = [name for name in sys.modules if name.startswith("pipelines.")]
from pipelines.night.pending import pending
from pipelines.settings import Luoghi
print(json.dumps([loaded, [str(one) for one in pending(Luoghi(raw, warehouse), giorno)]]))
"""

SCARTATI = (
    "select camera, esercizio, colonna, count(*) from qualita.scarti group by all order by all"
)


def test_a_changed_rule_judges_anew_what_did_not_change(
    piccola: Luoghi, codice: Path, tmp_path: Path
) -> None:
    luoghi = copia(piccola, tmp_path)
    contract = codice / "pipelines/contract/provveditorato.py"
    text = contract.read_text("utf-8")
    assert text.count("[A-Za-z0-9]{10}$") == 1
    places = [str(luoghi.raw), str(luoghi.warehouse), GIORNO.isoformat()]
    with written(contract, text.replace("[A-Za-z0-9]{10}$", "[A-Y0-9]{10}$")):
        done = subprocess.run(
            [sys.executable, "-c", NOTTE, *places],
            cwd=codice,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    loaded, left = json.loads(done.stdout.splitlines()[-1])
    # a partition that was not asked for, too: no figure comes of rows that another rule let through
    assert chiedi(luoghi, "select distinct estratto from qualita.scarti") == [
        ("provveditorato/pagamenti",)
    ]
    assert chiedi(luoghi, SCARTATI) == [
        ("AA", 2019, "cig", 2),
        ("AA", 2020, "cig", 2),
        ("BB", 2020, "cig", 2),
    ]
    assert left == []
    # what that process had loaded is what the fingerprint is taken of, and the page
    assert len(loaded) > 30
    assert set(loaded) - modules(COMPUTING).keys() == set()
    # and the code as it was asks for everything again
    assert {n.partizione for n in pending(luoghi, GIORNO)} == {
        Partizione("AA", 2019),
        Partizione("AA", 2020),
        Partizione("BB", 2020),
    }


def test_a_process_takes_its_fingerprints_once() -> None:
    """The sources may be replaced under a process that runs: what it loaded is what it is."""
    first = fingerprints.program_fingerprint()
    assert fingerprints.program_fingerprint() is first


@pytest.mark.parametrize(
    "file", ["sql/regole.toml", "pipelines/scorecard/pagina.html.j2", "pipelines/night/steps.py"]
)
def test_a_process_sees_that_it_is_no_longer_what_the_disk_holds(
    codice: Path, impronte: ModuleType, file: str
) -> None:
    impronte.writing_fingerprint.cache_clear()
    assert impronte.program_is_on_disk()
    text = (codice / file).read_text("utf-8")
    with written(codice / file, text + "\n"):
        assert not impronte.program_is_on_disk()
    assert impronte.program_is_on_disk()
