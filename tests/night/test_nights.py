"""Night after night over a small landing zone: what changes, what stays, what is known for ever.

Belongs here: what a run may not do to what earlier runs published, and the history. Does not belong
here: runs that are killed or find no room (tests/guasti).
"""

import shutil
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipelines.extracts.esercizio import Esercizio
from pipelines.fingerprints import list_formats
from pipelines.night import steps
from pipelines.night.pending import pending
from pipelines.partizione import Partizione
from pipelines.settings import Luoghi
from tests.contratto import SEDICI
from tests.indicatori import zona
from tests.warehouse.magazzini import (
    ADESSO,
    GIORNO,
    Riga,
    apri,
    chiedi,
    colonne_di,
    copia,
    corri,
)


@dataclass(frozen=True)
class Notte:
    """What was published after a night: table -> rows that speak of a partition, and the files."""

    righe: dict[tuple[str, int | None], dict[str, list[Riga]]]
    storico: list[Riga]
    file: dict[str, bytes]
    ignorati: dict[str, str]
    consegne: dict[str, list[Riga]]

    def partizioni(self) -> set[tuple[str, int | None]]:
        return set(self.righe)


def see(luoghi: Luoghi) -> Notte:
    righe: dict[tuple[str, int | None], dict[str, list[Riga]]] = {}
    with apri(luoghi) as connection:
        for table, columns in colonne_di(connection).items():
            if table.startswith(("storico.", "viste.")) or "esercizio" not in columns:
                continue
            for camera, esercizio, *row in connection.execute(
                f"select camera, esercizio, * from {table} order by all"
            ).fetchall():
                rows = righe.setdefault((camera, esercizio), {}).setdefault(table, [])
                rows.append(tuple(row))
        storico = connection.execute(
            "select camera, esercizio, codice, valore, risultato, stato, data_riferimento,"
            " noto_dal from storico.valori order by all"
        ).fetchall()
        ignorati = dict(
            connection.execute(
                "select _file, motivo from qualita.file where esito = 'IGNORATO'"
            ).fetchall()
        )
        consegne: dict[str, list[Riga]] = {}
        for file, *row in connection.execute(
            "select _file, esito, noto_dal from storico.consegne order by all"
        ).fetchall():
            consegne.setdefault(file, []).append(tuple(row))
    folder = luoghi.warehouse / "scorecard"
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    return Notte(righe, storico, files, ignorati, consegne)


ESTRANEI = (
    "note.txt",
    "vecchio/",
    "AA/lettere/",
    "AA/bozza.csv",
    "AA/2020/appunti.txt",
    "AA/2020/ragioneria/",
    "AA/2020/segreteria/verbali.csv",
    "AA/2020/segreteria/atti.ods",
    "AA/2020/segreteria/2019/",
    "AA/2020/segreteria/atti2020.csv",
)
"""Files and folders that the contract does not know."""


def add_strangers(raw: Path) -> None:
    for name in ESTRANEI:
        path = raw / name
        if name.endswith("/"):
            path.mkdir()
            (path / "dentro.csv").write_text("nessuno mi legge")
        else:
            path.write_bytes(b"\x00\xff non sono un estratto")


@pytest.fixture(scope="module")
def notti(piccola: Luoghi, tmp_path_factory: pytest.TempPathFactory) -> list[Notte]:
    """Four nights over the small landing zone; what changes before each stands here."""
    luoghi = copia(piccola, tmp_path_factory.mktemp("notti"))
    raw = luoghi.raw
    seen = [see(luoghi)]

    # an extract changes; strangers arrive; the store and the public file are deleted
    zona.scrivi(raw, "AA", 2020, "segreteria/atti", [{}, {}, {}])
    add_strangers(raw)
    shutil.rmtree(luoghi.warehouse / "deposito")
    luoghi.database.unlink()
    corri(luoghi, adesso=ADESSO + timedelta(days=1))
    seen.append(see(luoghi))

    # every partition changes, one of them is run, and it speaks for a day before its end
    for camera, esercizio in (("AA", 2019), ("AA", 2020), ("BB", 2020)):
        zona.scrivi(raw, camera, esercizio, "isr/studi", [{}, {}, {}, {}])
    corri(luoghi, "AA", 2020, giorno=date(2020, 11, 30), adesso=ADESSO + timedelta(days=2))
    seen.append(see(luoghi))

    # all but the second copy of the history is lost; a chamber's folder disappears
    for path in luoghi.warehouse.iterdir():
        if path.is_dir() and not path.is_symlink() and path.name != "storico":
            shutil.rmtree(path)
        elif path.name != "storico":
            path.unlink()
    shutil.rmtree(raw / "BB")
    corri(luoghi, adesso=ADESSO + timedelta(days=3))
    seen.append(see(luoghi))
    return seen


