"""Writing so that a power cut takes back no more than what had no name yet.

Belongs here: making files and folders durable. Does not belong here: what is written, and when a name
changes hands (extracts/ingestione.py, publication/publish.py).
"""

import os
import secrets
from pathlib import Path

BOZZA = ".bozza"
"""How the name of a draft ends: what bears it was never finished, and may be swept."""


def sync(path: Path) -> None:
    """Waits until a file, or what a folder lists, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def take_name(draft: Path, path: Path) -> None:
    """Gives a finished draft its name. A name never leads to content that a power cut can empty."""
    sync(draft)
    os.replace(draft, path)


def write(content: bytes | memoryview, path: Path, mode: int = 0o666) -> None:
    """Writes beside and renames: a file is whole or is not there, after a power cut too.

    Several may write the same file at once; the last name given stands. `mode` is less the umask.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}{BOZZA}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as stream:
            stream.write(content)
        take_name(draft, path)
    finally:
        draft.unlink(missing_ok=True)
