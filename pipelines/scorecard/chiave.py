"""Which indicator of a plan a row is about.

Belongs here: the key of a plan's indicator. Does not belong here: what is said of it.
"""

from collections.abc import Mapping

Chiave = tuple[str, str, str, int]
"""Mission, programme, objective, and the place of the indicator within it."""


def indicator_key(row: Mapping[str, object]) -> Chiave:
    """The indicator that a row is about."""
    missione, programma, obiettivo = (str(row[n]) for n in ("missione", "programma", "obiettivo"))
    return missione, programma, obiettivo, int(str(row["progressivo"]))
