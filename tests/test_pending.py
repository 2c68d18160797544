"""What there is to do is seen in the landing zone and the calendar, whoever looks and whenever.

Belongs here: each reason to compute a partition, and that nothing is asked for without one. Does not
belong here: what starts a run (test_definitions.py), nights one after the other (test_fortnight.py).
"""

import json
import os
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from pipelines import pending as module
from pipelines.landing import Partizione
from pipelines.pending import Novita, pending
from pipelines.publications import VERIFICA, confirm
from pipelines.rules import load_rules
from pipelines.settings import Luoghi
from tests.indicatori import zona
from tests.warehouse.magazzini import ADESSO, GIORNO, chiedi, copia, corri

AA19, AA20, BB20 = Partizione("AA", 2019), Partizione("AA", 2020), Partizione("BB", 2020)


@pytest.fixture
def luoghi(piccola: Luoghi, tmp_path: Path) -> Luoghi:
    """A publication that is what its landing zone makes, times of the files included."""
    found = copia(piccola, tmp_path)
    corri(found, adesso=ADESSO)
    return found


def asked(luoghi: Luoghi, giorno: date = GIORNO) -> dict[Partizione | None, str]:
    found = pending(luoghi, giorno)
    assert len({n.partizione for n in found}) == len(found)
    return {n.partizione: n.motivo for n in found}


def test_nothing_is_asked_for_when_nothing_changed(luoghi: Luoghi) -> None:
    assert asked(luoghi) == {}


def test_everything_is_asked_for_when_nothing_was_published(luoghi: Luoghi, tmp_path: Path) -> None:
    empty = Luoghi(luoghi.raw, tmp_path / "mai")
    assert asked(empty) == dict.fromkeys((AA19, AA20, BB20), "mai pubblicata")


def touch(path: Path, day: int = 10_000) -> None:
    """Gives a file a time long gone: what counts is its content."""
    os.utime(path, (day * 86_400, day * 86_400))


def test_content_counts_and_not_the_time_of_a_file(luoghi: Luoghi) -> None:
    """A file that arrives late with an old date must not be missed, in a closed year either."""
    zona.scrivi(luoghi.raw, "AA", 2019, "segreteria/sedute", [{}, {}, {}])
    touch(luoghi.raw / "AA/2019/segreteria/sedute.csv")
    assert asked(luoghi) == {AA19: "file consegnati, cambiati o ritirati"}


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "isr/studi.csv").unlink(),
        lambda folder: (folder / "isr/studi.csv").rename(folder / "isr/studi-1.csv"),
        lambda folder: (folder / "isr/appunti.txt").write_text("estraneo"),
        lambda folder: (folder / "allegato.txt").write_text("non è un piano"),
        lambda folder: (folder / "isr/studi-2.csv").mkdir(),
    ],
    ids=["withdrawn", "renamed", "stranger", "plan", "unreadable"],
)
def test_every_change_of_a_partition_asks_for_it_alone(luoghi: Luoghi, change: object) -> None:
    change(luoghi.raw / "AA/2020")  # type: ignore[operator]
    assert set(asked(luoghi)) == {AA20}
    corri(luoghi, adesso=ADESSO)
    assert asked(luoghi) == {}


def test_a_new_folder_is_a_partition_by_itself(luoghi: Luoghi) -> None:
    (luoghi.raw / "LU/2021").mkdir(parents=True)
    assert asked(luoghi) == {Partizione("LU", 2021): "partizione nuova"}


def test_a_folder_that_is_gone_and_a_stranger_concern_the_whole(luoghi: Luoghi) -> None:
    shutil.rmtree(luoghi.raw / "BB")
    assert asked(luoghi) == {None: "BB-2020 non è più nella zona di consegna"}
    corri(luoghi, adesso=ADESSO)
    (luoghi.raw / "lettera.txt").write_text("chi sono")
    assert asked(luoghi) == {None: "sono cambiati i file che il contratto non conosce"}
    assert str(Novita(None, "x")) == "tutto: x"


def test_another_program_or_other_rules_ask_for_everything(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "program_fingerprint", lambda: "un altro")
    assert set(asked(luoghi)) == {AA19, AA20, BB20}


