"""One order of the night, whoever runs it, and a landing zone that is cut off between two of its steps.

Belongs here: the order, what a run refuses when what it set out to read is no longer there, what it
reads when it takes its turn. Does not belong here: runs in processes of their own (tests/guasti), what
is said of a landing zone (warehouse/test_presenza.py).
"""

from pathlib import Path

import dagster as dg
import pytest

from pipelines.definitions import defs
from pipelines.night import steps
from pipelines.orchestration import runs
from pipelines.orchestration.nights import register_partitions
from pipelines.partizione import Partizione
from pipelines.publication.pubblicazioni import NonPubblicabile
from pipelines.settings import Luoghi
from tests.guasti.passi import PASSI, innesta, rimetti, togli
from tests.indicatori import zona
from tests.warehouse.magazzini import GIORNO, albero, copia, corri

AA19, AA20, BB20 = Partizione("AA", 2019), Partizione("AA", 2020), Partizione("BB", 2020)


@pytest.fixture
def luoghi(piccola: Luoghi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Luoghi:
    """A publication, to be run over."""
    found = copia(piccola, tmp_path)
    monkeypatch.setenv("PIRA_RAW", str(found.raw))
    monkeypatch.setenv("PIRA_WAREHOUSE", str(found.warehouse))
    return found


def test_the_night_without_dagster_keeps_the_order(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That the job keeps it too is seen where the job is run (test_definitions.py)."""
    seen: list[str] = []
    innesta(steps, seen.append, monkeypatch.setattr)
    corri(luoghi, "AA", 2020)
    assert seen == list(PASSI)


def night(luoghi: Luoghi) -> dg.ExecuteInProcessResult:
    """The real job over all that there is."""
    with dg.DagsterInstance.ephemeral() as instance:
        keys = register_partitions(instance, luoghi)
        return defs.resolve_job_def("notte").execute_in_process(
            instance=instance,
            run_config={"loggers": {"voce": {}}},
            tags={
                **runs.range_tags(keys),
                runs.DAY_TAG: GIORNO.isoformat(),
                runs.CLOCK_TAG: "sì",
            },
            raise_on_error=False,
        )


def published(luoghi: Luoghi) -> object:
    """The publication, and what is remembered of what was read."""
    states = luoghi.warehouse.glob("deposito/*/*/stato.json")
    return (
        luoghi.corrente.readlink(),
        albero(luoghi.pubblicazioni),
        {path: path.read_text() for path in states},
    )


@pytest.mark.parametrize("passo", ["begin", "read_plans", "read_or_keep", "publish"])
def test_the_job_refuses_when_the_landing_zone_is_cut_off(
    luoghi: Luoghi, passo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the other steps it is `make faults` that cuts it off, in all the ways of running the job."""
    before = published(luoghi)

    def cut_off(name: str) -> None:
        if name == passo and not (luoghi.raw.parent / "altrove").exists():
            togli(luoghi.raw, vuota=passo != "read_plans")

    innesta(steps, cut_off, monkeypatch.setattr)
    ended = night(luoghi)
    assert not ended.success
    assert (luoghi.raw.parent / "altrove").exists()
    rimetti(luoghi.raw)
    assert published(luoghi) == before
    reasons = [
        str(error)
        for event in ended.all_events
        if event.is_failure and (error := getattr(event.event_specific_data, "error", None))
    ]
    assert any("a zona di consegna" in why and "rilanciare." in why for why in reasons), reasons


def test_a_partition_that_was_taken_away_while_the_run_waited_is_missed(luoghi: Luoghi) -> None:
    tags = {runs.CHOSEN_TAG: "AA-2020"}
    run = steps.new_run(luoghi)
    with pytest.raises(NonPubblicabile, match="non ha più ZZ-2020"):
        runs._asked(run, tags, ["AA-2020", "ZZ-2020"], [AA20])


def test_what_a_run_reads_is_chosen_when_it_takes_its_turn(luoghi: Luoghi) -> None:
    run = steps.new_run(luoghi, GIORNO)
    there = [AA19, AA20, BB20]

    def asked(**tags: str) -> list[Partizione]:
        return runs._asked(
            run, {getattr(runs, k): v for k, v in tags.items()}, ["AA-2020", "BB-2020"], there
        )

    assert asked() == [AA20, BB20]
    assert asked(CHOSEN_TAG="BB-2020") == [BB20]
    assert asked(CHOSEN_TAG="AA-*") == [AA19, AA20]
    assert asked(CHOSEN_TAG="*-2020") == [AA20, BB20]
    assert asked(CHOSEN_TAG="BB-2020", NEWS_TAG="sì") == [BB20]
    zona.scrivi(luoghi.raw, "AA", 2019, "isr/studi", [{}])
    assert asked(CHOSEN_TAG="BB-2020", NEWS_TAG="sì") == [AA19, BB20]
    assert asked(CHOSEN_TAG="BB-2020") == [BB20]


@pytest.mark.parametrize(
    ("tags", "covered"),
    [
        (runs.range_tags(["AA-2020", "BB-2020"]), ["AA-2020", "BB-2019", "BB-2020"]),
        ({"dagster/partition": "AA-2020"}, ["AA-2020"]),
        (runs.range_tags(["AA-2020", "ZZ-2020"]), ["AA-2020", "ZZ-2020"]),
        ({}, []),
    ],
)
def test_what_a_run_covers_is_said_by_its_tags(tags: dict[str, str], covered: list[str]) -> None:
    known = ["AA-2019", "AA-2020", "BB-2019", "BB-2020", "CC-2020"]
    assert list(runs.covered(tags, known)) == covered
