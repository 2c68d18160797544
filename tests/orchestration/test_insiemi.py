"""Sets of chambers that a run of a lake computes together; what follows when one of a set is refused.

Belongs here: which sets, and the runs that are asked for in their place. Does not belong here: what workers
make of them (tests/lago/test_operai.py).
"""

from collections.abc import Iterator

import dagster as dg
import pytest
from dagster import DagsterRunStatus

from pipelines.orchestration.home import AmbienteErrato, chambers_a_run
from pipelines.orchestration.insiemi import sets_of
from pipelines.orchestration.runs import CHOSEN_TAG, DAY_TAG, covered, range_tags
from pipelines.orchestration.specs import PARTITIONS

DUE_ANNI = ["AA-2019", "AA-2020", "BB-2019", "BB-2020", "CC-2019", "CC-2020"]


@pytest.mark.parametrize(
    ("keys", "camere", "quante", "expected"),
    [
        (DUE_ANNI, "AA BB CC", 3, {"AA BB CC": DUE_ANNI}),
        (DUE_ANNI, "AA BB CC", 2, {"AA BB": DUE_ANNI[:4], "CC": DUE_ANNI[4:]}),
        (DUE_ANNI, "AA BB CC", 1, {"AA": DUE_ANNI[:2], "BB": DUE_ANNI[2:4], "CC": DUE_ANNI[4:]}),
        # one that is not asked lies between
        (DUE_ANNI, "AA CC", 4, {"AA": DUE_ANNI[:2], "CC": DUE_ANNI[4:]}),
        # a new year stands after all the others
        (["AA-2020", "BB-2020", "AA-2021", "BB-2021"], "AA BB", 2, None),
        (
            ["AA-2020", "BB-2020", "CC-2020", "AA-2021", "BB-2021"],
            "AA BB",
            2,
            {"AA BB": ["AA-2021", "BB-2021"]},
        ),
        (
            ["AA-2020", "BB-2020", "CC-2020", "AA-2021", "CC-2021"],
            "AA BB CC",
            3,
            {"BB": ["BB-2020"], "AA CC": ["AA-2021", "CC-2021"]},
        ),
        # of one size, so that no worker waits for another
        (
            [f"{c}{c}-2020" for c in "ABCDEF"],
            "AA BB CC DD EE FF",
            5,
            {"AA BB CC": 3, "DD EE FF": 3},
        ),
        (DUE_ANNI, "", 4, {}),
        (DUE_ANNI, "ZZ", 4, {}),
    ],
)
def test_chambers_in_sets(
    keys: list[str],
    camere: str,
    quante: int,
    expected: dict[str, list[str] | int] | None,
) -> None:
    asked = camere.split()
    found = {" ".join(sorted(own)): some for own, some in sets_of(keys, asked, quante)}
    if expected is None:
        expected = {camere: keys}
    assert {
        own: len(some) if isinstance(expected[own], int) else some for own, some in found.items()
    } == expected
    for (
        own,
        some,
    ) in found.items():  # of which Dagster runs what a run of theirs computes, and no other
        assert {key[:2] for key in covered(range_tags(some), keys)} == {*own.split()}


@pytest.mark.parametrize(("text", "expected"), [("", 10), ("1", 1), ("60", 60)])
def test_how_many_chambers_a_run(text: str, expected: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIRA_INSIEME", text)
    assert chambers_a_run() == expected


@pytest.mark.parametrize("text", ["0", "-1", "tutte", "4,0"])
def test_a_number_that_is_none_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIRA_INSIEME", text)
    with pytest.raises(AmbienteErrato, match="scrivervi quante Camere"):
        chambers_a_run()


def after_failure(**tags: str) -> list[dg.RunRequest]:
    """What is asked for when a run with these tags has failed."""
    from pipelines.orchestration import lago

    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions(str(PARTITIONS.name), DUE_ANNI)
        run = instance.create_run_for_job(
            dg.job(name="notte")(lambda: None), tags=tags, status=DagsterRunStatus.FAILURE
        )
        context = dg.build_run_status_sensor_context(
            sensor_name=lago.insieme_diviso.name,
            dagster_event=dg.DagsterEvent("PIPELINE_FAILURE", "notte"),
            dagster_instance=instance,
            dagster_run=run,
        ).for_run_failure()
        found = lago.insieme_diviso(context)
        assert isinstance(found, Iterator)
        return [one for one in found if isinstance(one, dg.RunRequest)]


def test_a_set_that_failed_is_asked_for_chamber_by_chamber() -> None:
    """With all that it was told, and nothing of Dagster's own: they are other runs."""
    told = {DAY_TAG: "2021-01-15", CHOSEN_TAG: "AA-*,BB-*", "dagster/retry_number": "1"}
    found = after_failure(**range_tags(DUE_ANNI[:4]), **told)
    assert [one.tags for one in found] == [
        {**range_tags(DUE_ANNI[:2]), DAY_TAG: "2021-01-15", CHOSEN_TAG: "AA-*"},
        {**range_tags(DUE_ANNI[2:4]), DAY_TAG: "2021-01-15", CHOSEN_TAG: "BB-*"},
    ]


def test_a_chamber_that_failed_alone_is_not_asked_for_again() -> None:
    assert after_failure(**range_tags(DUE_ANNI[:2])) == []


def test_a_set_that_dagster_tries_again_whole_is_left_to_it() -> None:
    tags = range_tags(DUE_ANNI)
    assert after_failure(**tags, **{"dagster/will_retry": "true"}) == []
    assert len(after_failure(**tags, **{"dagster/will_retry": "false"})) == 3
