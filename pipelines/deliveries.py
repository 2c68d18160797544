"""Which deliveries are whole: two looks at the landing zone that see the same, or a sidecar that says so.

Belongs here: what is remembered between two looks (a few hashes of names, sizes and times), and when
a partition can be read. Does not belong here: what its files hold (pending.py compares that).
"""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from pipelines.landing import (
    IMPRONTA,
    INTERO,
    Consegna,
    declared_fingerprint,
    folder_of,
    list_deliveries,
    list_partitions,
)


@dataclass(frozen=True)
class Glance:
    """A look: by partition, a hash of names, sizes and times, now and at the look before.

    `chiesti` are the hashes for which a run was last asked, or found needless.
    """

    adesso: dict[str, str]
    prima: dict[str, str]
    chiesti: dict[str, str]

    @property
    def nothing_new(self) -> bool:
        """Whether everything is as it was when it was last dealt with."""
        return self.adesso == self.chiesti

    @property
    def cursor(self) -> str:
        """What the next look starts from."""
        return json.dumps({"visti": self.adesso, "chiesti": self.chiesti}, sort_keys=True)

    def asked(self, partizioni: set[str]) -> str:
        """As `cursor`, once these partitions have been dealt with; those that are gone are forgotten."""
        kept = {key: value for key, value in self.chiesti.items() if key in self.adesso}
        new = {key: value for key, value in self.adesso.items() if key in partizioni}
        return json.dumps({"visti": self.adesso, "chiesti": {**kept, **new}}, sort_keys=True)


def look(raw: Path, cursor: str | None) -> Glance:
    """Looks at the landing zone, without opening a file; `cursor` is what the last look left."""
    remembered = json.loads(cursor) if cursor else {"visti": {}, "chiesti": {}}
    return Glance(
        {p.chiave: _hash_of_stats(folder_of(raw, p)) for p in list_partitions(raw)},
        remembered["visti"],
        remembered["chiesti"],
    )


def _hash_of_stats(folder: Path) -> str:
    found = []
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent) / name
            try:
                stat = path.lstat()
            except OSError:
                continue
            found.append((os.fsencode(path), stat.st_size, stat.st_mtime_ns))
    return hashlib.sha256(repr(sorted(found)).encode()).hexdigest()[:16]


def settled(raw: Path, glance: Glance) -> set[str]:
    """The partitions whose deliveries are whole.

    Where a sidecar names a content, that content must be there; for the rest the whole partition
    stands still between two looks, or every delivery has a sidecar.
    """
    whole = set()
    for partizione in list_partitions(raw):
        key = partizione.chiave
        parts = [c for many in list_deliveries(raw, partizione)[0].values() for c in many]
        still = glance.adesso.get(key) == glance.prima.get(key)
        if (still or (parts and all(map(_is_declared, parts)))) and all(
            map(_is_as_declared, parts)
        ):
            whole.add(key)
    return whole


def _is_declared(consegna: Consegna) -> bool:
    path = consegna.percorso
    return any(path.with_name(path.name + suffix).is_file() for suffix in (INTERO, IMPRONTA))


def _is_as_declared(consegna: Consegna) -> bool:
    named = declared_fingerprint(consegna.percorso)
    if named is None:
        return True
    try:
        with consegna.percorso.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == named
    except OSError:
        return False
