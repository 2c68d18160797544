"""When a delivery is whole: two looks that see the same, or a sidecar that says so.

Belongs here: looks at a landing zone in which files grow. Does not belong here: what is done about a
delivery (pending.py, the sensor in test_definitions.py).
"""

import hashlib
import os
from pathlib import Path

import pytest

from pipelines.landing.deliveries import INSIEME, look, settled
from pipelines.landing.rifiutato import Rifiutato
from pipelines.landing.zone import list_deliveries, read_whole
from pipelines.partizione import Partizione

STUDI = "AA/2020/isr/studi.csv"


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    for name in (STUDI, "BB/2020/isr/studi.csv"):
        path = tmp_path / "raw" / name
        path.parent.mkdir(parents=True)
        path.write_text("id_studio;titolo;stato\n")
    return tmp_path / "raw"


def whole(raw: Path, cursor: str | None) -> tuple[set[str], str]:
    glance = look(raw, cursor)
    return settled(raw, glance)[0] - {INSIEME}, glance.cursor()


def test_what_stands_still_between_two_looks_is_whole(raw: Path) -> None:
    found, cursor = whole(raw, None)
    assert found == set(), "one look cannot tell"
    found, cursor = whole(raw, cursor)
    assert found == {"AA-2020", "BB-2020"}
    with (raw / STUDI).open("a") as stream:
        stream.write("S1;cresce;SOSPESO\n")
    found, cursor = whole(raw, cursor)
    assert found == {"BB-2020"}, "what moves in one partition does not stop another"
    assert whole(raw, cursor)[0] == {"AA-2020", "BB-2020"}


def test_a_partition_that_comes_between_two_steps_of_a_look_was_not_looked_at(raw: Path) -> None:
    glance = look(raw, whole(raw, None)[1])
    (raw / "CC/2020/isr").mkdir(parents=True)
    assert settled(raw, glance)[0] == {"AA-2020", "BB-2020", INSIEME}


def test_a_sidecar_says_at_once_that_a_file_is_whole(raw: Path) -> None:
    (raw / f"{STUDI}.ok").touch()
    assert whole(raw, None)[0] == {"AA-2020"}
    # of a plan beside it nothing is said
    plan = raw / "AA/2020/allegato.txt"
    plan.write_text("un piano che sta ancora arri")
    assert whole(raw, None)[0] == set()
    plan.with_name("allegato.txt.ok").touch()
    assert whole(raw, None)[0] == {"AA-2020"}


def test_a_sidecar_says_nothing_of_a_content_that_came_after_it(raw: Path) -> None:
    sidecar = raw / f"{STUDI}.ok"
    sidecar.touch()
    with (raw / STUDI).open("a") as stream:
        stream.write("S1;mezza ri")
    later = sidecar.stat().st_mtime_ns + 1
    os.utime(raw / STUDI, ns=(later, later))
    assert whole(raw, None)[0] == set()


def test_what_is_no_file_is_never_opened(raw: Path) -> None:
    """Whoever opens a pipe waits, and would hash a device for ever."""
    os.mkfifo(raw / "AA/2020/isr/studi-2.csv")
    (raw / "BB/2020/isr/studi-2.csv").symlink_to("/dev/zero")
    for camera in ("AA", "BB"):
        (raw / f"{camera}/2020/isr/studi-2.csv.sha256").write_text("0" * 64)
    first = look(raw, None)
    assert settled(raw, look(raw, first.cursor())) == ({INSIEME}, {"AA-2020", "BB-2020"})


def test_a_name_as_long_as_names_can_be_stops_nothing(raw: Path) -> None:
    (raw / ("AA/2020/isr/studi-" + "x" * 244 + ".csv")).touch()
    assert whole(raw, whole(raw, None)[1])[0] == {"AA-2020", "BB-2020"}


def test_a_fingerprint_must_be_that_of_the_content(raw: Path) -> None:
    sidecar = raw / f"{STUDI}.sha256"
    sidecar.write_text(f"{'0' * 64}  studi.csv\n")
    glance = look(raw, look(raw, None).cursor())
    # it stands still, and nothing more is coming: the night will refuse it
    assert settled(raw, glance) == ({"BB-2020", INSIEME}, {"AA-2020"})
    with pytest.raises(Rifiutato, match="consegnarlo di nuovo, intero"):
        read_whole(raw, raw / STUDI)
    right = hashlib.sha256((raw / STUDI).read_bytes()).hexdigest()
    sidecar.write_text(f"{right.upper()}  studi.csv\n")
    assert "AA-2020" in whole(raw, None)[0]
    assert read_whole(raw, raw / STUDI).sha256 == right


def test_a_sidecar_is_no_stranger_unless_it_stands_alone(raw: Path) -> None:
    for name in (f"{STUDI}.ok", f"{STUDI}.sha256", "AA/2020/isr/altro.csv.ok"):
        (raw / name).touch()
    (raw / "AA/2020/isr/studi-2.csv.ok").touch()
    known, unknown = list_deliveries(raw, Partizione("AA", 2020))
    assert [c.file for c in known["isr/studi"]] == [STUDI]
    assert [u.file for u in unknown] == [
        "AA/2020/isr/altro.csv.ok",
        "AA/2020/isr/studi-2.csv.ok",
    ]


def test_what_was_dealt_with_is_not_looked_at_again(raw: Path) -> None:
    first = look(raw, None)
    assert first.nuove == {"AA-2020", "BB-2020", INSIEME}
    second = look(raw, first.cursor({"AA-2020"}))
    assert second.nuove == {"BB-2020", INSIEME}
    third = look(raw, second.cursor({"BB-2020", INSIEME}))
    assert third.nuove == set()
    (raw / STUDI).unlink()
    assert look(raw, third.cursor()).nuove == {"AA-2020"}
    # a chamber that is gone is news, once
    (raw / STUDI).parent.rmdir()
    (raw / "AA/2020").rmdir()
    gone = look(raw, third.cursor())
    assert gone.nuove == {INSIEME}
    assert look(raw, gone.cursor({INSIEME})).nuove == set()
