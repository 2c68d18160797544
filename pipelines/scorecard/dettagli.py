"""What a row of the scorecard has to show behind its figure: years, months, peers, the rows that count.

Belongs here: reading them, for every partition at once. Does not belong here: how they are computed
(sql/scorecard), drawn (grafici.py) or told (voci.py), what is never shown (riservatezza.py).
"""

from collections import defaultdict
from dataclasses import dataclass

import duckdb

from pipelines.scorecard.chiave import Chiave, indicator_key
from pipelines.scorecard.riservatezza import read_personali

Row = dict[str, object]
Dove = tuple[str, int]
"""Chamber and year."""

PRIME = 15
"""Rows of files that are shown of an indicator: the largest."""


@dataclass(frozen=True)
class Dettaglio:
    """What is behind a row of the scorecard. `anni` and `mesi` are rows of `scorecard.andamento` and
    `scorecard.mesi`, in order; `confronti` what the plan's notes give of others, the latest year first;
    `righe` the largest of the `quante` rows that count, in `quanti_file` files.

    Where rows are people (`personale`) there are neither months nor rows.
    """

    anni: tuple[Row, ...] = ()
    mesi: tuple[Row, ...] = ()
    confronti: tuple[Row, ...] = ()
    righe: tuple[Row, ...] = ()
    quante: int = 0
    quanti_file: int = 0
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
    count(distinct _file) as quanti_file,
    list(
        {numeratore: numeratore, denominatore: denominatore, _file: _file, _riga: _riga}
        order by posto
    ) filter (where posto <= ?) as righe
from contate
group by all
"""


def read_dettagli(
    connection: duckdb.DuckDBPyConnection,
) -> dict[Dove, dict[Chiave, Dettaglio]]:
    """Of every partition and row of its scorecard, what is behind the figure."""

    def ask(query: str, values: list[object] | None = None) -> list[Row]:
        cursor = connection.execute(query, values or [])
        names = [d[0] for d in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def dove(row: Row) -> Dove:
        return str(row["camera"]), int(str(row["esercizio"]))

    years: defaultdict[tuple[Dove, Chiave], list[Row]] = defaultdict(list)
    for row in ask(_ANNI):
        years[dove(row), indicator_key(row)].append(row)
    peers: defaultdict[tuple[Dove, Chiave], list[Row]] = defaultdict(list)
    for row in ask(_CONFRONTI):
        peers[dove({**row, "esercizio": row["misurato"]}), indicator_key(row)].append(row)
    months: defaultdict[tuple[Dove, object], list[Row]] = defaultdict(list)
    for row in ask(_MESI):
        months[dove(row), row["codice"]].append(row)
    counted = {(dove(row), row["codice"]): row for row in ask(_RIGHE, [PRIME])}
    people = read_personali(connection)
    found: defaultdict[Dove, dict[Chiave, Dettaglio]] = defaultdict(dict)
    for row in ask("from scorecard.indicatori"):
        place, key, codice = dove(row), indicator_key(row), row["codice"]
        personale = codice in people
        rows = {} if personale else counted.get((place, codice), {})
        found[place][key] = Dettaglio(
            anni=tuple(years[place, key]),
            mesi=() if personale else tuple(months[place, codice]),
            confronti=tuple(peers[place, key]),
            righe=tuple(rows.get("righe", ())),  # type: ignore[arg-type]
            quante=int(str(rows.get("quante", 0))),
            quanti_file=int(str(rows.get("quanti_file", 0))),
            personale=personale,
        )
    return found
