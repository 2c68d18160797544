"""The dictionary: what every table and column of the warehouse is, for whoever asks it.

Belongs here: drawing unit, source, sensitivity and an example out of what is declared. Does not belong
here: any description (the contract, the header of a model, sql/glossario.toml), who shows the dictionary
(the page of offices/, the documents of scorecard/). Nothing is taken from the data: an example is never
somebody's, and the same program makes the same dictionary.
"""

import re
import tomllib
from dataclasses import astuple, dataclass, fields
from functools import cache

import duckdb

from pipelines.contract.estratti import ESTRATTI
from pipelines.contract.schema import Colonna, Estratto
from pipelines.warehouse.fill import add, fill
from pipelines.warehouse.models import SQL, Modello, schemas
from pipelines.warehouse.persone import PERSONALI

DIZIONARIO = "meta.dizionario"
PUBBLICA, INTERNA, PSEUDONIMO, PERSONALE = "pubblica", "interna", "pseudonimo", "personale"

_DI_NESSUNO = ("camera", "esercizio", "_file", "_riga")
"""What a row of people says of where it comes from, and not of them."""

_UNITA = re.compile(
    r"\((?:[^()]*\b)?(EUR|numero|giorni|ore|mesi|byte|punti percentuali|punti di PESO|punti"
    r"|per cento|unità del lato al giorno)\b[^()]*\)"
)
_DELL_INDICATORE = re.compile(
    r"unità dell'indicatore|percentuali in punti percentuali|indicatore$|\b(?:[Rr]isultato|[Vv]alore)\b"
)
_DI_INDICATORI = ("numeratore", "denominatore", "target", "valore", "risultato")
_QUOTA = re.compile("da 0 a 1\\b")
_CONTA = re.compile("^(?:Righe|Quante)\\b")
_GIORNI = re.compile("^Giorni\\b")

_ESEMPI = {
    "BOOLEAN": "true",
    "DATE": "2020-12-31",
    "TIMESTAMP": "2021-01-15 04:00:00",
    "INTEGER": "12",
    "BIGINT": "12",
    "HUGEINT": "12",
    "VARCHAR": "testo",
}


@dataclass(frozen=True)
class Voce:
    """What is said of a table (`colonna` is None, `posto` 0), or of one of its columns.

    `tipo` of a table is `tabella` or `vista`; `unita` is None for what is no number.
    """

    schema: str
    tabella: str
    posto: int
    colonna: str | None
    tipo: str
    significato: str
    unita: str | None
    fonte: str
    sensibilita: str
    in_chiave: bool
    esempio: str | None


def create(connection: duckdb.DuckDBPyConnection) -> None:
    """The table, empty: it speaks of itself, too. Its schema must exist."""
    fill(
        connection,
        DIZIONARIO,
        "schema varchar, tabella varchar, posto integer, colonna varchar, tipo varchar,"
        " significato varchar, unita varchar, fonte varchar, sensibilita varchar,"
        " in_chiave boolean, esempio varchar",
        (),
    )


def load(connection: duckdb.DuckDBPyConnection, models: tuple[Modello, ...]) -> None:
    """Every table and column of a build that has its comments."""
    add(connection, DIZIONARIO, map(astuple, describe(connection, models)))


def read_dictionary(connection: duckdb.DuckDBPyConnection) -> tuple[Voce, ...]:
    """The dictionary of a build, those for whoever asks first, each table before its columns."""
    names = ", ".join(f.name for f in fields(Voce))
    rows = connection.execute(f"select {names} from {DIZIONARIO}").fetchall()
    places = [*schemas()[0], *schemas()[1]]
    found = [Voce(*row) for row in rows]
    return tuple(sorted(found, key=lambda v: (places.index(v.schema), v.tabella, v.posto)))


