"""What a PDF is set with: whether this machine has it, and whether anybody wants one.

Belongs here: what may be known without loading what writes. Does not belong here: writing (pdf.py).
"""

import ctypes.util
import os
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
