"""Pseudonyms of people: a keyed hash, so that a matricola never reaches the warehouse.

Belongs here: the key (from the environment or a private file, made on first use) and the hash. Does
not belong here: which columns are personal (contract.py). The key is never printed.
"""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

import polars as pl

_LENGTH = 20
"""Hexadecimal digits kept: 80 bits, far beyond any collision among the people of a chamber."""


def load_key() -> bytes:
    """`PIRA_KEY`, else the content of `PIRA_KEY_FILE`, created on first use for its owner only.

    Raises `RuntimeError` when the file can be read by others or is empty.
    """
    if key := os.environ.get("PIRA_KEY"):
        return key.encode()
    path = _key_file()
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        _create(path)
        descriptor = os.open(path, os.O_RDONLY)
    with os.fdopen(descriptor, "rb") as stream:
        if os.fstat(descriptor).st_mode & 0o077:
            raise RuntimeError(f"La chiave {path} è leggibile da altri: chmod 600 {path}")
        key_bytes = stream.read().strip()
    if not key_bytes:
        raise RuntimeError(f"La chiave {path} è vuota: toglierla o ripristinarla da una copia.")
    return key_bytes


def _key_file() -> Path:
    if named := os.environ.get("PIRA_KEY_FILE"):
        return Path(named)
    base = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(base) / "pira" / "key"


def _create(path: Path) -> None:
    """Writes a new key beside its place, then links it in: two first runs agree on one key."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(secrets.token_hex(32) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def fingerprint(key: bytes) -> str:
    """Tells two keys apart without telling anything of either."""
    return hmac.new(key, b"impronta", hashlib.sha256).hexdigest()[:16]


def pseudonym(matricola: str, camera: str, key: bytes) -> str:
    """The same person has the same pseudonym in every extract and year of a chamber."""
    digest = hmac.new(key, f"{camera}\x00{matricola}".encode(), hashlib.sha256).hexdigest()
    return f"p_{digest[:_LENGTH]}"


def pseudonymise(values: pl.Series, camera: str, key: bytes) -> pl.Series:
    """Each distinct value hashed once; missing stays missing."""
    distinct = values.drop_nulls().unique().to_list()
    names = {value: pseudonym(value, camera, key) for value in distinct}
    return values.replace_strict(names, default=None, return_dtype=pl.String)
