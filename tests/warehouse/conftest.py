"""A sound build to be changed, that the tests of single models share.

Belongs here: fixtures over a copy of the small output. Does not belong here: making models again
(rifatti.py), what should come of it.
"""

import shutil
from collections.abc import Iterator
from contextlib import closing

import duckdb
import pytest

from pipelines.connection import connect
from pipelines.settings import Luoghi


@pytest.fixture(scope="module")
def costruito(
    piccola: Luoghi, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    path = tmp_path_factory.mktemp("modelli") / "pira.duckdb"
    shutil.copyfile(piccola.database, path)
    with closing(connect(path, read_only=False)) as connection:
        yield connection


@pytest.fixture
def base(costruito: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """A sound build that can be changed; AA has the extracts of 2019 and of 2020."""
    costruito.execute("begin")
    yield costruito
    costruito.execute("rollback")