def news(prima: Notte, dopo: Notte) -> list[tuple[object, ...]]:
    """What a night added to the history: camera, esercizio, codice, valore, stato, noto_dal."""
    assert [row for row in prima.storico if row not in dopo.storico] == [], "history was forgotten"
    added = [row for row in dopo.storico if row not in prima.storico]
    return [(*row[:4], row[5], row[7]) for row in added]


def night_of(day: int) -> datetime:
    return (ADESSO + timedelta(days=day)).replace(tzinfo=None)


def test_the_first_night_knows_every_value_once(notti: list[Notte]) -> None:
    keys = [row[:3] for row in notti[0].storico]
    assert sorted(keys) == sorted(
        (camera, anno, codice)
        for camera, anno in (("AA", 2019), ("AA", 2020), ("BB", 2020))
        for codice in SEDICI
    )
    assert {row[7] for row in notti[0].storico} == {night_of(0)}


def test_a_changed_extract_adds_exactly_the_changed_indicators(notti: list[Notte]) -> None:
    assert news(notti[0], notti[1]) == [
        ("AA", 2020, "DELIBERE", Decimal(3), "DEFINITIVO", night_of(1))
    ]


def test_history_survives_the_loss_of_the_store_and_of_the_public_file(notti: list[Notte]) -> None:
    assert set(notti[0].storico) < set(notti[1].storico)
    assert len(notti[1].storico) == len(notti[0].storico) + 1


def test_what_the_contract_does_not_know_is_reported_and_not_read(notti: list[Notte]) -> None:
    assert notti[0].ignorati == {}
    assert sorted(notti[1].ignorati) == sorted(ESTRANEI)
    assert all("il contratto non conosce" in motivo for motivo in notti[1].ignorati.values())
    # they change nothing else: BB, where none lies, is as it was
    assert notti[1].righe["BB", 2020] == notti[0].righe["BB", 2020]


def test_a_run_of_one_partition_leaves_the_others_as_they_were_published(
    notti: list[Notte],
) -> None:
    before, after = notti[1], notti[2]
    for key in (("AA", 2019), ("BB", 2020)):
        assert after.righe[key] == before.righe[key]
    for name in (f"BB-2020.{kind}" for kind in ("txt", "csv", "json", "html", "xlsx")):
        assert after.file[name] == before.file[name]
    assert (
        after.righe["AA", 2020]["indicatori.valori"]
        != (before.righe["AA", 2020]["indicatori.valori"])
    )
    changed = news(before, after)
    assert {row[:2] for row in changed} == {("AA", 2020)}
    assert {row[4] for row in changed} == {"PROVVISORIO"}
    assert {row[2] for row in changed} == set(SEDICI)
    assert ("AA", 2020, "ISR_STUDI", Decimal(4), "PROVVISORIO", night_of(2)) in changed


def test_a_folder_that_disappears_leaves_the_publication(notti: list[Notte]) -> None:
    assert {("AA", 2019), ("AA", 2020), ("BB", 2020)} <= notti[2].partizioni()
    assert {camera for camera, _ in notti[3].partizioni()} == {"AA", None}
    assert [name for name in notti[3].file if name.startswith("BB")] == []
    together = {facts["suffisso"] for facts in list_formats().values() if facts.get("insieme")}
    of_aa = {name for name in notti[2].file if name.startswith("AA")}
    assert set(notti[3].file) == of_aa | together


