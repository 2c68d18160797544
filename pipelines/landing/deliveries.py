"""Which deliveries are whole: two looks at the landing zone that see the same, or a sidecar that says so.

Belongs here: what is remembered between two looks (a few hashes of names, sizes and times), and when
a partition can be read; the look of a run at every file, and how long before it reads. Does not belong
here: what its files hold (pending.py compares that), what stands for a file that is not whole (steps.py).
"""

import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pipelines.landing.handles import state
from pipelines.landing.rifiutato import Rifiutato
from pipelines.landing.zone import (
    IMPRONTA,
    INTERO,
    Aspetto,
    declared_fingerprint,
    folder_of,
    list_deliveries,
    list_partitions,
    mappings_folder,
    mappings_of,
    plan_files,
    read_whole,
    sidecar_of,
)
from pipelines.partizione import Partizione
from pipelines.settings import now

ATTESA = "PIRA_ATTESA"
"""The variable that says for how many seconds a file must have stood still; 0: it is taken as it is."""
SECONDI = 2.0
"""Where it says nothing."""
_MARGINE = timedelta(days=1)
"""A file older than this is no longer being written, whatever the clock of the disk that it lies on."""

CAMBIATO: Aspetto = (-1, -1)
"""How a file was that was not there when somebody looked."""

INSIEME = ""
"""Stands for which partitions there are, among their keys."""


@dataclass(frozen=True)
class Sguardo:
    """A look: by partition, a hash of names, sizes and times, now and at the look before.

    `chiesti` are the hashes for which a run was last asked, or found needless.
    """

    adesso: dict[str, str]
    prima: dict[str, str]
    chiesti: dict[str, str]

    @property
    def nuove(self) -> set[str]:
        """The partitions that are not as they were when they were last dealt with."""
        return {key for key, seen in self.adesso.items() if self.chiesti.get(key) != seen}

    @property
    def ferme(self) -> set[str]:
        """The partitions that are as they were at the look before."""
        return {key for key, seen in self.adesso.items() if self.prima.get(key) == seen}

    def cursor(self, trattate: Set[str] = frozenset()) -> str:
        """What the next look starts from, once these partitions have been dealt with."""
        kept = {key: value for key, value in self.chiesti.items() if key in self.adesso}
        new = {key: self.adesso[key] for key in trattate}
        return json.dumps({"visti": self.adesso, "chiesti": {**kept, **new}}, sort_keys=True)


def look(raw: Path, cursor: str | None) -> Sguardo:
    """Looks at the landing zone, without opening a file; `cursor` is what the last look left."""
    remembered = json.loads(cursor) if cursor else {"visti": {}, "chiesti": {}}
    partizioni = list_partitions(raw)
    seen = {p.chiave: _hash_of_stats(raw, p) for p in partizioni}
    seen[INSIEME] = _hash([p.chiave for p in partizioni])
    return Sguardo(seen, remembered["visti"], remembered["chiesti"])


def _hash(found: object) -> str:
    return hashlib.sha256(repr(found).encode()).hexdigest()[:16]


def _hash_of_stats(raw: Path, partizione: Partizione) -> str:
    """Of all that lies in a partition, and of what its chamber says of how files are read."""
    paths = set(mappings_of(raw, partizione))
    for folder in (folder_of(raw, partizione), mappings_folder(raw, partizione)):
        for parent, _, names in os.walk(folder):
            paths.update(Path(parent) / name for name in names)
    found = []
    for path in paths:
        try:
            stat = path.lstat()
        except OSError:
            continue
        found.append((os.fsencode(path), stat.st_size, stat.st_mtime_ns))
    return _hash(sorted(found))


def settled(raw: Path, glance: Sguardo) -> tuple[set[str], set[str]]:
    """Of the partitions that are new: those whose deliveries are whole, and those that never will be.

    Whole is what stands still between two looks, or has a sidecar for every file. Where a sidecar
    names a content that a file at rest has not, nothing more is coming: the night will refuse it.
    """
    whole, wrong = glance.nuove & glance.ferme & {INSIEME}, set()
    for partizione in list_partitions(raw):
        key = partizione.chiave
        if key not in glance.nuove:
            continue
        files = _files(raw, partizione)
        still = key in glance.ferme
        if still or (files and all(map(_is_declared, files))):
            if all(_is_as_declared(raw, path) for path in files):
                whole.add(key)
            elif still:
                wrong.add(key)
    return whole, wrong


def _files(raw: Path, partizione: Partizione) -> list[Path]:
    """The deliveries of a partition and its plan."""
    known, _ = list_deliveries(raw, partizione)
    return [c.percorso for parts in known.values() for c in parts] + plan_files(raw, partizione)


def _is_declared(path: Path) -> bool:
    """Whether a sidecar, not older than the file itself, says that it is whole."""
    for suffix in (INTERO, IMPRONTA):
        try:
            if os.lstat(sidecar_of(path, suffix)).st_mtime_ns >= path.stat().st_mtime_ns:
                return True
        except OSError:
            continue
    return False


def _is_as_declared(raw: Path, path: Path) -> bool:
    if declared_fingerprint(raw, path) is None:
        return True
    try:
        read_whole(raw, path)
    except Rifiutato:
        return False
    return True


# --- the look of a run ------------------------------------------------------------------------------


def look_before_reading(
    raw: Path, partizioni: Iterable[Partizione], say: Callable[[str], None]
) -> dict[Path, Aspetto | None] | None:
    """How each file of some partitions is, plans too, for as long as it must stand still to be read.

    Where none can still be arriving, that takes no time. Nothing of a file whose sidecar says that it is
    whole; None where whoever runs wants all as it is. Raises ValueError, with a sentence.
    """
    text = os.environ.get(ATTESA) or f"{SECONDI}"
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", text):
        raise ValueError(f"{ATTESA} è {text!r}: scrivervi un numero di secondi (60), o toglierla.")
    if not (seconds := float(text)):
        return None
    found = {path: _seen(raw, path) for p in partizioni for path in _files(raw, p)}
    since = (now() - _MARGINE).timestamp() * 1e9
    if any(how is not None and how[1] > since for how in found.values()):
        say(f"Ci sono file recenti: guardo per {seconds:g} secondi che siano fermi.")
        time.sleep(seconds)
    return found


def _seen(raw: Path, path: Path) -> Aspetto | None:
    try:
        facts = state(raw, path)
    except OSError:
        return CAMBIATO  # whoever reads it says why it cannot be read
    return None if _is_declared(path) else (facts.st_size, facts.st_mtime_ns)


def as_seen(before: Mapping[Path, Aspetto | None] | None, path: Path) -> Aspetto | None:
    """How a file must be to be read, after a look: as it was then. A file that was not there must not."""
    return None if before is None else before.get(path, CAMBIATO)
