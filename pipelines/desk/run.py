"""The nightly job run in this process, and what it prints for whoever launched it.

Belongs here: asking the Dagster job for partitions and showing the scorecard in the terminal. Does
not belong here: the job itself (orchestration/nights.py).
"""

import fnmatch
import sqlite3
import sys
import time
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.connection import connect
from pipelines.night.pending import pending
from pipelines.night.presenza import list_known, list_there
from pipelines.night.steps import matching
from pipelines.orchestration.failures import LOCKED, errors_of, failure_of, is_locked
from pipelines.orchestration.home import NO_RETRY, dagster_home
from pipelines.partizione import Partizione, newest_of
from pipelines.scorecard import cifre, giudizi, legenda
from pipelines.scorecard.giudizi import Giudizio
from pipelines.scorecard.righe import Row, rows_of
from pipelines.settings import Luoghi, now
from pipelines.testo import shown
from pipelines.warehouse.avvisi import Avviso, first_of_each, read_avvisi

if TYPE_CHECKING:
    from dagster._core.remote_origin import RemoteJobOrigin

BY_HAND = {"pira/avviata_da": "pira run"}
"""How a run of this command is told on Dagster's page."""

MODULE, LOCATION = "pipelines.definitions", "pira"
"""Where Dagster's page finds the job, as pyproject.toml and deploy/workspace.yaml say: a run that does not
say so is not on its timeline."""

ATTEMPTS, PAUSE = 4, 15
"""How often a run is tried while another process holds Dagster's records, and the seconds between."""

TO_LOOK_AT = 5
"""Warnings that are told one by one."""

COLOURS = {"verde": "green", "giallo": "yellow", "rosso": "red", "grigio": "dim"}
"""The terminal's own, over the sign and the word that say the same."""

WIDTH = 160
"""Columns of what is printed where there is no terminal to ask."""


def run_night(
    luoghi: Luoghi,
    camera: str | None,
    esercizio: int | None,
    giorno: date | None,
    orologio_giusto: bool = False,
) -> bool:
    """Runs the job over a chamber, a year or all, and prints their scorecards; False if it failed.

    Which partitions those are is seen when the run takes its turn: the ones of now are for Dagster.
    `orologio_giusto`: who launches it answers for the clock.
    """
    home = dagster_home(luoghi)
    pattern = f"{camera or '*'}-{'*' if esercizio is None else f'{esercizio:04d}'}"
    for attempt in range(1, ATTEMPTS + 1):
        try:
            if not _execute(luoghi, pattern, giorno, orologio_giusto):
                return False
            break
        except Exception as error:
            if not is_locked(error):
                raise
            again = attempt < ATTEMPTS
            print(
                f"Un altro processo tiene i registri di Dagster in {home}:"
                + (f" riprovo tra {PAUSE} secondi." if again else " fermarlo e rilanciare."),
                file=sys.stderr,
            )
            if not again:
                return False
            time.sleep(PAUSE)
    show(luoghi, matching(camera, esercizio)(tuple(list_known(luoghi))))
    return True


def _execute(luoghi: Luoghi, pattern: str, giorno: date | None, orologio_giusto: bool) -> bool:
    """One run of the job in this process, as Dagster's own processes would launch it."""
    import dagster as dg
    from dagster._core.definitions.job_base import InMemoryJob
    from dagster._core.execution.api import execute_run

    from pipelines.definitions import defs
    from pipelines.orchestration.nights import register_partitions
    from pipelines.orchestration.runs import CHOSEN_TAG, CLOCK_TAG, DAY_TAG, NOTHING, range_tags

    job = defs.resolve_job_def("notte")
    day_tags = {DAY_TAG: giorno.isoformat()} if giorno else {}
    with dg.DagsterInstance.get() as instance:
        keys = fnmatch.filter(register_partitions(instance, luoghi), pattern)
        if not keys:  # they were there a moment ago
            print(nothing_there(luoghi), file=sys.stderr)
            return False
        print(f"Notte su {' … '.join(dict.fromkeys((keys[0], keys[-1])))}", file=sys.stderr)
        asked = {
            **range_tags(_with_news(luoghi, keys, giorno or now().date())),
            CHOSEN_TAG: pattern if list_there(luoghi) else NOTHING,
            **day_tags,
            **({CLOCK_TAG: "sì"} if orologio_giusto else {}),
        }
        run = instance.create_run_for_job(
            job,
            run_config={"loggers": {"voce": {}}},
            # whoever launched it sees how it ends, and tries again
            tags={**job.run_tags, **asked, **BY_HAND, **NO_RETRY},
            remote_job_origin=_origin(job.name),
        )
        result = execute_run(InMemoryJob(job), run, instance)
    if not result.success:
        errors = errors_of(result.all_events)
        if any(map(is_locked, errors)):
            raise sqlite3.OperationalError(LOCKED)
        reasons = dict.fromkeys(map(failure_of, errors))
        print(f"Nulla è stato pubblicato. {' '.join(reasons)}", file=sys.stderr)
    return result.success


