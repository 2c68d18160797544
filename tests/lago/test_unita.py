"""What is computed chamber by chamber, or some at once, is what is computed of all; of none is the rest.

Belongs here: the proof of how a build is divided (lake/parti.py), over every table. Does not belong here: any
lake.
"""

import shutil
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.connection import connect
from pipelines.contract.regolamento import load_rules
from pipelines.lake.parti import Parte, Posto, list_parts
from pipelines.night import steps
from pipelines.plan.frames import NESSUNA, no_plan, write_frames
from pipelines.publication.pubblicazioni import DATABASE, SCORECARD, NonPubblicabile
from pipelines.settings import Luoghi
from pipelines.warehouse.build import build
from pipelines.warehouse.load import Materiale
from tests.indicatori import zona
from tests.warehouse.magazzini import ADESSO, GIORNO

Parti = dict[Posto, tuple[int, str]]
Documenti = dict[Path, bytes]


def of(database: Path, camere: Sequence[str] | None) -> Parti:
    """The parts of a build that two machines would make equal."""
    with closing(connect(database)) as connection:
        found: list[Parte] = list_parts(connection, camere)
    return {p.posto: (p.righe, p.contenuto) for p in found if p.ripetibile}


def alone(luoghi: Luoghi, *camere: str) -> tuple[Parti, Documenti]:
    """The parts and the documents of some chambers of a landing zone, computed without the others."""
    asked = steps.new_run(luoghi.of(*camere), GIORNO, adesso=ADESSO)
    with steps.in_turn(asked, steps.matching(None, None)) as run:
        assert {p.camera for p in run.viste} == {*camere}
        plans = steps.read_plans(run)
        for partizione in run.da_leggere:
            steps.read_or_keep(run, partizione)
        parts = of(steps.build_warehouse(run, plans), camere)
        folder = run.lavoro / SCORECARD
        return parts, {p.relative_to(folder): p.read_bytes() for p in steps.write_scorecards(run)}


@pytest.fixture(scope="module")
def insieme(piccola: Luoghi) -> Parti:
    return of(piccola.database, None)


def test_chambers_alone_and_what_is_of_none_are_the_whole(
    piccola: Luoghi, insieme: Parti, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIRA_PDF", "0")
    here = replace(piccola, warehouse=tmp_path)
    theirs = {posto: told for posto, told in insieme.items() if posto[1] is not None}
    assert {posto[1] for posto in theirs} == {"AA", "BB"}
    (parts_a, documents_a), (parts_b, documents_b) = alone(here, "AA"), alone(here, "BB")
    assert parts_a | parts_b == theirs
    together, documents = alone(here, "BB", "AA")  # out of what was kept of each
    assert together == theirs
    assert {p.parent.name for p in documents if p.name == "indice.html"} == {"AA", "BB"}
    assert documents == documents_a | documents_b

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


def test_a_chamber_read_under_another_key_stops_its_set(
    piccola: Luoghi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its people would be others, though not those of the chamber beside it."""
    here = replace(piccola, warehouse=tmp_path)
    for camera, key in (("AA", "la chiave di prima, che è perduta"), ("BB", zona.CHIAVE)):
        monkeypatch.setenv("PIRA_KEY", key)
        run = steps.new_run(here.of(camera), GIORNO, adesso=ADESSO)
        with steps.in_turn(run, steps.matching(None, 2020)) as alone:
            steps.read_extracts(alone, alone.da_leggere[0])
    together = steps.new_run(here.of("AA", "BB"), GIORNO, adesso=ADESSO)
    with (
        pytest.raises(NonPubblicabile, match=r"non è quella .*lago/AA/deposito"),
        steps.in_turn(together, steps.matching(None, None)),
    ):
        pass


def test_a_year_alone_is_not(piccola: Luoghi, insieme: Parti, tmp_path: Path) -> None:
    """Why a chamber, and not a partition: the comparison sees what another year adds."""
    here = Luoghi(tmp_path / "raw", tmp_path / "warehouse")
    shutil.copytree(piccola.raw / "AA" / "2020", here.raw / "AA" / "2020")
    found, _ = alone(here, "AA")
    with_the_other = {p: told for p, told in insieme.items() if p[1:] == ("AA", 2020)}
    differ = {p[0] for p in with_the_other if found.get(p) != with_the_other[p]}
    assert "qualita.volumi" in differ
    assert not any(table.startswith("fonti.") for table in differ)
