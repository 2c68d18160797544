"""The documents that a browser opens by themselves, with no server and no network.

Belongs here: which documents are looked at, how one is opened, what everybody asks of a page. Does not
belong here: the browser (browser.py), Dagster's pages (test_pagina.py).
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from pipelines.scorecard.html import render_html
from pipelines.settings import Luoghi
from tests.pagina.browser import Occhio
from tests.scorecard.schede import ostile, scheda

TELEFONO, LARGO = 390, 1400
INGRANDITO = 320
"""What is left of a window of 1280 at 400 %."""


@dataclass(frozen=True)
class Documenti:
    """The files that are looked at: a published page and its index, a page full of attacks."""

    pagina: Path
    indice: Path
    ostile: Path

    @property
    def tutti(self) -> tuple[Path, ...]:
        return self.pagina, self.indice, self.ostile


def lay_out(campione: Luoghi, folder: Path) -> Documenti:
    """The published documents, and beside them one of an open year in which every text is an attack."""
    attacked = folder / "ostile.html"
    una = scheda(
        plan=ostile(),
        risultati={16: None, 26: None},
        stato="PROVVISORIO",
        giorno=date(2020, 6, 30),
        sintetici=True,
        motivo="</style></td><script>alert(2)</script>",
        versione='"><svg onload=alert(3)>',
    )
    attacked.write_text(render_html(una), "utf-8")
    published = campione.warehouse / "scorecard"
    return Documenti(published / "MS-2020.html", published / "indice.html", attacked)


def set_window(page: Page, largo: int, scuro: bool = False) -> None:
    """A window so wide, light or dark."""
    page.set_viewport_size({"width": largo, "height": 844})
    page.emulate_media(color_scheme="dark" if scuro else "light")


def open_file(occhio: Occhio, path: Path, largo: int = LARGO, scuro: bool = False) -> Page:
    """A document in such a window; what goes wrong on it is told to `guai`."""
    page = occhio.contesto.new_page()
    set_window(page, largo, scuro)
    page.on("console", occhio._console)
    page.on("pageerror", lambda error: occhio.guai.append(f"script: {error}"))
    page.on("dialog", lambda dialog: occhio.guai.append(f"dialogo: {dialog.message}"))
    page.goto(path.as_uri())
    return page


def open_all(page: Page) -> None:
    """Opens every disclosure."""
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")


def violations(page: Page) -> list[str]:
    """What axe finds: the rule and the first places."""
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {[n['target'] for n in v['nodes'][:3]]}" for v in found]


def overflow(page: Page) -> int:
    """By how much the page is wider than its window."""
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )
