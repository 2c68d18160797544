"""What lies in the landing zone: partitions, extracts with their parts, and what nobody knows.

Belongs here: names and folders, and reading a delivered file whole. Does not belong here: what is
inside a file. The landing zone is only read, never written, and nothing outside it is followed.
"""

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.extracts.cells import MAX_BYTE, Rifiutato
from pipelines.extracts.contract import ESTRATTI, FORMATI, PER_CODICE
from pipelines.names import Somiglianza, near_extract, near_office, near_plan_or_extract

ALLEGATO = "allegato.txt"
MODELLI = "modelli"
"""Folder of a chamber that holds empty templates, and never a delivery: nothing in it is read."""
SINTETICO = "sintetico.txt"
"""Lies in a partition whose extracts are not an office's own, so that the scorecard says so."""
INTERO, IMPRONTA = ".ok", ".sha256"
"""How the name of a sidecar ends: the file beside it is whole; its content has this sha256."""
_CAMERA = re.compile(r"[A-Za-z]{2}")
_ESERCIZIO = re.compile(r"(?!0000)[0-9]{4}")  # the calendar has no year 0
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
    somiglia: str | None = None
    """The extract, the office or the plan whose name is near, if any."""


@dataclass(frozen=True)
class Letto:
    """The content of a delivered file, with its fingerprint."""

    content: bytes
    sha256: str

    @property
    def byte(self) -> int:
        return len(self.content)


@dataclass(frozen=True)
class Visto:
    """What the content of a delivered file was, once it is no longer held."""

    sha256: str
    byte: int


_CHIUSA = "cartella che non si può aprire: controllare i permessi"


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """What a folder holds, in the order of the names as they are shown; nothing if it is closed."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda e: shown(e.name).encode())
    except OSError:
        return []


def _is_closed(folder: Path) -> bool:
    try:
        os.scandir(folder).close()
    except OSError:
        return True
    return False


def _is_within(raw: Path, path: Path) -> bool:
    """Whether a path, every link followed, leads to a place in the landing zone."""
    try:
        return path.resolve().is_relative_to(raw.resolve())
    except (OSError, RuntimeError):  # links that lead to each other
        return False


def _is_folder(raw: Path, entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a folder of the landing zone: a link that leads out of it is none."""
    try:
        return entry.is_dir() and (not entry.is_symlink() or _is_within(raw, Path(entry.path)))
    except OSError:
        return False


def _stranger(
    raw: Path,
    entry: os.DirEntry[str],
    motivo: str,
    camera: str | None = None,
    esercizio: int | None = None,
    somiglia: Somiglianza | None = None,
) -> Sconosciuto:
    path, folder, near = Path(entry.path), _is_folder(raw, entry), None
    if entry.is_symlink() and not _is_within(raw, path):
        motivo = "collegamento che porta fuori dalla zona di consegna, e non viene seguito"
    elif folder and _is_closed(path):
        motivo = _CHIUSA
    elif somiglia:
        near = somiglia.codice
        motivo = (
            f"{motivo}, ma somiglia a {somiglia.codice}: se lo è, consegnarlo come {somiglia.nome}"
        )
    return Sconosciuto(_below(raw, path, folder), camera, esercizio, motivo, near)


_SCRITTI = re.compile(r"\\(?=x[0-9a-f]{2}|u[0-9a-f]{4})")
_INVISIBILI = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def shown(path: str) -> str:
    """A path, or any text from outside, that can be stored and printed, whatever bytes it holds.

    What would break a line, steer a terminal or is no text shows as `\\xff` or `\\u2028`; a
    backslash that would read as such shows as `\\x5c`, so that two files never have one name.
    """
    text = os.fsencode(_SCRITTI.sub(r"\\x5c", path)).decode("utf-8", "backslashreplace")
    return _INVISIBILI.sub(lambda m: f"\\{'u%04x' if m[0] > '~' else 'x%02x'}" % ord(m[0]), text)


def _below(raw: Path, path: str | Path, folder: bool = False) -> str:
    return shown(Path(path).relative_to(raw).as_posix()) + ("/" if folder else "")


