"""The pictures of a terminal in docs/mappe.md, drawn from what the page says that each command prints.

Belongs here: from the text of a command to an SVG that needs no browser and no font of the network. Does not
belong here: whether the command prints that (tests/desk/test_map.py).
"""

import io
import re

from rich.console import Console
from rich.text import Text

from pipelines.settings import ROOT

PAGINA = ROOT / "docs" / "mappe.md"
COLONNE = 110
"""Of the terminal: longer lines go on below."""

# That of rich without its web font: a picture of the documentation asks nothing of the network.
_MODELLO = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font: {char_height}px/{line_height}px "DejaVu Sans Mono", Consolas, monospace; }}
.{unique_id}-title {{ font: bold 18px sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def drawn() -> dict[str, str]:
    """The pictures by name (`mappa-1`), one for each command of the page that prints something new."""
    passi = re.findall(r"```console\n(.*?)\n```", PAGINA.read_text("utf-8"), re.DOTALL)
    interi = [testo for testo in passi if "\n...\n" not in testo]
    return {f"mappa-{n}": _picture(f"mappa-{n}", testo) for n, testo in enumerate(interi, start=1)}


def _picture(nome: str, testo: str) -> str:
    comando, _, stampato = testo.partition("\n")
    console = Console(width=COLONNE, record=True, file=io.StringIO(), force_terminal=True)
    console.print(Text(comando, style="bold green"), Text(stampato), sep="\n", end="\n\n")
    svg = console.export_svg(title="pira", code_format=_MODELLO, unique_id=nome)
    return re.sub(r"[ \t]+$", "", svg, flags=re.MULTILINE)
