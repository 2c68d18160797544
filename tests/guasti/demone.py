"""The run of Dagster's daemon killed, alone or with the daemon, at any word it says.

Belongs here: the kill, and that the daemon ends the run, tries it again and publishes without help. Does
not belong here: how the daemon is started (tra_i_passi.py), what is right afterwards (giudice.py).
"""

import os
import signal
import time
from collections.abc import Callable
from typing import Any
from unittest import mock

import dagster as dg

from pipelines.orchestration.home import dagster_home
from pipelines.orchestration.nights import register_partitions
from pipelines.orchestration.runs import DAY_TAG, range_tags
from tests.guasti.giudice import pretendi, pulita
from tests.guasti.scena import ATTESA_MASSIMA, GIORNO, Scena, comando_pira, visto
from tests.guasti.tra_i_passi import demone, lancia, pid_di
from tests.guasti.uccisioni import dopo_il_guasto

PAROLE = (
    "Leggo i piani",
    "Leggo gli estratti",
    "Costruisco il magazzino",
    "Scrivo le scorecard",
    "Verifico e pubblico",
)
"""What a run says before each step; it is killed after."""

CASI = 40
"""Each word, by each of two kills, a little later each time."""

RITARDO = 0.25


def uccisi(scena: Scena, caso: int) -> None:
    """The run is killed, and in every second case all of Dagster with it, as by a power cut."""
    banco = scena.banco("una", Scena.SECONDA)
    before = visto(banco)
    word, whole, later = PAROLE[caso // 2 % len(PAROLE)], caso % 2 == 0, caso // 10 * RITARDO
    _, places = comando_pira(banco)
    with mock.patch.dict(os.environ, places):
        home = dagster_home(banco.luoghi)
        with dg.DagsterInstance.from_config(str(home)) as instance:
            tags = range_tags(register_partitions(instance, banco.luoghi))
            with demone(places, home) as child:
                lancia(places, {**tags, DAY_TAG: GIORNO.isoformat()})
                (run,) = _attendi(lambda: instance.get_runs())
                _attendi(lambda: _ha_detto(instance, run.run_id, word))
                time.sleep(later)
                if whole:
                    os.killpg(child.pid, signal.SIGKILL)
                else:
                    os.kill(pid_di(instance, run.run_id), signal.SIGKILL)
                dopo_il_guasto(scena, banco, before)
                if not whole:
                    _attendi(lambda: _riuscita(instance, run.run_id))
            if whole:
                with demone(places, home):
                    _attendi(lambda: _riuscita(instance, run.run_id))
    after = pulita(visto(banco))
    pretendi(
        after.contenuto == scena.attesa(banco.raw), "non è ciò che pubblica chi è indisturbato"
    )


def _attendi(guarda: Callable[[], Any]) -> Any:
    """What a look finds, as soon as it finds something."""
    until = time.monotonic() + ATTESA_MASSIMA
    while time.monotonic() < until:
        if found := guarda():
            return found
        time.sleep(0.2)
    raise TimeoutError("Dagster non va avanti")


def _ha_detto(instance: dg.DagsterInstance, run_id: str, word: str) -> bool:
    return any(word in record.user_message for record in instance.all_logs(run_id))


def _riuscita(instance: dg.DagsterInstance, run_id: str) -> bool:
    """Whether the run, or the one by which Dagster tried it again, has published, and none goes on."""
    statuses = {run.run_id: run.status for run in instance.get_runs()}
    ended = statuses[run_id] is not dg.DagsterRunStatus.STARTED
    return ended and dg.DagsterRunStatus.SUCCESS in statuses.values()