def describe(
    connection: duckdb.DuckDBPyConnection, models: tuple[Modello, ...]
) -> tuple[Voce, ...]:
    """What the comments and the declarations say of every table and column of a build."""
    by_table = {m.tabella: m for m in models}
    extracts = {f"fonti.{e.tabella}": e for e in ESTRATTI}
    found = []
    for schema, name, posto, column, kind, comment in connection.execute(
        "select schema_name, table_name, 0, null, 'tabella', comment from duckdb_tables()"
        " where not internal"
        " union all select schema_name, view_name, 0, null, 'vista', comment from duckdb_views()"
        " where not internal"
        " union all select schema_name, table_name, column_index, column_name, data_type, comment"
        " from duckdb_columns() where not internal order by all"
    ).fetchall():
        table = f"{schema}.{name}"
        model, estratto = by_table.get(table), extracts.get(table)
        declared = _declared(estratto, column)
        grain = str(model.intestazione.get("grana", "")) if model and column is None else ""
        said = comment if not grain else f"{comment} Grana: {grain}."
        found.append(
            Voce(
                schema=schema,
                tabella=table,
                posto=posto,
                colonna=column,
                tipo=kind,
                significato=said,
                unita=None if column is None else _unit(column, kind, comment),
                fonte=_source(model, estratto),
                sensibilita=_sensitivity(schema, table, column, declared),
                in_chiave=column is not None and column in _key(model, estratto),
                esempio=None
                if column is None
                else _example(table, column, kind, comment, declared),
            )
        )
    return tuple(found)


def _declared(estratto: Estratto | None, column: str | None) -> Colonna | None:
    own = estratto.colonne if estratto else ()
    return next((c for c in own if c.nome == column), None)


def _key(model: Modello | None, estratto: Estratto | None) -> tuple[str, ...]:
    """An accepted row is told from every other by where it stands, whatever key its extract has."""
    if model:
        return model.chiave
    return ("_file", "_riga") if estratto else ()


def _unit(column: str, kind: str, comment: str) -> str | None:
    if not kind.startswith(("DECIMAL", "INTEGER", "BIGINT", "HUGEINT")):
        return None
    if said := _UNITA.search(comment):
        return said[1]
    if comment.startswith("% "):
        return "punti percentuali"
    if _DELL_INDICATORE.search(comment) or column in _DI_INDICATORI:
        return "dell'indicatore"
    if _QUOTA.search(comment):
        return "quota da 0 a 1"
    if _GIORNI.search(comment):
        return "giorni"
    if column in ("esercizio", "anno") or column.startswith(("anno_", "esercizio_")):
        return "anno"
    return "numero" if _CONTA.search(comment) or not kind.startswith("DECIMAL") else None


def _source(model: Modello | None, estratto: Estratto | None) -> str:
    if estratto:
        return estratto.codice
    if model is None:
        return "caricamento"
    folder = "indicatori/contributi" if model.schema == "contributi" else model.schema
    reads = ", ".join(sorted(model.dipende))
    return f"sql/{folder}/{model.nome}.sql" + (f", da {reads}" if reads else "")


def _sensitivity(schema: str, table: str, column: str | None, declared: Colonna | None) -> str:
    if schema in schemas()[1]:
        return INTERNA
    if declared and declared.personale:
        return PSEUDONIMO
    of_people = table in PERSONALI and column not in _DI_NESSUNO
    return PERSONALE if of_people else PUBBLICA


@cache
def _examples() -> dict[str, str]:
    found: dict[str, str] = tomllib.loads((SQL / "glossario.toml").read_text("utf-8"))["esempi"]
    return found


def _example(
    table: str, column: str, kind: str, comment: str, declared: Colonna | None
) -> str | None:
    if declared and declared.personale:
        return f"({PSEUDONIMO})"
    if declared and declared.codici:
        return declared.codici[0]
    if kind.startswith("DECIMAL"):
        return "0.75" if _QUOTA.search(comment) else "12.50"
    if kind == "VARCHAR":
        told = _examples().get(f"{table}.{column}") or _examples().get(column)
        return told or _ESEMPI[kind]
    if column in ("esercizio", "anno") or column.startswith(("anno_", "esercizio_")):
        return "2020"
    return _ESEMPI.get(kind)
