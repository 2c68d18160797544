"""The stage of the faults, made once for each process that tries some."""

from collections.abc import Iterator

import pytest

from tests.guasti.scena import Scena


@pytest.fixture(scope="session")
def scena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scena]:
    """Landing zones and outputs to start from."""
    yield Scena(tmp_path_factory.mktemp("guasti")).prepara()
