"""Writing so that a power cut takes back no more than what had no name yet.

Belongs here: making files and folders durable. Does not belong here: what is written, and when a name
changes hands (extracts/ingest.py, publication/publish.py).
"""

import os
from pathlib import Path


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
