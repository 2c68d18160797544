"""Whether the landing zone is still what a run set out to read, and what it no longer has of what is
published: one that is cut off looks empty.

Belongs here: that the partitions which were there when the run took its turn are there; which published
ones are not, and why. Does not belong here: finding partitions (zone.py), when a run asks (steps.py),
what was read of them (deposito.py).
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.contract.regolamento import Regolamento
from pipelines.extracts.deposito import list_read, recall, stuck_because
from pipelines.landing.handles import entries
from pipelines.landing.zone import folder_of, list_closed, list_partitions
from pipelines.partizione import Partizione
from pipelines.publication.memoria import read_manifest
from pipelines.publication.pubblicazioni import NonPubblicabile, current
from pipelines.settings import Luoghi


def still_there(luoghi: Luoghi, keys: Iterable[str]) -> None:
    """Raises `NonPubblicabile` when a partition of those that were seen is not there now."""
    found = {p.chiave for p in list_there(luoghi)}
    if gone := [key for key in keys if key not in found]:
        raise NonPubblicabile(
            f"La zona di consegna non ha più {', '.join(gone)}: controllare che la cartella si legga"
            " e rilanciare."
        )


# --- between two runs -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Assenti:
    """What is published and is not in the landing zone, by what follows.

    `ferme` stay as they are, those in `chiuse` because the folder of their chamber cannot be opened;
    `ritirate` leave the publication, each with why it was declared withdrawn.
    """

    ferme: tuple[Partizione, ...] = ()
    chiuse: frozenset[str] = frozenset()
    ritirate: tuple[tuple[Partizione, str], ...] = ()


NESSUNO = Assenti()


def list_there(luoghi: Luoghi) -> list[Partizione]:
    """The partitions of the landing zone.

    Not one that is published and whose folder holds nothing: that is where a share was mounted.
    """
    known = _published(luoghi)
    found = [p for p in list_partitions(luoghi.raw) if luoghi.has(p.camera)]
    return [p for p in found if p not in known or not _is_empty(luoghi.raw, p)]


def _is_empty(raw: Path, partizione: Partizione) -> bool:
    try:
        return not entries(raw, folder_of(raw, partizione))
    except OSError:  # closed: whoever reads it says so
        return False


def list_known(luoghi: Luoghi) -> list[Partizione]:
    """The partitions of the landing zone; where it has none, those that are published."""
    return list_there(luoghi) or sorted(_published(luoghi))


def list_missed(luoghi: Luoghi) -> list[Partizione]:
    """What the current publication says that the landing zone did not have."""
    return [Partizione.from_chiave(key) for key in _manifest(luoghi).get("assenti", ())]


def _published(luoghi: Luoghi) -> set[Partizione]:
    """What the current publication has, and what it says that it misses."""
    manifest = _manifest(luoghi)
    keys = (*manifest.get("partizioni", ()), *manifest.get("assenti", ()))
    return {Partizione.from_chiave(key) for key in keys}


def _manifest(luoghi: Luoghi) -> dict[str, Any]:
    folder = current(luoghi)
    return read_manifest(folder) if folder else {}


def list_absent(luoghi: Luoghi, there: Collection[Partizione], rules: Regolamento) -> Assenti:
    """The partitions that the current publication has, or misses already, and that are not `there`.

    A chamber that one has left and that cannot be published any more is missed for as long as nobody
    declares it withdrawn.
    """
    closed = {camera for camera in list_closed(luoghi.raw) if luoghi.has(camera)}
    read = {p for p in list_read(luoghi) if p.camera in closed}
    gone = sorted((_published(luoghi) | read) - set(there))
    declared = {p: why for p in gone if (why := rules.withdrawn(p.camera, p.esercizio))}
    return Assenti(
        tuple(p for p in gone if p not in declared),
        frozenset(closed),
        tuple(declared.items()),
    )


# --- as it is told ----------------------------------------------------------------------------------


def why_stuck(
    luoghi: Luoghi, there: Iterable[Partizione], absent: Assenti
) -> Iterator[tuple[str, int, str, bool]]:
    """The partitions that stay as they were, with why, and whether they are not in the landing zone."""
    for p in there:
        if why := stuck_because(luoghi, p):
            yield p.camera, p.esercizio, why, False
    for p in absent.ferme:
        yield p.camera, p.esercizio, _absent_because(luoghi, p, p.camera in absent.chiuse), True


def _absent_because(luoghi: Luoghi, partizione: Partizione, closed: bool) -> str:
    kept = recall(luoghi, partizione, anche_superata=True)
    left = f"restano i dati letti il {kept.giorno:%d/%m/%Y}" if kept else "la partizione manca"
    if closed:
        return f"La cartella della Camera non si può aprire: {left}. Controllare i permessi."
    return (
        f"La cartella {partizione.camera}/{partizione.esercizio:04d} non è più nella zona di consegna,"
        f" o non contiene niente: {left}. Rimetterla al suo posto o, se non deve tornare, dichiararla"
        " in [ritirate] in sql/regole.toml."
    )


def why_withdrawn(
    there: Iterable[Partizione], absent: Assenti, rules: Regolamento
) -> Iterator[tuple[str, int, str]]:
    """The partitions that leave the publication as declared; and those declared that are there, and stay."""
    for p, why in absent.ritirate:
        yield p.camera, p.esercizio, f"Esce dalla pubblicazione, perché dichiarata ritirata: {why}"
    for p in there:
        if declared := rules.withdrawn(p.camera, p.esercizio):
            yield (
                *(p.camera, p.esercizio),
                f"È dichiarata ritirata ({declared}) ma sta nella zona di consegna, e resta"
                " pubblicata: togliere la cartella, o la dichiarazione in sql/regole.toml.",
            )
