"""The course of an indicator, by months and by years: held against sums made by hand, over worlds made up."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from pipelines.connection import connect_in_memory
from pipelines.warehouse.models import SQL, read_models

FINE = date(2020, 12, 31)


@pytest.fixture
def mondo() -> Iterator[duckdb.DuckDBPyConnection]:
    """What the models of the course read, empty: a chamber with a count, a share and their extracts."""
    connection = connect_in_memory()
    for schema in ("aritmetica", "indicatori", "esercizi", "qualita", "scorecard", "piano"):
        connection.execute(f"create schema {schema}")
    connection.execute((SQL / "aritmetica.sql").read_text("utf-8"))
    connection.execute(
        """
        create table indicatori.catalogo (codice varchar, unita varchar, denominatore boolean);
        insert into indicatori.catalogo values ('CONTO', 'numero', false), ('QUOTA', 'percentuale', true);
        create table indicatori.fonti (codice varchar, estratto varchar);
        insert into indicatori.fonti values ('CONTO', 'a/uno'), ('QUOTA', 'a/uno'), ('QUOTA', 'a/due');
        create table indicatori.contributi (camera varchar, esercizio integer, codice varchar,
            numeratore decimal(38, 12), denominatore decimal(38, 12), _file varchar, _riga bigint);
        create table indicatori.valori (camera varchar, esercizio integer, codice varchar,
            valore decimal(38, 12), stato varchar);
        create table esercizi.periodi (camera varchar, esercizio integer, inizio date,
            data_riferimento date, fine date);
        create table qualita.giorni (camera varchar, esercizio integer, estratto varchar, _file varchar,
            _riga bigint, giorno date);
        """
    )
    yield connection
    connection.close()


Riga = tuple[str, int, int | None, date | None]
"""Extract, numerator, denominator, day."""


def months(
    mondo: duckdb.DuckDBPyConnection, codice: str, righe: list[Riga], giorno: date = FINE
) -> list[tuple[Any, ...]]:
    """Month, rows, value of the month, value so far, of an indicator made of these rows."""
    mondo.execute(
        "insert into esercizi.periodi values ('AA', 2020, '2020-01-01', ?, '2020-12-31')", [giorno]
    )
    for posto, (estratto, numeratore, denominatore, quando) in enumerate(righe, 2):
        where = ["AA", 2020, estratto, f"{estratto}.csv", posto]
        mondo.execute("insert into qualita.giorni values (?, ?, ?, ?, ?, ?)", [*where, quando])
        mondo.execute(
            "insert into indicatori.contributi values ('AA', 2020, ?, ?, ?, ?, ?)",
            [codice, numeratore, denominatore, *where[3:]],
        )
    mondo.execute("insert into indicatori.valori values ('AA', 2020, ?, 1, 'DEFINITIVO')", [codice])
    (model,) = (m for m in read_models() if m.tabella == "scorecard.mesi")
    found = mondo.execute(
        f"select mese, righe, valore, valore_finora from ({model.sql}) order by mese"
    )
    return found.fetchall()


def test_a_count_grows_month_by_month(mondo: duckdb.DuckDBPyConnection) -> None:
    rows: list[Riga] = [
        ("a/uno", 1, None, date(2020, 2, 1)),
        ("a/uno", 1, None, date(2020, 2, 29)),
        ("a/uno", 3, None, date(2020, 4, 30)),
    ]
    assert months(mondo, "CONTO", rows, date(2020, 5, 1)) == [
        (1, 0, 0, 0),
        (2, 2, 2, 2),
        (3, 0, 0, 2),
        (4, 1, 3, 5),
        (5, 0, 0, 5),
    ]


def test_a_share_is_the_months_own_and_that_so_far(mondo: duckdb.DuckDBPyConnection) -> None:
    rows: list[Riga] = [
        ("a/uno", 1, 1, date(2020, 1, 1)),
        ("a/uno", 0, 1, date(2020, 1, 31)),
        ("a/due", 1, 1, date(2020, 3, 1)),
    ]
    third = Decimal("66.666666666666")
    assert months(mondo, "QUOTA", rows, date(2020, 3, 2)) == [
        (1, 2, 50, 50),
        (2, 0, None, 50),
        (3, 1, 100, third),
    ]


def test_what_is_of_another_year_and_counts_stands_apart(mondo: duckdb.DuckDBPyConnection) -> None:
    rows: list[Riga] = [
        ("a/uno", 1, None, date(2019, 12, 31)),
        ("a/uno", 1, None, date(2020, 1, 1)),
        ("a/uno", 1, None, date(2021, 1, 1)),
    ]
    found = months(mondo, "CONTO", rows)
    assert [row[0] for row in found] == [*range(14)]
    assert (found[0], found[1], found[-1]) == ((0, 1, 1, 1), (1, 1, 1, 2), (13, 1, 1, 3))


def test_one_row_without_a_day_leaves_nothing_to_say(mondo: duckdb.DuckDBPyConnection) -> None:
    rows: list[Riga] = [("a/uno", 1, 1, date(2020, 1, 1)), ("a/due", 0, 1, None)]
    assert months(mondo, "QUOTA", rows) == []


def test_every_course_of_the_sample_ends_at_its_value(magazzino: duckdb.DuckDBPyConnection) -> None:
    days = {
        (file, riga): giorno
        for file, riga, giorno in magazzino.execute(
            "select _file, _riga, giorno from qualita.giorni"
        ).fetchall()
    }
    sums: defaultdict[tuple[int, str], dict[int, tuple[Decimal, Decimal]]] = defaultdict(dict)
    undated: set[tuple[int, str]] = set()
    for year, codice, numeratore, denominatore, file, riga in magazzino.execute(
        "select esercizio, codice, numeratore, denominatore, _file, _riga from indicatori.contributi"
    ).fetchall():
        day = days[file, riga]
        if day is None:
            undated.add((year, codice))
            continue
        month = 0 if day.year < year else 13 if day.year > year else day.month
        n, d = sums[year, codice].get(month, (Decimal(0), Decimal(0)))
        sums[year, codice][month] = (n + numeratore, d + (denominatore or 0))
    found: defaultdict[tuple[int, str], list[tuple[Any, ...]]] = defaultdict(list)
    for year, codice, *row in magazzino.execute(
        "select esercizio, codice, mese, numeratore, denominatore, valore_finora from scorecard.mesi"
        " order by esercizio, codice, mese"
    ).fetchall():
        found[year, codice].append(tuple(row))
    assert found.keys() == sums.keys() - undated
    assert len({codice for _, codice in found}) == 11
    values = {
        (year, codice): valore
        for year, codice, valore in magazzino.execute(
            "select esercizio, codice, valore from indicatori.valori"
        ).fetchall()
    }
    for key, rows in found.items():
        assert rows[-1][3] == values[key]
        assert {month: (n, d or Decimal(0)) for month, n, d, _ in rows if n or d} == {
            month: both for month, both in sums[key].items() if any(both)
        }


# --- the years --------------------------------------------------------------------------------------


def test_the_years_of_the_sample_are_those_of_warehouse_and_plan(
    magazzino: duckdb.DuckDBPyConnection,
) -> None:
    rows = magazzino.execute(
        "select a.anno, a.risultato, a.stampato, a.target_testo from scorecard.andamento as a"
        " inner join scorecard.indicatori as s using (camera, esercizio, missione, programma, obiettivo,"
        " progressivo) where s.codice = 'INCIDENZA_CONSIP' and a.camera = 'MS'"
        " and a.esercizio = 2020 order by a.anno"
    ).fetchall()
    assert [row[0] for row in rows] == [2018, 2019, 2020, 2021, 2022]
    assert [row[1] is None for row in rows] == [False, False, False, True, True]
    assert rows[2][1] == Decimal("44.18")
    assert [row[3] for row in rows] == [None, None, "=>31%", "=>31%", "=>31%"]


def test_the_year_that_the_warehouse_lacks_is_the_one_that_the_plan_prints(
    magazzino: duckdb.DuckDBPyConnection, magazzino_piccolo: duckdb.DuckDBPyConnection
) -> None:
    printed = 0
    for warehouse in (magazzino, magazzino_piccolo):
        for risultato, stampato, ultimo, valore in warehouse.execute(
            "select a.risultato, a.stampato, s.ultimo_valore, v.valore from scorecard.andamento as a"
            " inner join scorecard.indicatori as s using (camera, esercizio, missione, programma,"
            " obiettivo, progressivo) left join indicatori.valori as v on a.camera = v.camera"
            " and a.anno = v.esercizio and s.codice = v.codice"
            " where a.anno = s.anno_ultimo_valore and a.anno < a.esercizio"
        ).fetchall():
            assert stampato is (valore is None)
            assert risultato == ultimo or valore is not None
            printed += stampato
    assert printed
