"""A landing zone that loses a partition while a run reads it is not taken for an emptied one.

Belongs here: what is compared, and what is said. Does not belong here: a whole run to which it
happens (tests/guasti).
"""

from pathlib import Path

import pytest

from pipelines.landing import Partizione
from pipelines.presenza import begin, still_there
from pipelines.warehouse.publish import NonPubblicabile


def _con(raw: Path, *partizioni: str) -> Path:
    for partizione in partizioni:
        (raw / partizione).mkdir(parents=True)
    return raw


def test_a_partition_that_goes_away_stops_the_run(tmp_path: Path) -> None:
    raw = _con(tmp_path / "raw", "MS/2019", "MS/2020", "LU/2020")
    assert len(begin(raw, tmp_path)) == 3
    assert len(still_there(raw, tmp_path)) == 3
    (raw / "MS/2020").rmdir()
    (raw / "LU/2020").rmdir()
    with pytest.raises(NonPubblicabile, match=r"ha perso LU-2020, MS-2020: .* rilanciare\."):
        still_there(raw, tmp_path)


def test_a_landing_zone_that_is_cut_off_stops_the_run(tmp_path: Path) -> None:
    begin(_con(tmp_path / "raw", "MS/2020"), tmp_path)
    (tmp_path / "raw").rename(tmp_path / "altrove")
    with pytest.raises(NonPubblicabile, match="MS-2020"):
        still_there(tmp_path / "raw", tmp_path)


def test_a_partition_that_arrives_meanwhile_is_welcome(tmp_path: Path) -> None:
    raw = _con(tmp_path / "raw", "MS/2020")
    begin(raw, tmp_path)
    _con(raw, "MS/2021")
    assert still_there(raw, tmp_path) == [Partizione("MS", 2020), Partizione("MS", 2021)]
