"""What is kept is checked: a hash is taken of what is written, and compared when it is read again.

Belongs here: hashes of files, records that carry their own, seals that vouch for the files beside them.
Does not belong here: what is kept and where (deposito.py, ingestione.py, publication/memoria.py), what
follows when it is damaged (steps.py, verify.py).
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines import durable

IMPRONTA = "impronta"
"""The field by which a record vouches for all its others."""

MANCA, VUOTO, CAMBIATO = "manca", "è vuoto", "non è più come era stato scritto"

Avvisa = Callable[[Path, str], None]
"""Told of a damaged file, and what is wrong with it."""


class Guasto(Exception):
    """A kept record cannot be believed; the message says why, after the name of its file."""


@dataclass(frozen=True)
class Danno:
    """A kept file that is not as it was written: its path below the output, what was found, what was done.

    `camera`, `esercizio` and `estratto` are of what was read from it, where that is one.
    """

    copia: str
    trovato: str
    rimedio: str
    camera: str | None = None
    esercizio: int | None = None
    estratto: str | None = None

    def __str__(self) -> str:
        return f"{self.copia} {self.trovato}: {self.rimedio}"


def ignore(_: Path, __: str) -> None:
    """Tells nobody."""


def hash_of(path: Path) -> str:
    """The sha256 of a file. Raises `OSError` where it cannot be read."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def wrong(path: Path, *expected: str) -> str | None:
    """What is wrong with a file whose sha256 was one of those expected; None where nothing is."""
    try:
        if hash_of(path) in expected:
            return None
        return CAMBIATO if path.stat().st_size else VUOTO
    except FileNotFoundError:
        return MANCA
    except OSError as error:
        return f"non si legge ({error.strerror})"


def read_if(path: Path, expected: str) -> bytes | None:
    """What a file holds if its sha256 is the one expected; None where it is not, or cannot be read."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == expected else None


def remove(path: Path) -> None:
    """Takes away whatever has a name, a folder included."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def write(content: bytes | memoryview, path: Path) -> str:
    """Keeps a file; returns the sha256 of what had to be written, which a bad disk cannot change."""
    if path.is_dir():
        remove(path)
    durable.write(content, path)
    return hashlib.sha256(content).hexdigest()


# --- records ----------------------------------------------------------------------------------------


def sign(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record with its own hash: that of all its other fields, however they are laid out."""
    fields = {name: value for name, value in record.items() if name != IMPRONTA}
    text = json.dumps(fields, sort_keys=True, ensure_ascii=False)
    return {**fields, IMPRONTA: hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()}


def is_signed(record: object) -> bool:
    """Whether a record is as it was signed."""
    return isinstance(record, dict) and record.get(IMPRONTA) == sign(record)[IMPRONTA]


def write_json(path: Path, value: object) -> None:
    """Keeps what vouches for itself, or what something else vouches for."""
    write((json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode(), path)


def write_record(path: Path, record: Mapping[str, Any]) -> None:
    """Keeps a record, signed."""
    write_json(path, sign(record))


def parse(path: Path) -> Any:
    """What a JSON file holds, whoever wrote it. Raises `Guasto`, or `FileNotFoundError`."""
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Guasto(f"non si legge ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise Guasto(CAMBIATO if path.stat().st_size else VUOTO) from error


def read_record(path: Path) -> dict[str, Any]:
    """A record as it was signed. Raises `Guasto`, or `FileNotFoundError`."""
    record = parse(path)
    if not is_signed(record):
        raise Guasto(CAMBIATO)
    found: dict[str, Any] = record
    return found


# --- seals ------------------------------------------------------------------------------------------


def seal_path(stem: Path) -> Path:
    """Where the seal of the files is whose names begin with that of `stem`."""
    return stem.with_name(f"{stem.name}.json")


def seal(stem: Path, hashes: Mapping[str, str], facts: object = None) -> None:
    """Vouches for files beside it, each a name with its sha256, and for `facts`. Written last."""
    write_record(seal_path(stem), {"file": dict(hashes), "fatti": facts})


def open_seal(stem: Path, warn: Avvisa = ignore) -> dict[str, Any] | None:
    """A seal all of whose files are as they were written; None where there is no such seal.

    Of what is damaged `warn` is told; a seal that is not there is no damage: nothing was kept.
    """
    path = seal_path(stem)
    try:
        record = read_record(path)
    except FileNotFoundError:
        return None
    except Guasto as damage:
        warn(path, str(damage))
        return None
    found = {
        name: wrong(path.with_name(name), expected) for name, expected in record["file"].items()
    }
    for name, why in found.items():
        if why is not None:
            warn(path.with_name(name), why)
    return None if any(found.values()) else record
