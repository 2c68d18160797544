"""The page and the index in a browser, from the disk with the network off: who can read them, and how."""

import io
import json
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pdfplumber
import pytest
from playwright.sync_api import Page, expect

from pipelines.italiano import format_numero
from pipelines.scorecard.riservatezza import REGOLA
from pipelines.settings import Luoghi
from tests.pagina.browser import Occhio, guarda
from tests.pagina.documenti import (
    INGRANDITO,
    LARGO,
    TELEFONO,
    Documenti,
    lay_out,
    open_all,
    open_file,
    overflow,
    set_window,
    violations,
)

NOMI = ("pagina", "indice", "ostile")
PESO = 1_500_000
"""Bytes that the page of a year may have."""


@pytest.fixture(scope="module")
def documenti(campione: Luoghi, tmp_path_factory: pytest.TempPathFactory) -> Documenti:
    return lay_out(campione, tmp_path_factory.mktemp("documenti"))


@pytest.fixture(scope="module")
def davanti() -> Iterator[Occhio]:
    with guarda("") as occhio:
        occhio.contesto.set_offline(True)
        yield occhio


@pytest.fixture
def visore(davanti: Occhio) -> Iterator[Occhio]:
    """The browser; at the end no page has complained, asked for anything, or run what it was given."""
    yield davanti
    for page in davanti.contesto.pages:
        page.close()
    assert (davanti.fuori, davanti.guai) == ([], [])


@pytest.mark.parametrize("nome", NOMI)
def test_everybody_can_read_a_page_on_what_they_have(
    visore: Occhio, documenti: Documenti, nome: str
) -> None:
    """Nothing pushes it sideways, closed or open, at any width; axe finds nothing, light or dark."""
    page = open_file(visore, getattr(documenti, nome))
    assert pushed_at(page) == []
    open_all(page)
    assert pushed_at(page) == []
    for largo, scuro in ((LARGO, False), (TELEFONO, True)):
        set_window(page, largo, scuro)
        assert violations(page) == [], (largo, scuro)


def pushed_at(page: Page) -> list[int]:
    """The widths at which the page is wider than its window."""
    pushed = []
    for largo in (TELEFONO, INGRANDITO, LARGO):
        set_window(page, largo)
        pushed += [largo] * (overflow(page) > 0)
    return pushed


def test_axe_finds_what_is_wrong(visore: Occhio, documenti: Documenti) -> None:
    page = open_file(visore, documenti.indice)
    page.evaluate("document.querySelector('label').remove()")
    page.evaluate("document.querySelector('h1').style.color = '#2a7fd4'")
    found = " ".join(violations(page))
    assert "label" in found and "color-contrast" in found


def test_a_phone_shows_first_the_result_and_what_asks_for_attention(
    visore: Occhio, documenti: Documenti
) -> None:
    page = open_file(visore, documenti.pagina, TELEFONO)
    tops = [
        page.locator(where).first.evaluate("one => one.getBoundingClientRect().bottom")
        for where in (".ente dd", ".ente > div:last-child", "#attenzione", ".attenzione a")
    ]
    assert tops == sorted(tops) and tops[-1] <= 844
    for colonna in ("Realizzazione", "Minima", "Massima", "Copertura"):
        expect(page.locator(".ente").get_by_text(colonna).first).to_be_visible()


def test_a_page_is_light_enough(documenti: Documenti) -> None:
    assert documenti.pagina.stat().st_size <= PESO
    assert documenti.indice.stat().st_size <= PESO


# --- by keyboard ------------------------------------------------------------------------------------


def reach(page: Page, where: str) -> None:
    """Goes to a control with the Tab key alone."""
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate("where => document.activeElement.matches(where)", where):
            return
    raise AssertionError(f"{where} cannot be reached")


def test_every_disclosure_opens_by_keyboard(visore: Occhio, documenti: Documenti) -> None:
    page = open_file(visore, documenti.pagina)
    closed = page.locator("details:not([open])").count()
    assert closed >= 16 * 3
    for _ in range(closed):
        reach(page, "details:not([open]) > summary")
        page.keyboard.press("Enter")
    assert page.locator("details:not([open])").count() == 0


def test_the_page_is_filtered_by_keyboard(visore: Occhio, documenti: Documenti) -> None:
    page = open_file(visore, documenti.pagina)
    said, cards = page.locator("output"), page.locator(".indicatore")
    expect(said).to_have_text("16 su 16")
    reach(page, "#f-testo")
    page.keyboard.type("DELÍBERE")  # accents and case make no difference
    expect(said).to_have_text("1 su 16")
    expect(cards.filter(visible=True)).to_have_count(1)
    expect(page.locator("h3.missione").filter(visible=True)).to_have_count(1)
    for _ in range(8):
        page.keyboard.press("Backspace")
    expect(said).to_have_text("16 su 16")
    reach(page, "#f-stato")
    page.keyboard.type("rosso")
    expect(said).to_have_text("1 su 16")
    reach(page, "#f-missione")
    page.keyboard.type("Missione 032")
    expect(said).to_have_text("0 su 16")
    reach(page, "form.filtri button")
    page.keyboard.press("Enter")
    expect(said).to_have_text("16 su 16")
    expect(cards.filter(visible=True)).to_have_count(16)


