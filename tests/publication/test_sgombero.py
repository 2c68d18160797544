"""What nothing leads to leaves the store after a time; what a build needs never does.

Belongs here: which files go and when, the command, the room that a run asks for. Does not belong here:
Dagster's records (test_dagster_home.py).
"""

import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from pipelines.cli import main
from pipelines.publication.kept import needed_bytes
from pipelines.publication.sgombero import Sgombero, in_use, prune_store
from pipelines.settings import Luoghi, now
from tests.warehouse.magazzini import ADESSO, albero, copia, corri

GIORNO = timedelta(days=1)


@pytest.fixture(scope="module")
def luoghi(piccola: Luoghi, tmp_path_factory: pytest.TempPathFactory) -> Luoghi:
    """A publication made after a delivery of one file became one of two parts, of which one changed."""
    found = copia(piccola, tmp_path_factory.mktemp("sgombero"))
    sedute = found.raw / "AA/2020/segreteria/sedute.csv"
    testo = sedute.read_bytes()
    testa = testo.splitlines(keepends=True)[0]
    sedute.rename(sedute.with_name("sedute-1.csv"))
    for numero in (b"P-1", b"P-2"):
        altra = testa + numero + b";GIUNTA;15/03/2020;SVOLTA\n"
        sedute.with_name("sedute-2.csv").write_bytes(altra)
        corri(found, adesso=ADESSO, documenti=False)
    return found


def store(luoghi: Luoghi) -> dict[str, int]:
    """Sizes of the files of the extract that changed."""
    folder = luoghi.warehouse / "deposito/AA/2020/segreteria_sedute"
    return {p.name: p.stat().st_size for p in folder.iterdir()}


def prune(luoghi: Luoghi, older_than: timedelta, later: timedelta = timedelta(0)) -> Sgombero:
    return prune_store(luoghi, older_than, now() + later, lambda _: None)


def test_what_was_withdrawn_goes_after_its_time_and_the_rest_stays(luoghi: Luoghi) -> None:
    before = store(luoghi)
    whole = {n.partition(".")[0] for n in before if not n.startswith("parte-")}
    parts = {n.partition(".")[0] for n in before if n.startswith("parte-")}
    assert (len(whole), len(parts)) == (3, 3)

    waiting = prune(luoghi, 30 * GIORNO)
    assert waiting.tolti == 0
    assert waiting.attesa > 0
    assert store(luoghi) == before

    # The call before gave its time to what was needed then: 29 days later nobody's time has come.
    assert prune(luoghi, 30 * GIORNO, 29 * GIORNO).tolti == 0
    done = prune(luoghi, 30 * GIORNO, 31 * GIORNO)
    after = store(luoghi)
    assert done == Sgombero(waiting.attesa, sum(before.values()) - sum(after.values()), 0)
    assert len({n.partition(".")[0] for n in after if not n.startswith("parte-")}) == 1
    assert len({n.partition(".")[0] for n in after if n.startswith("parte-")}) == 2

    kept = albero(luoghi.warehouse / "deposito")
    corri(luoghi, adesso=ADESSO, documenti=False)
    names = albero(luoghi.warehouse / "deposito").keys()
    assert names == kept.keys()  # nothing had to be read again


def test_a_partition_that_is_nowhere_any_more_goes_whole(luoghi: Luoghi, tmp_path: Path) -> None:
    mine = copia(luoghi, tmp_path)
    lost = mine.warehouse / "deposito/AA/2001"
    lost.parent.joinpath("2020").rename(lost)
    there = set((mine.warehouse / "deposito").glob("*/*")) - {lost}
    assert prune(mine, 30 * GIORNO).tolti == 0
    old = (now() - 40 * GIORNO).timestamp()
    os.utime(lost / "stato.json", (old, old))
    assert prune(mine, 30 * GIORNO).tolti > 0
    assert set((mine.warehouse / "deposito").glob("*/*")) == there


def test_an_unmounted_landing_zone_takes_nothing_away(luoghi: Luoghi, tmp_path: Path) -> None:
    """What a kept publication has is not forgotten, though nobody delivers it any more."""
    mine = Luoghi(tmp_path / "smontata", copia(luoghi, tmp_path).warehouse)
    prune(mine, 30 * GIORNO, 400 * GIORNO)
    assert {p.parent.name for p in mine.warehouse.glob("deposito/AA/*/stato.json")} == {
        "2019",
        "2020",
    }


def test_what_chambers_of_a_lake_keep_on_this_disk_goes_too(luoghi: Luoghi, tmp_path: Path) -> None:
    """But no year that is delivered no more: the lake may have it, and only it knows."""
    mine = copia(luoghi, tmp_path)
    kept = mine.of("AA").warehouse / "deposito"
    kept.parent.mkdir(parents=True)
    (mine.warehouse / "deposito").rename(kept)
    shutil.rmtree(mine.raw / "AA/2019")
    prune(mine, 30 * GIORNO, 400 * GIORNO)
    before = albero(kept).keys()
    (kept / "AA/2020/segreteria_sedute/di-una-volta.righe.parquet").write_bytes(b"vecchio")
    assert prune(mine, 30 * GIORNO, 400 * GIORNO) == Sgombero(1, len(b"vecchio"), 0)
    assert albero(kept).keys() == before
    assert (kept / "AA/2019/stato.json").exists()


def test_the_command_says_what_went(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PIRA_WAREHOUSE", str(luoghi.warehouse))
    monkeypatch.setenv("PIRA_RAW", str(luoghi.raw))
    assert main(["prune-store"]) == 0
    assert "File tolti dal deposito: 0" in capsys.readouterr().out
    monkeypatch.setenv("PIRA_KEY", "corta")
    assert main(["prune-store", "--older-than", "7"]) == 1
    assert "si indovina" in capsys.readouterr().err


def test_a_run_asks_for_the_room_of_what_is_read_again_and_not_of_what_is_gone(
    luoghi: Luoghi,
) -> None:
    used, asked = in_use(luoghi), needed_bytes(luoghi)
    assert used > 0
    left = luoghi.warehouse / "deposito/AA/2020/segreteria_sedute/nessuno.righe.parquet"
    left.write_bytes(b"\0" * (8 << 20))
    assert (in_use(luoghi), needed_bytes(luoghi)) == (used, asked)
    left.unlink()
