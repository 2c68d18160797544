"""The catalogue of the indicators as tables: what each is, what it needs, how a plan's row is bound to it.

Belongs here: what the headers of sql/indicatori/contributi and the words of sql/piano.toml say. Does not
belong here: reading a header (models.py), what is loaded of deliveries and plans (load.py).
"""

import duckdb

from pipelines.warehouse.fill import fill
from pipelines.warehouse.models import CONTRIBUTI, PARTI, USI, Modello, catalogue, plan_words


def load_catalogue(connection: duckdb.DuckDBPyConnection, models: tuple[Modello, ...]) -> None:
    """What can be computed, and the words by which the rows of plans are bound to it."""
    entries = catalogue(models)
    fill(
        connection,
        "indicatori.catalogo",
        "codice varchar, titolo varchar, unita varchar, direzione varchar, denominatore boolean,"
        " descrizione varchar, condiviso boolean, fonte varchar, assunto varchar",
        (
            (
                *(e.codice, e.titolo, e.unita, e.direzione, e.denominatore, e.descrizione),
                *(e.condiviso, e.fonte, e.assunto),
            )
            for e in entries
        ),
    )
    fill(
        connection,
        "indicatori.definizioni",
        "codice varchar, unita_numeratore varchar, unita_denominatore varchar, sql varchar",
        (
            (m.nome, *(m.intestazione.get(f"unita_{parte}") for parte in PARTI), m.sql)
            for m in models
            if m.schema == CONTRIBUTI
        ),
    )
    fill(
        connection,
        "indicatori.processi",
        "codice varchar, estratto varchar, codice_processo varchar",
        ((e.codice, estratto, code) for e in entries for estratto, code in e.processi),
    )
    fill(
        connection,
        "indicatori.forme",
        "codice varchar, uso varchar, forma varchar",
        ((e.codice, uso, forma) for e in entries for uso in USI for forma in getattr(e, uso)),
    )
    fill(
        connection,
        "indicatori.parole",
        "genere varchar, forma varchar",
        ((genere, forma) for genere, forme in plan_words().items() for forma in forme),
    )
    fill(
        connection,
        "indicatori.fonti",
        "codice varchar, estratto varchar",
        ((e.codice, estratto) for e in entries for estratto in e.estratti),
    )
