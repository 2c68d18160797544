"""What is known of a partition when its scorecard is written: the one source of every format.

Belongs here: reading the built warehouse into the records that the writers take. Does not belong
here: how a format looks (txt.py, xlsx.py, ...: each module that declares one).
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from pipelines.partizione import Partizione
from pipelines.plan.delivered import read_again
from pipelines.plan.model import Piano
from pipelines.plan.modello import is_standard, standard
from pipelines.warehouse.avvisi import Avviso, read_avvisi

Row = dict[str, object]
Chiave = tuple[str, str, str, int]
"""Missione, programma, obiettivo and progressivo: an indicator of a plan."""


@dataclass(frozen=True)
class Scheda:
    """A partition's scorecard. Rows are those of the `scorecard.*` tables, in the plan's order.

    `piano` is the plan in force, whose year is `esercizio_piano`; it is the partition's own when
    the two years are equal. `obiettivi` and `indicatori` are in the order of the allegato.
    `freschezza` tells how fresh each row of `indicatori` is, by its key. `mutamenti` are the changes
    of targets, weights, percentages and rules, the latest first; without a code, of all indicators.
    `avvisi` are the cases of the checks in evidence, the dearest first.
    `testuale`: the plan is text in the layout of 2020; of any other, `piano` is in the standard layout.
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
    testuale: bool = True
    freschezza: dict[Chiave, Row] = field(default_factory=dict)
    avvisi: tuple[Avviso, ...] = ()
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


def indicator_key(row: Row) -> Chiave:
    """The indicator that a row is about."""
    missione, programma, obiettivo = (str(row[n]) for n in ("missione", "programma", "obiettivo"))
    return missione, programma, obiettivo, int(str(row["progressivo"]))


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
        query = f"from {table} where camera = ? and esercizio = ? order by ordine"
        return tuple(rows_of(connection, query, key))

    (period,) = rows_of(connection, "from esercizi.periodi where camera = ? and esercizio = ?", key)
    rules = rows_of(connection, "from regole.parametri where camera = ?", [camera])[0]
    piano = read_again(plans / Partizione(camera, plan_year).chiave)
    return Scheda(
        partizione=Partizione(camera, esercizio),
        piano=piano if is_standard(piano) else standard(piano),
        testuale=is_standard(piano),
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
        freschezza={indicator_key(r): r for r in ordered("scorecard.freschezza")},
        avvisi=read_avvisi(connection, "e.camera = ? and e.esercizio = ?", key),
        sintetici=bool(period["sintetico"]),
        mutamenti=tuple(rows_of(connection, _MUTAMENTI, key)),
    )
