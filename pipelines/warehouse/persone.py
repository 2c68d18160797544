"""What a page may show of tables in which a row is a person's: groups large enough, never a row.

Belongs here: which tables those are, and how their first rows are shown on an operator's page. Does
not belong here: pseudonyms (extracts/pseudonyms.py), the page (orchestration/). The warehouse itself
holds the rows, under pseudonyms, for who may query it; a page is looked at by anybody.
"""

import duckdb

from pipelines.contract.estratti import ESTRATTI
from pipelines.warehouse.models import CONTRIBUTI, TUTTI, read_models

MINIMO = 5
"""Rows alike below which a page does not even count them: so few could be told apart."""

ESEMPI = 8
"""Rows that a preview has at most: what a page shows without a click."""

PERSONALI = frozenset(f"fonti.{e.tabella}" for e in ESTRATTI if any(c.personale for c in e.colonne))
"""The extracts in which people stand."""

Righe = tuple[tuple[object, ...], ...]


def is_about_people(table: str) -> bool:
    """Whether a row of the table may be a person's."""
    reads = {m.tabella: m.dipende for m in read_models() if m.schema == CONTRIBUTI}
    return table in {*PERSONALI, TUTTI, "indicatori.contributi"} or bool(
        reads.get(table, frozenset()) & PERSONALI
    )


def preview(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    colonne: str,
    ordine: str,
    chiave: list[object],
) -> tuple[tuple[str, ...], Righe]:
    """The first rows of a partition in a table, with their columns, as a page may show them.

    `colonne` and `ordine` are ours, as SQL; `chiave` is chamber and year. Where rows are people's: how
    many are alike in all but where they come from, if at least `MINIMO` are; of an extract, nothing.
    """
    if table in PERSONALI:
        return (), ()
    if is_about_people(table):
        colonne, ordine = "numeratore, denominatore, count(*) as righe", "all"
        grouped = f"group by all having count(*) >= {MINIMO}"
    else:
        grouped = ""
    found = connection.execute(
        f"select {colonne} from {table} where camera = ? and esercizio = ? {grouped}"
        f" order by {ordine} limit {ESEMPI}",
        chiave,
    )
    return tuple(d[0] for d in found.description or ()), tuple(found.fetchall())
