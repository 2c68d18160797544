"""The landing zone is reached by handles: a link leads nowhere but into its own partition.

Belongs here: what may be followed, what a race can show. Does not belong here: what names mean
(test_names.py), what is in a file (extracts/).
"""

from pathlib import Path

import pytest

from pipelines.landing.rifiutato import Rifiutato
from pipelines.landing.zone import list_deliveries, list_partitions, list_strangers, read_whole
from tests.collegamenti import DENTRO, FILE, PARTIZIONE, corsa, prepara


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return prepara(tmp_path)


@pytest.mark.parametrize(
    "target",
    [
        "studi.csv",
        "../isr/studi.csv",
        "../isr/./../isr/studi.csv",
        "{raw}/MS/2020/isr/studi.csv",
        "{raw}/MS/2020/../2020/isr/studi.csv",
    ],
)
def test_a_link_within_its_partition_is_followed(raw: Path, target: str) -> None:
    link = raw / "MS/2020/isr/studi-2.csv"
    link.symlink_to(target.format(raw=raw))
    if "../2020" in target:  # it leaves the partition on the way
        with pytest.raises(Rifiutato, match="collegamento che non porta a un file"):
            read_whole(raw, link)
    else:
        assert read_whole(raw, link).content == DENTRO


@pytest.mark.parametrize(
    "target",
    [
        "{raw}/../fuori/MS/2020/isr/studi.csv",
        "../../../../fuori/MS/2020/isr/studi.csv",
        "../../2019/isr/studi.csv",
        "../../../MS/2020/isr/studi.csv",
        "/etc/passwd",
        "manca.csv",
        "studi-2.csv",
    ],
)
def test_a_link_out_of_its_partition_is_refused(raw: Path, target: str) -> None:
    (raw / "MS/2019/isr").mkdir(parents=True)
    (raw / "MS/2019/isr/studi.csv").write_bytes(DENTRO)
    link = raw / "MS/2020/isr/studi-2.csv"
    link.symlink_to(target.format(raw=raw))
    with pytest.raises(
        Rifiutato, match=r"collegamento che non porta .*: consegnare il file vero\."
    ):
        read_whole(raw, link)
    known, _ = list_deliveries(raw, PARTIZIONE)
    assert [c.file for c in known["isr/studi"]] == ["MS/2020/isr/studi-2.csv", FILE]


def test_a_folder_that_is_a_link_out_is_named_and_not_listed(raw: Path) -> None:
    outside = raw.parent / "fuori/MS"
    (raw / "LU").symlink_to(raw / "MS")
    (raw / "MS/2021").symlink_to("2020")
    (raw / "MS/2020/metrico").symlink_to(outside / "2020/isr")
    (raw / "MS/2020/cciaa").symlink_to("isr")
    assert list_partitions(raw) == [PARTIZIONE]
    known, unknown = list_deliveries(raw, PARTIZIONE)
    assert {c: len(parts) for c, parts in known.items() if parts} == {"isr/studi": 1}
    strangers = {s.file: s.motivo for s in [*unknown, *list_strangers(raw)]}
    # `cciaa` may be listed: it stays in its partition, and its file has another extract's name
    assert set(strangers) == {"LU", "MS/2021", "MS/2020/metrico", "MS/2020/cciaa/studi.csv"}
    for name in ("LU", "MS/2021", "MS/2020/metrico"):
        assert strangers[name].startswith("collegamento che non porta")


def test_a_zone_that_is_a_link_is_a_zone(raw: Path) -> None:
    other = raw.parent / "altra"
    other.symlink_to(raw)
    (raw / "MS/2020/isr/studi-2.csv").symlink_to(raw / FILE)
    assert list_partitions(other) == [PARTIZIONE]
    assert read_whole(other, other / "MS/2020/isr/studi-2.csv").content == DENTRO


def test_a_race_shows_nothing_of_what_lies_outside(raw: Path) -> None:
    read, outside = corsa(raw, 500)
    assert outside == []
    assert read > 0
