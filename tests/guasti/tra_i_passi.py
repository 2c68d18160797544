"""What happens between two steps of the real job, as `pira run` and as Dagster's daemon run it.

Belongs here: the two ways of running the job, the landing zone that is cut off, the kill. Does not
belong here: where exactly it happens in the process (passi.py), what is right afterwards (giudice.py).
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from unittest import mock

import dagster as dg

from pipelines.orchestration.failures import errors_of, failure_of
from pipelines.orchestration.home import dagster_home
from pipelines.orchestration.nights import register_partitions
from pipelines.orchestration.runs import DAY_TAG, NEWS_TAG, range_tags
from pipelines.settings import ROOT
from tests.guasti.giudice import pretendi
from tests.guasti.passi import PASSI, ordina, rimetti
from tests.guasti.scena import (
    ATTESA_MASSIMA,
    GIORNO,
    PIRA_RUN,
    Banco,
    Scena,
    avvia,
    comando_pira,
    visto,
)
from tests.guasti.uccisioni import dopo_il_guasto, ripresa

INNESTO = Path(__file__).with_name("innesto")


def _variabili(banco: Banco, guasto: str, passo: str) -> dict[str, str]:
    _, places = comando_pira(banco)
    path = os.pathsep.join([str(INNESTO), str(ROOT)])
    return {**places, **ordina(guasto, passo), "PYTHONPATH": path}


def con_pira_run(banco: Banco, guasto: str, passo: str) -> str:
    """`pira run`, harmed before a step; returns its last line. It must not say that all went well."""
    command, _ = comando_pira(banco, *PIRA_RUN)
    child = avvia(command, _variabili(banco, guasto, passo))
    _, words = child.communicate(timeout=ATTESA_MASSIMA)
    expected = -signal.SIGKILL if guasto == "uccisione" else 1
    pretendi(child.returncode == expected, f"finisce con {child.returncode}: {words[-2000:]}")
    return words.strip().splitlines()[-1]


def con_il_demone(banco: Banco, guasto: str, passo: str) -> str:
    """A run that waits in Dagster's queue and that the daemon starts; returns why it failed."""
    places = _variabili(banco, guasto, passo)
    with mock.patch.dict(os.environ, places):
        home = dagster_home(banco.luoghi)
        with dg.DagsterInstance.from_config(str(home)) as instance:
            keys = register_partitions(instance, banco.luoghi)
            tags = {**range_tags(keys), DAY_TAG: GIORNO.isoformat(), NEWS_TAG: "sì"}
            with demone(places, home):
                lancia(places, tags)
                return _fallimento(instance, guasto)


@contextmanager
def demone(places: dict[str, str], home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Dagster's daemon, and all that it starts, gone at the end."""
    command = [str(Path(sys.executable).with_name("dagster-daemon")), "run"]
    with (home / "demone.log").open("wb") as log:
        child = subprocess.Popen(
            command, cwd=ROOT, env=places, stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield child
        finally:
            with suppress(ProcessLookupError):  # a case may have killed them all
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def lancia(places: dict[str, str], tags: dict[str, str]) -> None:
    """Puts a night into Dagster's queue."""
    dagster = str(Path(sys.executable).with_name("dagster"))
    command = [dagster, "job", "launch", "-j", "notte", "--tags", json.dumps(tags)]
    child = avvia(command, places)
    _, words = child.communicate(timeout=ATTESA_MASSIMA)
    pretendi(child.returncode == 0, f"il lancio: {words[-2000:]}")


def _fallimento(instance: dg.DagsterInstance, guasto: str) -> str:
    """Waits for the end of the only run. One that is killed ends without a word: its process is gone."""
    until = time.monotonic() + ATTESA_MASSIMA
    while time.monotonic() < until:
        (run,) = instance.get_runs()
        pretendi(run.status is not dg.DagsterRunStatus.SUCCESS, "la notte dice che è riuscita")
        if guasto == "uccisione" and _is_dead(instance, run.run_id):
            return ""
        if run.status is dg.DagsterRunStatus.FAILURE:
            events = [record.dagster_event for record in instance.all_logs(run.run_id)]
            errors = errors_of(event for event in events if event is not None)
            return failure_of(errors[0] if errors else None)
        time.sleep(0.2)
    raise TimeoutError("la notte non finisce")


def _is_dead(instance: dg.DagsterInstance, run_id: str) -> bool:
    """Whether the process that worked at a run is there no more."""
    found = pid_di(instance, run_id)
    return found > 0 and not _runs(found)


def pid_di(instance: dg.DagsterInstance, run_id: str) -> int:
    """The process that works at a run; 0 as long as there is none."""
    said = [r.dagster_event for r in instance.all_logs(run_id) if r.dagster_event is not None]
    found = [e.engine_event_data.metadata["pid"].value for e in said if _starts_a_process(e)]
    return int(str(found[-1])) if found else 0


def _starts_a_process(event: dg.DagsterEvent) -> bool:
    return event.is_engine_event and "pid" in event.engine_event_data.metadata


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


MODI = {"demone": con_il_demone, "pira run": con_pira_run}
CASI = tuple(
    (modo, PASSI.index(passo))
    for modo in MODI
    for passo in (*PASSI[:2], *PASSI[3:], "read_or_keep")
)
"""The case that the short form takes is the last: `pira run` after the plans, before the extracts."""


def zona_tolta(scena: Scena, caso: int) -> None:
    """The landing zone is cut off between two steps: one clear sentence, and nothing changes."""
    modo, numero = CASI[caso]
    banco = scena.banco("una", Scena.SECONDA)
    before = visto(banco)
    said = MODI[modo](banco, ("zona tolta", "zona vuota")[numero % 2], PASSI[numero])
    pretendi("a zona di consegna" in said and said.endswith("rilanciare."), f"dice {said!r}")
    pretendi(visto(banco) == before, "qualcosa è cambiato")
    rimetti(banco.raw)
    harmed = dopo_il_guasto(scena, banco, before)
    ripresa(scena, banco, before, harmed)


def uccisa(scena: Scena, caso: int) -> None:
    """The process of the job is killed between two steps: the old publication stays."""
    modo, numero = CASI[caso]
    banco = scena.banco("una", Scena.SECONDA)
    before = visto(banco)
    MODI[modo](banco, "uccisione", PASSI[numero])
    pretendi(visto(banco) == before, "qualcosa è cambiato")
    ripresa(scena, banco, before, before)
