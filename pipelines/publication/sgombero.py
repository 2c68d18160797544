"""How long the store keeps what nothing leads to: rows of deliveries that were withdrawn or changed.

Belongs here: which files of the store the present state needs, which go and when, and how much room
the needed ones take. Does not belong here: how they are made (extracts/ingestione.py), what a partition's
state says (deposito.py), the records of Dagster (retention.py).

A publication kept is a whole copy and needs nothing of the store. What goes is rows under pseudonyms
and their quarantine: no more is lost than the time to read a delivery again, if it comes back.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl

from pipelines.contract.estratti import PER_CODICE
from pipelines.extracts.deposito import list_states
from pipelines.extracts.ingestione import PARTE, part_stem, read_as
from pipelines.extracts.pseudonyms import load_key
from pipelines.landing.zone import list_closed, list_partitions
from pipelines.partizione import Partizione
from pipelines.publication.memoria import MANIFEST
from pipelines.publication.pubblicazioni import list_publications
from pipelines.publication.turno import turn
from pipelines.settings import Luoghi

GIORNI = 30
"""Days that the store keeps what nothing leads to any more."""


@dataclass(frozen=True)
class Sgombero:
    """Files that went, with their bytes; and those that nothing leads to, but not for long enough."""

    tolti: int
    byte: int
    attesa: int


def prune_store(
    luoghi: Luoghi, older_than: timedelta, adesso: datetime, say: Callable[[str], None]
) -> Sgombero:
    """Removes from the store what nothing has led to for `older_than`, in its turn as a run does.

    Raises `ChiaveRifiutata`: without the key nobody knows which parts are needed.

    When a file was last needed is the time it bears: each call gives those that are needed the time of
    the call, so what was withdrawn is counted from the last call before.
    """
    key = load_key()
    gone = size = waiting = 0
    for output in luoghi.stores():
        with turn(output, "sgombero del deposito", say):
            for state in _states(output):
                needed = set(_needed(state, key))
                for path in _files(state.parent):
                    facts = path.lstat()
                    if _stem(path) in needed:
                        os.utime(path, (adesso.timestamp(), adesso.timestamp()))
                    elif adesso.timestamp() - facts.st_mtime < older_than.total_seconds():
                        waiting += 1
                    else:
                        path.unlink()
                        gone, size = gone + 1, size + facts.st_size
            for folder in _forgotten(output, adesso - older_than):
                files = [p for p in folder.rglob("*") if p.is_file()]
                gone, size = gone + len(files), size + sum(p.lstat().st_size for p in files)
                shutil.rmtree(folder)
    return Sgombero(gone, size, waiting)


def in_use(luoghi: Luoghi) -> int:
    """Bytes of the store that the present state needs, about: what reading everything again would take.

    All the parts of extracts count, since only the key tells which of them are needed.
    """
    total = 0
    for state in _states(luoghi):
        whole = {stem.relative_to(state.parent).as_posix() for stem in _whole(state).values()}
        for folder in _list(state.parent):
            for file in _list(folder.path) if folder.is_dir(follow_symlinks=False) else ():
                stem = f"{folder.name}/{file.name.partition('.')[0]}"
                needed = stem in whole or file.name.startswith(PARTE)
                if needed and file.is_file(follow_symlinks=False):
                    with suppress(OSError):
                        total += file.stat(follow_symlinks=False).st_size
    return total


def _list(folder: Path | str) -> list[os.DirEntry[str]]:
    """What lies in a folder, with what the system tells of it: of some thousand files, every night."""
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def _states(luoghi: Luoghi) -> Iterator[Path]:
    """The states that can be read: of another partition nobody knows what it needs."""
    for path in list_states(luoghi):
        with suppress(OSError, ValueError, TypeError, LookupError):
            if json.loads(path.read_text())["estratti"]:
                yield path


def _files(folder: Path) -> Iterator[Path]:
    """The files of the extracts of a partition."""
    return (path for path in sorted(folder.glob("*/*")) if path.is_file() and not path.is_symlink())


def _stem(path: Path) -> Path:
    """What the files of one reading are called, but for what each is (ingest.PARTI, its seal)."""
    return path.with_name(path.name.partition(".")[0])


def _needed(state: Path, key: bytes) -> Iterator[Path]:
    """The readings that the state of a partition leads to: whole extracts, and their parts."""
    partizione = _partition(state)
    for codice, stem in _whole(state).items():
        yield stem
        place = stem.parent, PER_CODICE[codice], partizione, key
        with suppress(OSError, pl.exceptions.PolarsError):
            lines = pl.read_parquet(stem.with_name(f"{stem.name}.file.parquet"), glob=False)
            known = lines.select("_file", "sha256", "mappa").drop_nulls("sha256")
            for file, sha256, mapped in known.iter_rows():
                yield part_stem(*place, file, read_as(sha256, mapped))


def _whole(state: Path) -> dict[str, Path]:
    """By extract, the reading that the state of a partition leads to."""
    found = json.loads(state.read_text())["estratti"]
    return {e["estratto"]: _stem(state.parent / e["file"]) for e in found}


def _partition(state: Path) -> Partizione:
    return Partizione(state.parent.parent.name, int(state.parent.name))


def _forgotten(luoghi: Luoghi, before: datetime) -> Iterator[Path]:
    """Partitions that are neither in the landing zone nor in a publication kept, last read before then.

    None of a chamber whose publications are in a lake: only the lake knows them.
    """
    if luoghi.camere:
        return
    published = [json.loads((p / MANIFEST).read_text()) for p in list_publications(luoghi)]
    known = {p.chiave for p in list_partitions(luoghi.raw)}
    known |= {key for manifest in published for key in manifest["partizioni"]}
    closed = list_closed(luoghi.raw)
    for state in _states(luoghi):
        partizione = _partition(state)
        old = state.stat().st_mtime < before.timestamp()
        if old and partizione.chiave not in known and partizione.camera not in closed:
            yield state.parent