def test_a_store_that_is_lost_or_has_another_key_is_read_again(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(luoghi.deposito(AA19))
    assert set(asked(luoghi)) == {AA19}
    monkeypatch.setenv("PIRA_KEY", "un'altra chiave, lunga quanto basta")
    assert set(asked(luoghi)) == {AA19, AA20, BB20}


# --- the calendar -------------------------------------------------------------------------------------


def test_a_year_in_course_goes_on_every_day(luoghi: Luoghi) -> None:
    corri(luoghi, giorno=date(2020, 11, 29), adesso=ADESSO)
    assert asked(luoghi, date(2020, 11, 29)) == {}
    why = "l'anno è in corso e i dati passano al 30/11/2020"
    assert asked(luoghi, date(2020, 11, 30)) == {AA20: why, BB20: why}
    # the year is over: its last day is still to be told, once
    assert set(asked(luoghi, date(2021, 1, 2))) == {AA20, BB20}


def test_a_day_on_which_a_delivery_was_due_is_looked_at_once(luoghi: Luoghi) -> None:
    corri(luoghi, giorno=date(2021, 1, 14), adesso=ADESSO)
    why = "è passato il giorno in cui una consegna era attesa"
    assert asked(luoghi, date(2021, 1, 15)) == {}
    assert asked(luoghi, date(2021, 1, 16)) == {AA20: why, BB20: why}
    # three days without a daemon lose nothing
    assert asked(luoghi, date(2021, 1, 19)) == {AA20: why, BB20: why}
    corri(luoghi, giorno=date(2021, 1, 19), adesso=ADESSO)
    assert asked(luoghi, date(2021, 1, 20)) == {}


def test_due_days_are_those_of_the_warehouse(luoghi: Luoghi) -> None:
    found = chiedi(luoghi, "select distinct scadenza from esercizi.attese where esercizio = 2020")
    assert {day.toordinal() for (day,) in found} == module._due_dates(2020)


@pytest.mark.parametrize("esercizio", [1, 2000, 9999])
def test_the_calendar_ends_where_it_ends(luoghi: Luoghi, esercizio: int) -> None:
    strange = Partizione("AA", esercizio)
    zona.scrivi(luoghi.raw, "AA", 2020, "isr/studi", [{}])
    (luoghi.raw / "AA" / "2019").rename(luoghi.raw / "AA" / f"{esercizio:04d}")
    corri(luoghi, adesso=ADESSO)
    assert strange not in asked(luoghi)
    # a year that is over long ago, or is not for a long time to come
    assert (strange in asked(luoghi, date(2021, 7, 2))) == (esercizio == 9999)


def test_a_year_is_asked_for_when_it_closes_and_never_again(luoghi: Luoghi) -> None:
    rules = load_rules().of("AA")
    assert rules.closed_from(2020) == date(2021, 7, 1)
    why = "l'esercizio si chiude"
    assert asked(luoghi, date(2021, 7, 1)) == {AA20: why, BB20: why}
    corri(luoghi, giorno=date(2021, 7, 5), adesso=ADESSO)
    assert asked(luoghi, date(2029, 1, 1)) == {}


def test_a_delivery_made_again_with_no_news_counts_while_a_year_is_open(luoghi: Luoghi) -> None:
    """It is evidence that the office did deliver: what was late is late no longer."""
    for year in (2019, 2020):
        touch(luoghi.raw / f"AA/{year}/segreteria/sedute.csv", 18_800)
    assert asked(luoghi) == {AA20: "file consegnati di nuovo, uguali a prima"}


def test_a_night_with_nothing_to_do_leaves_word(luoghi: Luoghi) -> None:
    instant = datetime(2021, 7, 9, 4, 0, tzinfo=ADESSO.tzinfo)
    confirm(luoghi, instant)
    word = json.loads((luoghi.warehouse / VERIFICA).read_text())
    assert datetime.fromisoformat(word["quando"]) == instant
    assert word["pubblicazione"] == luoghi.corrente.readlink().name
    assert asked(luoghi, GIORNO + timedelta(days=0)) == {}
