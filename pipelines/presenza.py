"""Whether the landing zone is still what a run set out to read: one that is cut off looks empty.

Belongs here: that the partitions which were there when the run took its turn are there. Does not belong
here: finding partitions (landing.py), when a run asks (steps.py); a partition taken away between two
runs, which is news.
"""

from collections.abc import Iterable
from pathlib import Path

from pipelines.landing import list_partitions
from pipelines.warehouse.publish import NonPubblicabile


def still_there(raw: Path, keys: Iterable[str]) -> None:
    """Raises `NonPubblicabile` when a partition of those that were seen is not there now."""
    found = {p.chiave for p in list_partitions(raw)}
    if gone := [key for key in keys if key not in found]:
        raise NonPubblicabile(
            f"La zona di consegna non ha più {', '.join(gone)}: controllare che la cartella si legga"
            " e rilanciare."
        )