def test_a_place_that_is_asked_for_is_shown_whatever_is_filtered(
    visore: Occhio, documenti: Documenti
) -> None:
    page = open_file(visore, documenti.pagina)
    page.locator("#f-testo").fill("niente di niente")
    expect(page.locator("output")).to_have_text("0 su 16")
    page.locator(".attenzione a").first.click()
    expect(page.locator("output")).to_have_text("16 su 16")
    expect(page.locator(".indicatore:target")).to_be_in_viewport()


def test_the_index_is_filtered_by_keyboard_and_leads_to_the_pages(
    visore: Occhio, documenti: Documenti
) -> None:
    page = open_file(visore, documenti.indice)
    lines = page.locator("tbody tr").count()
    reach(page, "#f-testo")
    page.keyboard.type("ms")
    expect(page.locator("output")).to_have_text(f"1 su {lines}")
    expect(page.locator("tbody tr").filter(visible=True)).to_have_count(1)
    page.keyboard.type("zz")
    expect(page.locator("output")).to_have_text(f"0 su {lines}")
    reach(page, "form.filtri button")
    page.keyboard.press("Enter")
    for link in page.locator("main a").all():
        assert (documenti.indice.parent / str(link.get_attribute("href"))).is_file()
    reach(page, "tbody th a")
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("risultati 2020"))
    page.get_by_role("link", name="Tutte le Camere").click()
    expect(page).to_have_url(re.compile("indice.html$"))


# --- printed ----------------------------------------------------------------------------------------


def test_nothing_is_cut_off_in_print(visore: Occhio, documenti: Documenti) -> None:
    page = open_file(visore, documenti.pagina)
    open_all(page)
    asked = page.locator("td, th").all_inner_texts()
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    with pdfplumber.open(io.BytesIO(printed)) as pdf:
        for sheet in pdf.pages:
            assert sheet.width > sheet.height
            assert all(c["x0"] >= 0 and c["x1"] <= sheet.width for c in sheet.chars)
        there = _bare("".join(c["text"] for sheet in pdf.pages for c in sheet.chars))
    assert [cell for cell in asked if _bare(cell) not in there] == []


def _bare(text: str) -> str:
    """Without blanks; letters that a font joins, as `fi`, are two again."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


# --- what it says -----------------------------------------------------------------------------------


def test_its_figures_are_those_that_a_program_reads(visore: Occhio, documenti: Documenti) -> None:
    data = json.loads(documenti.pagina.with_suffix(".json").read_text("utf-8"))
    rows = [i for o in data["obiettivi"] for i in o["indicatori"]]
    page = open_file(visore, documenti.pagina)
    said = page.locator(".indicatore .stato").all_inner_texts()
    assert len(said) == len(rows) == 16
    for one, words in zip(rows, said, strict=True):
        figure = format_numero(Decimal(one["risultato"]), one["decimali"])
        figure += "%" if one["percentuale"] else ""
        assert f"Risultato 2020: {figure}" in words
        assert one["semaforo"] in words
        assert f"% Realizz {format_numero(Decimal(one['realizzazione']), 2)}%" in words
    total = page.locator(".ente dd").first.inner_text()
    assert total == f"{format_numero(Decimal(data['realizzazione']), 2)}%"


def test_the_months_end_where_the_year_does(visore: Occhio, documenti: Documenti) -> None:
    page = open_file(visore, documenti.pagina)
    open_all(page)
    courses = 0
    for card in page.locator(".indicatore").all():
        table = card.locator("table:has(caption[id^='t-mesi-'])")
        if table.count():
            figure = card.locator(".stato strong").inner_text().rpartition(": ")[2]
            assert table.locator("tr").last.locator("td").last.inner_text() == figure
            courses += 1
    assert courses == 11


def test_of_people_only_the_result_is_shown(visore: Occhio, documenti: Documenti) -> None:
    data = json.loads(documenti.pagina.with_suffix(".json").read_text("utf-8"))
    rows = {i["codice"]: i for o in data["obiettivi"] for i in o["indicatori"]}
    page = open_file(visore, documenti.pagina)
    open_all(page)
    expect(page.locator(".regole")).to_contain_text(REGOLA)
    for codice in ("WELFARE", "FORMAZIONE", "CONCILIAZIONI_PER_FTE"):
        card = page.locator(".indicatore").filter(has=page.get_by_text(codice, exact=True))
        expect(card).to_have_count(1)
        text = card.inner_text()
        assert REGOLA in text and "Numeratore" not in text and ".csv" not in text
        assert "Mese per mese" not in text
        numeratore, denominatore = (
            format_numero(Decimal(rows[codice][n]), 0) for n in ("numeratore", "denominatore")
        )
        assert not re.search(rf"\b{numeratore} (su|di|/) {denominatore}\b", text)


def test_hostile_texts_are_inert(visore: Occhio, documenti: Documenti) -> None:
    page = open_file(visore, documenti.ostile)
    open_all(page)
    assert page.locator("script").count() == 1
    assert page.locator("img, iframe, object, svg[onload]").count() == 0
    expect(page.get_by_text("<script>alert(2)</script>").first).to_be_visible()


@pytest.mark.parametrize("nome", NOMI)
def test_it_runs_without_its_script(documenti: Documenti, nome: str) -> None:
    """What no script filters is there whole: the form is hidden, and nothing else is."""
    path: Path = getattr(documenti, nome)
    text = path.read_text("utf-8")
    assert re.findall(r"<(\w+)[^>]* hidden[ >]", text) == ["form"]
