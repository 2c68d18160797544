"""What there is to do is seen in the landing zone and the calendar, whoever looks and whenever.

Belongs here: each reason to compute a partition, and that nothing is asked for without one. Does not
belong here: what starts a run (test_definitions.py), nights one after the other (test_fortnight.py).
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from pipelines.contract.regolamento import RULES, RegoleErrate, load_rules
from pipelines.extracts.ingestione import PARTI
from pipelines.landing import zone as landing
from pipelines.night import pending as module
from pipelines.night import steps
from pipelines.night.pending import Novita, pending
from pipelines.partizione import Partizione
from pipelines.publication.kept import VERIFICA, confirm
from pipelines.settings import Luoghi
from tests.contratto import SEDICI
from tests.indicatori import zona
from tests.warehouse import magazzini
from tests.warehouse.magazzini import ADESSO, GIORNO, chiedi, copia

corri = partial(magazzini.corri, adesso=ADESSO, documenti=False)
"""A night: what there is to do afterwards is told by what was read, not by what was written."""

AA19, AA20, BB20 = Partizione("AA", 2019), Partizione("AA", 2020), Partizione("BB", 2020)


@pytest.fixture
def luoghi(piccola: Luoghi, tmp_path: Path) -> Luoghi:
    """A publication that is what its landing zone makes."""
    return copia(piccola, tmp_path)


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


CAMBIAMENTI: dict[str, Callable[[Path], object]] = {
    "withdrawn": lambda folder: (folder / "isr/studi.csv").unlink(),
    "renamed": lambda folder: (folder / "segreteria/atti.csv").rename(
        folder / "segreteria/atti-1.csv"
    ),
    "stranger": lambda folder: (folder / "isr/appunti.txt").write_text("estraneo"),
    "plan": lambda folder: (folder / "allegato.txt").write_text("non è un piano"),
    "unreadable": lambda folder: (folder / "segreteria/sedute-2.csv").mkdir(),
    "synthetic": lambda folder: (folder / "sintetico.txt").touch(),
}
"""What may happen to a partition's folder; each touches something else."""


@pytest.mark.parametrize("change", CAMBIAMENTI)
def test_every_change_of_a_partition_asks_for_it_alone(luoghi: Luoghi, change: str) -> None:
    CAMBIAMENTI[change](luoghi.raw / "AA/2020")
    assert set(asked(luoghi)) == {AA20}


def test_no_change_is_asked_for_any_more_after_a_night(luoghi: Luoghi) -> None:
    for change in CAMBIAMENTI.values():
        change(luoghi.raw / "AA/2020")
    corri(luoghi)
    assert asked(luoghi) == {}
    (luoghi.raw / "AA/2020/sintetico.txt").unlink()
    assert set(asked(luoghi)) == {AA20}


def test_a_mapping_is_an_input_of_every_year_that_has_its_extract(luoghi: Luoghi) -> None:
    mappa = luoghi.raw / "AA/mappe/isr/studi.toml"
    mappa.parent.mkdir(parents=True)
    mappa.write_text('[codici.stato]\n"fatto" = "PUBBLICATO"')
    with_studies = {
        p for p in (AA19, AA20) if list(luoghi.raw.glob(f"AA/{p.esercizio}/isr/studi*"))
    }
    assert set(asked(luoghi)) == with_studies != set()
    corri(luoghi)
    assert asked(luoghi) == {}
    (used,) = chiedi(luoghi, "select distinct mappa from qualita.file where mappa is not null")
    assert used == (hashlib.sha256(mappa.read_bytes()).hexdigest(),)
    own = luoghi.raw / "AA/2020/mappe/isr/studi.toml"
    own.parent.mkdir(parents=True)
    own.write_text("[colonna]\n")
    assert set(asked(luoghi)) == {AA20}
    corri(luoghi)
    assert asked(luoghi) == {}
    wrong = "select motivo from qualita.file where esercizio = 2020 and motivo like 'mappa_errata: AA/2020/%'"
    assert chiedi(luoghi, wrong)
    (luoghi.raw / "AA/mappe/isr/altro.toml").touch()
    assert set(asked(luoghi)) == {None}


