"""A run reads a file as it stood for a while; of one that is still arriving what was read before stands.

Belongs here: the look before reading, and what a partition is when a file changed after it. Does not
belong here: the sensor's looks (test_deliveries.py), a file that grows under a whole run (guasti/).
"""

import os
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.extracts.deposito import remember
from pipelines.extracts.ingestione import Ingestione
from pipelines.extracts.pseudonyms import load_key
from pipelines.landing.deliveries import ATTESA, CAMBIATO, as_seen, look_before_reading
from pipelines.landing.zone import InArrivo, read_whole
from pipelines.night import steps
from pipelines.partizione import Partizione
from pipelines.publication.pubblicazioni import NonPubblicabile
from pipelines.settings import Luoghi
from tests.indicatori import zona

AA = Partizione("AA", 2020)
STUDI = "AA/2020/isr/studi.csv"


@pytest.fixture
def luoghi(tmp_path: Path) -> Luoghi:
    zona.scrivi(tmp_path / "raw", "AA", 2020, "isr/studi", [{}, {}])
    return Luoghi(tmp_path / "raw", tmp_path / "warehouse")


@pytest.fixture
def attese(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited, without waiting."""
    waited: list[float] = []
    monkeypatch.setenv(ATTESA, "7.5")
    monkeypatch.setattr(time, "sleep", waited.append)
    return waited


def guarda(luoghi: Luoghi) -> object:
    return look_before_reading(luoghi.raw, [AA], lambda _: None)


@pytest.mark.parametrize(
    ("age", "waits"), [(0, True), (-90_000, True), (80_000, True), (90_000, False)]
)
def test_only_where_a_file_may_be_arriving_is_waited(
    luoghi: Luoghi, attese: list[float], age: int, waits: bool
) -> None:
    """A time ahead of the clock, or a little behind it, may be that of another clock."""
    when = time.time() - age
    os.utime(luoghi.raw / STUDI, (when, when))
    guarda(luoghi)
    assert attese == [7.5] * waits


@pytest.mark.parametrize("suffix", [".ok", ".sha256"])
def test_what_is_declared_whole_is_taken_as_it_is(
    luoghi: Luoghi, attese: list[float], suffix: str
) -> None:
    (luoghi.raw / f"{STUDI}{suffix}").touch()
    assert guarda(luoghi) == {luoghi.raw / STUDI: None}
    assert attese == []


def test_who_wants_all_as_it_is_does_not_wait(
    luoghi: Luoghi, attese: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ATTESA, "0")
    assert guarda(luoghi) is None
    assert attese == []
    assert as_seen(None, luoghi.raw / STUDI) is None


@pytest.mark.parametrize("wrong", ["-1", "un minuto", "1e9", "nan"])
def test_a_wait_that_is_no_number_is_refused(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    monkeypatch.setenv(ATTESA, wrong)
    with pytest.raises(NonPubblicabile, match="un numero di secondi"):
        steps.begin(steps.new_run(_ready(luoghi)), list)


def test_a_file_that_is_not_as_it_was_seen_is_not_read(luoghi: Luoghi) -> None:
    path = luoghi.raw / STUDI
    seen = (path.stat().st_size, path.stat().st_mtime_ns)
    assert read_whole(luoghi.raw, path, seen).content == path.read_bytes()
    for other in ((seen[0] - 1, seen[1]), (seen[0], seen[1] - 1), CAMBIATO):
        with pytest.raises(InArrivo, match="sta ancora arrivando"):
            read_whole(luoghi.raw, path, other)


# --- what stands instead ----------------------------------------------------------------------------


def _ready(luoghi: Luoghi) -> Luoghi:
    luoghi.warehouse.mkdir(exist_ok=True)
    return luoghi


def _nothing() -> None:
    pass


def leggi(luoghi: Luoghi, meanwhile: Callable[[], object] = _nothing) -> Ingestione:
    """The extract as a run reads it, when something happens after its look."""
    run = steps.begin(steps.new_run(_ready(luoghi), date(2021, 1, 31)), list)
    meanwhile()
    read = steps.read_extracts(run, AA)
    remember(luoghi.deposito(AA), read, load_key())
    (found,) = (i for i in read.estratti if i.estratto == "isr/studi")
    assert (found.estratto in read.arrivi) == (not found.di_prima)
    return found


def detto(found: Ingestione) -> tuple[int, list[str | None], list[str]]:
    """How many rows stand, what is said of each file, which files are told to be arriving."""
    signals = pl.read_parquet(found.segnali).filter(pl.col("segnale") == "in_arrivo")
    said = pl.read_parquet(found.file)["motivo"].to_list()
    return len(pl.read_parquet(found.righe)), said, signals["_file"].to_list()


def test_of_a_file_that_is_arriving_what_was_read_before_stands(
    luoghi: Luoghi, attese: list[float]
) -> None:
    def cresce() -> None:
        with (luoghi.raw / STUDI).open("a") as stream:
            stream.write(f"S{stream.tell()};Altro;Rapporto;15/03/2020;PUBBLICATO\n")

    def arriva() -> None:
        zona.scrivi(luoghi.raw, "AA", 2020, "isr/studi", [{"id_studio": "Z"}], parte="-2")

    assert detto(leggi(luoghi)) == (2, [None], [])
    note = "resta ciò che se ne era letto prima, perché sta ancora arrivando"
    for _ in range(2):
        found = leggi(luoghi, cresce)
        assert (found.stato, found.di_prima) == ("PRESENTE", True)
        assert detto(found) == (2, [f"{note} {STUDI}"], [STUDI])
    assert detto(leggi(luoghi)) == (4, [None], [])
    part = STUDI.replace("studi", "studi-2")
    assert detto(leggi(luoghi, arriva)) == (4, [f"{note} {part}"], [part])
    assert detto(leggi(luoghi)) == (5, [None, None], [])
    assert attese == [7.5] * 6


@pytest.mark.usefixtures("attese")
def test_a_first_file_that_is_arriving_leaves_the_extract_incomplete(luoghi: Luoghi) -> None:
    found = leggi(luoghi, (luoghi.raw / STUDI).touch)
    assert found.stato == "INCOMPLETO"
    assert found.motivo == (
        f"Il file {STUDI} è rifiutato: sta ancora arrivando: aspettare, sarà ripreso quando è intero."
    )
    assert leggi(luoghi).stato == "PRESENTE"
