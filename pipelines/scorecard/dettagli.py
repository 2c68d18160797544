"""What a row of the scorecard has to show behind its figure: years, months, peers, passport, rows.

Belongs here: reading them, for every partition at once. Does not belong here: how they are computed
(sql/scorecard), drawn (grafici.py) or told (voci.py), what is never shown (riservatezza.py).
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace

import duckdb

from pipelines.scorecard.chiave import Chiave, indicator_key
from pipelines.scorecard.righe import Row, rows_of
from pipelines.scorecard.riservatezza import read_personali

Dove = tuple[str, int]
"""Chamber and year."""

PRIME = 15
"""Rows of files that are shown of an indicator: the largest; of those in quarantine, the first."""


@dataclass(frozen=True)
class Dettaglio:
    """What is behind a row of the scorecard. `anni` and `mesi` are rows of `scorecard.andamento` and
    `scorecard.mesi`, in order; `confronti` what the plan's notes give of others, the latest year first;
    `passaporto` the row's own of `passaporto.celle`, `file` and `controlli` those of the tables so called;
    `righe` the largest of the `quante` rows that count, `scarti` the first of the `quanti_scarti` in
    quarantine that might have.

    Where rows are people (`personale`) there are no months, rows, files, nor rows in quarantine.
    """

    anni: tuple[Row, ...] = ()
    mesi: tuple[Row, ...] = ()
    confronti: tuple[Row, ...] = ()
    passaporto: Row = field(default_factory=dict)
    controlli: tuple[Row, ...] = ()
    file: tuple[Row, ...] = ()
    righe: tuple[Row, ...] = ()
    quante: int = 0
    scarti: tuple[Row, ...] = ()
    quanti_scarti: int = 0
    personale: bool = False


_ANNI = "from scorecard.andamento order by anno"
_MESI = "from scorecard.mesi order by mese"
_CONFRONTI = """
select c.*, s.esercizio as misurato
from piano.confronti as c
inner join scorecard.indicatori as s
    on c.camera = s.camera
    and c.esercizio = s.esercizio_piano
    and c.missione = s.missione
    and c.programma = s.programma
    and c.obiettivo = s.obiettivo
    and c.progressivo = s.progressivo
order by c.anno desc, c.fonte, c.ambito
"""
_RIGHE = """
with contate as (
    select
        c.*,
        row_number() over (
            partition by camera, esercizio, codice
            order by greatest(abs(numeratore), abs(coalesce(denominatore, 0))) desc, _file, _riga
        ) as posto,
        count(*) over (partition by camera, esercizio, codice) as quante
    from indicatori.contributi as c
    semi join scorecard.ente using (camera, esercizio)
)
select
    camera,
    esercizio,
    codice,
    max(quante) as quante,
    list(
        {numeratore: numeratore, denominatore: denominatore, _file: _file, _riga: _riga}
        order by posto
    ) filter (where posto <= ?) as righe
from contate
group by all
"""


_PASSAPORTI = """
select
    p.* exclude (sql, sha256_piano, esecuzione),
    c.controlli
from passaporto.celle as p
left join (
    select
        camera,
        esercizio,
        missione,
        programma,
        obiettivo,
        progressivo,
        list({controllo: controllo, casi: casi} order by controllo) as controlli
    from passaporto.controlli
    where camera_detta is not null
    group by all
) as c using (camera, esercizio, missione, programma, obiettivo, progressivo)
"""
_FILE = """
select camera, esercizio, codice, list(f order by f._file) as file
from passaporto.file as f
semi join scorecard.ente using (camera, esercizio)
group by all
"""
_SCARTI = """
with posti as (
    select
        q.*,
        row_number() over (partition by camera, esercizio, codice order by _file, _riga) as posto,
        count(*) over (partition by camera, esercizio, codice) as quanti
    from passaporto.scarti as q
    semi join scorecard.ente using (camera, esercizio)
    where not totale
)
select
    camera,
    esercizio,
    codice,
    max(quanti) as quanti,
    list({_file: _file, _riga: _riga, regole: regole} order by posto) filter (where posto <= ?) as scarti
from posti
group by all
"""


def read_dettagli(
    connection: duckdb.DuckDBPyConnection,
) -> dict[Dove, dict[Chiave, Dettaglio]]:
    """Of every partition and row of its scorecard, what is behind the figure."""

    def ask(query: str, *values: object) -> list[Row]:
        return rows_of(connection, query, values)

    def by_code(query: str, *values: object) -> dict[tuple[Dove, object], Row]:
        return {(_place(row), row["codice"]): row for row in ask(query, *values)}

    years, peers, months = (defaultdict[tuple[Dove, object], list[Row]](list) for _ in range(3))
    for row in ask(_ANNI):
        years[_place(row), indicator_key(row)].append(row)
    for row in ask(_CONFRONTI):
        peers[_place({**row, "esercizio": row["misurato"]}), indicator_key(row)].append(row)
    for row in ask(_MESI):
        months[_place(row), row["codice"]].append(row)
    counted, refused = by_code(_RIGHE, PRIME), by_code(_SCARTI, PRIME)
    files = by_code(_FILE)
    passports = {(_place(row), indicator_key(row)): row for row in ask(_PASSAPORTI)}
    people = read_personali(connection)
    found: defaultdict[Dove, dict[Chiave, Dettaglio]] = defaultdict(dict)
    for row in ask("from scorecard.indicatori"):
        place, key, codice = _place(row), indicator_key(row), row["codice"]
        passport = passports.get((place, key), {})
        shared = Dettaglio(
            anni=tuple(years[place, key]),
            confronti=tuple(peers[place, key]),
            passaporto={name: value for name, value in passport.items() if name != "controlli"},
            controlli=_rows(passport, "controlli"),
            personale=codice in people,
        )
        rows, others = counted.get((place, codice), {}), refused.get((place, codice), {})
        found[place][key] = (
            shared
            if shared.personale
            else replace(
                shared,
                mesi=tuple(months[place, codice]),
                file=_rows(files.get((place, codice), {}), "file"),
                righe=_rows(rows, "righe"),
                quante=int(str(rows.get("quante", 0))),
                scarti=_rows(others, "scarti"),
                quanti_scarti=int(str(others.get("quanti", 0))),
            )
        )
    return found


def _place(row: Row) -> Dove:
    return str(row["camera"]), int(str(row["esercizio"]))


def _rows(row: Row, name: str) -> tuple[Row, ...]:
    found = row.get(name)
    return tuple(found) if isinstance(found, list) else ()
