"""What a plan asks of those who carry it out, in the terminal, while it is being written.

Belongs here: a plan's file through the models of sql/piano in a database that is nowhere on disk, and how
their findings are printed. Does not belong here: reading the plan (plan/), the rules (sql/piano), their
sentences (scorecard/rilievi.py).
"""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path

import polars as pl

from pipelines.connection import connect_in_memory
from pipelines.desk.check import place_of, read_file
from pipelines.desk.un_file import in_memory, material_of
from pipelines.landing.rifiutato import Rifiutato
from pipelines.landing.zone import plan_format
from pipelines.partizione import Partizione
from pipelines.plan.frames import PIANI_SCHEMA, to_frames
from pipelines.plan.model import Piano
from pipelines.plan.read import PianoIlleggibile, read_plan
from pipelines.scorecard.rilievi import Rilievi, read_rilievi
from pipelines.testo import shown
from pipelines.warehouse.build import MACRO
from pipelines.warehouse.catalogo import load_catalogue
from pipelines.warehouse.load import load_deliveries, load_plan_frames
from pipelines.warehouse.models import SQL, Modello, glossary, read_models

_LETTI = ("piano.anomalie", "piano.esigenze", "piano.indicatori", "piano.obiettivi")
"""The models that are printed from; those that they read come with them."""


def lint(file: Path, camera: str | None, esercizio: int | None, adesso: datetime) -> bool:
    """Prints the findings about a plan, by line; whether there are none.

    The chamber, whose thresholds hold, and the year are those of the folder in which the file lies, unless
    given; the year may also be the plan's own. Raises `NonEsaminabile` where there is no such file.
    """
    place, knows_year = place_of(file, camera, esercizio)
    try:
        plan = read_plan(read_file(file).content, plan_format(file), esercizio)
    except (PianoIlleggibile, Rifiutato) as refusal:
        print(f"{shown(file.name)} non si legge: {refusal}")
        return False
    if plan.anno and not knows_year:
        place = Partizione(place.camera, plan.anno)
    found = examine(plan, place, adesso)
    print(
        f"{shown(file.name)}: piano {f'del {plan.anno}' if plan.anno else 'senza anno'},"
        f" {len(plan.obiettivi)} obiettivi, {len(plan.indicatori)} indicatori."
    )
    for line in _told(found):
        print(line)
    return not found.quanti


def examine(plan: Piano, place: Partizione, adesso: datetime) -> Rilievi:
    """What the models say of a plan as that of a chamber and a year, with no data beside it."""
    frames = to_frames(plan, place.camera, place.esercizio)
    frames["piani"] = pl.DataFrame(schema=PIANI_SCHEMA)
    with ExitStack() as stack:
        kept = {name: [in_memory(stack, frame)] for name, frame in frames.items()}
        connection = stack.enter_context(closing(connect_in_memory()))
        for schema in sorted({table.split(".")[0] for table in glossary()[1]} | {"fonti", "piano"}):
            connection.execute(f"create schema {schema}")
        for macros in MACRO:
            connection.execute(f"create schema {macros}")
            connection.execute((SQL / f"{macros}.sql").read_text("utf-8"))
        load_deliveries(connection, material_of(place, adesso))
        load_catalogue(connection, read_models())
        load_plan_frames(connection, kept)
        for model in _needed():
            connection.execute(f"create table {model.tabella} as {model.sql}")
        return read_rilievi(connection).get(place, Rilievi())


def _needed() -> list[Modello]:
    """The models that the findings are printed from, each after those that it reads."""
    models = read_models()
    needed = set(_LETTI)
    for model in reversed(models):
        needed |= model.dipende if model.tabella in needed else set()
    return [model for model in models if model.tabella in needed]


def _told(found: Rilievi) -> Iterator[str]:
    yield from found.sintesi
    for line in found.righe:
        yield ""
        yield f"{line.luogo}{f', «{line.nome}»' if line.nome else ''}"
        for one in line.rilievi:
            yield f"  {one.regola}{' (grave)' if one.grave else ''}: {one.detto}"
    if found.quanti:
        yield ""
    yield f"Rilievi: {found.quanti}, di cui gravi {found.gravi}."
