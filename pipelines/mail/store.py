"""The outbox on the disk: one file per message and recipient, and the memory beside it.

Belongs here: folders, names, locks, and that nothing is half-written or lost in a crash. Does not
belong here: what a message says, or how it leaves (outbox.py, smtp.py).

    posta/stato.json        the memory; a message is put when its number is below `prossimo` there
    posta/uscita/*.eml      what waits, in the order of the numbers
    posta/respinta/*.eml    what the server refused for ever, each with its answer in a .txt
    posta/impedimento.txt   why something waits, until it leaves
"""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pipelines import durable
from pipelines.durable import BOZZA, sync
from pipelines.mail.memory import Memoria, dump, load
from pipelines.settings import Luoghi

_NUMERO = re.compile(r"([0-9]{8})-[a-z]+\.eml")


class PostaChiusa(Exception):
    """The folder of the mail cannot be written; the message says which and what to do."""


@contextmanager
def turn(luoghi: Luoghi, name: str) -> Iterator[None]:
    """Holds one of the two locks of the mail, `scrittura` or `consegna`, waiting for it.

    The lock is the operating system's: it goes with the process, however that ends. There are two,
    so that a server which takes its time does not keep a night from putting its message.
    """
    _prepare(luoghi)
    descriptor = os.open(luoghi.posta / f".{name}", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _prepare(luoghi: Luoghi) -> None:
    """The folders, for their owner only: a message may name offices and files."""
    try:
        luoghi.warehouse.mkdir(parents=True, exist_ok=True)
        for folder in (luoghi.posta, _uscita(luoghi), _respinta(luoghi)):
            folder.mkdir(mode=0o700, exist_ok=True)
            folder.chmod(0o700)
    except OSError as error:
        raise PostaChiusa(
            f"Nella cartella {luoghi.posta} non si può scrivere ({error.strerror}): renderla una"
            " cartella scrivibile da chi esegue pira."
        ) from error


def _uscita(luoghi: Luoghi) -> Path:
    return luoghi.posta / "uscita"


def _respinta(luoghi: Luoghi) -> Path:
    return luoghi.posta / "respinta"


def _stato(luoghi: Luoghi) -> Path:
    return luoghi.posta / "stato.json"


# --- memory and messages ----------------------------------------------------------------------------


def recall(luoghi: Luoghi) -> Memoria:
    """What is remembered. Where nothing is, whatever lies in the outbox counts as put.

    A memory that cannot be read counts as none: a night told twice is better than every later night
    untold.
    """
    try:
        return load(_stato(luoghi).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        pass
    files = [*_uscita(luoghi).glob("*.eml"), *_respinta(luoghi).glob("*.eml")]
    return Memoria(prossimo=1 + max(map(_number, files), default=0))


def commit(luoghi: Luoghi, memoria: Memoria, messages: list[tuple[str, bytes]]) -> None:
    """Puts messages (kind, content) and remembers, both or neither. Under the lock `scrittura`.

    The messages take numbers that do not count yet; the memory, replaced in one step, makes them
    count. What a crash left before that step is taken away here: it will be composed again.
    """
    number = memoria.prossimo
    for path in _uscita(luoghi).iterdir():
        if path.name.endswith(BOZZA) or _number(path) >= number:
            path.unlink()
    for kind, content in messages:
        _write(_uscita(luoghi) / f"{number:08d}-{kind}.eml", content)
        number += 1
    remembered = replace(memoria, prossimo=number)
    _write(_stato(luoghi), f"{dump(remembered)}\n".encode())


def waiting(luoghi: Luoghi) -> list[Path]:
    """The messages that are put and have not left, in order."""
    put = recall(luoghi).prossimo
    return sorted(p for p in _uscita(luoghi).glob("*.eml") if 0 < _number(p) < put)


def remove(message: Path) -> None:
    """Forgets a message that left."""
    message.unlink()
    sync(message.parent)


def set_aside(luoghi: Luoghi, message: Path, answer: str) -> None:
    """Moves a message that will never leave as it is among the refused, with the server's answer."""
    place = _respinta(luoghi) / message.name
    _write(place.with_suffix(".txt"), f"{answer}\n".encode())
    os.replace(message, place)
    sync(place.parent)
    sync(message.parent)


def note_hindrance(luoghi: Luoghi, reasons: list[str]) -> None:
    """Leaves, for the operator, why messages wait; nothing where none does."""
    place = luoghi.posta / "impedimento.txt"
    if reasons:
        _write(place, "".join(f"{reason}\n" for reason in reasons).encode())
    else:
        place.unlink(missing_ok=True)


def _number(path: Path) -> int:
    """The number of a message; 0 for a file that is not one of ours."""
    match = _NUMERO.fullmatch(path.name)
    return int(match[1]) if match else 0


def _write(path: Path, content: bytes) -> None:
    durable.write(content, path, 0o600)
    sync(path.parent)
