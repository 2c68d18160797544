"""One run at a time in the output, cleared of what killed runs left.

Belongs here: the lock, who may enter the output, what stands in its places, the sweeping. Does not belong
here: what is done under the lock (publish.py, kept.py, sgombero.py).
"""

import fcntl
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from pipelines.durable import BOZZA
from pipelines.publication.memoria import memory_folder
from pipelines.publication.pubblicazioni import (
    NonPubblicabile,
    announced_one,
    current,
    discard,
    fixed_names,
)
from pipelines.settings import Luoghi, now, unusable

LETTURA = "PIRA_LETTURA"
"""The variable that, if it says `tutti`, opens the output to every user of the machine."""


@contextmanager
def turn(luoghi: Luoghi, esecuzione: str, say: Callable[[str], None]) -> Iterator[None]:
    """Holds the output for one run, cleared of what killed runs left; a second run waits.

    The lock is the operating system's: it goes with the process, however that ends. Raises
    `NonPubblicabile` when the output cannot be written or something else stands in its places.
    """
    with _open_turn(luoghi) as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stream.seek(0)
            say(f"Un'altra esecuzione tiene il magazzino ({stream.read().strip()}): attendo.")
            fcntl.flock(stream, fcntl.LOCK_EX)
        stream.seek(0)
        stream.truncate()
        since = f"{now():%d/%m/%Y %H:%M}"
        stream.write(f"esecuzione {esecuzione}, processo {os.getpid()}, dal {since}")
        stream.flush()
        _check_places(luoghi)
        sweep(luoghi, esecuzione)
        yield


def _open_turn(luoghi: Luoghi) -> TextIO:
    if why := unusable(luoghi.warehouse):
        raise NonPubblicabile(f"{why} e indicarla con PIRA_WAREHOUSE.")
    try:
        luoghi.warehouse.mkdir(parents=True, exist_ok=True)
        _close_to_others(luoghi.warehouse)
        return luoghi.turno.open("a+")
    except OSError as error:
        raise NonPubblicabile(
            f"Nella cartella {luoghi.warehouse} non si può scrivere ({error.strerror}): renderla"
            " scrivibile o indicarne un'altra con PIRA_WAREHOUSE."
        ) from error


def _close_to_others(folder: Path) -> None:
    """Of those who are neither its owner nor of its group, only whom the operator lets in may enter.

    The folder is the door of all that lies in it.
    """
    mode = stat.S_IMODE(folder.stat().st_mode)
    wanted = mode | 0o005 if os.environ.get(LETTURA) == "tutti" else mode & ~0o007
    if wanted != mode:
        with suppress(PermissionError):  # the folder is somebody else's, who decides
            folder.chmod(wanted)


def _check_places(luoghi: Luoghi) -> None:
    """Refuses, before any work, an output where something that is not ours has our names."""
    links = {luoghi.corrente: f"{luoghi.pubblicazioni.name}/", **fixed_names(luoghi)}
    for link, target in links.items():
        taken = link.is_symlink() or link.exists()
        if taken and not (link.is_symlink() and str(link.readlink()).startswith(target)):
            raise NonPubblicabile(
                f"{link} non è il collegamento che pira mette lì: spostarlo altrove e rilanciare."
            )
    for name in ("pubblicazioni", "lavoro", "deposito", "storico"):
        folder = luoghi.warehouse / name
        if folder.exists() and not folder.is_dir():
            raise NonPubblicabile(f"{folder} non è una cartella: spostarlo altrove e rilanciare.")


def sweep(luoghi: Luoghi, esecuzione: str) -> None:
    """Removes what killed runs left: builds, drafts, a publication that was never switched to.

    Only under the lock, when no other run is at work; what this run has built so far stays.
    """
    orphan = announced_one(luoghi)
    if orphan is not None and orphan.exists() and orphan != current(luoghi):
        discard(luoghi, orphan)
    for draft in (
        *luoghi.warehouse.glob(f".*{BOZZA}"),
        *memory_folder(luoghi).glob(f".*{BOZZA}"),
        *luoghi.pubblicazioni.glob(f"*/**/.*{BOZZA}"),
        *(luoghi.warehouse / "deposito").rglob(f"*{BOZZA}"),
    ):
        draft.unlink()
    for abandoned in luoghi.lavoro(esecuzione).parent.glob("*"):
        if abandoned.name != esecuzione:
            shutil.rmtree(abandoned, ignore_errors=True)
