"""Workers over a broker, with their real parts: one killed in the middle of a run.

Belongs here: what Dagster and Celery make of it, and what is then in the lake. Does not belong here: the
other parts and what befalls them (test_guasti.py).
"""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from pipelines.orchestration.runs import CHOSEN_TAG, DAY_TAG, range_tags
from tests.lago.guasti import CAMERE, GIORNO, Lago, lake, news, same_truth, wait_until
from tests.parte import Parte

pytestmark = pytest.mark.lungo

ENDED = {"SUCCESS", "FAILURE", "CANCELED"}


@pytest.fixture(scope="module")
def lago(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lago]:
    """A lake whose daemon is up, and that has no worker."""
    with lake(tmp_path_factory.mktemp("operai")) as found, ExitStack() as ends:
        begin(ends, found.impianto.daemon())
        yield found


def begin(ends: ExitStack, part: Parte) -> Parte:
    part.avvia()
    ends.callback(part.uccidi)
    return part


def asked(camera: str) -> dict[str, str]:
    """The tags of a night of a chamber."""
    return {**range_tags([f"{camera}-2020"]), CHOSEN_TAG: f"{camera}-*", DAY_TAG: GIORNO}


def ask(lago: Lago, question: str, run: str) -> list[tuple[object, ...]]:
    """What Dagster's records say of a run."""
    import psycopg2

    with closing(psycopg2.connect(lago.impianto.ambiente["PIRA_DAGSTER_PG"])) as session:
        cursor = session.cursor()
        cursor.execute(question, [run])
        return list(cursor.fetchall())


def status(lago: Lago, run: str) -> object:
    ((found,),) = ask(lago, "select status from runs where run_id = %s", run)
    return found


def steps(lago: Lago, run: str) -> int:
    """How many steps of a run have ended well."""
    of = "run_id = %s and dagster_event_type = 'STEP_SUCCESS'"
    ((found,),) = ask(lago, f"select count(*) from event_logs where {of}", run)
    return int(str(found))


def tries(lago: Lago, run: str) -> list[tuple[object, ...]]:
    """The runs by which Dagster tried one again, with their status."""
    of = "select run_id from run_tags where key = 'dagster/parent_run_id' and value = %s"
    return ask(lago, f"select run_id, status from runs where run_id in ({of})", run)


def test_a_run_whose_worker_is_killed_is_taken_up_by_another(lago: Lago, tmp_path: Path) -> None:
    news(lago.raw, 3)
    before = lago.cambiamenti()
    with ExitStack() as ends:
        first = begin(ends, lago.impianto.worker("primo"))
        (run,) = lago.impianto.lancia("notte", asked(CAMERE[0]))
        wait_until(lambda: steps(lago, run) > 1, "the run does not begin")
        first.uccidi()
        assert status(lago, run) == "STARTED"  # nobody was there to say otherwise
        begin(ends, lago.impianto.worker("secondo"))
        wait_until(lambda: status(lago, run) == "FAILURE", "nobody says that it has ended")
        wait_until(lambda: bool(tries(lago, run)), "nobody takes it up")
        wait_until(lambda: tries(lago, run)[0][1] in ENDED, "it does not end")
        assert [s for _, s in tries(lago, run)] == ["SUCCESS"]
    lago.fai("stage", "resto", "--camera", CAMERE[1], "--data-riferimento", GIORNO)
    assert lago.cambiamenti() == before
    assert "AA, BB" in lago.fai("commit")
    lago.fai("status")
    same_truth(lago, tmp_path)
