"""The run that the tests of what may leak share."""

from pathlib import Path

import pytest

from pipelines.settings import Luoghi
from tests.ostili import scena
from tests.ostili.scena import Scena
from tests.warehouse.magazzini import una_volta


@pytest.fixture(scope="session")
def ostile(comune: Path) -> Scena:
    """One `pira run` over a landing zone in which everything is hostile: only to be read."""
    base = comune / "ostile"

    def corri(dove: Path) -> Luoghi:
        fatta = scena.corri(dove / "scena")
        return Luoghi(fatta.raw, fatta.warehouse)

    una_volta(base, corri)
    return scena.ritrova(base / "scena")
