"""What was read of a partition, in memory: between the readers, the store and the build.

Belongs here: the record. Does not belong here: how it is read (ingest.py), kept (deposito.py) or loaded.
"""

from dataclasses import dataclass
from datetime import date, datetime

from pipelines.extracts.ingestione import Ingestione
from pipelines.landing.zone import Sconosciuto
from pipelines.partizione import Partizione


def reference_day(esercizio: int, giorno: date) -> date:
    """31 December of a year that is over on `giorno`, else `giorno` itself."""
    return min(date(esercizio, 12, 31), giorno)


@dataclass(frozen=True)
class Esercizio:
    """A partition as it was read, on `giorno` by `programma`: its extracts, and the day it speaks for.

    `arrivi` tells when the latest part of an extract was put where it lies (ora di Roma).
    """

    partizione: Partizione
    data_riferimento: date
    giorno: date
    programma: str
    sintetico: bool
    estratti: tuple[Ingestione, ...]
    arrivi: dict[str, datetime]
    sconosciuti: tuple[Sconosciuto, ...]
