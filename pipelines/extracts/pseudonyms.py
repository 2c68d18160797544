"""Pseudonyms of people: a keyed hash, so that a matricola never reaches the warehouse.

Belongs here: the key (from the environment or a private file, made on first use), what it must be like
and the hash. Does not belong here: which columns are personal (estratti.py), whether the store knows
another key (deposito.py). The key is never printed.
"""

import functools
import hashlib
import hmac
import os
import secrets
import time
from contextlib import suppress
from pathlib import Path

import polars as pl

_LENGTH = 20
"""Hexadecimal digits kept: 80 bits, far beyond any collision among the people of a chamber."""


class ChiaveRifiutata(RuntimeError):
    """There is no key, or none that may be used; the message is one Italian sentence that says what to do."""


def load_key() -> bytes:
    """`PIRA_KEY`, else the content of `PIRA_KEY_FILE`.

    Raises `ChiaveRifiutata` when there is none, others can read it, or it can be guessed. None is ever
    made here: whoever asks may hold pseudonyms under a key that is lost.
    """
    if key := os.environ.get("PIRA_KEY"):
        return _strong(key.encode(), "La chiave in PIRA_KEY")
    path = _key_file()
    try:
        content = _content(path)
    except FileNotFoundError:
        raise ChiaveRifiutata(
            f"La chiave degli pseudonimi {path} non c'è: rimetterla da una copia."
        ) from None
    return _strong(content, f"La chiave {path}")


def make_key() -> bytes:
    """The key, made in its file if there is none. Raises `ChiaveRifiutata` as `load_key` does."""
    if not os.environ.get("PIRA_KEY") and not _key_file().exists():
        _create(_key_file())
    return load_key()


def _key_file() -> Path:
    if named := os.environ.get("PIRA_KEY_FILE"):
        return Path(named)
    base = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(base) / "pira" / "key"


_TENTATIVI, _PAUSA = 40, 0.05
"""How often, and after how many seconds, a file is read again that another run is about to fill."""


def _content(path: Path) -> bytes:
    for _ in range(_TENTATIVI):
        with path.open("rb") as stream:
            if os.fstat(stream.fileno()).st_mode & 0o077:
                raise ChiaveRifiutata(f"La chiave {path} è leggibile da altri: chmod 600 {path}")
            if content := stream.read().strip():
                return content
        time.sleep(_PAUSA)
    raise ChiaveRifiutata(f"La chiave {path} è vuota: toglierla o rimetterla da una copia.")


_MINIMO = 16
_DIVERSI = 8
_PAROLA = 32
"""Bytes that a key has at least; different ones among them; bytes from which on it may be all letters
or all digits, which below is a word or a number."""


def _strong(key: bytes, name: str) -> bytes:
    """The key, unless it is among those that somebody would try."""
    why = None
    if len(key) < _MINIMO:
        why = f"ha {len(key)} byte e ne servono almeno {_MINIMO}"
    elif len(set(key)) < _DIVERSI:
        why = f"ha solo {len(set(key))} caratteri diversi e ne servono almeno {_DIVERSI}"
    elif len(key) < _PAROLA and (key.isalpha() or key.isdigit()):
        why = "è una parola o un numero"
    if why:
        raise ChiaveRifiutata(
            f"{name} si indovina, perché {why}: farne una con"
            " python3 -c 'import secrets; print(secrets.token_hex(32))'"
        )
    return key


def _create(path: Path) -> None:
    """Writes a new key beside its place, then links it in: two first runs agree on one key."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    _write_new(draft, secrets.token_hex(32))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    except (
        OSError
    ):  # a file system without hard links: who comes second waits for what the first writes
        with suppress(FileExistsError):
            _write_new(path, draft.read_text())
    finally:
        draft.unlink()


def _write_new(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


IMPRONTA = "scrypt:"
"""Begins a fingerprint, and says how it is made."""


@functools.cache
def fingerprint(key: bytes) -> str:
    """Tells two keys apart, at a cost (some 50 ms and 16 MB) that nobody pays for a list of guesses."""
    found = hashlib.scrypt(key, salt=b"pira: impronta della chiave", n=1 << 14, r=8, p=1, dklen=16)
    return IMPRONTA + found.hex()


def pseudonym(matricola: str, camera: str, key: bytes) -> str:
    """The same person has the same pseudonym in every extract and year of a chamber."""
    digest = hmac.new(key, f"{camera}\x00{matricola}".encode(), hashlib.sha256).hexdigest()
    return f"p_{digest[:_LENGTH]}"


def pseudonymise(values: pl.Series, camera: str, key: bytes) -> pl.Series:
    """Each distinct value hashed once; missing stays missing."""
    distinct = values.drop_nulls().unique().to_list()
    names = {value: pseudonym(value, camera, key) for value in distinct}
    return values.replace_strict(names, default=None, return_dtype=pl.String)
