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

from pipelines.contract.estratti import ESTRATTI, PER_CODICE
from pipelines.contract.pubblici import endings_of
from pipelines.contract.schema import FORMATI
from pipelines.landing.handles import Collegamento, NonFile, Voce, entries, opened
from pipelines.landing.names import Somiglianza, near_extract, near_office, near_plan_or_extract
from pipelines.landing.rifiutato import Rifiutato
from pipelines.partizione import Partizione
from pipelines.testo import shown

ALLEGATO = "allegato.txt"
"""The plan, as it is called in text; it may come in any of FORMATI_PIANO."""
FORMATI_PIANO = ("txt", "csv", "md", "html", "docx", "xlsx", "pdf")
FORMATI_VECCHI = ("doc", "xls", "odt")
"""What a plan may not be, that offices have: refused with what to do, not passed over."""
MAPPA = "allegato.toml"
"""What names the words of a chamber's plans; beside a plan, those of one year."""
MAX_BYTE = 512 << 20
"""What one file may hold, as delivered and once opened: beyond it memory would be at the sender's mercy."""
MODELLI = "modelli"
"""Folder of a chamber that holds empty templates, and never a delivery: nothing in it is read."""
MAPPE, TOML = "mappe", ".toml"
"""Folder, of a chamber or of a year, of what says how its files are read; how the names end there."""
SINTETICO = "sintetico.txt"
"""Lies in a partition whose extracts are not an office's own, so that the scorecard says so."""
INTERO, IMPRONTA = ".ok", ".sha256"
"""How the name of a sidecar ends: the file beside it is whole; its content has this sha256."""
_CAMERA = re.compile(r"[A-Za-z]{2}")
_ESERCIZIO = re.compile(r"(?!0000)[0-9]{4}")  # the calendar has no year 0
_UFFICI = {e.ufficio for e in ESTRATTI}


Aspetto = tuple[int, int]
"""Size and time (ns) of a file when somebody looked at it."""


@dataclass(frozen=True)
class Consegna:
    """A file of an extract, as it lies in the landing zone. `file` is its path below it.

    It is read only if it is as it was `visto`, where somebody looked.
    """

    file: str
    percorso: Path
    estratto: str
    formato: str
    visto: Aspetto | None = None


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


class InArrivo(Rifiutato):
    """A file changed since somebody looked at it, or while it was read."""


_CHIUSA = "cartella che non si può aprire: controllare i permessi"


def _entries(raw: Path, folder: Path) -> list[Voce]:
    """What a folder holds, in the order of the names as they are shown; nothing if it is closed."""
    try:
        return sorted(entries(raw, folder), key=lambda e: shown(e.nome).encode())
    except OSError:
        return []


def _is_closed(raw: Path, folder: Path) -> bool:
    try:
        entries(raw, folder)
    except OSError:
        return True
    return False


def _is_folder(entry: Voce) -> bool:
    return entry.genere == "cartella"


def _stranger(
    raw: Path,
    entry: Voce,
    motivo: str,
    camera: str | None = None,
    esercizio: int | None = None,
    somiglia: Somiglianza | None = None,
) -> Sconosciuto:
    path, folder, near = entry.percorso, _is_folder(entry), None
    if entry.collegamento and entry.genere is None:
        motivo = "collegamento che non porta a nulla della sua partizione, e non viene seguito"
    elif folder and _is_closed(raw, path):
        motivo = _CHIUSA
    elif somiglia:
        near = somiglia.codice
        motivo = (
            f"{motivo}, ma somiglia a {somiglia.codice}: se lo è, consegnarlo come {somiglia.nome}"
        )
    return Sconosciuto(_below(raw, path, folder), camera, esercizio, motivo, near)


def _below(raw: Path, path: str | Path, folder: bool = False) -> str:
    return shown(Path(path).relative_to(raw).as_posix()) + ("/" if folder else "")


def list_partitions(raw: Path) -> list[Partizione]:
    """Every `<camera>/<esercizio>` folder of the landing zone, in order."""
    found = []
    for camera in _chambers(raw):
        for esercizio in _entries(raw, camera.percorso):
            if _ESERCIZIO.fullmatch(esercizio.nome) and _is_folder(esercizio):
                found.append(Partizione(camera.nome.upper(), int(esercizio.nome)))
    return sorted(found)


def _chambers(raw: Path) -> list[Voce]:
    """The folder of each chamber; of two that differ by case only, the first: the other is reported."""
    first: dict[str, Voce] = {}
    for entry in _entries(raw, raw):
        if _CAMERA.fullmatch(entry.nome) and _is_folder(entry):
            first.setdefault(entry.nome.upper(), entry)
    return list(first.values())


def list_closed(raw: Path) -> set[str]:
    """The chambers whose folder is there and cannot be opened: what it holds is not known to be gone."""
    named = (e for e in _entries(raw, raw) if _CAMERA.fullmatch(e.nome))
    return {e.nome.upper() for e in named if _is_closed(raw, e.percorso)}


def folder_of(raw: Path, partizione: Partizione) -> Path:
    """Where a partition lies, or would lie."""
    return in_any_case(raw / partizione.camera) / f"{partizione.esercizio:04d}"


