"""What is known of a partition when its scorecard is written: the one source of every format.

Belongs here: reading the built warehouse into the records that the writers take. Does not belong
here: how a format looks (txt.py, xlsx.py, ...: each module that declares one).
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from pipelines.landing.zone import ALLEGATO
from pipelines.partizione import Partizione
from pipelines.plan.model import Piano
from pipelines.plan.read import read_plan
from pipelines.scorecard.prospettive import read_prospettive
from pipelines.scorecard.rilievi import Rilievi, read_rilievi
from pipelines.warehouse.avvisi import Avviso, read_avvisi

Row = dict[str, object]


@dataclass(frozen=True)
class Scheda:
    """A partition's scorecard. Rows are those of the `scorecard.*` tables, in the plan's order.

    `piano` is the plan in force, whose year is `esercizio_piano`; it is the partition's own when
    the two years are equal. `obiettivi` and `indicatori` are ordered by line of the allegato.
    `freschezza` tells how fresh each row of `indicatori` is, by that line. `mutamenti` are the changes
    of targets, weights, percentages and rules, the latest first; without a code, of all indicators.
    `avvisi` are the cases of the checks in evidence, the dearest first. `rilievi` is what there is to say
    of the plan in force; `prospettive` is what each row of `indicatori` can still become, and what it would
    take, by the plan's line.
    `sintetici` is true where the landing zone says that the extracts are not an office's own.
    """

    partizione: Partizione
    piano: Piano
    esercizio_piano: int
    data_riferimento: date
    versione_regole: str
    regole: Row
    realizzazione: Decimal | None
    realizzazione_minima: Decimal | None
    realizzazione_massima: Decimal | None
    copertura: Decimal
    obiettivi: tuple[Row, ...]
    indicatori: tuple[Row, ...]
    sintetici: bool
    freschezza: dict[int, Row] = field(default_factory=dict)
    avvisi: tuple[Avviso, ...] = ()
    rilievi: Rilievi = field(default_factory=Rilievi)
    prospettive: dict[int, tuple[str, ...]] = field(default_factory=dict)
    mutamenti: tuple[Row, ...] = ()

    @property
    def ente(self) -> Row:
        """The figures of the chamber, as a row."""
        return {
            "realizzazione": self.realizzazione,
            "realizzazione_minima": self.realizzazione_minima,
            "realizzazione_massima": self.realizzazione_massima,
            "copertura": self.copertura,
        }

    @property
    def propria(self) -> bool:
        """Whether the year has its own allegato."""
        return self.esercizio_piano == self.partizione.esercizio


_MUTAMENTI = """
select distinct
    case when cosa <> 'regole' then codice end as codice, cosa, prima, dopo, noto_dal
from storico.cambiamenti
where camera = ? and esercizio = ? and cosa <> 'valore'
order by noto_dal desc, codice nulls first, cosa desc
"""


def rows_of(connection: duckdb.DuckDBPyConnection, query: str, values: list[object]) -> list[Row]:
    """Rows of a query by column name."""
    cursor = connection.execute(query, values)
    names = [d[0] for d in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def read_sheets(connection: duckdb.DuckDBPyConnection, plans: Path) -> list[Scheda]:
    """The scorecard of every partition that has a plan in force, in order.

    `plans` holds the allegati as this run read them, a folder per partition.
    """
    return [
        _sheet(connection, plans, entity)
        for entity in rows_of(connection, "from scorecard.ente order by camera, esercizio", [])
    ]


def _sheet(connection: duckdb.DuckDBPyConnection, plans: Path, entity: Row) -> Scheda:
    camera, esercizio = str(entity["camera"]), int(str(entity["esercizio"]))
    plan_year = int(str(entity["esercizio_piano"]))
    key: list[object] = [camera, esercizio]

    def ordered(table: str) -> tuple[Row, ...]:
        query = f"from {table} where camera = ? and esercizio = ? order by riga"
        return tuple(rows_of(connection, query, key))

    (period,) = rows_of(connection, "from esercizi.periodi where camera = ? and esercizio = ?", key)
    rules = rows_of(connection, "from regole.parametri where camera = ?", [camera])[0]
    allegato = plans / Partizione(camera, plan_year).chiave / ALLEGATO
    return Scheda(
        partizione=Partizione(camera, esercizio),
        piano=read_plan(allegato.read_bytes()),
        esercizio_piano=plan_year,
        data_riferimento=entity["data_riferimento"],  # type: ignore[arg-type]
        versione_regole=str(entity["versione_regole"]),
        regole=rules,
        realizzazione=entity["realizzazione"],  # type: ignore[arg-type]
        realizzazione_minima=entity["realizzazione_minima"],  # type: ignore[arg-type]
        realizzazione_massima=entity["realizzazione_massima"],  # type: ignore[arg-type]
        copertura=entity["copertura"],  # type: ignore[arg-type]
        obiettivi=ordered("scorecard.obiettivi"),
        indicatori=ordered("scorecard.indicatori"),
        freschezza={int(str(r["riga"])): r for r in ordered("scorecard.freschezza")},
        avvisi=read_avvisi(connection, "e.camera = ? and e.esercizio = ?", key),
        rilievi=read_rilievi(connection, camera, plan_year),
        prospettive=read_prospettive(connection, camera, esercizio),
        sintetici=bool(period["sintetico"]),
        mutamenti=tuple(rows_of(connection, _MUTAMENTI, key)),
    )
