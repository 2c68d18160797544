"""A few runs that are killed; `make faults` kills hundreds."""

import pytest

from tests.guasti.guasti import UCCISIONI, Guasto, brevi, prova_scelti
from tests.guasti.scena import Scena


@pytest.mark.parametrize(
    "guasto", brevi(UCCISIONI), ids=lambda guasto: guasto.nome.replace(" ", "_")
)
def test_a_killed_run_loses_nothing(scena: Scena, guasto: Guasto) -> None:
    prova_scelti(scena, guasto)


def test_the_ordinary_suite_kills_enough() -> None:
    kills = [guasto for guasto in UCCISIONI if "uccision" in guasto.nome]
    assert sum(guasto.breve * guasto.colpi for guasto in kills) >= 10
