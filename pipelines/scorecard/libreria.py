"""What a PDF is set with: whether this machine has it, whether anybody wants one, how it is loaded.

Belongs here: what may be known without loading what writes. Does not belong here: writing (pdf.py).
"""

import ctypes.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

LIBRERIE = ("pango-1.0", "pangoft2-1.0")
"""Libraries of the system, which no package of Python's brings."""


@cache
def missing_library() -> str | None:
    """What no PDF can be written without and this machine lacks, and how that is mended; None if nothing."""
    missing = [name for name in LIBRERIE if ctypes.util.find_library(name) is None]
    if not missing:
        return None
    return (
        f"i PDF non si scrivono, perché manca la libreria di sistema {' e '.join(missing)}: la installa"
        " `apt-get install libpango-1.0-0 libpangoft2-1.0-0 fonts-dejavu-core`"
    )


def why_not() -> str | None:
    """Why no PDF is written: the machine cannot, or its operator does not want any (`PIRA_PDF=0`)."""
    if os.environ.get("PIRA_PDF") == "0":
        return "i PDF non si scrivono, perché PIRA_PDF=0"
    return missing_library()


@contextmanager
def opened_by_name() -> Iterator[None]:
    """While it lasts, a library of a Linux system is opened by its name, and looked for nowhere else.

    What writes PDFs knows each by several names. For every one that does not open, Python would ask
    the linker and the compiler in processes of their own, which costs more than all the rest of loading.
    """
    search = ctypes.util.find_library
    if sys.platform == "linux":
        ctypes.util.find_library = lambda name: None  # noqa: ARG005
    try:
        yield
    finally:
        ctypes.util.find_library = search
