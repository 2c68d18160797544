"""What is known of a partition when its scorecard is written: the one source of every format.

Belongs here: reading the built warehouse into the records that the writers take. Does not belong
here: how a format looks (txt.py, xlsx.py, ...: each module that declares one).
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from pipelines.partizione import Partizione
from pipelines.plan.delivered import read_again
from pipelines.plan.model import Piano
from pipelines.plan.modello import is_standard, standard
from pipelines.scorecard.chiave import Chiave, indicator_key
from pipelines.scorecard.consegnati import Consegnati, read_consegnati
from pipelines.scorecard.dettagli import Dettaglio, read_dettagli
from pipelines.scorecard.prospettive import read_prospettive
from pipelines.scorecard.righe import Row, rows_of
from pipelines.scorecard.rilievi import Rilievi, read_rilievi
from pipelines.warehouse.avvisi import Avviso, read_avvisi


@dataclass(frozen=True, eq=False)
class Scheda:
    """A partition's scorecard. Rows are those of the `scorecard.*` tables, in the plan's order. No two are
    the same: what is made of one is made once for all its documents.

    `piano` is the plan in force, whose year is `esercizio_piano`; it is the partition's own when
    the two years are equal. `obiettivi` and `indicatori` are in the order of the allegato.
    `freschezza` tells how fresh each row of `indicatori` is, by its key. `mutamenti` are the changes
    of targets, weights, percentages and rules, the latest first; without a code, of all indicators.
    `avvisi` are the cases of the checks in evidence, the dearest first. `rilievi` is what there is to say
    of the plan in force; `prospettive` is what each row of `indicatori` can still become, and what it would
    take, by its key; `dettagli` what is behind each; `consegnati` what the
    offices delivered.
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
    rilievi: Rilievi = field(default_factory=Rilievi)
    prospettive: dict[Chiave, tuple[str, ...]] = field(default_factory=dict)
    mutamenti: tuple[Row, ...] = ()
    dettagli: dict[Chiave, Dettaglio] = field(default_factory=dict)
    consegnati: Consegnati | None = None

    def is_personale(self, row: Row) -> bool:
        """Whether the rows that count in a row of `indicatori` are people's."""
        dietro = self.dettagli.get(indicator_key(row))
        return dietro is not None and dietro.personale

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
    camera,
    esercizio,
    case when cosa <> 'regole' then codice end as codice, cosa, prima, dopo, noto_dal
from storico.cambiamenti
where cosa <> 'valore'
order by noto_dal desc, codice nulls first, cosa desc
"""


def read_sheets(connection: duckdb.DuckDBPyConnection, plans: Path) -> list[Scheda]:
    """The scorecard of every partition that has a plan in force, in order.

    `plans` holds the allegati as this run read them, a folder per partition.
    """

    def ask(query: str) -> list[Row]:
        return rows_of(connection, query)

    tables = {
        name: _apart(ask(f"from {name} order by camera, esercizio, ordine"))
        for name in ("scorecard.obiettivi", "scorecard.indicatori", "scorecard.freschezza")
    }
    periods = _apart(ask("from esercizi.periodi"))
    changes = _apart(ask(_MUTAMENTI))
    rules = {str(row["camera"]): row for row in ask("from regole.parametri")}
    avvisi: defaultdict[str, list[Avviso]] = defaultdict(list)
    for avviso in read_avvisi(connection):
        avvisi[avviso.partizione].append(avviso)
    details = read_dettagli(connection)
    delivered = read_consegnati(connection)
    findings, prospects = read_rilievi(connection), read_prospettive(connection)
    found = []
    for entity in ask("from scorecard.ente order by camera, esercizio"):
        partizione = _partition_of(entity)
        plan_year = int(str(entity["esercizio_piano"]))
        piano = read_again(plans / Partizione(partizione.camera, plan_year).chiave)
        ((period,), regole) = periods[partizione], rules[partizione.camera]
        found.append(
            Scheda(
                partizione=partizione,
                piano=piano if is_standard(piano) else standard(piano),
                testuale=is_standard(piano),
                esercizio_piano=plan_year,
                data_riferimento=entity["data_riferimento"],  # type: ignore[arg-type]
                versione_regole=str(entity["versione_regole"]),
                regole=regole,
                realizzazione=entity["realizzazione"],  # type: ignore[arg-type]
                realizzazione_minima=entity["realizzazione_minima"],  # type: ignore[arg-type]
                realizzazione_massima=entity["realizzazione_massima"],  # type: ignore[arg-type]
                copertura=entity["copertura"],  # type: ignore[arg-type]
                obiettivi=tuple(tables["scorecard.obiettivi"][partizione]),
                indicatori=tuple(tables["scorecard.indicatori"][partizione]),
                freschezza={
                    indicator_key(row): row for row in tables["scorecard.freschezza"][partizione]
                },
                avvisi=tuple(avvisi[partizione.chiave]),
                rilievi=findings.get(Partizione(partizione.camera, plan_year), Rilievi()),
                prospettive=prospects.get(partizione, {}),
                sintetici=bool(period["sintetico"]),
                dettagli=details[partizione.camera, partizione.esercizio],
                consegnati=delivered.get(partizione),
                mutamenti=tuple(
                    {name: row[name] for name in row if name not in ("camera", "esercizio")}
                    for row in changes[partizione]
                ),
            )
        )
    return found


def _partition_of(row: Row) -> Partizione:
    return Partizione(str(row["camera"]), int(str(row["esercizio"])))


def _apart(rows: list[Row]) -> defaultdict[Partizione, list[Row]]:
    """Rows by their partition, in the order that they have: a question for all is as quick as for one."""
    found: defaultdict[Partizione, list[Row]] = defaultdict(list)
    for row in rows:
        found[_partition_of(row)].append(row)
    return found
