"""A few cases of every fault; `python -m tests.guasti` tries them all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guasti.guasti import GUASTI, Guasto
from tests.guasti.scena import Scena


@pytest.fixture(scope="session")
def scena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scena]:
    """The stage, made once for all the faults that this process tries."""
    folder: Path = tmp_path_factory.mktemp("guasti")
    yield Scena(folder).prepara()


@pytest.mark.parametrize("guasto", GUASTI, ids=lambda guasto: guasto.nome.replace(" ", "_"))
def test_nothing_is_lost(scena: Scena, guasto: Guasto) -> None:
    """Each chosen case ends with one whole publication, and the next run makes all well."""
    chosen = guasto.scelti(scena)
    if not chosen:
        pytest.skip("questa macchina non lascia montare cartelle")
    for case in chosen:
        guasto.prova(scena, case)
