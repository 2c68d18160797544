"""The findings about a plan, by its lines: what page and terminal print of `piano.anomalie`.

Belongs here: reading them in the plan's order, and the sentences that count them. Does not belong here:
the rules (sql/piano, pipelines/plan), how anything is drawn (html.py, pipelines/desk/lint.py).
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby

import duckdb

from pipelines.partizione import Partizione
from pipelines.testo import one_line


@dataclass(frozen=True)
class Rilievo:
    """A finding: the code of its rule, what was found and what to do in one sentence."""

    regola: str
    detto: str
    grave: bool


@dataclass(frozen=True)
class RigaRilevata:
    """A line of the allegato with its findings, the grave ones first; `riga` is None for the whole plan."""

    riga: int | None
    nome: str
    rilievi: tuple[Rilievo, ...]

    @property
    def luogo(self) -> str:
        """`Riga 26`, or `Piano`."""
        return "Piano" if self.riga is None else f"Riga {self.riga}"


@dataclass(frozen=True)
class Rilievi:
    """All that there is to say of a plan. `sintesi` counts the targets that ask for nothing."""

    righe: tuple[RigaRilevata, ...] = ()
    sintesi: tuple[str, ...] = ()

    @property
    def quanti(self) -> int:
        """How many findings there are."""
        return sum(len(riga.rilievi) for riga in self.righe)

    @property
    def gravi(self) -> int:
        """How many of them touch a figure that cannot be computed or trusted."""
        return sum(rilievo.grave for riga in self.righe for rilievo in riga.rilievi)


_RILIEVI = """
    select
        a.camera,
        a.esercizio,
        a.riga,
        coalesce(i.indicatore, o.titolo, '') as nome,
        a.regola,
        regexp_replace(a.descrizione, '^(Riga [0-9]+|Alla riga [0-9]+|Piano): ', '') as detto,
        a.grave
    from piano.anomalie as a
    left join piano.indicatori as i
        on a.camera = i.camera
        and a.esercizio = i.esercizio
        and a.riga = i.riga
        and a.parte is not distinct from i.parte
        and a.cella is not distinct from i.cella
    left join piano.obiettivi as o
        on a.camera = o.camera
        and a.esercizio = o.esercizio
        and a.riga = o.riga
        and a.parte is not distinct from o.parte
        and a.cella is not distinct from o.cella
    order by a.camera, a.esercizio, a.riga nulls first, a.grave desc, a.regola, detto
"""

_SINTESI = """
    select
        camera,
        esercizio,
        count(*) filter (where gia_raggiunto),
        count(gia_raggiunto),
        count(*) filter (where fermo),
        count(fermo),
        count(*) filter (where peggiore_del_confronto),
        count(peggiore_del_confronto)
    from piano.esigenze
    group by camera, esercizio
"""

_CONTI = (
    "già raggiunti dall'ultimo valore osservato",
    "uguali in tutti gli anni del piano",
    "peggiori del valore di confronto",
)


def read_rilievi(connection: duckdb.DuckDBPyConnection) -> dict[Partizione, Rilievi]:
    """The findings about the plan of every chamber and year that has one, in a database that has the models
    of `piano`."""
    lines = groupby(connection.execute(_RILIEVI).fetchall(), key=lambda row: row[:4])
    found: defaultdict[Partizione, list[RigaRilevata]] = defaultdict(list)
    for (camera, esercizio, riga, nome), those in lines:
        said = tuple(Rilievo(regola, one_line(detto), grave) for *_, regola, detto, grave in those)
        found[Partizione(camera, esercizio)].append(RigaRilevata(riga, one_line(nome), said))
    counted = {
        Partizione(camera, esercizio): tuple(
            f"Target {detto}: {quanti} su {tutti}."
            for detto, quanti, tutti in zip(_CONTI, counts[::2], counts[1::2], strict=True)
            if tutti
        )
        for camera, esercizio, *counts in connection.execute(_SINTESI).fetchall()
    }
    return {
        place: Rilievi(tuple(found[place]), counted.get(place, ()))
        for place in found.keys() | counted.keys()
    }
