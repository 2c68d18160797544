"""Workers over a broker, with their real parts: one killed in the middle of a run, a run refused.

Belongs here: what Dagster and Celery make of it, and what is then in the lake. Does not belong here: the
other parts and what befalls them (test_guasti.py).
"""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from pipelines.orchestration.nights import years_of
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


def asked(*camere: str) -> dict[str, str]:
    """The tags of a night of some chambers."""
    keys = [f"{camera}-2020" for camera in camere]
    return {**range_tags(keys), CHOSEN_TAG: years_of(camere), DAY_TAG: GIORNO}


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


def after(lago: Lago, run: str) -> list[object]:
    """The status of each run that was asked for after one."""
    of = "id > (select id from runs where run_id = %s)"
    return [found for (found,) in ask(lago, f"select status from runs where {of} order by id", run)]


def test_a_run_whose_worker_is_killed_is_taken_up_by_another(lago: Lago, tmp_path: Path) -> None:
    news(lago.raw, 3)
    before = lago.cambiamenti()
    with ExitStack() as ends:
        first = begin(ends, lago.impianto.worker("primo"))
        (run,) = lago.impianto.lancia("notte", asked(*CAMERE))
        wait_until(lambda: steps(lago, run) > 1, "the run does not begin")
        first.uccidi()
        assert status(lago, run) == "STARTED"  # nobody was there to say otherwise
        begin(ends, lago.impianto.worker("secondo"))
        wait_until(lambda: status(lago, run) == "FAILURE", "nobody says that it has ended")
        wait_until(lambda: bool(tries(lago, run)), "nobody takes it up")
        wait_until(lambda: tries(lago, run)[0][1] in ENDED, "it does not end")
        assert [s for _, s in tries(lago, run)] == ["SUCCESS"]
    assert lago.cambiamenti() == before
    assert "AA, BB" in lago.fai("commit")
    lago.fai("status")
    same_truth(lago, tmp_path)


def test_what_stops_a_chamber_of_a_set_stops_no_other(lago: Lago) -> None:
    """The set is refused whole; then each is asked for alone, and the others are published."""
    news(lago.raw, 4)
    lago.impianto.sensore("insieme_diviso")
    away = lago.raw.parent / "BB"
    with ExitStack() as ends:
        begin(ends, lago.impianto.worker("terzo"))
        (run,) = lago.impianto.lancia("notte", asked(*CAMERE))
        wait_until(lambda: status(lago, run) == "STARTED", "the run does not begin")
        (lago.raw / "BB").rename(away)
        ends.callback(away.rename, lago.raw / "BB")
        wait_until(lambda: status(lago, run) == "FAILURE", "what is not there is not missed")
        wait_until(lambda: [s in ENDED for s in after(lago, run)] == [True] * 2, "none alone")
        assert after(lago, run) == ["SUCCESS", "FAILURE"]
    assert lago.fai("commit").strip().endswith("AA.")
    lago.fai("status")
