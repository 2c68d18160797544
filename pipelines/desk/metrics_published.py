"""What a publication counts of itself, as measures.

Belongs here: the queries behind the measures of figures. Does not belong here: how a measure is written
(metrics.py), what is a problem (health.py).
"""

from contextlib import closing
from pathlib import Path

from pipelines.desk.metrics import Misura

_COUNTS = {
    "pira_quarantined_rows": "select count(*) from qualita.scarti",
    "pira_refused_files": "select count(*) from qualita.file where esito = 'RIFIUTATO'",
    "pira_late_extracts": "select count(*) from qualita.freschezza where in_ritardo",
}
_LATER = {"qualita.freschezza"}
"""Tables that publications of earlier versions do not have."""

_MISSING = """
select camera, esercizio, count(*) filter (where risultato is null)
from scorecard.indicatori group by all order by all
"""


def count_published(database: Path) -> tuple[Misura, ...]:
    """The measures of a published database; what a version did not have yet is left out."""
    from pipelines.connection import connect

    with closing(connect(database)) as connection:
        tables = {
            f"{schema}.{table}"
            for schema, table in connection.execute(
                "select schema_name, table_name from duckdb_tables()"
                " union all select schema_name, view_name from duckdb_views()"
            ).fetchall()
        }
        absent = _LATER - tables
        figures = [
            Misura(name, int(*connection.execute(query).fetchone() or (0,)))
            for name, query in _COUNTS.items()
            if not any(table in query for table in absent)
        ]
        figures += [
            Misura(
                "pira_missing_results",
                missing,
                (("camera", camera), ("esercizio", str(esercizio))),
            )
            for camera, esercizio, missing in connection.execute(_MISSING).fetchall()
        ]
    return tuple(figures)
