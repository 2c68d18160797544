"""Hostile text comes out as the text that it is: no formula, no markup, no path, no SQL."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import openpyxl
import pytest

from pipelines.contract.estratti import ESTRATTI, PER_CODICE
from tests.ostili.scena import CAMERA, ESERCIZIO, Scena, impronta, piano_ostile, righe_ostili
from tests.ostili.testi import INERTI

NOME = f"{CAMERA}-{ESERCIZIO}"
FORMULE = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of a formula, or may after it has split a cell."""
_NUMERO = re.compile(r"-?[0-9]+(,[0-9]+)?")
_COMPROMESSI = re.compile(r"<\s*(script|img|iframe|svg|object|embed|link|form|input|base)\b", re.I)


def _documento(ostile: Scena, formato: str) -> Path:
    return ostile.warehouse / "scorecard" / f"{NOME}.{formato}"


def _testo(inerte: str) -> str:
    """A hostile text as it stands in the plan, on one line of printable characters."""
    return " ".join(re.sub(r"[\x00-\x1f]", " ", inerte[:500]).split())


def test_a_hostile_landing_zone_is_published(ostile: Scena) -> None:
    assert ostile.stato == 0, ostile.detto
    assert "Traceback" not in ostile.detto


def test_workbook_has_no_formula_no_link_and_every_text(ostile: Scena) -> None:
    percorso = _documento(ostile, "xlsx")
    with zipfile.ZipFile(percorso) as archivio:
        for nome in archivio.namelist():
            parte = archivio.read(nome)
            assert b"<f>" not in parte and b"<f " not in parte, nome
            assert b"<hyperlink" not in parte, nome
            assert b'TargetMode="External"' not in parte, nome
        assert not [n for n in archivio.namelist() if "external" in n.lower() or "vba" in n.lower()]
    libro = openpyxl.load_workbook(percorso)
    celle = [cella for foglio in libro for riga in foglio.iter_rows() for cella in riga]
    assert not [c.coordinate for c in celle if c.data_type == "f" or c.hyperlink]
    testi = " ".join(" ".join(str(c.value).split()) for c in celle if c.data_type == "s")
    for inerte in INERTI:
        assert _testo(inerte) in testi
    for cella in celle:
        if isinstance(cella.value, str) and cella.value.startswith(FORMULE):
            assert cella.quotePrefix, cella.coordinate


def test_csv_has_no_cell_that_a_spreadsheet_would_run(ostile: Scena) -> None:
    testo = _documento(ostile, "csv").read_text("utf-8-sig")
    righe = list(csv.reader(io.StringIO(testo, newline=""), delimiter=";"))
    assert len(righe) == 1 + len(INERTI)
    assert {len(riga) for riga in righe} == {len(righe[0])}
    for riga in righe:
        for cella in riga:
            assert not cella.startswith(FORMULE) or _NUMERO.fullmatch(cella), cella


class _Pagina(HTMLParser):
    """The elements, attributes and texts of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elementi: list[str] = []
        self.attributi: list[tuple[str, str]] = []
        self.testi: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elementi.append(tag)
        self.attributi += [(nome, valore or "") for nome, valore in attrs]

    def handle_data(self, data: str) -> None:
        self.testi.append(data)


def test_page_has_no_element_or_attribute_that_came_from_a_text(ostile: Scena) -> None:
    pagina = _Pagina()
    percorso = _documento(ostile, "html")
    pagina.feed(percorso.read_text("utf-8"))
    assert not {"img", "iframe", "object", "b"} & set(pagina.elementi)
    for tag in ("h1", "form", "script", "style"):
        assert pagina.elementi.count(tag) == 1, tag
    assert pagina.elementi.count("svg") == pagina.attributi.count(("role", "img"))
    for nome, valore in pagina.attributi:
        assert not nome.startswith("on")
        if nome in ("href", "src") and not valore.startswith("#"):
            assert percorso.with_name(valore).is_file(), valore
    letto = " ".join(" ".join(pagina.testi).split())
    for inerte in INERTI:
        assert _testo(inerte) in letto


def _stringhe(valore: object) -> Iterator[str]:
    if isinstance(valore, str):
        yield valore
    elif isinstance(valore, dict):
        for nome, dentro in valore.items():
            yield from (nome, *_stringhe(dentro))
    elif isinstance(valore, list):
        for dentro in valore:
            yield from _stringhe(dentro)


def test_json_says_the_texts_as_they_are(ostile: Scena) -> None:
    stringhe = set(_stringhe(json.loads(_documento(ostile, "json").read_text("utf-8"))))
    for inerte in INERTI:
        assert any(inerte[:500].strip() in stringa for stringa in stringhe), inerte[:80]


def test_allegato_is_written_back_with_its_texts(ostile: Scena) -> None:
    """Only the four fields differ, so a line without them is the plan's own."""
    scritto = _documento(ostile, "txt").read_bytes().decode().split("\n")
    mio = piano_ostile().split("\n")
    assert len(scritto) == len(mio)
    for nostra, sua in zip(mio, scritto, strict=True):
        assert nostra == sua or nostra.split("\t")[:9] == sua.split("\t")[:9] or "€" in sua


