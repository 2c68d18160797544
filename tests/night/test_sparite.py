"""Nobody vanishes unsaid: what was published and is no longer in the landing zone.

Belongs here: that it stays as it was, is said wherever somebody looks, comes back, and leaves when it is
declared withdrawn. Does not belong here: a landing zone that is cut off during a run (test_order.py).
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.contract.regolamento import RULES, RegoleErrate, load_rules
from pipelines.desk import run as night
from pipelines.desk.looks import look_at_publication
from pipelines.extracts import deposito
from pipelines.mail.publication import open_publication
from pipelines.mail.report import read_report
from pipelines.night.pending import pending
from pipelines.night.presenza import list_missed
from pipelines.partizione import Partizione
from pipelines.settings import Luoghi, now
from tests.indicatori import piano, zona
from tests.indicatori.piano import Blocco, Voce
from tests.warehouse.magazzini import chiedi, copia, corri

GIORNO = date(2021, 6, 30)
AA20, BB19, BB20 = Partizione("AA", 2020), Partizione("BB", 2019), Partizione("BB", 2020)


def nuova_zona(base: Path) -> Luoghi:
    """AA and BB of 2020, each with a plan and one extract; what BB delivered for 2019."""
    luoghi = Luoghi(base / "raw", base / "warehouse")
    for camera, esercizio in (("AA", 2020), ("BB", 2019), ("BB", 2020)):
        zona.scrivi(luoghi.raw, camera, esercizio, "isr/studi", [{}, {}])
    for camera in ("AA", "BB"):
        piano.scrivi(
            luoghi.raw, camera, 2020, [Blocco("1.1", [Voce("ISR_STUDI", "2", ("=>2",) * 3)])]
        )
    corri(luoghi)
    return luoghi


def cifre(luoghi: Luoghi) -> object:
    """All that is published of BB: values with their lines, scorecard, files."""
    files = {
        path.name: path.read_bytes()
        for path in (luoghi.warehouse / "scorecard").glob("BB-*")
        if path.suffix in (".txt", ".csv", ".json")  # the others say that it is stale
    }
    tables = ("indicatori.valori", "indicatori.contributi", "scorecard.ente", "qualita.file")
    rows = [chiedi(luoghi, f"from {t} where camera = 'BB' order by all") for t in tables]
    assert files and all(rows)
    return files, rows


def perche(luoghi: Luoghi, giorno: date = GIORNO) -> dict[Partizione | None, str]:
    return {n.partizione: n.motivo for n in pending(luoghi, giorno)}


@dataclass(frozen=True)
class Detto:
    """What is said of the partitions that are gone, wherever somebody looks."""

    cifre: object
    ferme: list[tuple[Any, ...]]
    conseguenze: list[tuple[Any, ...]]
    freschezza: list[tuple[Any, ...]]
    pagina: str
    posta: list[str]
    salute: tuple[str, ...]


def guarda(luoghi: Luoghi) -> Detto:
    with open_publication(luoghi) as published:
        assert published is not None
        report = read_report(published, ("BB",), None, now())
    return Detto(
        cifre(luoghi),
        chiedi(
            luoghi, "select camera, esercizio, motivo from qualita.ferme where assente order by all"
        ),
        chiedi(
            luoghi,
            "select camera, esercizio, peso, in_evidenza from qualita.conseguenze"
            " where controllo = 'partizioni_aggiornate' order by all",
        ),
        chiedi(luoghi, "select distinct camera, fermo_al from scorecard.freschezza order by all"),
        (luoghi.warehouse / "scorecard/BB-2020.html").read_text(),
        [a.frase for a in report.avvisi if a.controllo == "partizioni_aggiornate"],
        look_at_publication(luoghi, now()).problemi,
    )


@dataclass(frozen=True)
class Storia:
    """One chamber goes away; then the whole landing zone does; then all of it is back."""

    prima: object
    attesa: dict[Partizione | None, str]
    senza_bb: Detto
    poi: dict[Partizione | None, str]
    vuota: dict[Partizione | None, str]
    senza_niente: Detto
    tornano: dict[Partizione | None, str]
    alla_fine: object
    resta: list[Partizione]


@pytest.fixture(scope="module")
def pubblicata(tmp_path_factory: pytest.TempPathFactory) -> Luoghi:
    """The zone, published; only to be copied."""
    return nuova_zona(tmp_path_factory.mktemp("pubblicata"))


@pytest.fixture(scope="module")
def storia(pubblicata: Luoghi, tmp_path_factory: pytest.TempPathFactory) -> Storia:
    base = tmp_path_factory.mktemp("sparite")
    luoghi = copia(pubblicata, base)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIRA_RAW", str(luoghi.raw))
        patch.setenv("PIRA_WAREHOUSE", str(luoghi.warehouse))
        patch.setenv("DAGSTER_HOME", str(base / "dagster"))
        prima = cifre(luoghi)
        (luoghi.raw / "BB").rename(base / "BB")
        (luoghi.raw / "BB/2020").mkdir(parents=True)  # where a share was mounted
        attesa = perche(luoghi)
        assert night.run_night(luoghi, None, None, GIORNO)
        senza_bb, poi = guarda(luoghi), perche(luoghi)
        luoghi.raw.rename(base / "altrove")
        vuota = perche(luoghi)
        assert night.run_night(luoghi, None, None, GIORNO)
        senza_niente = guarda(luoghi)
    (base / "altrove").rename(luoghi.raw)
    (luoghi.raw / "BB/2020").rmdir()
    (luoghi.raw / "BB").rmdir()
    (base / "BB").rename(luoghi.raw / "BB")
    tornano = perche(luoghi)
    corri(luoghi)
    assert perche(luoghi) == {}
    return Storia(
        *(prima, attesa, senza_bb, poi, vuota, senza_niente, tornano),
        cifre(luoghi),
        list_missed(luoghi),
    )


def test_a_chamber_that_is_gone_stays_as_it_was(storia: Storia) -> None:
    assert set(storia.attesa) == {None}
    assert storia.senza_bb.cifre == storia.prima
    assert storia.poi == {}


def test_a_chamber_that_is_gone_is_said_wherever_somebody_looks(storia: Storia) -> None:
    said = storia.senza_bb
    assert [row[:2] for row in said.ferme] == [("BB", 2019), ("BB", 2020)]
    assert all(
        "non contiene niente: restano i dati letti il 30/06/2021" in row[2] for row in said.ferme
    )
    # its price is its weight, and it comes first
    assert [(*row[:2], int(row[2]), row[3]) for row in said.conseguenze] == [
        ("BB", 2019, 0, True),
        ("BB", 2020, 10, True),
    ]
    assert said.freschezza == [("AA", None), ("BB", GIORNO)]
    assert "La cartella BB/2020 non è più nella zona di consegna" in said.pagina
    assert "fermo al 30/06/2021" in said.pagina
    assert len(said.posta) == 2 and all("[ritirate]" in text for text in said.posta)
    (problem,) = said.salute
    assert "restano com'erano, BB-2019, BB-2020: rimettere" in problem


def test_a_landing_zone_that_is_gone_leaves_everything_as_it_was(storia: Storia) -> None:
    assert set(storia.vuota) == {None}
    assert storia.senza_niente.cifre == storia.prima
    assert [row[:2] for row in storia.senza_niente.ferme] == [
        ("AA", 2020),
        ("BB", 2019),
        ("BB", 2020),
    ]


def test_what_comes_back_is_read_and_is_stale_no_more(storia: Storia) -> None:
    assert storia.tornano == dict.fromkeys((AA20, BB19, BB20), "è tornata nella zona di consegna")
    assert storia.alla_fine == storia.prima
    assert storia.resta == []


# --- declared withdrawn -------------------------------------------------------------------------------


def regole(tmp_path: Path, ritirate: str) -> Path:
    path = tmp_path / "regole.toml"
    path.write_text(RULES.read_text("utf-8").replace("[ritirate]\n", f"[ritirate]\n{ritirate}\n"))
    return path


def test_what_cannot_be_kept_is_missed_until_it_is_declared_withdrawn(
    pubblicata: Luoghi, tmp_path: Path
) -> None:
    luoghi = copia(pubblicata, tmp_path)
    (luoghi.raw / "BB").rename(tmp_path / "BB")
    (luoghi.warehouse / "deposito/BB").rename(tmp_path / "deposito")
    for _ in range(2):
        corri(luoghi, documenti=False)
        found = chiedi(luoghi, "select esercizio, motivo from qualita.ferme order by all")
        assert [esercizio for esercizio, _ in found] == [2019, 2020]
        assert all("la partizione manca" in why for _, why in found)
        assert chiedi(
            luoghi,
            "select distinct peso, frase from qualita.conseguenze"
            " where controllo = 'partizioni_aggiornate'",
        ) == [(100, "Niente se ne pubblica: tutto il peso.")]
    # it leaves, and that is said once; what is there stays, and that is said for as long
    withdrawn = regole(tmp_path, '"BB" = "accorpata"\n"AA-2020" = "per sbaglio"')
    corri(luoghi, regole=withdrawn, documenti=False)
    assert chiedi(luoghi, "select distinct camera from esercizi.periodi") == [("AA",)]
    assert chiedi(luoghi, "from qualita.ferme") == []
    (stays, *leave) = chiedi(
        luoghi, "select camera, esercizio, motivo from qualita.ritirate order by all"
    )
    assert stays[0] == "AA" and "resta pubblicata" in stays[2]
    assert [row[:2] for row in leave] == [("BB", 2019), ("BB", 2020)]
    assert all(row[2].endswith("dichiarata ritirata: accorpata") for row in leave)
    failing = "select sum(casi) from qualita.esiti where controllo = 'partizioni_ritirate'"
    assert chiedi(luoghi, failing) == [(3,)]
    corri(luoghi, regole=withdrawn, documenti=False)
    assert chiedi(luoghi, failing) == [(1,)]


def test_what_other_code_has_read_is_kept_where_its_tables_fit(
    pubblicata: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deposito, "reading_fingerprint", lambda: "un altro programma")
    assert deposito.recall(pubblicata, BB20) is None
    assert deposito.recall(pubblicata, BB20, anche_superata=True) is not None
    monkeypatch.setitem(vars(deposito)["SCHEMAS"], "scarti", {"altro": pl.String()})
    assert deposito.recall(pubblicata, BB20, anche_superata=True) is None


def test_a_chamber_can_declare_its_own_and_a_wrong_declaration_is_refused(tmp_path: Path) -> None:
    sane = RULES.read_text("utf-8")
    path = tmp_path / "regole.toml"
    path.write_text(sane + '\n[camera.MS.ritirate]\n"MS-2019" = "trasferita"\n')
    rules = load_rules(path)
    assert rules.withdrawn("MS", 2019) == "trasferita"
    assert rules.withdrawn("MS", 2020) is None
    for wrong in ('"ms" = "x"', '"MS-19" = "x"', '"MS" = ""', '"MS" = 3'):
        with pytest.raises(RegoleErrate, match="ritirate è una tabella"):
            load_rules(regole(tmp_path, wrong))