def test_a_new_folder_is_a_partition_by_itself(luoghi: Luoghi) -> None:
    (luoghi.raw / "LU/2021").mkdir(parents=True)
    assert asked(luoghi) == {Partizione("LU", 2021): "partizione nuova"}


def test_a_folder_that_is_gone_and_a_stranger_concern_the_whole(luoghi: Luoghi) -> None:
    shutil.rmtree(luoghi.raw / "BB")
    assert asked(luoghi) == {None: "BB-2020 non è più nella zona di consegna"}
    corri(luoghi)
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


def test_an_open_year_is_looked_at_every_day(luoghi: Luoghi) -> None:
    """Its data go on, what is late gets later, a deadline comes nearer."""
    corri(luoghi, giorno=date(2020, 11, 29))
    assert asked(luoghi, date(2020, 11, 29)) == {}
    why = "l'esercizio è aperto e si passa al 30/11/2020"
    assert asked(luoghi, date(2020, 11, 30)) == {AA20: why, BB20: why}
    # three days without a daemon lose nothing, nor does the end of the year
    assert set(asked(luoghi, date(2021, 1, 2))) == {AA20, BB20}
    assert all(n.calendario for n in pending(luoghi, date(2021, 1, 2)))


def test_a_year_is_asked_for_when_it_closes_and_never_again(luoghi: Luoghi) -> None:
    rules = load_rules().of("AA")
    assert rules.closed_from(2020) == date(2021, 7, 1)
    why = "l'esercizio si chiude"
    assert asked(luoghi, date(2021, 7, 1)) == {AA20: why, BB20: why}
    corri(luoghi, giorno=date(2021, 7, 5))
    assert asked(luoghi, date(2029, 1, 1)) == {}


def test_a_run_that_spoke_for_a_day_to_come_is_mended(luoghi: Luoghi) -> None:
    """A clock that jumped must not freeze an open year as if it were over."""
    corri(luoghi, giorno=date(2099, 1, 1))
    why = "era calcolata per un giorno che deve venire, il 01/01/2099"
    assert asked(luoghi) == dict.fromkeys((AA19, AA20, BB20), why)


def test_the_calendar_ends_where_it_ends(luoghi: Luoghi) -> None:
    years = (1, 2000, 9999)
    for year in years:
        folder = luoghi.raw / "AA" / f"{year:04d}"
        shutil.copytree(luoghi.raw / "AA/2019/isr", folder / "isr")
    shutil.rmtree(luoghi.raw / "AA/2019")
    corri(luoghi)
    strange = {Partizione("AA", year) for year in years}
    assert strange & set(asked(luoghi)) == set()
    assert strange & set(asked(luoghi, date(2021, 7, 2))) == {Partizione("AA", 9999)}


@pytest.mark.parametrize("last", ["2020-05-15", "2020-12-30"])
def test_a_year_cannot_be_closed_before_its_end(tmp_path: Path, last: str) -> None:
    rules = RULES.read_text("utf-8").replace("[chiusure]\n", f"[chiusure]\n2020 = {last}\n")
    (tmp_path / "regole.toml").write_text(rules, "utf-8")
    with pytest.raises(RegoleErrate, match="non prima della fine dell'esercizio"):
        load_rules(tmp_path / "regole.toml")


def test_a_closing_that_was_declared_counts_instead_of_the_general_one(tmp_path: Path) -> None:
    rules = RULES.read_text("utf-8").replace("[chiusure]\n", "[chiusure]\n2020 = 2021-05-15\n")
    (tmp_path / "regole.toml").write_text(rules, "utf-8")
    declared = load_rules(tmp_path / "regole.toml").of("AA")
    assert declared.closed_from(2020) == date(2021, 5, 16)
    assert declared.closed_from(2021) == date(2022, 7, 1)


