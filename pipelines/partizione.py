"""The key of everything: a chamber and a year.

Belongs here: how it is written and read. Does not belong here: where a partition lies (landing/zone.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Partizione:
    """A chamber (two-letter code) and a year: the unit in which everything is computed."""

    camera: str
    esercizio: int

    @property
    def chiave(self) -> str:
        return f"{self.camera}-{self.esercizio:04d}"

    @classmethod
    def from_chiave(cls, chiave: str) -> "Partizione":
        camera, _, esercizio = chiave.partition("-")
        return cls(camera, int(esercizio))


def camera_of(key: str) -> str:
    """The chamber of a partition, by its key."""
    return Partizione.from_chiave(key).camera


def newest_of(keys: Iterable[str]) -> str:
    """The partition of the newest year, by key."""
    return max(keys, key=lambda key: (Partizione.from_chiave(key).esercizio, key))
