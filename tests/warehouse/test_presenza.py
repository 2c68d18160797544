"""What a run finds when it takes its turn must be there as long as it reads.

Belongs here: what is compared, and what is said. Does not belong here: a whole run to which it
happens (test_order.py, tests/guasti).
"""

from pathlib import Path

import pytest

from pipelines.night import steps
from pipelines.night.presenza import still_there
from pipelines.publication.pubblicazioni import NonPubblicabile
from pipelines.settings import Luoghi

VISTE = ["LU-2020", "MS-2019", "MS-2020"]


def _con(base: Path, *partizioni: str) -> Luoghi:
    luoghi = Luoghi(base / "raw", base / "warehouse")
    for partizione in partizioni:
        (luoghi.raw / partizione).mkdir(parents=True)
    return luoghi


def test_a_partition_that_goes_away_stops_the_run(tmp_path: Path) -> None:
    luoghi = _con(tmp_path, "MS/2019", "MS/2020", "LU/2020", "LU/2021")
    still_there(luoghi, VISTE)
    (luoghi.raw / "MS/2020").rmdir()
    (luoghi.raw / "LU/2020").rmdir()
    with pytest.raises(NonPubblicabile, match=r"non ha più LU-2020, MS-2020: .* rilanciare\."):
        still_there(luoghi, VISTE)


def test_a_landing_zone_that_is_cut_off_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(NonPubblicabile, match="LU-2020, MS-2019, MS-2020"):
        still_there(_con(tmp_path), VISTE)


def test_a_run_sees_what_is_there_when_it_takes_its_turn(tmp_path: Path) -> None:
    waiting = steps.new_run(_con(tmp_path, "MS/2019"))
    _con(tmp_path, "MS/2020", "LU/2020")
    begun = steps.begin(waiting, steps.matching("MS", None))
    assert [p.chiave for p in begun.viste] == VISTE
    assert [p.chiave for p in begun.da_leggere] == VISTE[1:]


def test_a_run_that_finds_nothing_does_not_begin(tmp_path: Path) -> None:
    with pytest.raises(NonPubblicabile, match=r"raw non ha partizioni: .* rilanciare\."):
        steps.begin(steps.new_run(_con(tmp_path)), list)