# --- what must not stop the look, or be forgotten -----------------------------------------------------


def test_a_partition_not_read_since_the_program_changed_is_still_to_do(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in (module, steps):
        monkeypatch.setattr(place, "program_fingerprint", lambda: "nuovo")
    assert set(asked(luoghi)) == {AA19, AA20, BB20}
    corri(luoghi, "AA", 2020)
    assert set(asked(luoghi)) == {AA19, BB20}
    corri(luoghi)
    assert asked(luoghi) == {}


def test_a_part_of_the_store_that_is_lost_is_read_again(luoghi: Luoghi) -> None:
    kept = [folder for folder in sorted(luoghi.deposito(AA19).iterdir()) if folder.is_dir()]
    for part, folder in zip(PARTI, kept, strict=False):
        lost = next(folder.glob(f"*.{part}.parquet"))
        content = lost.read_bytes()
        lost.unlink()
        assert set(asked(luoghi)) == {AA19}, part
        lost.write_bytes(content)
        assert asked(luoghi) == {}
    # each of another extract, or one that is read again would bring the others back
    for part, folder in zip(PARTI, kept, strict=False):
        next(folder.glob(f"*.{part}.parquet")).unlink()
    corri(luoghi)
    assert asked(luoghi) == {}


def test_a_publication_that_is_lost_is_made_again(luoghi: Luoghi) -> None:
    shutil.rmtree(luoghi.pubblicazioni)
    assert set(asked(luoghi).values()) == {"mai pubblicata"}


def test_rules_that_make_no_sense_are_a_reason_to_run_and_be_told(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong() -> object:
        raise RegoleErrate("Nel file delle regole manca la voce 'versione'.")

    monkeypatch.setattr(module, "load_rules", wrong)
    assert asked(luoghi) == {None: "Nel file delle regole manca la voce 'versione'."}


def test_a_partition_that_cannot_be_looked_at_does_not_hide_the_others(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = vars(module)["landing_fingerprint"]

    def stumble(raw: Path, partizione: Partizione) -> str:
        if partizione == BB20:
            raise RuntimeError
        return str(look(raw, partizione))

    monkeypatch.setattr(module, "landing_fingerprint", stumble)
    zona.scrivi(luoghi.raw, "AA", 2020, "segreteria/sedute", [{}, {}, {}])
    assert asked(luoghi) == {
        AA20: "file consegnati, cambiati o ritirati",
        BB20: "non si è potuta confrontare (RuntimeError)",
    }


def test_a_chamber_whose_folder_is_closed_is_not_gone(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Permissions do not stop a privileged process, so the folder is closed by hand."""
    closed = landing._is_closed
    entries = landing._entries
    monkeypatch.setattr(landing, "_is_closed", lambda r, f: f.name == "BB" or closed(r, f))
    monkeypatch.setattr(landing, "_entries", lambda r, f: [] if f.name == "BB" else entries(r, f))
    assert asked(luoghi) == {None: "sono cambiati i file che il contratto non conosce"}
    corri(luoghi)
    assert chiedi(luoghi, "select count(*) from indicatori.valori where camera = 'BB'") == [
        (len(SEDICI),)
    ]
    ((why,),) = chiedi(luoghi, "select motivo from qualita.ferme where camera = 'BB'")
    assert "non si può aprire" in why
    assert asked(luoghi) == {}


def test_a_night_with_nothing_to_do_leaves_word(luoghi: Luoghi) -> None:
    instant = datetime(2021, 7, 9, 4, 0, tzinfo=ADESSO.tzinfo)
    confirm(luoghi, instant)
    word = json.loads((luoghi.warehouse / VERIFICA).read_text())
    assert datetime.fromisoformat(word["quando"]) == instant
    assert word["pubblicazione"] == luoghi.corrente.readlink().name
    # which is not what decides whether there is something to do
    assert set(asked(luoghi, GIORNO + timedelta(days=1))) == {AA20, BB20}
