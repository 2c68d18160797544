"""The publications kept, as an operator asks about them: which there are, going back, room for one more.

Belongs here: what `pira publications` and `pira rollback` do, and the look at the disk before a run.
Does not belong here: making a publication, or the order of its steps (publication/publish.py).
"""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipelines import durable
from pipelines.publication.memoria import damaged_files, read_manifest
from pipelines.publication.pubblicazioni import NonPubblicabile, current, list_publications
from pipelines.publication.publish import switch_back
from pipelines.publication.sgombero import in_use
from pipelines.publication.turno import turn
from pipelines.settings import Luoghi, machine

VERIFICA = "verifica.json"
"""Left in the output by a night that found nothing to do: the publication is what it would make."""

SMALLEST = 32 << 20
"""Bytes that the database of an empty landing zone takes, with a margin: every table has a block."""


@dataclass(frozen=True)
class Pubblicazione:
    """A publication kept. `revisione` is the code's; None outside git.

    `quando` is None, and `esecuzione` a mark, where its manifest is damaged.
    """

    nome: str
    quando: datetime | None
    esecuzione: str
    revisione: str | None
    corrente: bool


class PubblicazioneIgnota(Exception):
    """No kept publication has this name; the message lists those that there are."""


def describe_publications(luoghi: Luoghi) -> list[Pubblicazione]:
    """The publications kept, oldest first."""
    now = current(luoghi)
    found = []
    for folder in list_publications(luoghi):
        manifest = read_manifest(folder)
        when = manifest.get("pubblicato")
        found.append(
            Pubblicazione(
                folder.name,
                datetime.fromisoformat(when) if when else None,
                manifest.get("esecuzione", "manifesto guasto"),
                manifest.get("revisione"),
                folder == now,
            )
        )
    return found


def rollback(luoghi: Luoghi, nome: str, say: Callable[[str], None]) -> None:
    """Makes a kept publication the current one, whole and at once; the next run publishes anew.

    Waits for its turn as a run does. Raises `PubblicazioneIgnota`, or `NonPubblicabile` when the
    publication is no longer what its manifest says.
    """
    with turn(luoghi, f"ritorno a {nome}", say):
        kept = {folder.name: folder for folder in list_publications(luoghi)}
        if nome not in kept:
            names = ", ".join(kept) or "nessuna"
            raise PubblicazioneIgnota(f"{nome} non è tra le pubblicazioni tenute: {names}.")
        if damaged := damaged_files(kept[nome]):
            raise NonPubblicabile(
                f"Non si torna a {nome}: i suoi file non sono più quelli del suo manifesto"
                f" ({', '.join(damaged)})."
            )
        switch_back(luoghi, kept[nome])


def confirm(luoghi: Luoghi, adesso: datetime) -> None:
    """Leaves word that a night compared the current publication with the landing zone: it is right."""
    folder = current(luoghi)
    if folder is None:
        return
    word = {"quando": adesso.isoformat(), "pubblicazione": folder.name, "macchina": machine()}
    durable.write(f"{json.dumps(word)}\n".encode(), luoghi.warehouse / VERIFICA)


def last_confirmation(luoghi: Luoghi) -> str | None:
    """The word that the last night without news left, as it stands there; None where none did."""
    path = luoghi.warehouse / VERIFICA
    return path.read_text() if path.exists() else None


# --- room on the disk -------------------------------------------------------------------------------


def needed_bytes(luoghi: Luoghi) -> int:
    """How much room a run needs on the disk of the output.

    That is the store once more, as when everything is read anew: about as large as what it needs now, or
    as the landing zone where that is more; and twice the build, since its tables and their log lie side by
    side while it is made.
    """
    landing = max(_size(luoghi.raw), in_use(luoghi))
    published = current(luoghi)
    build = max(_size(published) if published else 0, SMALLEST + landing)
    return landing + 2 * build


def check_space(luoghi: Luoghi) -> None:
    """Refuses to start a run that the disk would stop half-way. Raises `NonPubblicabile`."""
    needed = needed_bytes(luoghi)
    free = shutil.disk_usage(existing(luoghi.warehouse)).free
    if free < needed:
        raise NonPubblicabile(
            f"Sul disco di {luoghi.warehouse} restano {megabytes(free)} MB e un'esecuzione ne chiede"
            f" circa {megabytes(needed)} MB: liberare spazio e rilanciare."
        )


def _size(folder: Path) -> int:
    """Bytes of the files below a folder, links not followed; a file that goes away counts nothing."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(parent, name)).st_size  # noqa: PTH118
            except OSError:
                continue
    return total


def existing(path: Path) -> Path:
    """The path itself, or the nearest folder above it that is there."""
    return path if path.exists() else existing(path.parent)


def megabytes(size: int) -> int:
    """Bytes as megabytes, rounded up."""
    return -(-size // (1 << 20))
