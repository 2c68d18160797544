"""The pictures of docs/architettura.md, drawn from the code. `python -m tests.architettura` writes them anew.

Belongs here: which rooms import which, which schemas of the warehouse are made of which. Does not belong
here: the words around them, the rule that no arrow runs up (test_structure.py).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipelines.fingerprints import imports
from pipelines.settings import ROOT
from pipelines.warehouse.models import read_models

PAGINA = ROOT / "docs" / "architettura.md"
_DISEGNO = re.compile(r"(<!-- (\w+) -->\n)```mermaid\n.*?```\n", re.DOTALL)
"""A picture and the mark before it, which names it."""
INTERNI = {"controlli"}
"""Schemas that look at all others, and would hide the flow."""


def room_of(module: str) -> str:
    """The room of a module of ours; the loose ones are the ground that everybody stands on."""
    name = module.split(".")[1]
    return name if (ROOT / "pipelines" / name).is_dir() else ""


def imported_by(path: Path) -> set[str]:
    """The modules of ours that a module imports, whenever it does."""
    return {name for name in imports(path.read_bytes()) if name.startswith("pipelines.")}


def arrows() -> Iterator[tuple[str, str]]:
    """Each import of a room from another, as often as modules do it."""
    for path in sorted((ROOT / "pipelines").rglob("*.py")):
        own = room_of(".".join(path.relative_to(ROOT).with_suffix("").parts))
        yield from {(own, room) for module in imported_by(path) if (room := room_of(module)) != own}


def _reduced(edges: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The arrows that are no shortcut of a longer way."""
    below: dict[str, set[str]] = {}

    def reach(node: str) -> set[str]:
        if node not in below:
            below[node] = set()
            for _, to in (e for e in edges if e[0] == node):
                below[node] |= {to} | reach(to)
        return below[node]

    return {
        (a, b)
        for a, b in edges
        if not any(b in reach(other) for x, other in edges if x == a and other != b)
    }


def _drawing(direction: str, edges: Iterable[tuple[str, str]]) -> str:
    lines = "".join(f"    {a} --> {b}\n" for a, b in sorted(edges))
    return f"```mermaid\nflowchart {direction}\n{lines}```\n"


def rooms() -> str:
    """Which room stands on which: an arrow goes from who imports to what is imported."""
    return _drawing("TD", _reduced({(a, b) for a, b in arrows() if a and b}))


def schemas() -> str:
    """What the warehouse is made of: an arrow goes from what is read to what is made of it."""
    found = Counter(
        (source.split(".")[0], model.schema)
        for model in read_models()
        for source in model.dipende
        if model.schema not in INTERNI and source.split(".")[0] != model.schema
    )
    return _drawing("LR", (pair for pair, _ in found.items()))


DISEGNI = {"stanze": rooms, "magazzino": schemas}


def drawn(text: str) -> str:
    """The page with its pictures as the code is now."""
    return _DISEGNO.sub(lambda m: m[1] + DISEGNI[m[2]](), text)


if __name__ == "__main__":
    PAGINA.write_text(drawn(PAGINA.read_text("utf-8")), "utf-8")
