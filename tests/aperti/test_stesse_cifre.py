"""The figures of a partition are the same in every format, each read back by a reader that is not ours.

Belongs here: result and percentage of every row, and the chamber's, in all the files that there are. Does
not belong here: whether they are right (tests/indicatori), how each format looks (tests/scorecard).
"""

import csv
import json
import re
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pdfplumber
import pytest
from openpyxl import load_workbook

from pipelines.scorecard.pdf import FORMATO
from pipelines.settings import Luoghi

CHIAVE = "MS-2020"

Cifre = list[tuple[Decimal | None, Decimal | None]]
"""Risultato and % Realizz of every row, in the order of the plan."""

_CIFRA = re.compile(r"-?[0-9][0-9.]*(?:,[0-9]+)?%?")


def italian(text: str) -> Decimal | None:
    """A figure as Italian offices print it; None where there is none."""
    plain = text.strip().rstrip("%").replace(".", "").replace(",", ".")
    return Decimal(plain).normalize() if plain else None


@pytest.fixture(scope="module")
def cartella(campione: Luoghi) -> Path:
    return campione.warehouse / "scorecard"


@pytest.fixture(scope="module")
def righe(cartella: Path) -> list[dict[str, str]]:
    """The csv, by the standard library."""
    with (cartella / f"{CHIAVE}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


@pytest.fixture(scope="module")
def cifre(righe: list[dict[str, str]]) -> Cifre:
    return [(italian(row["risultato"]), italian(row["realizzazione"])) for row in righe]


def test_the_csv_has_the_figures_of_the_warehouse(
    magazzino: duckdb.DuckDBPyConnection, cifre: Cifre
) -> None:
    published = magazzino.execute(
        "select risultato, realizzazione from scorecard.indicatori"
        " where camera = 'MS' and esercizio = 2020 order by ordine"
    ).fetchall()
    assert cifre == [(a.normalize(), b.normalize()) for a, b in published]
    assert len(set(cifre)) > 10


def test_the_json_has_them(cartella: Path, cifre: Cifre) -> None:
    record = json.loads((cartella / f"{CHIAVE}.json").read_text("utf-8"))
    found = [
        (Decimal(i["risultato"]).normalize(), Decimal(i["realizzazione"]).normalize())
        for objective in record["obiettivi"]
        for i in objective["indicatori"]
    ]
    assert found == cifre


def test_the_text_has_them_where_the_allegato_leaves_room(
    cartella: Path, righe: list[dict[str, str]], cifre: Cifre
) -> None:
    lines = (cartella / f"{CHIAVE}.txt").read_bytes().decode("utf-8").split("\n")
    found: Cifre = []
    for row in righe:
        place = int(row["riga"]) - 1
        heading = next(
            line.split("\t") for line in reversed(lines[:place]) if "Risultato 2020" in line
        )
        cells = lines[place].rstrip("\r").split("\t")
        result, percentage = (
            next(i for i, cell in enumerate(heading) if label in cell)
            for label in ("Risultato 2020", "% Realizz")
        )
        found.append((italian(cells[result]), italian(cells[percentage])))
    assert found == cifre


def test_the_workbook_has_them_as_numbers(
    cartella: Path, righe: list[dict[str, str]], cifre: Cifre
) -> None:
    sheet = load_workbook(cartella / f"{CHIAVE}.xlsx", data_only=True)["Scorecard"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    found: Cifre = []
    at = 0
    for row in righe:
        at = next(i for i in range(at, len(rows)) if rows[i][1] == row["indicatore"]) + 1
        values = rows[at - 1][9:11]
        assert all(isinstance(value, int | float) for value in values)
        found.append(tuple(Decimal(str(value)).normalize() for value in values))  # type: ignore[arg-type]
    assert found == cifre


class Pagina(HTMLParser):
    """The texts of a page, but for what is drawn, with the elements in which they stand."""

    def __init__(self) -> None:
        super().__init__()
        self.dentro: list[tuple[str, str]] = []
        self.letti: list[tuple[tuple[tuple[str, str], ...], str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("br", "img", "input", "link", "meta", "hr", "wbr", "col"):
            self.dentro.append((tag, dict(attrs).get("class") or ""))

    def handle_endtag(self, tag: str) -> None:
        while self.dentro and self.dentro.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not {"script", "style", "svg"} & {tag for tag, _ in self.dentro}:
            self.letti.append((tuple(self.dentro), " ".join(data.split())))


def test_the_page_has_them(cartella: Path, cifre: Cifre) -> None:
    page = Pagina()
    page.feed((cartella / f"{CHIAVE}.html").read_text("utf-8"))
    told = [
        text
        for inside, text in page.letti
        if ("article", "indicatore") in inside and ("p", "stato") in inside
    ]
    results, percentages = (
        [italian(text.removeprefix(label)) for text in told if text.startswith(label)]
        for label in ("Risultato 2020: ", "% Realizz ")
    )
    assert list(zip(results, percentages, strict=True)) == cifre


def test_the_act_has_them(cartella: Path, cifre: Cifre) -> None:
    """The PDF as it is drawn: what stands under each label, above the row that tells the code."""
    if not (path := cartella / f"{CHIAVE}.pdf").exists():
        pytest.skip(FORMATO.impedito() or "PDF")
    found: Cifre = []
    with pdfplumber.open(path) as act:
        for page in act.pages:
            columns: list[tuple[float, float]] = []
            above = 0.0
            for table in page.find_tables():
                labels = [" ".join((cell or "").split()) for cell in table.extract()[0]]
                if labels[0] == "Indicatore":
                    cells = dict(zip(labels, table.rows[0].cells, strict=True))
                    columns = [cells[label][::2] for label in ("Risultato 2020", "% Realizz")]
                elif labels[0].startswith("Codice: "):
                    figures = [
                        page.crop((left, above, right, table.bbox[1])).extract_text()
                        for left, right in columns
                    ]
                    found += [tuple(map(_first_figure, figures))]  # type: ignore[list-item]
                above = table.bbox[3]
    assert found == cifre


def _first_figure(cell: str | None) -> Decimal | None:
    return next(map(italian, _CIFRA.findall(cell or "")), None)


def test_the_chambers_own_figures_are_the_same(
    magazzino: duckdb.DuckDBPyConnection, cartella: Path
) -> None:
    ((realizzazione, minima, massima),) = magazzino.execute(
        "select realizzazione, realizzazione_minima, realizzazione_massima from scorecard.ente"
        " where camera = 'MS' and esercizio = 2020"
    ).fetchall()
    record = json.loads((cartella / f"{CHIAVE}.json").read_text("utf-8"))
    names = ("realizzazione", "realizzazione_minima", "realizzazione_massima")
    assert [Decimal(record[name]) for name in names] == [realizzazione, minima, massima]
    page = Pagina()
    page.feed((cartella / f"{CHIAVE}.html").read_text("utf-8"))
    shown = {italian(m) for _, text in page.letti for m in _CIFRA.findall(text)}
    book = load_workbook(cartella / f"{CHIAVE}.xlsx", data_only=True)
    kept = {
        Decimal(str(cell.value)).normalize()
        for sheet in book.worksheets
        for line in sheet.iter_rows()
        for cell in line
        if isinstance(cell.value, int | float)
    }
    assert {realizzazione.normalize(), minima.normalize(), massima.normalize()} <= shown & kept