def test_history_outlives_everything_but_its_second_copy(notti: list[Notte]) -> None:
    changed = {row[:3]: row[3:] for row in news(notti[2], notti[3])}
    assert {key[:2] for key in changed} == {("AA", 2019), ("AA", 2020)}
    assert changed["AA", 2019, "ISR_STUDI"] == (Decimal(4), "DEFINITIVO", night_of(3))
    assert {key[2] for key in changed if key[1] == 2020} == set(SEDICI)
    assert [key for key in changed if key[1] == 2019] == [("AA", 2019, "ISR_STUDI")]
    assert [row for row in notti[3].storico if row[0] == "BB"] == [
        row for row in notti[2].storico if row[0] == "BB"
    ]


def test_the_ledger_keeps_every_content_that_was_delivered(notti: list[Notte]) -> None:
    atti, altrove = "AA/2020/segreteria/atti.csv", "BB/2020/segreteria/atti.csv"
    first, second, last = ((n.consegne[atti], n.consegne[altrove]) for n in (*notti[:2], notti[3]))
    assert first == ([("CARICATA", night_of(0))], [("CARICATA", night_of(0))])
    assert second == (
        [("CARICATA", night_of(1)), ("SOSTITUITA", night_of(0))],
        [("CARICATA", night_of(0))],
    )
    # BB is gone, and so is all but the second copies: what had been delivered is still known
    assert last == (second[0], [("RITIRATA", night_of(0))])
    assert not set(ESTRANEI) & set(notti[1].consegne)


# --- one chamber must not stop another ----------------------------------------------------------------


@pytest.fixture
def inciampa(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Reading BB fails in a way that nobody foresaw; the error says what a file holds."""
    read = steps.read_extracts

    def stumble(
        run: steps.Esecuzione, partizione: Partizione, *others: Any, **named: Any
    ) -> Esercizio:
        if partizione.camera == "BB":
            raise RuntimeError("matricola 12345")
        return read(run, partizione, *others, **named)

    monkeypatch.setattr(steps, "read_extracts", stumble)
    return monkeypatch


STANDS = "select motivo from qualita.ferme where camera = 'BB' and esercizio = 2020"


def test_a_chamber_that_stumbles_stays_as_it_was_and_goes_on_when_it_can(
    piccola: Luoghi, tmp_path: Path, inciampa: pytest.MonkeyPatch
) -> None:
    """And the others go on meanwhile."""
    luoghi = copia(piccola, tmp_path)
    before = see(luoghi)
    for camera in ("AA", "BB"):
        zona.scrivi(luoghi.raw, camera, 2020, "segreteria/atti", [{}, {}, {}])
    corri(luoghi, adesso=ADESSO + timedelta(days=1))
    after = see(luoghi)
    assert [row[:4] for row in news(before, after)] == [("AA", 2020, "DELIBERE", Decimal(3))]
    assert after.file["BB-2020.txt"] == before.file["BB-2020.txt"]
    ((why,),) = chiedi(luoghi, STANDS)
    assert "RuntimeError" in why and "restano i dati letti prima" in why
    assert "12345" not in why
    assert [n.partizione for n in pending(luoghi, GIORNO)] == [Partizione("BB", 2020)]
    # a run that does not look at it must not say that all is well
    corri(luoghi, "AA", 2020, adesso=ADESSO + timedelta(days=2))
    assert chiedi(luoghi, STANDS) == [(why,)]
    inciampa.undo()
    corri(luoghi, adesso=ADESSO + timedelta(days=3))
    assert chiedi(luoghi, STANDS) == []
    assert pending(luoghi, GIORNO) == []


@pytest.mark.usefixtures("inciampa")
def test_a_chamber_that_was_never_read_is_missing_and_said_to_be(tmp_path: Path) -> None:
    luoghi = Luoghi(tmp_path / "raw", tmp_path / "warehouse")
    for camera in ("AA", "BB"):
        zona.scrivi(luoghi.raw, camera, 2020, "isr/studi", [{}])
    corri(luoghi, documenti=False)
    assert chiedi(luoghi, "select distinct camera from indicatori.valori") == [("AA",)]
    ((why,),) = chiedi(luoghi, STANDS)
    assert "la partizione manca" in why


def test_what_concerns_the_machine_stops_the_run(
    piccola: Luoghi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> Esercizio:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(steps, "read_extracts", full)
    luoghi = copia(piccola, tmp_path)
    before = luoghi.corrente.readlink()
    with pytest.raises(OSError, match="No space left"):
        corri(luoghi)
    assert luoghi.corrente.readlink() == before