def _with_news(luoghi: Luoghi, keys: list[str], giorno: date) -> list[str]:
    """The years of the chambers, among some, for which there is something to do; where there is nothing, the
    newest year.

    The run looks at all of them. Dagster writes some forty events for each partition of its range: of a
    chamber that is as it was the page goes on showing the night that made it.
    """
    news = {n.partizione.camera for n in pending(luoghi, giorno) if n.partizione}
    return [key for key in keys if Partizione.from_chiave(key).camera in news] or [newest_of(keys)]


def _origin(job: str) -> "RemoteJobOrigin":
    """The job as the page knows it."""
    from dagster._core.remote_origin import (
        ManagedGrpcPythonEnvCodeLocationOrigin,
        RemoteJobOrigin,
        RemoteRepositoryOrigin,
    )
    from dagster._core.types.loadable_target_origin import LoadableTargetOrigin

    target = LoadableTargetOrigin(executable_path=sys.executable, module_name=MODULE)
    location = ManagedGrpcPythonEnvCodeLocationOrigin(target, LOCATION)
    return RemoteJobOrigin(RemoteRepositoryOrigin(location, "__repository__"), job)


def nothing_there(luoghi: Luoghi) -> str:
    """The sentence for a landing zone without partitions."""
    return f"Niente da pubblicare: {luoghi.raw} non ha partizioni."


def show(luoghi: Luoghi, chosen: list[Partizione]) -> None:
    """Prints the scorecard of each chosen partition that has a plan, and where the files are."""
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    with closing(connect(luoghi.database)) as connection:
        for partizione in chosen:
            key = [partizione.camera, partizione.esercizio]
            entity = connection.execute(
                "select realizzazione, realizzazione_minima, realizzazione_massima, copertura,"
                " data_riferimento, versione_regole from scorecard.ente"
                " where camera = ? and esercizio = ?",
                key,
            ).fetchone()
            if entity is None:
                continue
            rows = rows_of(
                connection,
                "from scorecard.indicatori where camera = ? and esercizio = ? order by ordine",
                key,
            )
            console.print(_table(partizione, rows))
            for line in _total(entity, rows):
                console.print(line, soft_wrap=True)
        avvisi = read_avvisi(connection)
        others = connection.execute(
            "select distinct controllo from qualita.conseguenze where not in_evidenza order by all"
        ).fetchall()
        last = unread_plans(connection, chosen) or (_last(avvisi) if avvisi else None)
    for line in _to_look_at(avvisi, [name for (name,) in others]):
        console.print(_text(line), soft_wrap=True)
    console.print(f"\nMagazzino: {luoghi.database}", soft_wrap=True)
    console.print(f"Scorecard: {luoghi.warehouse / 'scorecard'}", soft_wrap=True)
    if last:
        console.print(_text(last), style="bold red", soft_wrap=True)


