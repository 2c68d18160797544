"""What every test starts from: an environment of its own, and two outputs made once for all.

Belongs here: fixtures that tests of more than one folder share. Does not belong here: how the outputs
are made (warehouse/magazzini.py).
"""

import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.settings import Luoghi
from tests.indicatori.zona import CHIAVE
from tests.warehouse import magazzini

PER_PRIMI = (
    "guasti/test_uccisioni.py",
    "pagina/test_pagina.py",
    "guasti/test_ambiente.py",
    "pagina/test_documenti.py",
    "warehouse/test_controlli.py",
    "orchestration/test_serve.py",
)
"""The dearest files: where one was begun last, the other process would have nothing left to do."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The dearest first, the others as they stand."""

    def turn(item: pytest.Item) -> int:
        name = item.path.relative_to(Path(__file__).parent).as_posix()
        return PER_PRIMI.index(name) if name in PER_PRIMI else len(PER_PRIMI)

    items.sort(key=turn)


@pytest.fixture(scope="session", autouse=True)
def ambiente(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A key of the tests, no telemetry, and no way to a landing zone or an output that is not theirs."""
    base = tmp_path_factory.mktemp("ambiente")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIRA_KEY", CHIAVE)
        patch.setenv("DAGSTER_DISABLE_TELEMETRY", "1")
        patch.setenv("PIRA_ATTESA", "0")
        patch.setenv("PIRA_PDF", "0")  # a second or two each: the tests that look at one ask for it
        for name, folder in (
            ("PIRA_RAW", "raw"),
            ("PIRA_WAREHOUSE", "warehouse"),
            ("DAGSTER_HOME", "dagster"),
            ("XDG_CONFIG_HOME", "config"),
        ):
            patch.setenv(name, str(base / folder))
        for name in ("PIRA_KEY_FILE", "PIRA_PRODUZIONE"):
            patch.delenv(name, raising=False)
        # Several hundred waits for the disk a night, against a power cut that no test survives; whether
        # all is asked for is seen where processes are killed (guasti/), and those wait.
        patch.setattr(os, "fsync", lambda _: None)
        yield


@pytest.fixture(scope="session")
def comune(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that every process of this run of the tests sees."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def campione(comune: Path) -> Luoghi:
    """The committed sample, published: only to be read."""
    return magazzini.una_volta(comune / "campione", magazzini.pubblica_campione)


@pytest.fixture(scope="session")
def piccola(comune: Path) -> Luoghi:
    """A small landing zone on which every check passes, published: only to be read."""
    return magazzini.una_volta(comune / "piccola", magazzini.pubblica_piccola)


@pytest.fixture(scope="module")
def magazzino(campione: Luoghi) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published database of the sample."""
    with magazzini.apri(campione) as connection:
        yield connection


@pytest.fixture(scope="module")
def magazzino_piccolo(piccola: Luoghi) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published database of the small landing zone."""
    with magazzini.apri(piccola) as connection:
        yield connection