def mappings_folder(raw: Path, partizione: Partizione) -> Path:
    """Where the mappings of the chamber of a partition lie, or would lie, for all its years."""
    return in_any_case(folder_of(raw, partizione).parent / MAPPE)


def plans_in(raw: Path, partizione: Partizione) -> list[Path]:
    """The files that are the plan of a partition, in whatever format: one, if all is well."""
    folder = folder_of(raw, partizione)

    return _there(folder, FORMATI_PIANO) or _there(folder, FORMATI_VECCHI)


def _there(folder: Path, formati: tuple[str, ...]) -> list[Path]:
    found = (in_any_case(folder / f"allegato.{formato}") for formato in formati)
    return [path for path in found if os.path.lexists(path)]  # False in a closed folder


def plan_format(path: Path) -> str:
    """The format that the name of a plan ends in."""
    return path.suffix.lstrip(".").casefold()


def mappings_of(raw: Path, partizione: Partizione) -> list[Path]:
    """The mapping files that a plan is read with: the chamber's, then that of its year, which wins."""
    folder = folder_of(raw, partizione)
    found = (in_any_case(place / MAPPA) for place in (folder.parent, folder))
    return [path for path in found if os.path.lexists(path)]


def plan_files(raw: Path, partizione: Partizione) -> list[Path]:
    """All that a plan is read from: its file, or files, and with it the mapping files."""
    plans = plans_in(raw, partizione)
    return [*plans, *mappings_of(raw, partizione)] if plans else []


def in_any_case(path: Path) -> Path:
    """A path, by the name that it has on disk: its own, else the first that differs by case only."""
    if os.path.lexists(path):  # Path.exists() would raise in a closed folder
        return path
    wanted = path.name.casefold()
    try:
        there = [p.name for p in path.parent.iterdir() if p.name.casefold() == wanted]
    except OSError:
        there = []
    return path.with_name(min(there, key=lambda name: shown(name).encode(), default=path.name))


def format_of(name: str) -> str | None:
    """The format that a file's name ends in, if the contract knows it, of whatever extract."""
    return next((f for f in (*FORMATI, "xml") if name.casefold().endswith(f".{f}")), None)


def estratto_of(ufficio: str, name: str) -> tuple[str, str] | None:
    """Extract code and format of a file name in an office's folder, if the contract knows it."""
    if (formato := format_of(name)) is None:
        return None
    stem = name.casefold().removesuffix(f".{formato}")
    for estratto in ESTRATTI:
        if estratto.ufficio == ufficio.casefold() and stem.partition("-")[0] == estratto.nome:
            return (estratto.codice, formato) if formato in endings_of(estratto.codice) else None
    return None


def list_deliveries(
    raw: Path, partizione: Partizione
) -> tuple[dict[str, list[Consegna]], list[Sconosciuto]]:
    """Files of a partition by extract code, in the order of their path as bytes; and the unknown."""
    known: dict[str, list[Consegna]] = {codice: [] for codice in PER_CODICE}
    unknown: list[Sconosciuto] = []

    def report(entry: Voce, motivo: str, near: Somiglianza | None = None) -> None:
        place = (partizione.camera, partizione.esercizio)
        unknown.append(_stranger(raw, entry, motivo, *place, near))

    folder = folder_of(raw, partizione)
    if _is_closed(raw, folder):
        below = _below(raw, folder, folder=True)
        unknown.append(Sconosciuto(below, partizione.camera, partizione.esercizio, _CHIUSA))
    for ufficio in _entries(raw, folder):
        if _is_own(folder, ufficio):
            continue
        if _is_folder(ufficio) and ufficio.nome.casefold() == MAPPE:
            for entry, motivo in _no_mappings(raw, ufficio):
                report(entry, motivo)
            continue
        if not _is_folder(ufficio):
            report(ufficio, "file che il contratto non conosce", near_plan_or_extract(ufficio.nome))
            continue
        if ufficio.nome.casefold() not in _UFFICI or _is_closed(raw, ufficio.percorso):
            near = near_office(ufficio.nome)
            report(ufficio, "cartella che il contratto non conosce", near)
            continue
        for entry in _entries(raw, ufficio.percorso):
            named = estratto_of(ufficio.nome, entry.nome)
            if named is None:
                if _is_sidecar(ufficio.nome, entry):
                    continue
                near = near_extract(entry.nome, ufficio.nome)
                report(entry, "nome che il contratto non conosce", near)
                continue
            known[named[0]].append(
                Consegna(_below(raw, entry.percorso), entry.percorso, named[0], named[1])
            )
    return known, unknown


def _no_mappings(raw: Path, folder: Voce) -> Iterator[tuple[Voce, str]]:
    """What lies in a folder of mappings and is none, and why."""
    for ufficio in _entries(raw, folder.percorso):
        names = {f"{e.nome}{TOML}" for e in ESTRATTI if e.ufficio == ufficio.nome.casefold()}
        if not names or not _is_folder(ufficio):
            yield ufficio, "non è la cartella di un ufficio del contratto, e non viene letta"
            continue
        for entry in _entries(raw, ufficio.percorso):
            if entry.nome.casefold() not in names:
                yield entry, "non è la mappa di un estratto di questo ufficio, e non viene letta"


