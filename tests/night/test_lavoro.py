"""What a night costs in counted work: a cold one, an unchanged one, one with a changed file; and that what
is taken over rather than made again is not believed.

Belongs here: counts of files, bytes, statements, documents, events, which no other machine changes. Does not
belong here: seconds (bench.py), what must be done again and why (test_pending.py).
"""

import shutil
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest import mock

import duckdb
import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.event import listen, remove

from pipelines import fingerprints
from pipelines.desk import run as comando
from pipelines.fingerprints import list_formats
from pipelines.night import steps
from pipelines.night.presenza import list_there
from pipelines.night.ripresi import ORIGINI
from pipelines.publication.memoria import MANIFEST, damaged_files
from pipelines.publication.pubblicazioni import DATABASE
from pipelines.scorecard import write
from pipelines.settings import Luoghi
from tests.indicatori import zona
from tests.warehouse.magazzini import GIORNO, copia, corri

Lavoro = Counter[str]

CAMBIATO = "registro_imprese/pratiche"
"""The extract of which a night finds another file."""


ISTRUZIONI = 660
CONSEGNE = {"fredda": 180, "uguale": 190, "un file": 190}
DEPOSITO = {"fredda": 1800, "uguale": 1200, "un file": 1200}
EVENTI, TRANSAZIONI = 530, 820
"""What a night over three partitions may cost: SQL statements, files opened of the landing zone and of the
store, events of Dagster and transactions of its records."""


class Contata:
    """A connection whose statements are counted; a class because it stands for one."""

    def __init__(self, real: duckdb.DuckDBPyConnection, work: Lavoro) -> None:
        self._real, self._work = real, work

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def execute(self, *given: Any) -> duckdb.DuckDBPyConnection:
        """As the connection's own."""
        self._work["istruzioni"] += 1
        return self._real.execute(*given)


_ascolta: list[Callable[[str], None]] = []


def _udito(event: str, given: tuple[Any, ...]) -> None:
    if event == "open" and _ascolta and isinstance(given[0], str):
        _ascolta[-1](given[0])


@pytest.fixture(scope="module", autouse=True)
def orecchio() -> None:
    """Hears of every file that Python opens: no other way misses none."""
    sys.addaudithook(_udito)


def _parquet(luoghi: Luoghi) -> set[int]:
    return {path.stat().st_ino for path in (luoghi.warehouse / "deposito").rglob("*.parquet")}


@contextmanager
def contando(luoghi: Luoghi) -> Iterator[Lavoro]:
    """The work that is done inside, by kind."""
    work: Lavoro = Counter()
    before = _parquet(luoghi)
    connect = duckdb.connect

    def heard(path: str) -> None:
        if path.startswith(f"{luoghi.warehouse}/deposito/"):
            work["deposito"] += 1
            work["byte deposito"] += Path(path).stat().st_size if Path(path).exists() else 0
        work["consegne"] += path.endswith((".csv", "allegato.txt"))  # from within their folder

    def counted(write: Callable[..., None]) -> Callable[..., None]:
        def one(*given: Any) -> None:
            work["documenti"] += 1
            write(*given)

        return one

    with ExitStack() as stack:
        stack.enter_context(
            mock.patch.object(duckdb, "connect", lambda *a, **k: Contata(connect(*a, **k), work))
        )
        for module in map(import_module, list_formats()):
            own = replace(module.FORMATO, scrivi=counted(module.FORMATO.scrivi))
            stack.enter_context(mock.patch.object(module, "FORMATO", own))
        _ascolta.append(heard)
        try:
            yield work
        finally:
            _ascolta.pop()
    work["parquet"] = len(_parquet(luoghi) - before)


def documenti(luoghi: Luoghi) -> dict[str, bytes]:
    """Every document that is published, by name."""
    return {path.name: path.read_bytes() for path in (luoghi.corrente / "scorecard").iterdir()}


INSIEMI = sum(bool(facts.get("insieme")) for facts in list_formats().values())
"""Documents of the whole publication, beside those of each partition."""


@dataclass(frozen=True)
class Notti:
    """Three nights in a row over a small landing zone: what each cost, and the documents it published."""

    luoghi: Luoghi
    lavoro: dict[str, Lavoro]
    documenti: dict[str, dict[str, bytes]]


@pytest.fixture(scope="module")
def notti(piccola: Luoghi, tmp_path_factory: pytest.TempPathFactory) -> Notti:
    """A first night, one in which nothing changed, one with another file of one partition."""
    luoghi = copia(piccola, tmp_path_factory.mktemp("notti"))
    found = Notti(Luoghi(luoghi.raw, luoghi.warehouse.with_name("uscita")), {}, {})
    for name in ("fredda", "uguale", "un file"):
        if name == "un file":
            zona.scrivi(luoghi.raw, "BB", 2020, CAMBIATO, [{}, {}, {}])
        with contando(found.luoghi) as found.lavoro[name]:
            corri(found.luoghi)
        found.documenti[name] = documenti(found.luoghi)
    return found


