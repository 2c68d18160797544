"""A lake under faults, with its real parts: nothing half-published, the next run completes, equal content.

Belongs here: which faults, and how often. `make test` does one of each on the first delivery of a lake;
`make test-lake` a hundred of each (GUASTI says how many).
"""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lago.guasti import (
    CALCOLO,
    Lago,
    counting,
    finish,
    lake,
    news,
    same_truth,
    strike,
    wait_until,
)

VOLTE = int(os.environ.get("GUASTI", "100"))
A_CONSEGNA = 20
"""How often at most before a delivery is let through."""
ORO = (5**0.5 - 1) / 2
"""Its multiples, but for the whole, lie evenly between 0 and 1 however many they are."""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("guasti")


@pytest.fixture(scope="module")
def lago(base: Path) -> Iterator[Lago]:
    with lake(base) as found:
        yield found


def test_each_part_is_killed_and_nothing_is_half_published(lago: Lago, base: Path) -> None:
    """A worker, the catalogue, the bucket, one after the other on the same delivery; an analyst counts."""
    news(lago.raw, 3)
    assert strike(lago, "operaio", 0, "stage", "uccisioni", *CALCOLO, after="BB-2020")
    lago.consegna("uccisioni")
    before = lago.cambiamenti()
    with counting(lago, base) as looks:
        for what in ("catalogo", "secchio"):
            assert strike(lago, what, 0, "commit", after="parti nuove")
        assert "AA, BB" in lago.fai("commit")
        wait_until(lambda: looks()[-1].get("numero") == looks()[0]["numero"] + 1, "nobody saw it")
    assert lago.cambiamenti() == before + 1
    lago.fai("status")
    same_truth(lago, base / "sola")


@pytest.mark.lungo
def test_two_committers_and_a_delivery_shown_twice_are_one_publication(lago: Lago) -> None:
    news(lago.raw, 2)
    lago.consegna("due")
    before = lago.cambiamenti()
    both = [lago.avvia("commit"), lago.avvia("commit")]
    said = [finish(process, 0) for process in both]
    assert sum("Pubblicato" in one for one in said) == 1
    lago.consegna("due")
    assert "Niente di nuovo" in lago.fai("commit", "due")
    assert lago.cambiamenti() == before + 1


@pytest.mark.lungo
def test_a_worker_that_is_killed_has_left_nothing_to_show(lago: Lago) -> None:
    news(lago.raw, 4)
    assert strike(lago, "operaio", 1, "stage", "persa", *CALCOLO)
    before = lago.cambiamenti()
    assert "Niente di nuovo" in lago.fai("commit")
    assert "Camere" in lago.fai("commit", "persa", stato=1)
    assert lago.cambiamenti() == before
    lago.consegna("ripresa")
    assert "Pubblicato" in lago.fai("commit")


@pytest.mark.lungo
def test_a_bucket_that_is_full_takes_nothing_and_then_goes_on(lago: Lago) -> None:
    news(lago.raw, 5)
    secchio = lago.impianto.secchio
    before = lago.cambiamenti()
    secchio.riavvia(pieno=True)
    try:
        said = lago.fai("stage", "piena", *CALCOLO, stato=1)
    finally:
        secchio.riavvia()
    assert "niente è cambiato" in said
    lago.consegna("piena")
    assert "Pubblicato" in lago.fai("commit")
    assert lago.cambiamenti() == before + 1
    lago.fai("status")


@pytest.mark.lungo
@pytest.mark.parametrize(
    ("what", "command"),
    [("operaio", "commit"), ("catalogo", "commit"), ("secchio", "commit"), ("operaio", "stage")],
)
def test_a_hundred_times(lago: Lago, base: Path, what: str, command: str) -> None:
    """Each delivery befallen a score of times, at moments spread over all that a command takes, and then let
    through; where nobody knows yet how long that is, the first is let through at once."""
    struck, moments = 0, (n * ORO % 1 for n in itertools.count(1))
    with counting(lago, base):
        while struck < VOLTE:
            news(lago.raw, 6 + struck % 7)
            before = lago.cambiamenti()
            name = f"{what}-{command}-{before}"
            for words in (("stage", name, *CALCOLO), ("commit",)):
                if words[0] == command and (seconds := lago.durate.get(command)):
                    until = min(struck + A_CONSEGNA, VOLTE)
                    while struck < until and lago.cambiamenti() == before:
                        moment = seconds * next(moments)
                        if not strike(lago, what, moment, *words):
                            break
                        struck += 1
                        print(f"{what} {struck}: after {moment:.1f} s of {seconds:.1f}", flush=True)
                lago.fai(*words)
            assert lago.cambiamenti() == before + 1
    lago.fai("status")
    same_truth(lago, base / f"sola-{what}-{command}")
