"""What lies in the landing zone: partitions, extracts with their parts, and what nobody knows.

Belongs here: names and folders, and reading a delivered file whole. Does not belong here: what is
inside a file. The landing zone is only read, never written, and nothing outside it is followed.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.extracts.cells import MAX_BYTE, Rifiutato
from pipelines.extracts.contract import ESTRATTI, FORMATI, PER_CODICE

ALLEGATO = "allegato.txt"
SINTETICO = "sintetico.txt"
"""Lies in a partition whose extracts are not an office's own, so that the scorecard says so."""
_CAMERA = re.compile(r"[A-Z]{2}")
_ESERCIZIO = re.compile(r"[0-9]{4}")
_UFFICI = {e.ufficio for e in ESTRATTI}


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


@dataclass(frozen=True)
class Consegna:
    """A file of an extract, as it lies in the landing zone. `file` is its path below it."""

    file: str
    percorso: Path
    estratto: str
    formato: str


@dataclass(frozen=True)
class Sconosciuto:
    """A file or folder that the contract does not know: reported, never read."""

    file: str
    camera: str | None
    esercizio: int | None
    motivo: str


@dataclass(frozen=True)
class Letto:
    """The content of a delivered file, with its fingerprint."""

    content: bytes
    sha256: str


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda e: os.fsencode(e.name))


def shown(path: str) -> str:
    """A path that can be stored and printed, whatever bytes its name holds."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _below(raw: Path, path: str | Path, folder: bool = False) -> str:
    return shown(Path(path).relative_to(raw).as_posix()) + ("/" if folder else "")


def list_partitions(raw: Path) -> list[Partizione]:
    """Every `<camera>/<esercizio>` folder of the landing zone, in order."""
    found = []
    for camera in _entries(raw) if raw.is_dir() else []:
        if _CAMERA.fullmatch(camera.name) and camera.is_dir():
            for esercizio in _entries(Path(camera.path)):
                if _ESERCIZIO.fullmatch(esercizio.name) and esercizio.is_dir():
                    found.append(Partizione(camera.name, int(esercizio.name)))
    return found


def folder_of(raw: Path, partizione: Partizione) -> Path:
    return raw / partizione.camera / f"{partizione.esercizio:04d}"


def _estratto_of(ufficio: str, name: str) -> tuple[str, str] | None:
    """Extract code and format of a file name in an office's folder, if the contract knows it."""
    formato = next((f for f in FORMATI if name.endswith(f".{f}")), None)
    if formato is None:
        return None
    stem = name.removesuffix(f".{formato}")
    for estratto in ESTRATTI:
        if estratto.ufficio == ufficio and (
            stem == estratto.nome or stem.startswith(f"{estratto.nome}-")
        ):
            return estratto.codice, formato
    return None


def list_deliveries(
    raw: Path, partizione: Partizione
) -> tuple[dict[str, list[Consegna]], list[Sconosciuto]]:
    """Files of a partition by extract code, in the order of their path as bytes; and the unknown."""
    known: dict[str, list[Consegna]] = {codice: [] for codice in PER_CODICE}
    unknown: list[Sconosciuto] = []

    def report(entry: os.DirEntry[str], motivo: str) -> None:
        unknown.append(
            Sconosciuto(
                _below(raw, entry.path, entry.is_dir()),
                partizione.camera,
                partizione.esercizio,
                motivo,
            )
        )

    for ufficio in _entries(folder_of(raw, partizione)):
        if ufficio.name in (ALLEGATO, SINTETICO):
            continue
        if not ufficio.is_dir():
            report(ufficio, "file che il contratto non conosce")
            continue
        if ufficio.name not in _UFFICI:
            report(ufficio, "cartella che il contratto non conosce")
            continue
        for entry in _entries(Path(ufficio.path)):
            named = _estratto_of(ufficio.name, entry.name)
            if named is None:
                report(entry, "nome che il contratto non conosce")
                continue
            known[named[0]].append(
                Consegna(_below(raw, entry.path), Path(entry.path), named[0], named[1])
            )
    return known, unknown


def list_strangers(raw: Path) -> Iterator[Sconosciuto]:
    """Files and folders above the partitions that the contract does not know."""
    for entry in _entries(raw):
        if not (_CAMERA.fullmatch(entry.name) and entry.is_dir()):
            if entry.name == "README.md":
                continue
            name = _below(raw, entry.path, entry.is_dir())
            yield Sconosciuto(name, None, None, "nome che il contratto non conosce")
            continue
        for child in _entries(Path(entry.path)):
            if not (_ESERCIZIO.fullmatch(child.name) and child.is_dir()):
                name = _below(raw, child.path, child.is_dir())
                yield Sconosciuto(name, entry.name, None, "nome che il contratto non conosce")


def read_whole(raw: Path, path: Path) -> Letto:
    """The bytes of a delivered file, read once, whole.

    Raises `Rifiutato` for what is not a file of the landing zone, is too large, or changes while it
    is read.
    """
    root = raw.resolve()
    if not path.resolve().is_relative_to(root):
        raise Rifiutato("è un collegamento fuori dalla zona di consegna: consegnare il file vero.")
    if not path.is_file():
        raise Rifiutato("non è un file: consegnare un file con questo nome.")
    try:
        with path.open("rb") as stream:
            before = os.fstat(stream.fileno())
            if before.st_size > MAX_BYTE:
                raise Rifiutato(f"supera {MAX_BYTE >> 20} MB: consegnarlo in più parti.")
            content = stream.read(MAX_BYTE + 1)
            after = os.fstat(stream.fileno())
    except OSError as error:
        raise Rifiutato(f"non si può leggere ({error.strerror}): consegnarlo di nuovo.") from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(
        content
    ) != after.st_size:
        raise Rifiutato("stava ancora cambiando mentre veniva letto: sarà ripreso quando è intero.")
    return Letto(content, hashlib.sha256(content).hexdigest())
