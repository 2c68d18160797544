"""The nightly job run in this process, and what it prints for whoever launched it.

Belongs here: handing partitions to the Dagster job and showing the scorecard in the terminal. Does
not belong here: the job itself (orchestration/nights.py).
"""

import sys
from contextlib import closing
from datetime import date
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.dagster_home import dagster_home
from pipelines.italiano import format_numero, format_percentuale
from pipelines.landing import Partizione, shown
from pipelines.settings import Luoghi
from pipelines.warehouse.connection import connect
from pipelines.warehouse.publish import NonPubblicabile

BY_HAND = {"pira/avviata_da": "pira run", ".dagster/repository": "__repository__@pira"}
"""How a run of this command is told on Dagster's page, and that it is listed with the job's others."""

SIGNS = {
    "verde": ("● verde", "green"),
    "giallo": ("◐ giallo", "yellow"),
    "rosso": ("○ rosso", "red"),
    "grigio": ("– grigio", "dim"),
}


def run_night(luoghi: Luoghi, chosen: list[Partizione], giorno: date | None) -> bool:
    """Runs the job over the chosen partitions and prints their scorecards; False if it failed."""
    dagster_home(luoghi)
    import dagster as dg

    from pipelines.definitions import defs
    from pipelines.orchestration.assets import DAY_TAG
    from pipelines.orchestration.nights import range_tags, ranges, register_partitions

    job = defs.resolve_job_def("notte")
    day_tags = {DAY_TAG: giorno.isoformat()} if giorno else {}
    with dg.DagsterInstance.get() as instance:
        keys = register_partitions(instance, luoghi)
        for first, last in ranges(keys, {p.chiave for p in chosen}):
            print(f"Notte su {first}" + (f" … {last}" if last != first else ""), file=sys.stderr)
            result = job.execute_in_process(
                instance=instance,
                run_config={"loggers": {"voce": {}}},
                tags={**range_tags(first, last), **day_tags, **BY_HAND},
                raise_on_error=False,
            )
            if not result.success:
                print(_failure(result), file=sys.stderr)
                return False
    show(luoghi, chosen)
    for line in unread_plans(luoghi, chosen):
        print(line)
    return True


def _failure(result: object) -> str:
    """Why the run failed, whether in a step or before the first."""
    reasons = [
        _reason(event.event_specific_data.error)
        for event in result.all_events  # type: ignore[attr-defined]
        if event.is_failure and getattr(event.event_specific_data, "error", None) is not None
    ]
    return "Nulla è stato pubblicato. " + " ".join(dict.fromkeys(reasons))


def _reason(error: Any) -> str:
    """The sentence of a refusal of ours, else the words of the deepest cause."""
    words = str(error.message).strip()
    if error.cls_name == NonPubblicabile.__name__:
        return words.partition(": ")[2]
    return words if error.cause is None else _reason(error.cause)


def show(luoghi: Luoghi, chosen: list[Partizione]) -> None:
    """Prints the scorecard of each chosen partition that has a plan, and where the files are."""
    console = Console(width=None if sys.stdout.isatty() else 120)
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
            rows = connection.execute(
                "select obiettivo, coalesce(codice, indicatore), target_testo, risultato, decimali,"
                " percentuale, realizzazione, semaforo, stato from scorecard.indicatori"
                " where camera = ? and esercizio = ? order by riga",
                key,
            ).fetchall()
            console.print(_table(partizione, rows))
            console.print(_total(entity))
    console.print(f"\nMagazzino: {luoghi.database}", soft_wrap=True)
    console.print(f"Scorecard: {luoghi.warehouse / 'scorecard'}", soft_wrap=True)


def unread_plans(luoghi: Luoghi, chosen: list[Partizione]) -> list[str]:
    """The last line of a night, if a chosen partition has no plan that is read without doubt."""
    with closing(connect(luoghi.database)) as connection:
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
    said = shown(" ".join(plans))
    return [f"Attenzione: il piano non è stato letto per intero. {said}"] if plans else []


def _table(partizione: Partizione, rows: list[tuple[Any, ...]]) -> Table:
    table = Table(
        title=f"\nScorecard {partizione.camera} {partizione.esercizio}", title_justify="left"
    )
    table.add_column("Ob.")
    table.add_column("Indicatore")
    for name in ("Target", "Risultato", "% Realizz"):
        table.add_column(name, justify="right")
    table.add_column("Semaforo")
    table.add_column("Stato")
    for obiettivo, name, target, risultato, decimali, percent, done, semaforo, stato in rows:
        sign, colour = SIGNS[str(semaforo)]
        result = (
            "" if risultato is None else format_numero(Decimal(str(risultato)), int(str(decimali)))
        )
        table.add_row(
            _text(obiettivo),
            _text(name),
            _text(target or ""),
            Text(result + ("%" if result and percent else "")),
            Text("" if done is None else format_percentuale(Decimal(str(done)))),
            Text(sign, style=colour),
            Text(str(stato)),
        )
    return table


def _text(value: object) -> Text:
    """A text of the plan, with what would steer the terminal shown instead of sent to it."""
    return Text(shown(str(value)))


def _total(entity: tuple[object, ...]) -> str:
    done, low, high, share, day, version = entity

    def percent(value: object) -> str:
        return "–" if value is None else format_percentuale(Decimal(str(value)))

    assert isinstance(day, date)
    return (
        f"Realizzazione della Camera: {percent(done)} (tra {percent(low)} e {percent(high)}),"
        f" copertura {percent(Decimal(str(share)) * 100)} del peso."
        f" Dati al {day:%d/%m/%Y}, regole {version}."
    )
