"""The publications as folders: their names and order, which is current, which go.

Belongs here: how publications lie in the output, and the fixed names that lead to the current one. Does not
belong here: how one is made (publish.py), who may work on them (turno.py), what an operator asks of them
(kept.py). A publication is a folder that holds the database, the scorecard files, the history and
the manifest; `corrente` is a link to it, and replacing that link changes all of them together.
"""

import os
import re
import shutil
from datetime import datetime
from pathlib import Path

from pipelines.durable import BOZZA
from pipelines.publication.memoria import MANIFEST, read_manifest
from pipelines.settings import Luoghi

DATABASE = "pira.duckdb"
SCORECARD = "scorecard"


class NonPubblicabile(Exception):
    """Nothing can be published; the message says which gate is broken, or what stands in the way."""


def current(luoghi: Luoghi) -> Path | None:
    """The folder of the current publication."""
    link = luoghi.corrente
    return luoghi.pubblicazioni / link.readlink().name if link.is_symlink() else None


def list_publications(luoghi: Luoghi) -> list[Path]:
    """Publications kept, oldest first; one whose place another took is not kept."""
    replaced = replaced_ones(luoghi)
    return [folder for folder in _published(luoghi) if folder not in replaced]


def _published(luoghi: Luoghi) -> list[Path]:
    """Every publication there is: not one whose switch has not happened yet."""
    found = {path.parent for path in luoghi.pubblicazioni.glob(f"*/{MANIFEST}")}
    return sorted(
        found - {announced_one(luoghi)}, key=lambda folder: (_number(folder), folder.name)
    )


def replaced_ones(luoghi: Luoghi) -> set[Path]:
    """Publications whose place one of the same content took: there for who still reads in them."""
    names = {read_manifest(folder).get("sostituisce") for folder in _published(luoghi)}
    return {luoghi.pubblicazioni / name for name in names if name} - {current(luoghi)}


def announced_one(luoghi: Luoghi) -> Path | None:
    """The folder of a publication whose switch has not happened yet."""
    link = draft_of(luoghi.corrente)
    return luoghi.pubblicazioni / link.readlink().name if link.is_symlink() else None


def _number(folder: Path) -> int:
    """The place of a publication in their order; 0 for a folder that is not one."""
    leading = re.match(r"[0-9]+", folder.name)
    return int(leading[0]) if leading else 0


def next_name(luoghi: Luoghi, esecuzione: str, adesso: datetime) -> str:
    """Numbered, because a clock can go back; the time is there for who reads the name."""
    last = max((_number(folder) for folder in luoghi.pubblicazioni.glob("*")), default=0)
    return f"{last + 1:06d}-{adesso:%Y%m%dT%H%M%S}-{esecuzione[:8]}"


def prune(luoghi: Luoghi, keep: int) -> None:
    """Removes the replaced publications, then the oldest until `keep` are left, never the current one.

    Happens before a switch, never after: who has just resolved `corrente` can still read there.
    """
    for folder in replaced_ones(luoghi):
        if folder.exists():
            discard(luoghi, folder)
    kept = list_publications(luoghi)
    removable = [folder for folder in kept if folder != current(luoghi)]
    for folder in removable[: max(0, len(kept) - keep)]:
        discard(luoghi, folder)


def discard(luoghi: Luoghi, folder: Path) -> None:
    """Moves a publication out of sight before removing it: what is listed is always whole."""
    doomed = luoghi.lavoro(folder.name)
    doomed.parent.mkdir(exist_ok=True)
    os.replace(folder, doomed)
    shutil.rmtree(doomed, ignore_errors=True)


def draft_of(path: Path) -> Path:
    """Where something is made before it takes its name; one that is left over is swept."""
    return path.with_name(f".{path.name}{BOZZA}")


def fixed_names(luoghi: Luoghi) -> dict[Path, str]:
    return {
        luoghi.warehouse / name: f"{luoghi.corrente.name}/{name}"
        for name in (DATABASE, SCORECARD, MANIFEST)
    }
