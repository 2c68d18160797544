"""The checks of sql/controlli over a build: which cases each finds, and what that amounts to.

Belongs here: running the checks, and the two tables by which the warehouse itself knows how they
went. Does not belong here: the checks (sql/controlli), what their cases cost (qualita/conseguenze.sql),
whether a build may be published (publish.py).
"""

from dataclasses import dataclass
from decimal import Decimal

import duckdb

from pipelines.connection import text_literal
from pipelines.testo import shown
from pipelines.warehouse.fill import fill
from pipelines.warehouse.models import CONTROLLI, ESITI, Controllo, Modello, checks, read_models


@dataclass(frozen=True)
class Esito:
    """The outcome of a check: how many cases, and the first of them as rows."""

    nome: str
    descrizione: str
    riguarda: str
    blocca: bool
    in_evidenza: bool
    casi: int
    colonne: tuple[str, ...]
    esempi: tuple[tuple[object, ...], ...]

    @property
    def superato(self) -> bool:
        return self.casi == 0

    @property
    def primo(self) -> str:
        """The first case in words: its columns and their values."""
        pairs = zip(self.colonne, self.esempi[0], strict=True) if self.esempi else ()
        return ", ".join(
            f"{name} {shown(str(value))}" for name, value in pairs if value is not None
        )


@dataclass(frozen=True)
class Prezzo:
    """What the cases of a check in a partition cost (qualita.conseguenze). `peso` in percent points.

    `partizione` is empty for a check that speaks of the whole warehouse.
    """

    controllo: str
    partizione: str
    frase: str
    casi: int
    celle: int
    peso: Decimal | None
    in_evidenza: bool


def read_prices(connection: duckdb.DuckDBPyConnection) -> tuple[Prezzo, ...]:
    """What every failed check of an open build costs: those in evidence, then the dearest, first."""
    rows = connection.execute(
        "select controllo, camera, esercizio, frase, casi, celle, peso, in_evidenza"
        " from qualita.conseguenze order by in_evidenza desc, peso desc nulls last, celle desc,"
        " controllo, camera, esercizio"
    ).fetchall()
    return tuple(
        Prezzo(controllo, f"{camera}-{esercizio:04d}" if esercizio is not None else "", *others)
        for controllo, camera, esercizio, *others in rows
    )


def run_checks(connection: duckdb.DuckDBPyConnection) -> tuple[Esito, ...]:
    """Every check of sql/controlli, computed over an open build."""
    outcomes = []
    for check in checks(read_models()):
        cursor = connection.execute(f"from {check.modello.tabella}")
        columns = tuple(d[0] for d in cursor.description or ())
        rows = cursor.fetchall()
        outcomes.append(_outcome(check, len(rows), columns, rows))
    return tuple(outcomes)


def read_outcomes(connection: duckdb.DuckDBPyConnection) -> tuple[Esito, ...]:
    """The same as the build noted them; only what failed is computed, for its first cases."""
    counted = dict(
        connection.execute(
            f"select controllo, sum(casi)::bigint from {ESITI} group by all"
        ).fetchall()
    )
    columns = _columns_of(connection)
    outcomes = []
    for check in checks(read_models()):
        cases, view = counted.get(check.nome, 0), check.modello.tabella
        rows = connection.execute(f"from {view} limit {_EXAMPLES}").fetchall() if cases else []
        outcomes.append(_outcome(check, cases, columns[check.nome], rows))
    return tuple(outcomes)


def _outcome(
    check: Controllo, cases: int, columns: tuple[str, ...], rows: list[tuple[object, ...]]
) -> Esito:
    return Esito(
        check.nome,
        check.modello.descrizione,
        check.riguarda,
        check.blocca,
        check.in_evidenza,
        cases,
        columns,
        tuple(rows[:_EXAMPLES]),
    )


def unaccounted(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The models of which no check judges the rows, that lost or repeat some (`perse`)."""
    return [
        model.tabella
        for model in read_models()
        if model.perse is not None and connection.execute(model.perse).fetchone()
    ]


_EXAMPLES = 20
"""Cases of a check that are kept to be shown."""

_CHIAVI = {
    "camera": "varchar",
    "esercizio": "integer",
    "estratto": "varchar",
    "codice": "varchar",
    "parte": "varchar",
    "riga": "integer",
}
"""The columns by which a case of a check is led back to the cells of the scorecard that it touches. A row of
the plan is told by its part too: two sheets have a row 7 each."""


_EVIDENZE = {
    **_CHIAVI,
    "_file": "varchar",
    "_riga": "bigint",
    "colonna": "varchar",
    "casi": "bigint",
    "esempio": "varchar",
    "trovato": "varchar",
    "valore": "decimal(38, 12)",
    "valore_senza": "decimal(38, 12)",
}
"""What a case of a check in evidence tells whoever shows it (avvisi.py); NULL what it does not. A check
that says in `motivo` why it fails has found that."""


def create_outcomes(connection: duckdb.DuckDBPyConnection, models: tuple[Modello, ...]) -> None:
    """Makes `qualita.controlli`, `.esiti` and `.evidenze` in a build whose checks exist as views.

    Each check is computed once. A column that a check does not have is NULL, and says nothing of where
    its cases are; the empty text means that the check has the column and the case has no value there.
    """
    columns = ", ".join(f"{name} {kind}" for name, kind in _CHIAVI.items())
    connection.execute(f"create table {ESITI} (controllo varchar, {columns}, casi bigint)")
    columns = ", ".join(f"{name} {kind}" for name, kind in _EVIDENZE.items())
    connection.execute(f"create table qualita.evidenze (controllo varchar, {columns})")
    having = _columns_of(connection)
    found = checks(models)
    fill(
        connection,
        "qualita.controlli",
        "controllo varchar, riguarda varchar, gravita varchar, in_evidenza boolean,"
        " descrizione varchar, per_partizione boolean",
        (
            (
                check.nome,
                check.riguarda,
                "BLOCCA" if check.blocca else "AVVISO",
                check.in_evidenza,
                check.modello.descrizione,
                {"camera", "esercizio"} <= set(having[check.nome]),
            )
            for check in found
        ),
    )
    for check in found:
        ((cases,),) = connection.execute(
            f"create temp table casi as from {check.modello.tabella}"
        ).fetchall()
        if cases:
            _note_cases(connection, check, set(having[check.nome]))
        connection.execute("drop table casi")


def _note_cases(connection: duckdb.DuckDBPyConnection, check: Controllo, columns: set[str]) -> None:
    """Counts the cases of a check in `casi`; tells each if it is in evidence."""
    keys = ", ".join(
        (f"coalesce({name}, '')" if name in ("estratto", "codice") else name)
        if name in columns
        else f"null::{kind}"
        for name, kind in _CHIAVI.items()
    )
    connection.execute(
        f"insert into {ESITI} select {text_literal(check.nome)}, {keys}, count(*) from casi"
        " group by all order by all"
    )
    if check.in_evidenza:
        told = {"trovato": "motivo"} if "trovato" not in columns else {}
        known = ", ".join(
            f"{column}::{kind}" if column in columns else f"null::{kind}"
            for name, kind in _EVIDENZE.items()
            for column in [told.get(name, name)]
        )
        connection.execute(
            f"insert into qualita.evidenze select {text_literal(check.nome)}, {known} from casi order by all"
        )


def _columns_of(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, ...]]:
    """Check -> its columns, in their order."""
    return {
        check: tuple(names)
        for check, names in connection.execute(
            "select table_name, list(column_name order by column_index) from duckdb_columns()"
            " where schema_name = ? group by all",
            [CONTROLLI],
        ).fetchall()
    }