def _to_look_at(avvisi: tuple[Avviso, ...], others: list[str]) -> list[str]:
    """What the checks in evidence found, the dearest first; then how many others found something."""
    lines = []
    firsts = first_of_each(avvisi)
    if firsts:
        lines += ["", "Da guardare per primi:"]
    lines += [f"  {first.avviso.controllo}: {first.detto}" for first in firsts[:TO_LOOK_AT]]
    if len(firsts) > TO_LOOK_AT:
        left = ", ".join(dict.fromkeys(first.avviso.controllo for first in firsts[TO_LOOK_AT:]))
        lines.append(f"  e altri {len(firsts) - TO_LOOK_AT}: {left}.")
    if others:
        lines += [] if firsts else [""]
        lines.append(f"Altri controlli che hanno trovato dei casi: {', '.join(others)}.")
    return lines


def _last(avvisi: tuple[Avviso, ...]) -> str:
    """The line that is read when no other is."""
    first = avvisi[0]
    count = len(first_of_each(avvisi))
    said = "un avviso dice" if count == 1 else f"{count} avvisi dicono"
    place = f" ({first.partizione})" if first.partizione else ""
    return (
        f"ATTENZIONE: pubblicato, ma {said} che una cifra può essere sbagliata;"
        f" il primo è {first.controllo}{place}."
    )


def unread_plans(connection: Any, chosen: list[Partizione]) -> str | None:
    """The last line of a night in which a chosen partition has no plan that is read without doubt."""
    found = connection.execute(
        "select camera, esercizio, min_by(motivo, (coalesce(riga, 0), motivo))"
        " from controlli.piano_leggibile group by all order by all"
    ).fetchall()
    keys = {(p.camera, p.esercizio) for p in chosen}
    plans = [
        f"{camera} {esercizio}: {motivo}"
        for camera, esercizio, motivo in found
        if (camera, esercizio) in keys
    ]
    said = "ATTENZIONE: il piano non è stato letto per intero. "
    return said + " ".join(plans) if plans else None


def _table(partizione: Partizione, rows: list[Row]) -> Table:
    """The scorecard; in an open year the colour of the day comes before the year's."""
    table = Table(
        title=f"\nScorecard {partizione.camera} {partizione.esercizio}", title_justify="left"
    )
    table.add_column("Ob.")
    table.add_column("Indicatore")
    result, done = (cifra.etichetta for cifra in cifre.INDICATORE)
    for name in ("Target", result, "In quarantena", done):
        table.add_column(name, justify="right")
    open_year = any(giudizi.judge_alla_data(row) for row in rows)
    for name in ("Alla data", "Semaforo") if open_year else ("Semaforo",):
        table.add_column(name)
    table.add_column("Stato")
    for row in rows:
        result, done = (cifre.show(cifra, row) or "" for cifra in cifre.INDICATORE)
        table.add_row(
            _text(row["obiettivo"]),
            _text(row["codice"] or row["indicatore"]),
            _text(row["target_testo"] or ""),
            Text(result),
            Text(str(row["scarti_possibili"] or "")),
            Text(done),
            *([_sign(giudizi.judge_alla_data(row))] if open_year else []),
            _sign(giudizi.judge_anno(row)),
            Text(str(row["stato"])),
        )
    return table


def _sign(judged: Giudizio | None) -> Text:
    if judged is None:
        return Text("")
    return Text(str(judged), style=COLOURS[judged.semaforo])


def _text(value: object) -> Text:
    """A text of the plan, with what would steer the terminal shown instead of sent to it."""
    return Text(shown(str(value)))


def _total(entity: tuple[Any, ...], rows: list[Row]) -> list[str]:
    """The figure of the chamber, how much of it is not measured, and the colours counted."""
    *figures, day, version = entity
    uncertain = sum(bool(row["scarti_possibili"]) for row in rows)
    return [
        f"Realizzazione della Camera: {legenda.describe_totale(*figures)}."
        f" Dati al {day:%d/%m/%Y}, regole {version}.",
        *(
            f"{name}: {giudizi.describe_giudizi(judged)}."
            for name, judged in giudizi.list_giudizi(rows)
        ),
        *(
            ["In quarantena: righe degli estratti che servono, che potrebbero contare."]
            if uncertain
            else []
        ),
    ]
