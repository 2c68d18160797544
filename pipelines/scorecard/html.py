"""The scorecard as one page that needs nothing but itself.

Belongs here: the page as a format. Does not belong here: what it prints (quadro.py, voci.py), its structure
(pagina.html.j2), its look (stile.css.j2), what filters it (filtri.js).
"""

from pathlib import Path

from pipelines.scorecard.formato import Formato
from pipelines.scorecard.modelli import template
from pipelines.scorecard.quadro import draw_up
from pipelines.scorecard.sheet import Scheda


def render_html(scheda: Scheda) -> str:
    """The page of a partition; the same scorecard always gives the same text."""
    return template("pagina.html.j2").render(draw_up(scheda))


def write_html(scheda: Scheda, path: Path) -> None:
    """Write the page of a partition."""
    path.write_text(render_html(scheda), "utf-8")


FORMATO = Formato("html", "la pagina", write_html, apart=True)