def _is_own(folder: Path, entry: Voce) -> bool:
    """Whether an entry is the plan of its partition, a sidecar of it, or the mark of a sample."""
    name = entry.nome.casefold()
    for formato in (*FORMATI_PIANO, *FORMATI_VECCHI, "toml"):
        plan = f"allegato.{formato}"
        if name == plan:
            return entry.nome == in_any_case(folder / plan).name and (
                formato not in FORMATI_VECCHI or not _there(folder, FORMATI_PIANO)
            )
        if name in (plan + INTERO, plan + IMPRONTA):
            return True
    return name == SINTETICO


def _is_sidecar(ufficio: str, entry: Voce) -> bool:
    """Whether an entry says of a delivery that it is whole; one that stands alone does not."""
    for suffix in (INTERO, IMPRONTA):
        if entry.nome.casefold().endswith(suffix):
            name = entry.nome[: -len(suffix)]
            beside = in_any_case(entry.percorso.with_name(name))
            if estratto_of(ufficio, name):
                # os.path, since Path.is_file() raises in a folder that may be listed but not entered
                whole = entry.genere == "file" and not entry.collegamento
                return whole and os.path.isfile(beside)  # noqa: PTH113
    return False


def sidecar_of(path: Path, suffix: str) -> Path:
    """The sidecar of a delivered file, or where it would lie; never that of a file beside it."""
    found = in_any_case(path.with_name(path.name + suffix))
    other = path.with_name(found.name[: -len(suffix)])
    if other.name != path.name and os.path.lexists(other):
        return path.with_name(path.name + suffix)
    return found


def declared_fingerprint(raw: Path, path: Path) -> str | None:
    """The sha256 that the sidecar of a delivered file names, in small letters; None without one."""
    try:
        with opened(raw, sidecar_of(path, IMPRONTA)) as stream:
            named = stream.read(200).split()
    except OSError:
        return None
    return named[0].decode("ascii", "replace").lower() if named else ""


def list_strangers(raw: Path) -> Iterator[Sconosciuto]:
    """Files and folders beside and above the partitions that the contract does not know."""
    chambers = {entry.nome.upper(): entry.nome for entry in _chambers(raw)}
    for entry in _entries(raw, raw):
        if entry.nome not in chambers.values():
            other = chambers.get(entry.nome.upper())
            if other:
                motivo = f"nome che solo le maiuscole distinguono da {other}: unire le due cartelle"
                yield _stranger(raw, entry, motivo)
            elif entry.nome.casefold() != "readme.md":
                yield _stranger(raw, entry, "nome che il contratto non conosce")
            continue
        camera = entry.nome.upper()
        if _is_closed(raw, entry.percorso):
            yield _stranger(raw, entry, _CHIUSA, camera)
        for child in _entries(raw, entry.percorso):
            if _is_folder(child) and child.nome.casefold() == MAPPE:
                for entry, motivo in _no_mappings(raw, child):
                    yield _stranger(raw, entry, motivo, camera)
                continue
            known = _ESERCIZIO.fullmatch(child.nome) or child.nome == MODELLI
            mapping = child.nome.casefold() == MAPPA and child.genere == "file"
            if not mapping and not (known and _is_folder(child)):
                yield _stranger(raw, child, "nome che il contratto non conosce", camera)


def read_whole(raw: Path, path: Path, visto: Aspetto | None = None) -> Letto:
    """The bytes of a delivered file, read once, whole.

    Raises `Rifiutato` for what is not a file of its partition or is too large, `InArrivo` for one that
    changes while it is read, or did since it was `visto`.
    """
    try:
        with opened(raw, path) as stream:
            before = os.fstat(stream.fileno())
            if before.st_size > MAX_BYTE:
                raise Rifiutato(f"supera {MAX_BYTE >> 20} MB: consegnarlo in più parti.")
            content = stream.read(MAX_BYTE + 1)
            after = os.fstat(stream.fileno())
    except Collegamento as link:
        raise Rifiutato(
            "è un collegamento che non porta a un file della sua partizione: consegnare il file vero."
        ) from link
    except NonFile as other:
        raise Rifiutato("non è un file: consegnare un file con questo nome.") from other
    except OSError as error:
        raise Rifiutato(
            "non si può leggere: controllare i permessi e consegnarlo di nuovo."
        ) from error
    found_to_be = (after.st_size, after.st_mtime_ns)
    looks = {visto or found_to_be, (before.st_size, before.st_mtime_ns), found_to_be}
    if len(looks) > 1 or len(content) != after.st_size:
        raise InArrivo("sta ancora arrivando: aspettare, sarà ripreso quando è intero.")
    found = hashlib.sha256(content).hexdigest()
    if declared_fingerprint(raw, path) not in (None, found):
        raise Rifiutato(
            f"non ha il contenuto che il suo file {IMPRONTA} dichiara: consegnarlo di nuovo, intero."
        )
    return Letto(content, found)
