"""The stage of the faults: made once, and one of its own for each process that tries some."""

from pathlib import Path

import pytest

from pipelines.settings import Luoghi
from tests.guasti.scena import Scena
from tests.warehouse.magazzini import una_volta


@pytest.fixture(scope="session")
def scena(comune: Path, tmp_path_factory: pytest.TempPathFactory) -> Scena:
    """Landing zones and outputs to start from."""

    def prepara(base: Path) -> Luoghi:
        Scena(base).prepara()
        return Luoghi(base / "raw", base / "una")

    una_volta(comune / "guasti", prepara)
    return Scena(tmp_path_factory.mktemp("guasti")).eredita(comune / "guasti")
