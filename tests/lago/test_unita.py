"""What is computed chamber by chamber is what is computed of all at once; what is of no chamber is the rest.

Belongs here: the proof of how a build is divided (lake/parti.py), over every table. Does not belong here: any
lake.
"""

import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.connection import connect
from pipelines.contract.regolamento import load_rules
from pipelines.lake.parti import Parte, Posto, list_parts
from pipelines.lake.stage import luoghi_di
from pipelines.night import steps
from pipelines.plan.frames import NESSUNA, no_plan, write_frames
from pipelines.publication.pubblicazioni import DATABASE
from pipelines.settings import Luoghi
from pipelines.warehouse.build import build
from pipelines.warehouse.load import Materiale
from tests.warehouse.magazzini import ADESSO, GIORNO

Parti = dict[Posto, tuple[int, str]]


def of(database: Path, camera: str | None) -> Parti:
    """The parts of a build that two machines would make equal."""
    with closing(connect(database)) as connection:
        found: list[Parte] = list_parts(connection, camera)
    return {p.posto: (p.righe, p.contenuto) for p in found if p.ripetibile}


def alone(luoghi: Luoghi, camera: str) -> Parti:
    """The parts of a chamber of a landing zone, computed without the others."""
    own = luoghi_di(luoghi, camera)
    asked = steps.new_run(own, GIORNO, adesso=ADESSO)
    with steps.in_turn(asked, steps.matching(None, None)) as run:
        assert {p.camera for p in run.viste} == {camera}
        plans = steps.read_plans(run)
        for partizione in run.da_leggere:
            steps.read_or_keep(run, partizione)
        return of(steps.build_warehouse(run, plans), camera)


@pytest.fixture(scope="module")
def insieme(piccola: Luoghi) -> Parti:
    return of(piccola.database, None)


def test_chambers_alone_and_what_is_of_none_are_the_whole(
    piccola: Luoghi, insieme: Parti, tmp_path: Path
) -> None:
    here = replace(piccola, warehouse=tmp_path)
    found = alone(here, "AA") | alone(here, "BB")
    assert {posto[1] for posto in found} == {"AA", "BB"}
    assert found == {posto: told for posto, told in insieme.items() if posto[1] is not None}

    material = Materiale(
        esercizi=(),
        piani=(write_frames(tmp_path / "piano", no_plan(), NESSUNA, []),),
        stranieri=(),
        storici=(),
        registri=(),
        esami=(),
        regole=load_rules(),
        esecuzione="casa",
        adesso=ADESSO,
    )
    build(tmp_path / DATABASE, {}, material, lambda _: None)
    rest = {posto: told for posto, told in insieme.items() if posto[1] is None}
    assert len(rest) > 5
    assert of(tmp_path / DATABASE, None) == rest


def test_a_year_alone_is_not(piccola: Luoghi, insieme: Parti, tmp_path: Path) -> None:
    """Why a chamber, and not a partition: the comparison sees what another year adds."""
    here = Luoghi(tmp_path / "raw", tmp_path / "warehouse")
    shutil.copytree(piccola.raw / "AA" / "2020", here.raw / "AA" / "2020")
    found = alone(here, "AA")
    with_the_other = {p: told for p, told in insieme.items() if p[1:] == ("AA", 2020)}
    differ = {p[0] for p in with_the_other if found.get(p) != with_the_other[p]}
    assert "qualita.volumi" in differ
    assert not any(table.startswith("fonti.") for table in differ)
