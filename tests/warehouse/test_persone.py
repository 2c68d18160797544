"""What is shown as a page holds no row of a person, and no count of few: operator's page, scorecard, docs.

Belongs here: pages and the minimum. Does not belong here: that no raw matricola is anywhere
(tests/ostili/test_persone.py).
"""

import re
from collections.abc import Iterator

import duckdb
import pytest

from pipelines.contract.estratti import ESTRATTI
from pipelines.night.summaries import describe_tables
from pipelines.offices.pages import PAGES
from pipelines.partizione import Partizione
from pipelines.scorecard.legenda import printable
from pipelines.settings import Luoghi
from pipelines.warehouse.persone import MINIMO, PERSONALI, is_about_people, preview

DI_PERSONE = ("CONCILIAZIONI_PER_FTE", "FORMAZIONE", "WELFARE")
PARTIZIONE = Partizione("MS", 2020)
PSEUDONIMO = re.compile(r"p_[0-9a-f]{20}")


@pytest.fixture
def gente() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in which eleven people stand, and as many would stand in an extract."""
    with duckdb.connect() as connection:
        connection.execute("create schema contributi; create schema fonti")
        connection.execute(
            "create table contributi.WELFARE as select 'AA' as camera, 2020 as esercizio,"
            " (r < $served)::integer as numeratore, 1 as denominatore, 'f' as _file, r as _riga"
            " from range(11) as t(r)",
            {"served": MINIMO - 1},
        )
        connection.execute(
            "create table fonti.segreteria_welfare as select 'AA' as camera, 'p_' || r as matricola"
            " from range(11) as t(r)"
        )
        yield connection


def test_the_tables_in_which_people_stand_are_known() -> None:
    assert {t.removeprefix("fonti.") for t in PERSONALI} == {
        e.tabella for e in ESTRATTI if "matricola" in [c.nome for c in e.colonne]
    }
    for codice in DI_PERSONE:
        assert is_about_people(f"contributi.{codice}")
    assert is_about_people("indicatori.contributi") and is_about_people("contributi.tutti")
    assert not is_about_people("contributi.SEDUTE")
    assert not is_about_people("indicatori.valori")


RIGHE = ("_file || ':' || _riga as riga", "all")
QUI = ["AA", 2020]


def test_few_who_are_alike_are_not_counted(gente: duckdb.DuckDBPyConnection) -> None:
    """Four were served and seven were not: of the four, a page says nothing."""
    columns, rows = preview(gente, "contributi.WELFARE", *RIGHE, QUI)
    assert columns == ("numeratore", "denominatore", "righe")
    assert rows == ((0, 1, 11 - (MINIMO - 1)),)
    gente.execute("update contributi.WELFARE set numeratore = 1 where _riga = 10")
    _, rows = preview(gente, "contributi.WELFARE", *RIGHE, QUI)
    assert rows == ((0, 1, 6), (1, 1, MINIMO))


def test_of_an_extract_with_people_no_row_is_shown(gente: duckdb.DuckDBPyConnection) -> None:
    assert preview(gente, "fonti.segreteria_welfare", "matricola", "all", QUI) == ((), ())


def test_other_tables_show_their_rows(gente: duckdb.DuckDBPyConnection) -> None:
    gente.execute(
        "create table contributi.SEDUTE as"
        " select 'AA' as camera, 2020 as esercizio, 'f' as _file, 7 as _riga"
    )
    shown = preview(gente, "contributi.SEDUTE", *RIGHE, QUI)
    assert shown == (("riga",), (("f:7",),))


def test_the_preview_of_an_indicator_about_people_has_no_line_of_a_file(
    magazzino: duckdb.DuckDBPyConnection,
) -> None:
    names = [f"contributi.{codice}" for codice in DI_PERSONE]
    shown = 0
    for name, table in describe_tables(magazzino, names, [PARTIZIONE]).items():
        assert table.righe > MINIMO, name
        anteprima = table.anteprime[PARTIZIONE.chiave]
        assert anteprima.colonne == ("numeratore", "denominatore", "righe")
        assert all(int(str(row[-1])) >= MINIMO for row in anteprima.prime)
        shown += len(anteprima.prime)
    assert shown > 0


def test_the_scorecard_names_nobody_and_counts_nobody(
    campione: Luoghi, magazzino: duckdb.DuckDBPyConnection
) -> None:
    """A page prints results, as the plan asks; how many people made them, only the workbook says."""
    for path in sorted((campione.warehouse / "scorecard").iterdir()):
        assert not PSEUDONIMO.search(path.read_bytes().decode("utf-8", "replace")), path.name
    counts = magazzino.execute(
        "select numeratore::bigint, denominatore::bigint from indicatori.valori"
        " where codice in ('WELFARE', 'FORMAZIONE') and camera = 'MS' and esercizio = 2020"
    ).fetchall()
    page = (campione.warehouse / "scorecard/MS-2020.html").read_text("utf-8")
    assert len(counts) == 2
    for served, serving in counts:
        assert not re.search(rf"\b{served}\s*(/|su|di|persone)\s*{serving}?\b", page)
    assert not re.search(r"(personale|welfare|formazione|fte)[-_0-9]*\.csv", page)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_generated_pages_name_nobody(name: str, magazzino: duckdb.DuckDBPyConnection) -> None:
    people = magazzino.execute("select distinct matricola from fonti.segreteria_personale")
    page = PAGES[name]()
    assert not PSEUDONIMO.search(page)
    assert [p for (p,) in people.fetchall() if printable(p) in page] == []
