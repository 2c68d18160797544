"""What every table and column of the warehouse says of itself, in Italian.

Belongs here: turning descriptions into comments. Does not belong here: any description; each stands
in one place (the contract, the header of a model, sql/glossario.toml).
"""

import duckdb

from pipelines.connection import text_literal
from pipelines.contract.estratti import ESTRATTI
from pipelines.warehouse.models import Modello, glossary, schemas

INTERNA = "Di servizio. "
"""How the comment begins of what is not for whoever asks."""


def comment(connection: duckdb.DuckDBPyConnection, models: tuple[Modello, ...]) -> None:
    """Every table and column says, in Italian, what it is, its unit and its source."""
    columns, loaded = glossary()
    _, inner = schemas()
    described = {m.tabella: m for m in models}
    extracts = {f"fonti.{e.tabella}": e for e in ESTRATTI}
    relations = connection.execute(
        "select schema_name, table_name, 'table' from duckdb_tables() where not internal"
        " union all select schema_name, view_name, 'view' from duckdb_views() where not internal"
    ).fetchall()
    names: dict[str, list[str]] = {}
    for schema, table, column in connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns() where not internal"
    ).fetchall():
        names.setdefault(f"{schema}.{table}", []).append(column)
    said = []
    for schema, table, kind in relations:
        relation = f"{schema}.{table}"
        own: dict[str, str] = {}
        if (model := described.get(relation)) is not None:
            text, own = model.descrizione, model.colonne
        elif (estratto := extracts.get(relation)) is not None:
            text = f"{estratto.descrizione}. Righe accettate dell'estratto {estratto.codice}."
            own = {c.nome: f"{c.descrizione}. Fonte: {estratto.codice}" for c in estratto.colonne}
        else:
            text = loaded[relation]
        text = INTERNA + text if schema in inner else text
        said.append(f"comment on {kind} {relation} is {text_literal(text)}")
        for column in names[relation]:
            precise = columns.get(f"{relation}.{column}")
            described_as = own.get(column) or precise or columns[column]
            said.append(f'comment on column {relation}."{column}" is {text_literal(described_as)}')
    connection.execute(";\n".join(said))  # handed over one by one they take half as long again
