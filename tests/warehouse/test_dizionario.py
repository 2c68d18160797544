"""The dictionary speaks of every table and column, as they are, and of nobody.

Belongs here: meta.dizionario and how the schemas are told apart. Does not belong here: the page
(tests/offices), the contract made of it (tests/aperti), whether comments are there (test_pubblicato.py).
"""

import duckdb
import pytest

from pipelines.contract.estratti import ESTRATTI
from pipelines.settings import Luoghi
from pipelines.warehouse.comments import INTERNA
from pipelines.warehouse.models import schemas
from tests.warehouse.magazzini import Riga, chiedi, colonne_di


@pytest.fixture(scope="module")
def voci(magazzino_piccolo: duckdb.DuckDBPyConnection) -> list[Riga]:
    """Table, column, type, unit, sensitivity, example, of every column."""
    return magazzino_piccolo.execute(
        "select tabella, colonna, tipo, unita, sensibilita, esempio from meta.dizionario"
        " where colonna is not null"
    ).fetchall()


def test_every_table_and_column_is_there_as_it_is(
    magazzino_piccolo: duckdb.DuckDBPyConnection, voci: list[Riga]
) -> None:
    known = {
        (t, c): kind
        for t, found in colonne_di(magazzino_piccolo).items()
        for c, kind in found.items()
    }
    assert {(table, column): kind for table, column, kind, *_ in voci} == known
    assert len(voci) == len(known)
    tables = magazzino_piccolo.execute(
        "select tabella, tipo from meta.dizionario where colonna is null order by all"
    ).fetchall()
    assert (
        tables
        == magazzino_piccolo.execute(
            "select schema_name || '.' || table_name as tabella, 'tabella' from duckdb_tables()"
            " where not internal union all"
            " select schema_name || '.' || view_name, 'vista' from duckdb_views() where not internal"
            " order by all"
        ).fetchall()
    )


def test_what_it_says_is_what_the_comments_say(
    magazzino_piccolo: duckdb.DuckDBPyConnection,
) -> None:
    other = magazzino_piccolo.execute(
        "select d.tabella, d.colonna from meta.dizionario as d inner join ("
        " select schema_name || '.' || table_name as tabella, column_name as colonna, comment"
        " from duckdb_columns() union all"
        " select schema_name || '.' || table_name, null, comment from duckdb_tables() union all"
        " select schema_name || '.' || view_name, null, comment from duckdb_views()) as c"
        " on d.tabella = c.tabella and d.colonna is not distinct from c.colonna"
        " where not starts_with(d.significato, c.comment)"
    ).fetchall()
    assert other == []


def test_a_number_says_its_unit_and_an_example_is_a_value_of_its_column(
    magazzino_piccolo: duckdb.DuckDBPyConnection, voci: list[Riga]
) -> None:
    public, _ = schemas()
    for table, column, kind, unit, _, example in voci:
        if table.split(".")[0] not in public:
            continue
        assert unit or not kind.startswith("DECIMAL"), f"{table}.{column}: say its unit"
        if not kind.endswith("[]"):
            query = f"select try_cast(? as {kind}) is not null"
            assert magazzino_piccolo.execute(query, [example]).fetchone() == (True,), (
                table,
                column,
            )


def test_nothing_in_it_comes_from_the_data(campione: Luoghi, piccola: Luoghi) -> None:
    everything = "from meta.dizionario order by all"
    assert chiedi(campione, everything) == chiedi(piccola, everything)


def test_pseudonyms_and_rows_of_people_are_marked(voci: list[Riga]) -> None:
    declared = {(f"fonti.{e.tabella}", c.nome) for e in ESTRATTI for c in e.colonne if c.personale}
    marked = {(table, column) for table, column, *_, kind, _ in voci if kind == "pseudonimo"}
    assert marked == declared and declared
    of_people = {table for table, _ in declared}
    others = {(table, column) for table, column, *_, kind, _ in voci if kind == "personale"}
    assert {table for table, _ in others} == of_people
    assert ("fonti.segreteria_welfare", "strumento") in others
    assert ("fonti.segreteria_welfare", "_file") not in others


def test_schemas_that_serve_say_so_first(magazzino_piccolo: duckdb.DuckDBPyConnection) -> None:
    public, inner = schemas()
    said = magazzino_piccolo.execute(
        "select schema, bool_and(starts_with(significato, ?)), bool_or(starts_with(significato, ?)),"
        " bool_or(sensibilita = 'interna') from meta.dizionario where colonna is null group by all",
        [INTERNA, INTERNA],
    ).fetchall()
    assert {schema for schema, *_ in said} <= {*public, *inner}
    assert not public.keys() & inner.keys()
    for schema, everyone, anyone, marked in said:
        assert (everyone, anyone, marked) == ((True,) * 3 if schema in inner else (False,) * 3)
