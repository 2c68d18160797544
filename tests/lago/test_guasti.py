"""A lake under faults, with its real parts: nothing half-published, the next run completes, equal content.

Belongs here: which faults, and how often. `make test-lake` kills each part a hundred times (GUASTI says how
often).
"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lago import guasti
from tests.lago.guasti import GUASTI, Lago, counting, finish, kill, lake, news

pytestmark = pytest.mark.lungo

VOLTE = int(os.environ.get("GUASTI", "100"))
MOMENTI = (0.0, 0.2, 0.5, 1.0, 2.0)
"""Seconds after a committer has judged what comes; a whole commit takes a few."""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("guasti")


@pytest.fixture(scope="module")
def lago(base: Path) -> Iterator[Lago]:
    with lake(base) as found:
        yield found


def same_truth(lago: Lago, base: Path) -> None:
    """What can be computed again is what one machine computes into one file."""
    ours, alone = lago.manifesto()["tabelle"], lago.macchina_sola(base)["tabelle"]
    story = ("storico.", "passaporto.")
    compared = [t for t, facts in alone.items() if facts["ripetibile"] and not t.startswith(story)]
    assert len(compared) > 30
    told = {t: (ours[t]["righe"], ours[t]["contenuto"]) for t in compared}
    assert told == {t: (alone[t]["righe"], alone[t]["contenuto"]) for t in compared}


def test_each_part_is_killed_and_nothing_is_half_published(lago: Lago, base: Path) -> None:
    """One after the other on the same delivery, while an analyst counts."""
    news(lago.raw, 3)
    lago.consegna("uccisioni")
    with counting(lago, base) as looks:
        for befall in GUASTI.values():
            befall(lago, 0.0)
        kept = [look for look in looks() if "errore" not in look][-1]["numero"]
        # two committers at once: one publishes, and for the other there is nothing new
        both = [lago.avvia("commit"), lago.avvia("commit")]
        said = [finish(process, 0) for process in both]
        assert sum("Pubblicato" in one for one in said) == 1
        guasti.wait_until(lambda: looks()[-1].get("numero") == kept + 1, "nobody saw it")
    # the same run delivered twice, and shown twice
    lago.consegna("uccisioni")
    assert "Niente di nuovo" in lago.fai("commit", "uccisioni")
    lago.fai("status")
    same_truth(lago, base / "sola")


def test_a_worker_that_is_killed_has_left_nothing_to_show(lago: Lago) -> None:
    news(lago.raw, 4)
    process = lago.avvia("stage", "persa", "--camera", "AA", "--data-riferimento", guasti.GIORNO)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1)
    kill(process)
    before = lago.manifesto()["numero"]
    assert "Niente di nuovo" in lago.fai("commit")
    assert "Camere" in lago.fai("commit", "persa", stato=1)
    assert lago.manifesto()["numero"] == before
    lago.consegna("ripresa")
    assert "Pubblicato" in lago.fai("commit")


def test_a_bucket_that_is_full_takes_nothing_and_then_goes_on(lago: Lago) -> None:
    news(lago.raw, 5)
    secchio = lago.impianto.secchio
    before = lago.manifesto()["numero"]
    secchio.riavvia(pieno=True)
    chambers = ("--camera", "AA", "--camera", "BB", "--data-riferimento", guasti.GIORNO)
    try:
        said = lago.fai("stage", "piena", *chambers, stato=1)
    finally:
        secchio.riavvia()
    assert "niente è cambiato" in said
    lago.consegna("piena")
    assert "Pubblicato" in lago.fai("commit")
    assert lago.manifesto()["numero"] == before + 1
    lago.fai("status")


@pytest.mark.parametrize("what", GUASTI)
def test_a_hundred_times(lago: Lago, base: Path, what: str) -> None:
    done = 0
    with counting(lago, base):
        while done < VOLTE:
            news(lago.raw, 6 + done % 7)
            lago.consegna(f"{what}-{done}")
            before = lago.manifesto()["numero"]
            while done < VOLTE and lago.manifesto()["numero"] == before:
                GUASTI[what](lago, MOMENTI[done % len(MOMENTI)])
                done += 1
            lago.fai("commit")
            assert lago.manifesto()["numero"] == before + 1
    lago.fai("status")
    same_truth(lago, base / f"sola-{what}")
