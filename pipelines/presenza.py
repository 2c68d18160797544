"""Whether the landing zone is still what a run set out to read: one that is cut off looks empty.

Belongs here: what partitions there were when a run began, and that they are there when it builds. Does
not belong here: finding partitions (landing.py); a partition taken away between two runs, which is news.
"""

import json
from pathlib import Path

from pipelines.landing import Partizione, list_partitions
from pipelines.warehouse.publish import NonPubblicabile

_VISTE = "viste.json"
"""In a folder of the run's own, that no publication holds."""


def begin(raw: Path, folder: Path) -> list[Partizione]:
    """The partitions of the landing zone, remembered for `still_there`."""
    found = list_partitions(raw)
    (folder / _VISTE).write_text(json.dumps([p.chiave for p in found]))
    return found


def still_there(raw: Path, folder: Path) -> list[Partizione]:
    """The partitions of the landing zone now. Raises `NonPubblicabile` when some went away meanwhile."""
    found = list_partitions(raw)
    seen = [Partizione.from_chiave(chiave) for chiave in json.loads((folder / _VISTE).read_text())]
    if gone := [p.chiave for p in seen if p not in found]:
        raise NonPubblicabile(
            f"Durante l'esecuzione la zona di consegna ha perso {', '.join(gone)}:"
            " controllare che la cartella si legga e rilanciare."
        )
    return found