@pytest.fixture(scope="module")
def magazzino(ostile: Scena) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published database, through a connection that is not the system's."""
    percorso = str(ostile.warehouse / "pira.duckdb")
    with closing(duckdb.connect(percorso, read_only=True)) as connection:
        yield connection


@pytest.mark.parametrize("codice", ["isr/studi", "cciaa/attivita", "provveditorato/pagamenti"])
def test_texts_of_an_extract_are_stored_as_they_are(
    codice: str, magazzino: duckdb.DuckDBPyConnection
) -> None:
    liberi = [c.nome for c in PER_CODICE[codice].colonne if c.tipo == "testo" and not c.codici]
    liberi = [nome for nome in liberi if nome not in ("cig", "codice_siope")]
    tabella = f"fonti.{codice.replace('/', '_')}"
    for nome in liberi:
        righe = magazzino.execute(f"select {nome} from {tabella} where {nome} is not null")
        mie = {riga[nome].strip() for riga in righe_ostili(PER_CODICE[codice])}
        assert {testo for (testo,) in righe.fetchall()} == mie


def test_every_table_is_there_after_texts_that_would_drop_them(
    magazzino: duckdb.DuckDBPyConnection,
) -> None:
    nomi = {
        nome
        for (nome,) in magazzino.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where not internal"
        ).fetchall()
    }
    assert {f"fonti.{e.codice.replace('/', '_')}" for e in ESTRATTI} <= nomi


def test_nothing_is_written_but_where_it_should_be(ostile: Scena) -> None:
    """No text became a path: beside what we put there, the run made an output and a key."""
    assert {p.name for p in ostile.base.iterdir()} == {
        *("zona", "casa", "qui", "temporanei", "dagster"),
        *("detto.txt", "stato.txt", "prima.json"),
        ostile.warehouse.parent.name,
    }
    assert [p.name for p in ostile.warehouse.parent.iterdir()] == ["warehouse"]
    assert [p for p in ostile.casa.rglob("*") if p.is_file()] == [ostile.chiave]
    assert not list((ostile.base / "qui").iterdir())
    assert not list((ostile.base / "temporanei").iterdir())
    assert [p.name for p in (ostile.base / "zona").iterdir()] == ["raw"]
    assert not Path("/tmp/ostile").exists()
    for percorso in ostile.warehouse.rglob("*"):
        assert re.fullmatch(r"[\w.-]+", percorso.name), percorso.name


def test_landing_zone_is_left_as_it_was(ostile: Scena) -> None:
    assert impronta(ostile.raw) == json.loads((ostile.base / "prima.json").read_text())


def test_nothing_printed_steers_the_terminal(ostile: Scena) -> None:
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", ostile.detto)


def test_operators_page_shows_no_markup_of_a_text(ostile: Scena) -> None:
    """Dagster draws metadata as Markdown: what would be an element there is escaped."""
    for percorso in ostile.dagster.rglob("*"):
        if percorso.is_file():
            for trovato in _COMPROMESSI.finditer(percorso.read_bytes().decode("utf-8", "replace")):
                prima = trovato.string[max(0, trovato.start() - 1) : trovato.start()]
                assert prima == "\\", (
                    f"{percorso.name}: {trovato.string[trovato.start() - 80 :][:160]}"
                )
