"""The pictures of the documentation, over the committed sample. `python -m tests.pagina [NOME ...]`.

Each is what an operator sees; those of the operator's page (docs/operatore.md) are in its order. Those of
the terminal (`mappa-1`, terminale.py) need no browser.
"""

import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from pipelines.settings import ROOT, Luoghi
from tests.pagina.browser import Occhio, guarda, trova
from tests.pagina.documenti import LARGO, TELEFONO, open_file
from tests.pagina.istanza import Istanza, servi
from tests.pagina.terminale import drawn

CARTELLA = ROOT / "docs" / "pictures"
CODICE = "/locations/__repository__@pira"
PIENA = 300 << 10
"""Bytes that a picture should not pass: every version of it stays in the repository."""


def niente(_: Page) -> None:
    """The page as it opens."""


def apre_la_tabella(page: Page) -> None:
    """Opens the first table that is behind a link."""
    page.get_by_text("[Show Markdown]").first.click()
    page.get_by_role("dialog").locator("table").wait_for()


def apre_l_esecuzione(page: Page) -> None:
    """From the list of the runs to the last one."""
    page.locator('a[href^="/runs/"]', has_text=re.compile("^[0-9a-f]{8}$")).first.click()
    page.get_by_text("RUN_SUCCESS").wait_for()


@dataclass(frozen=True)
class Figura:
    """A picture: which page, what must be on it before it is taken, what is clicked then."""

    nome: str
    path: str
    attesa: str
    gesto: Callable[[Page], None] = niente


FIGURE = (
    Figura("pubblicazione", "/assets/pubblicazione?view=overview", "righe_accettate"),
    Figura("esecuzione", "/runs", "Success", apre_l_esecuzione),
    Figura("grafo", "/asset-groups", "g7_pubblicazione"),
    Figura("estratto", "/assets/fonti/registro_imprese_pratiche?view=overview", "Columns"),
    Figura(
        "quarantena",
        "/assets/fonti/registro_imprese_pratiche?view=checks&checkDetail=contratto",
        "quarantena",
        apre_la_tabella,
    ),
    Figura(
        "indicatore",
        "/assets/indicatori/INCIDENZA_CONSIP?view=partitions&partition=MS-2020",
        "valore",
    ),
    Figura("orario", f"{CODICE}/schedules/ogni_notte", "Europe/Rome"),
    Figura("demoni", "/deployment/daemons", "Scheduler"),
)


def scatta(occhio: Occhio, figura: Figura) -> bytes:
    """The picture of a page."""
    page = occhio.apri(figura.path)
    page.get_by_text(figura.attesa).first.wait_for()
    page.wait_for_load_state("networkidle")
    figura.gesto(page)
    page.wait_for_load_state("networkidle")
    return _picture(page)


DOCUMENTI = {
    f"{nome}{largo}{tono}": (file, largo, bool(tono))
    for nome, file in (("scorecard-", "MS-2020.html"), ("indice-", "indice.html"))
    for largo in (TELEFONO, LARGO)
    for tono in ("", "-scuro")
}
"""The pictures of the documents: file, width, whether it is dark."""


def scatta_documento(occhio: Occhio, path: Path, largo: int, scuro: bool) -> bytes:
    """The picture of a document as it opens."""
    return _picture(open_file(occhio, path, largo, scuro))


def _picture(page: Page) -> bytes:
    taken = page.screenshot(animations="disabled", caret="hide")
    page.close()
    return taken


def main(names: list[str]) -> int:
    """Takes the pictures, all or those named; returns the exit status."""
    CARTELLA.mkdir(exist_ok=True)
    terminale = {nome: svg for nome, svg in drawn().items() if not names or nome in names}
    for nome, svg in terminale.items():
        (CARTELLA / f"{nome}.svg").write_text(svg, "utf-8")
    if names and terminale.keys() >= set(names):
        return 0  # no browser is asked for
    if trova() is None:
        print("no browser on this machine: install Chromium", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="pira-pagina-") as folder:
        luoghi = Luoghi(ROOT / "raw", Path(folder) / "warehouse")
        istanza = Istanza(luoghi, Path(folder) / "dagster", produzione=True)
        istanza.notte()
        with servi(istanza, demone=True) as address, guarda(address) as occhio:
            taken = {f.nome: scatta(occhio, f) for f in FIGURE if not names or f.nome in names}
            for name, (file, largo, scuro) in DOCUMENTI.items():
                if not names or name in names:
                    html = luoghi.warehouse / "scorecard" / file
                    taken[name] = scatta_documento(occhio, html, largo, scuro)
    for name, content in taken.items():
        path = CARTELLA / f"{name}.png"
        path.write_bytes(content)
        note = "" if len(content) <= PIENA else "  too large"
        print(f"{path.relative_to(ROOT)}  {len(content) >> 10} KB{note}")
    return 1 if any(len(content) > PIENA for content in taken.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
