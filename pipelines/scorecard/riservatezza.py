"""What may be shown of an indicator whose rows are people.

Belongs here: which indicators those are, the one rule of what documents show of them, and the rule in words.
Does not belong here: Dagster's page (warehouse/persone.py), pseudonyms (extracts/pseudonyms.py).

A result that the plan asks for is published, as the law wants. With numerator and denominator beside it,
whoever knows the office would count its few; with the rows, or the months in which they came, would name
them. Neither is ever shown, however many people there are: left out only where they are few, the gap itself
would say that they are, and two years or two rows beside each other would give the difference.
"""

from collections.abc import Iterable
from dataclasses import replace

import duckdb

from pipelines.contract.estratti import ESTRATTI
from pipelines.scorecard.righe import Row
from pipelines.warehouse.avvisi import Avviso
from pipelines.warehouse.persone import MINIMO

POCHE = MINIMO
"""People, or their rows, below which how many they are is not told."""

PERSONALI = tuple(e.codice for e in ESTRATTI if any(c.personale for c in e.colonne))
"""The extracts in which people stand."""

REGOLA = (
    "Dove le righe contate sono persone si pubblica il solo risultato che il piano chiede: mai il "
    "numeratore, il denominatore, le righe, il corso dei mesi, così che nessun gruppo di meno di cinque "
    "persone si legga né si ricavi per differenza."
)

_TACIUTE = ("numeratore", "denominatore", "valore")
"""What would tell how many the people are: with twelve decimals, a ratio is its two whole numbers."""


def read_personali(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """The codes of the indicators that count people's rows."""
    found = connection.execute(
        "select distinct codice from indicatori.fonti where list_contains(?, estratto)",
        [list(PERSONALI)],
    )
    return frozenset(codice for (codice,) in found.fetchall())


def count_few(quante: int) -> str:
    """How many people or rows of theirs, but for those too few to be counted in public."""
    return str(quante) if quante >= POCHE else f"meno di {POCHE}"


def discreet(row: Row) -> Row:
    """A row of the scorecard without what would count its people."""
    return {**row, **{name: None for name in _TACIUTE if name in row}}


def hush(avvisi: Iterable[Avviso]) -> tuple[Avviso, ...]:
    """What the checks found, for whoever reads a document: of people that there is something, and no more.

    An operator is told it whole (terminal, mail, Dagster's page).
    """
    return tuple(
        replace(
            a,
            frase=f"Estratto {a.estratto}: il controllo {a.controllo} trova qualcosa; di persone"
            " non si pubblica altro",
        )
        if a.estratto in PERSONALI
        else a
        for a in avvisi
    )
