"""One pytest session that tries many mutants: the tests are collected once, and run again for each.

Belongs here: which tests look at a mutant, in which order, and the first of them that is red. Does not
belong here: what a mutant is (operatori.py), how a world is changed (mondi.py).
"""

import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

import duckdb
import pytest

from pipelines.night import steps
from pipelines.warehouse.models import SQL, Modello, read_models
from tests.mutanti.mondi import Mondi, metti
from tests.mutanti.operatori import Mutante

LEGGONO_IL_TESTO = ("test_a_model_pasted_as_it_is_gives_what_is_published",)
"""Tests that read the file of a model, which is not changed here."""


@dataclass(frozen=True)
class Prova:
    """A mutant to be tried: how it takes its place, and the files of tests that look, best first.

    Of a test that has `nome` among its cases, only those are tried; of the files `casi`, nothing else.
    """

    mutante: Mutante
    al_posto: Callable[[], AbstractContextManager[None]]
    file: tuple[str, ...]
    nome: str = ""
    casi: tuple[str, ...] = ()


@contextmanager
def al_posto(modello: Modello, sql: str, mondi: Path) -> Iterator[None]:
    """Whoever asks for the models finds this one with another SQL, and every output is made with it."""
    before = modello.sql
    object.__setattr__(modello, "sql", sql)
    worlds = Mondi(mondi, lambda connection: metti(connection, modello))
    try:
        with mock.patch.object(steps, "run", worlds.run):
            yield
    finally:
        object.__setattr__(modello, "sql", before)


@contextmanager
def macro_al_posto(schema: str, testo: str, mondi: Path) -> Iterator[None]:
    """Whoever reads the macros of a schema finds these, and every output is made with them."""

    def change(connection: duckdb.DuckDBPyConnection) -> set[str]:
        connection.execute(testo.replace("CREATE MACRO", "CREATE OR REPLACE MACRO"))
        return metti(connection, *(m for m in read_models() if f"{schema}." in m.sql))

    with tempfile.TemporaryDirectory() as folder, ExitStack() as patches:
        for path in SQL.glob("*.*"):
            shutil.copy(path, folder)
        (Path(folder) / f"{schema}.sql").write_text(testo, "utf-8")
        for module in [m for n, m in sys.modules.items() if n.startswith("tests.")]:
            if getattr(module, "SQL", None) == SQL:
                patches.enter_context(mock.patch.object(module, "SQL", Path(folder)))
        patches.enter_context(mock.patch.object(steps, "run", Mondi(mondi, change).run))
        yield


@dataclass(eq=False)  # pytest hashes its plugins
class Sessione:
    """The plugin. `dice` is told of each mutant the test that killed it, or None."""

    prove: Iterable[Prova]
    dice: Callable[[Prova, str | None], None]
    ucciso: str | None = None
    uccisori: Counter[str] = field(default_factory=Counter)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and self.ucciso is None:
            self.ucciso = f"{report.nodeid} ({report.when})"
            self.uccisori[report.nodeid] += 1

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        by_file: dict[str, list[pytest.Item]] = {}
        for item in session.items:
            if not any(name in item.nodeid for name in LEGGONO_IL_TESTO):
                by_file.setdefault(item.nodeid.split("::")[0], []).append(item)
        base = session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
        for prova in self.prove:
            self.ucciso = None
            with prova.al_posto():
                for file in prova.file:
                    self._try(
                        session, _cases(by_file.get(file, []), prova.nome, file in prova.casi)
                    )
                    if self.ucciso:
                        break
            self.dice(prova, self.ucciso)
            for left in base.iterdir():
                shutil.rmtree(left, ignore_errors=True)
        return True

    def _try(self, session: pytest.Session, items: list[pytest.Item]) -> None:
        """Runs tests until the first red; those that have killed most come first."""
        chosen = sorted(items, key=lambda item: -self.uccisori[item.nodeid])
        for place, item in enumerate(chosen):
            following = chosen[place + 1] if place + 1 < len(chosen) else None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.ucciso:
                break
        session._setupstate.teardown_exact(None)


def _cases(items: list[pytest.Item], nome: str, alone: bool) -> list[pytest.Item]:
    """The tests of a file; of one that has cases with that name, those alone."""
    named = re.compile(rf"\[.*\b{re.escape(nome)}\b") if nome else None
    about = [item for item in items if named is not None and named.search(item.nodeid)]
    if alone:
        return about
    tests = {item.nodeid.split("[")[0] for item in about}
    return [item for item in items if item in about or item.nodeid.split("[")[0] not in tests]
