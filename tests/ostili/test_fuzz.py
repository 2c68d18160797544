"""Good files broken at random do no harm; the large form is a part of `make faults`."""

import pytest

from tests.ostili.fuzz import ESEMPI, PROVE, Prova, lancia, quanti, rompi


@pytest.mark.parametrize("a_caso", [p for p in PROVE if quanti(p, ESEMPI)], ids=lambda p: p.nome)
def test_files_broken_at_random_are_taken_or_refused_and_accounts_hold(a_caso: Prova) -> None:
    assert lancia(a_caso, ESEMPI, ripetibile=True) >= ESEMPI


def test_blows_break_a_file() -> None:
    """A fuzzer that broke nothing would prove nothing."""
    for colpo in ("capovolgi", "inserisci", "taglia", "ripeti", "tronca"):
        assert rompi(b"0123456789", [(colpo, 0.6, 0.1, b"xy")]) != b"0123456789"
