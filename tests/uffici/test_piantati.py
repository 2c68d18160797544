"""One fault of a known kind in a clean random delivery: no figure changes in silence.

Every fourth kind is tried here, and one delivery that nobody could tell; all kinds, in two hundred
deliveries, are two rows of `make faults`.
"""

from random import Random

import pytest

from tests.uffici.piantati import GUASTI, File, Pulita, linee, unite
from tests.uffici.prova import Verdetto, prova

SCELTI = GUASTI[::4]


def una_seduta_in_meno(_: Random, pulita: Pulita) -> File:
    """A delivery that merely says something else: no reader could know, so the trial must call it lost."""
    lines = linee(pulita, "segreteria/sedute")
    return pulita.al_posto("segreteria/sedute", unite(lines[:-1]))


@pytest.fixture(scope="module")
def provati(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Verdetto], list[str]]:
    return prova(tmp_path_factory.mktemp("piantati"), [*SCELTI, una_seduta_in_meno], seme=7)


def test_no_figure_changes_in_silence(provati: tuple[list[Verdetto], list[str]]) -> None:
    verdetti = provati[0][:-1]
    assert [v.guasto for v in verdetti] == [guasto.__name__ for guasto in SCELTI]
    assert [v for v in verdetti if v.persi] == []


def test_a_figure_that_changes_unsaid_is_seen(
    provati: tuple[list[Verdetto], list[str]],
) -> None:
    assert provati[0][-1].persi


def test_clean_deliveries_raise_no_alarm(provati: tuple[list[Verdetto], list[str]]) -> None:
    assert provati[1] == []
