"""A few faults of disk, clock, files and company; `make faults` tries them all."""

import pytest

from tests.guasti.guasti import AMBIENTE, Guasto, brevi, prova_scelti
from tests.guasti.scena import Scena


@pytest.mark.parametrize(
    "guasto", brevi(AMBIENTE), ids=lambda guasto: guasto.nome.replace(" ", "_")
)
def test_a_fault_around_a_run_loses_nothing(scena: Scena, guasto: Guasto) -> None:
    if not guasto.casi(scena):
        pytest.skip("questa macchina non lascia montare cartelle")
    prova_scelti(scena, guasto)