def list_partitions(raw: Path) -> list[Partizione]:
    """Every `<camera>/<esercizio>` folder of the landing zone, in order."""
    found = []
    for camera in _chambers(raw):
        for esercizio in _entries(Path(camera.path)):
            if _ESERCIZIO.fullmatch(esercizio.name) and _is_folder(raw, esercizio):
                found.append(Partizione(camera.name.upper(), int(esercizio.name)))
    return sorted(found)


def _chambers(raw: Path) -> list[os.DirEntry[str]]:
    """The folder of each chamber; of two that differ by case only, the first: the other is reported."""
    first: dict[str, os.DirEntry[str]] = {}
    for entry in _entries(raw):
        if _CAMERA.fullmatch(entry.name) and _is_folder(raw, entry):
            first.setdefault(entry.name.upper(), entry)
    return list(first.values())


def list_closed(raw: Path) -> set[str]:
    """The chambers whose folder is there and cannot be opened: what it holds is not known to be gone."""
    closed = (e for e in _entries(raw) if _CAMERA.fullmatch(e.name) and _is_closed(Path(e.path)))
    return {e.name.upper() for e in closed}


def folder_of(raw: Path, partizione: Partizione) -> Path:
    """Where a partition lies, or would lie."""
    return in_any_case(raw / partizione.camera) / f"{partizione.esercizio:04d}"


def plan_of(raw: Path, partizione: Partizione) -> Path:
    """Where the plan of a partition lies, or would lie."""
    return in_any_case(folder_of(raw, partizione) / ALLEGATO)


def in_any_case(path: Path) -> Path:
    """A path, by the name that it has on disk: its own, else the first that differs by case only."""
    if os.path.lexists(path):  # Path.exists() would raise in a closed folder
        return path
    wanted = path.name.casefold()
    there = (e.name for e in _entries(path.parent) if e.name.casefold() == wanted)
    return path.with_name(next(there, path.name))


def format_of(name: str) -> str | None:
    """The format that a file's name ends in, if the contract knows it."""
    return next((f for f in FORMATI if name.casefold().endswith(f".{f}")), None)


