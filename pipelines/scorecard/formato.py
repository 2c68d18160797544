"""What a format of the scorecard declares of itself.

Belongs here: the declaration, and what may be known of all of them without loading any. Does not belong
here: a format (a module of this folder each), which of them a partition gets (write.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pipelines.fingerprints import list_formats
from pipelines.scorecard.aperti import Titolare
from pipelines.scorecard.sheet import Scheda
from pipelines.warehouse.dizionario import Voce


@dataclass(frozen=True)
class Insieme:
    """What a document of the whole publication is made from: every partition's sheet, in order; who
    publishes the figures of each chamber; what the tables of the warehouse are.

    Beside it lie the files of the partitions, which are made from the same sheets: `file` is their names.
    """

    schede: tuple[Scheda, ...]
    titolari: tuple[Titolare, ...] = ()
    dizionario: tuple[Voce, ...] = ()
    file: frozenset[str] = frozenset()

    def titolare(self, camera: str) -> Titolare:
        return next(one for one in self.titolari if one.camera == camera)


Dato = TypeVar("Dato", Scheda, Insieme)


@dataclass(frozen=True)
class Formato(Generic[Dato]):
    """A format: its module has one, called FORMATO, and that is all it takes to be written and published.

    `suffisso` ends the name of its files, `nome` is what a person calls it; both are plain texts, for
    they are read out of the source too. `scrivi` writes a partition's file. `apart=True` says that its
    code is no reason to compute a year again, since it changes no figure. `solo_propria=True` leaves out
    the years that have no allegato of their own, in text and in the layout that it fills. `insieme=True`
    is one file for the whole publication, written after all the others: `suffisso` is its name. `impedito`
    says why no file of this format can be written on this machine, if so. `programma` is a module that
    finishes the files in a process beside (accanto.py): what `scrivi` leaves is for it.
    """

    suffisso: str
    nome: str
    scrivi: Callable[[Dato, Path], None]
    apart: bool = False
    solo_propria: bool = False
    insieme: bool = False
    impedito: Callable[[], str | None] = lambda: None
    programma: str | None = None


def describe_formats() -> str:
    """Every format, for whoever looks: `la pagina da stampare (html), il foglio di lavoro (xlsx)`."""
    said = (f"{facts['nome']} ({facts['suffisso']})" for facts in list_formats().values())
    return f"La scorecard in ogni formato: {', '.join(said)}"