@pytest.mark.parametrize(
    ("night", "parquet", "written"),
    [("fredda", 450, 10 + INSIEMI), ("uguale", 0, 0), ("un file", 6, 5 + INSIEMI)],
)
def test_only_what_changed_is_made(notti: Notti, night: str, parquet: int, written: int) -> None:
    """75 extracts of six Parquet files each; two plans of five documents, and those of all together."""
    found = notti.lavoro[night]
    assert (found["parquet"], found["documenti"]) == (parquet, written)


@pytest.mark.parametrize("night", ["fredda", "uguale", "un file"])
def test_a_night_asks_and_opens_no_more_than_it_did(notti: Notti, night: str) -> None:
    """Who makes it dearer by a tenth moves a bound and says why."""
    found = notti.lavoro[night]
    assert 300 < found["istruzioni"] <= ISTRUZIONI
    assert 59 <= found["consegne"] <= CONSEGNE[night]
    assert 414 < found["deposito"] <= DEPOSITO[night]
    assert 0 < found["byte deposito"] <= 3_300_000


def test_a_document_that_is_taken_over_is_the_one_that_would_be_written(notti: Notti) -> None:
    first, same, other = (notti.documenti[name] for name in ("fredda", "uguale", "un file"))
    assert first == same
    assert {name for name in first if first[name] != other[name]} >= {
        "BB-2020.csv",
        "BB-2020.json",
    }
    assert {
        name: text for name, text in first.items() if name.startswith("AA")
    }.items() <= other.items()


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)


def test_a_damaged_document_is_written_anew(notti: Notti) -> None:
    damage(notti.luoghi.corrente / "scorecard/AA-2020.html")
    with contando(notti.luoghi) as work:
        corri(notti.luoghi)
    assert work["documenti"] == 1
    assert documenti(notti.luoghi) == notti.documenti["un file"]
    assert damaged_files(notti.luoghi.corrente.resolve()) == {}


@contextmanager
def build_as_published(notti: Notti) -> Iterator[steps.Esecuzione]:
    """A run that has built what the current publication holds, and is about to write its documents."""
    run = steps.new_run(notti.luoghi, GIORNO)
    try:
        steps.read_plans(replace(run, viste=tuple(list_there(notti.luoghi))))
        shutil.copyfile(notti.luoghi.database, run.lavoro / DATABASE)
        yield run
    finally:
        shutil.rmtree(run.lavoro)


@pytest.mark.parametrize("damaged", [ORIGINI, MANIFEST])
def test_no_document_is_taken_over_from_a_publication_that_cannot_say_what_it_was(
    notti: Notti, damaged: str
) -> None:
    path = notti.luoghi.corrente / damaged
    whole = path.read_bytes()
    damage(path)
    try:
        with build_as_published(notti) as run, contando(notti.luoghi) as work:
            steps.write_scorecards(run)
    finally:
        path.write_bytes(whole)
    assert work["documenti"] == 10 + INSIEMI


@pytest.mark.parametrize(("programma", "written"), [("questo", 0), ("un altro", 10 + INSIEMI)])
def test_another_program_writes_every_document_anew(
    notti: Notti, monkeypatch: pytest.MonkeyPatch, programma: str, written: int
) -> None:
    if programma != "questo":
        monkeypatch.setattr(write, "writing_fingerprint", lambda: programma)
    with build_as_published(notti) as run, contando(notti.luoghi) as work:
        steps.write_scorecards(run)
    assert work["documenti"] == written


def test_what_lies_beside_the_formats_is_part_of_the_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, read = fingerprints.writing_fingerprint(), Path.read_bytes

    def other(path: Path) -> bytes:
        return read(path) + b" " * (path.suffix == ".j2")

    monkeypatch.setattr(Path, "read_bytes", other)
    assert fingerprints.writing_fingerprint.__wrapped__() != before
    assert fingerprints.program_fingerprint.__wrapped__() == fingerprints.program_fingerprint()


# --- Dagster's share --------------------------------------------------------------------------------


def test_dagster_writes_of_what_changed(
    notti: Notti, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of three partitions nothing is news: some three hundred events, none of them twice."""
    luoghi = notti.luoghi
    for name, folder in (
        ("PIRA_RAW", luoghi.raw),
        ("PIRA_WAREHOUSE", luoghi.warehouse),
        ("DAGSTER_HOME", tmp_path),
    ):
        monkeypatch.setenv(name, str(folder))
    commits: list[object] = []
    note = commits.append
    listen(Engine, "commit", note)
    try:
        assert comando.run_night(luoghi, None, None, GIORNO, orologio_giusto=True)
    finally:
        remove(Engine, "commit", note)
    with closing(sqlite3.connect(tmp_path / "event_log.db")) as events:
        ((written, twice),) = events.execute(
            "select count(*), count(*) - count(distinct asset_key) from event_logs"
            " where dagster_event_type = 'ASSET_MATERIALIZATION'"
        ).fetchall()
        ((every,),) = events.execute("select count(*) from event_logs").fetchall()
    assert written > 40 and twice == 0
    assert every <= EVENTI
    assert len(commits) <= TRANSAZIONI
