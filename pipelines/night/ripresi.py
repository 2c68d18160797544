"""Documents taken over from the current publication, where they would be written the same.

Belongs here: which may be taken, and that what is kept is not believed. Does not belong here: by what two
documents are the same (scorecard/write.py).
"""

import json
from collections.abc import Callable
from pathlib import Path

from pipelines import custodia
from pipelines.publication.memoria import read_manifest
from pipelines.publication.pubblicazioni import DATABASE, SCORECARD, current
from pipelines.scorecard.write import Ripresa, write_all
from pipelines.settings import Luoghi

ORIGINI = "documenti.json"
"""Beside the documents of a publication: what each is made from, as one hash."""


def write_documents(luoghi: Luoghi, lavoro: Path, say: Callable[[str], None]) -> list[Path]:
    """The documents of a build, written or taken over, and what each is made from, for the next night.

    Those of chambers that are computed without the others lie in a folder of each.
    """
    target = lavoro / SCORECARD
    written = write_all(
        lavoro / DATABASE, lavoro / "piani", target, _taken_over(luoghi), say, luoghi.camere
    )
    custodia.write_json(lavoro / ORIGINI, written)
    return [target / name for name in written]


def _taken_over(luoghi: Luoghi) -> Ripresa | None:
    """Gives a document of the current publication if it has these origins and is as its manifest says; None
    where there is none to give."""
    folder = current(luoghi)
    hashes = read_manifest(folder).get("file", {}) if folder else {}

    def read(name: str) -> bytes | None:
        return custodia.read_if(folder / name, hashes[name]) if folder and name in hashes else None

    known: dict[str, str] = json.loads(read(ORIGINI) or b"{}")

    def take(name: str, origini: str) -> bytes | None:
        return read(f"{SCORECARD}/{name}") if known.get(name) == origini else None

    return take if known else None
