"""Which of the extracts a file is: by where it lies and what it is called, else by its headings.

Belongs here: the choice, and how sure it is. Does not belong here: what a delivery may be called
(zone.py), how headings are read (formats.py, cells.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.contract.estratti import ESTRATTI
from pipelines.contract.schema import Estratto
from pipelines.extracts.cells import recognised
from pipelines.testo import clean


@dataclass(frozen=True)
class Candidato:
    """An extract that a file may be: how many of its columns the file has, and how like it is (0 to 1)."""

    estratto: Estratto
    trovate: int
    somiglianza: float

    @property
    def detto(self) -> str:
        """The extract, and how many of its columns were found."""
        return f"{self.estratto.codice} ({self.trovate} colonne su {len(self.estratto.colonne)})"


def candidates(lines: Sequence[Sequence[str]], among: Sequence[Estratto]) -> list[Candidato]:
    """The extracts of which the headings are among some lines, the likest first.

    How like: the columns that both have, out of all that either has.
    """
    found = [_candidate(lines, estratto) for estratto in among]
    return sorted((c for c in found if c.trovate), key=lambda c: -c.somiglianza)


def _candidate(lines: Sequence[Sequence[str]], estratto: Estratto) -> Candidato:
    best = Candidato(estratto, 0, 0.0)
    for fields in lines:
        if found := recognised(fields, estratto):
            either = len(estratto.colonne) + sum(bool(clean(f)) for f in fields) - found
            best = max(best, Candidato(estratto, found, found / either), key=_likeness)
    return best


def _likeness(candidate: Candidato) -> float:
    return candidate.somiglianza


def called(stem: str) -> list[Estratto]:
    """The extracts of that name in whatever office, `stem` being a file's name without its ending."""
    name = stem.casefold()
    return [e for e in ESTRATTI if name == e.nome or name.startswith(f"{e.nome}-")]
