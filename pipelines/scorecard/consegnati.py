"""What was delivered for a partition, as documents tell it: one hash of it all, and what is to be mended.

Belongs here: reading both out of the warehouse, and the one place where rows in quarantine that may be
people's lose their lines. Does not belong here: what a rule means and its remedy (contract/rimedi.py), how
the rows are laid out (foglio_quarantena.py).
"""

from collections import defaultdict
from dataclasses import dataclass

import duckdb

from pipelines.partizione import Partizione
from pipelines.scorecard.riservatezza import PERSONALI, count_few

MASSIMO = 200
"""Broken rules of an extract that a document lists; how many there are is always told."""


@dataclass(frozen=True)
class Rottura:
    """A rule that a row in quarantine breaks: where, in which column (None: the whole row)."""

    luogo: str
    colonna: str | None
    regola: str


@dataclass(frozen=True)
class Rifiutate:
    """The rows of an extract in quarantine: how many, in words, and the first of the rules that they break.

    `altre` are the broken rules that are not listed.
    """

    ufficio: str
    estratto: str
    quante: str
    rotture: tuple[Rottura, ...]
    altre: int


@dataclass(frozen=True)
class Consegnati:
    """`impronta` is the SHA-256 of what `sha256sum` prints of the plan and of every file delivered, in the
    order of their names; `rifiutate` are by office and extract."""

    impronta: str
    rifiutate: tuple[Rifiutate, ...]


_IMPRONTE = """
select
    e.camera,
    e.esercizio,
    sha256(string_agg(f.sha256 || '  ' || f._file || chr(10), '' order by f._file))
from scorecard.ente as e
inner join qualita.file as f
    on e.camera = f.camera
    and (
        e.esercizio = f.esercizio
        or (e.esercizio_piano = f.esercizio and f.estratto = 'piano/allegato')
    )
where f.sha256 is not null
group by e.camera, e.esercizio
"""
_RIFIUTATE = """
with posti as (
    select
        s.camera,
        s.esercizio,
        c.ufficio,
        s.estratto,
        s._file || ':' || s._riga as luogo,
        s._file as file,
        s.colonna,
        s.regola,
        row_number() over (
            partition by s.camera, s.esercizio, s.estratto
            order by s._file, s._riga, s.colonna, s.regola
        ) as posto,
        count(*) over (partition by s.camera, s.esercizio, s.estratto) as regole,
        count(distinct (s._file, s._riga)) over (partition by s.camera, s.esercizio, s.estratto) as righe
    from qualita.scarti as s
    inner join esercizi.cadenze as c using (estratto)
    semi join scorecard.ente as e on s.camera = e.camera and s.esercizio = e.esercizio
)
from posti
where posto <= ?
order by camera, esercizio, ufficio, estratto, posto
"""
_DI_PERSONE = """
select camera, esercizio, estratto, _file, colonna, regola
from qualita.scarti
group by all
order by all
"""


def read_consegnati(connection: duckdb.DuckDBPyConnection) -> dict[Partizione, Consegnati]:
    """What was delivered for every chamber and year that has a plan in force."""
    fingerprints = {
        Partizione(camera, esercizio): found
        for camera, esercizio, found in connection.execute(_IMPRONTE).fetchall()
    }
    listed: defaultdict[tuple[Partizione, str], list[Rottura]] = defaultdict(list)
    known: dict[tuple[Partizione, str], tuple[str, int, int]] = {}
    for (
        camera,
        esercizio,
        ufficio,
        estratto,
        luogo,
        _,
        colonna,
        regola,
        _,
        regole,
        righe,
    ) in connection.execute(_RIFIUTATE, [MASSIMO]).fetchall():
        key = Partizione(camera, esercizio), estratto
        known[key] = ufficio, regole, righe
        if estratto not in PERSONALI:
            listed[key].append(Rottura(luogo, colonna, regola))
    # Of rows that may be people's the file is named, and what is wrong in it: no line, no count.
    for camera, esercizio, estratto, file, colonna, regola in connection.execute(
        _DI_PERSONE
    ).fetchall():
        key = Partizione(camera, esercizio), estratto
        if key in known and estratto in PERSONALI:
            listed[key].append(Rottura(file, colonna, regola))
    refused: defaultdict[Partizione, list[Rifiutate]] = defaultdict(list)
    for (partizione, estratto), (ufficio, regole, righe) in known.items():
        people = estratto in PERSONALI
        broken = tuple(listed[partizione, estratto])
        refused[partizione].append(
            Rifiutate(
                ufficio,
                estratto,
                count_few(righe) if people else str(righe),
                broken,
                0 if people else regole - len(broken),
            )
        )
    return {
        partizione: Consegnati(fingerprint, tuple(refused[partizione]))
        for partizione, fingerprint in fingerprints.items()
    }