def estratto_of(ufficio: str, name: str) -> tuple[str, str] | None:
    """Extract code and format of a file name in an office's folder, if the contract knows it."""
    if (formato := format_of(name)) is None:
        return None
    stem = name.casefold().removesuffix(f".{formato}")
    for estratto in ESTRATTI:
        if estratto.ufficio == ufficio.casefold() and (
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

    def report(entry: os.DirEntry[str], motivo: str, near: Somiglianza | None = None) -> None:
        place = (partizione.camera, partizione.esercizio)
        unknown.append(_stranger(raw, entry, motivo, *place, near))

    folder = folder_of(raw, partizione)
    if _is_closed(folder):
        below = _below(raw, folder, folder=True)
        unknown.append(Sconosciuto(below, partizione.camera, partizione.esercizio, _CHIUSA))
    for ufficio in _entries(folder):
        if _is_own(folder, ufficio):
            continue
        if not _is_folder(raw, ufficio):
            report(ufficio, "file che il contratto non conosce", near_plan_or_extract(ufficio.name))
            continue
        if ufficio.name.casefold() not in _UFFICI or _is_closed(Path(ufficio.path)):
            near = near_office(ufficio.name)
            report(ufficio, "cartella che il contratto non conosce", near)
            continue
        for entry in _entries(Path(ufficio.path)):
            named = estratto_of(ufficio.name, entry.name)
            if named is None:
                if _is_sidecar(ufficio.name, entry):
                    continue
                near = near_extract(entry.name, ufficio.name)
                report(entry, "nome che il contratto non conosce", near)
                continue
            known[named[0]].append(
                Consegna(_below(raw, entry.path), Path(entry.path), named[0], named[1])
            )
    return known, unknown


def _is_own(folder: Path, entry: os.DirEntry[str]) -> bool:
    """Whether an entry is the plan of its partition, a sidecar of it, or the mark of a sample."""
    name = entry.name.casefold()
    if name == ALLEGATO:
        return entry.name == in_any_case(folder / ALLEGATO).name
    return name in (ALLEGATO + INTERO, ALLEGATO + IMPRONTA, SINTETICO)


def _is_sidecar(ufficio: str, entry: os.DirEntry[str]) -> bool:
    """Whether an entry says of a delivery that it is whole; one that stands alone does not."""
    for suffix in (INTERO, IMPRONTA):
        if entry.name.casefold().endswith(suffix):
            name = entry.name[: -len(suffix)]
            beside = in_any_case(Path(entry.path).with_name(name))
            if estratto_of(ufficio, name):
                # os.path, since Path.is_file() raises in a folder that may be listed but not entered
                return entry.is_file(follow_symlinks=False) and os.path.isfile(beside)  # noqa: PTH113
    return False


def sidecar_of(path: Path, suffix: str) -> Path:
    """The sidecar of a delivered file, or where it would lie; never that of a file beside it."""
    found = in_any_case(path.with_name(path.name + suffix))
    other = path.with_name(found.name[: -len(suffix)])
    if other.name != path.name and os.path.lexists(other):
        return path.with_name(path.name + suffix)
    return found


def declared_fingerprint(path: Path) -> str | None:
    """The sha256 that the sidecar of a delivered file names, in small letters; None without one."""
    sidecar = sidecar_of(path, IMPRONTA)
    try:
        if not stat.S_ISREG(sidecar.lstat().st_mode):
            return None
        with sidecar.open("rb") as stream:
            named = stream.read(200).split()
    except OSError:
        return None
    return named[0].decode("ascii", "replace").lower() if named else ""


def list_strangers(raw: Path) -> Iterator[Sconosciuto]:
    """Files and folders beside and above the partitions that the contract does not know."""
    chambers = {entry.name.upper(): entry.name for entry in _chambers(raw)}
    for entry in _entries(raw):
        if entry.name not in chambers.values():
            other = chambers.get(entry.name.upper())
            if other:
                motivo = f"nome che solo le maiuscole distinguono da {other}: unire le due cartelle"
                yield _stranger(raw, entry, motivo)
            elif entry.name.casefold() != "readme.md":
                yield _stranger(raw, entry, "nome che il contratto non conosce")
            continue
        camera = entry.name.upper()
        if _is_closed(Path(entry.path)):
            yield _stranger(raw, entry, _CHIUSA, camera)
        for child in _entries(Path(entry.path)):
            known = _ESERCIZIO.fullmatch(child.name) or child.name == MODELLI
            if not (known and _is_folder(raw, child)):
                yield _stranger(raw, child, "nome che il contratto non conosce", camera)


def read_whole(raw: Path, path: Path) -> Letto:
    """The bytes of a delivered file, read once, whole.

    Raises `Rifiutato` for what is not a file of the landing zone, is too large, or changes while it
    is read.
    """
    if not _is_within(raw, path):
        raise Rifiutato(
            "è un collegamento che non porta a un file della zona di consegna: "
            "consegnare il file vero."
        )
    try:
        # Waiting for a pipe would never end, and opening a device can set it going.
        if not stat.S_ISREG(path.stat().st_mode):
            raise Rifiutato("non è un file: consegnare un file con questo nome.")
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as stream:
            before = os.fstat(stream.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise Rifiutato("non è un file: consegnare un file con questo nome.")
            if before.st_size > MAX_BYTE:
                raise Rifiutato(f"supera {MAX_BYTE >> 20} MB: consegnarlo in più parti.")
            content = stream.read(MAX_BYTE + 1)
            after = os.fstat(stream.fileno())
    except OSError as error:
        raise Rifiutato(
            "non si può leggere: controllare i permessi e consegnarlo di nuovo."
        ) from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(
        content
    ) != after.st_size:
        raise Rifiutato(
            "stava ancora cambiando mentre veniva letto: aspettare, sarà ripreso quando è intero."
        )
    found = hashlib.sha256(content).hexdigest()
    if declared_fingerprint(path) not in (None, found):
        raise Rifiutato(
            f"non ha il contenuto che il suo file {IMPRONTA} dichiara: consegnarlo di nuovo, intero."
        )
    return Letto(content, found)
