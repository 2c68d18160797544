"""What a page may show of tables in which a row is a person's: groups large enough, never a row.

Belongs here: which tables those are, and how their first rows are shown on an operator's page. Does
not belong here: pseudonyms (extracts/pseudonyms.py), the page (definitions.py). The warehouse itself
holds the rows, under pseudonyms, for who may query it; a page is looked at by anybody.
"""

import duckdb

from pipelines.extracts.contract import ESTRATTI
from pipelines.warehouse.models import CONTRIBUTI, TUTTI, read_models

MINIMO = 5
"""Rows alike below which a page does not even count them: so few could be told apart."""

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
    connection: duckdb.DuckDBPyConnection, table: str, columns: tuple[str, ...], examples: int
) -> tuple[tuple[str, ...], Righe]:
    """The first rows of a table with their columns, as a page may show them.

    Where rows are people's: how many are alike in all but where they come from, if at least
    `MINIMO` are; of an extract, nothing.
    """
    if not is_about_people(table):
        return columns, tuple(connection.execute(f"from {table} limit {examples}").fetchall())
    if table in PERSONALI:
        return columns, ()
    groups = connection.execute(
        f"select camera, esercizio, numeratore, denominatore, count(*) as righe from {table}"
        f" group by all having count(*) >= {MINIMO} order by all limit {examples}"
    )
    return tuple(d[0] for d in groups.description or ()), tuple(groups.fetchall())
