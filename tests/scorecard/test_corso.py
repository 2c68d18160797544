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
    mondo: duckdb.DuckDBPyConnection,
    codice: str,
    righe: list[Riga],
    giorno: date = FINE,
    valore: int | None = 1,
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
    mondo.execute(
        "insert into indicatori.valori values ('AA', 2020, ?, ?, 'DEFINITIVO')", [codice, valore]
    )
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


def test_the_months_are_those_of_the_chamber_and_of_the_year(
    mondo: duckdb.DuckDBPyConnection,
) -> None:
    """The same name and line below each chamber and year, a month later in each."""
    whose = [("AA", 2020), ("BB", 2020), ("AA", 2019)]
    for mese, (camera, esercizio) in enumerate(whose, 2):
        where = [camera, esercizio]
        file = f"{camera}/{esercizio}/a.csv"
        first, last = date(esercizio, 1, 1), date(esercizio, 12, 31)
        mondo.execute(
            "insert into esercizi.periodi values (?, ?, ?, ?, ?)", [*where, first, last, last]
        )
        mondo.execute(
            "insert into qualita.giorni values (?, ?, 'a/uno', ?, 2, ?)",
            [*where, file, date(esercizio, mese, 1)],
        )
        for codice in ("CONTO", "QUOTA"):
            mondo.execute(
                "insert into indicatori.contributi values (?, ?, ?, ?, 8, ?, 2)",
                [*where, codice, mese, file],
            )
            mondo.execute(
                "insert into indicatori.valori values (?, ?, ?, 1, 'DEFINITIVO')", [*where, codice]
            )
    (model,) = (m for m in read_models() if m.tabella == "scorecard.mesi")
    assert mondo.execute(
        f"select camera, esercizio, codice, mese, righe, valore, valore_finora from ({model.sql})"
        " where righe > 0 order by mese, codice"
    ).fetchall() == [
        (camera, esercizio, codice, mese, 1, *[mese if codice == "CONTO" else mese * 100 / 8] * 2)
        for mese, (camera, esercizio) in enumerate(whose, 2)
        for codice in ("CONTO", "QUOTA")
    ]


def test_a_year_that_has_not_begun_has_the_months_of_its_rows(
    mondo: duckdb.DuckDBPyConnection,
) -> None:
    rows: list[Riga] = [("a/uno", 1, None, date(2020, 3, 1))]
    assert months(mondo, "CONTO", rows, date(2019, 12, 31)) == [(3, 1, 1, 1)]


def test_what_has_no_value_has_no_course(mondo: duckdb.DuckDBPyConnection) -> None:
    mondo.execute("insert into indicatori.catalogo values ('VUOTO', 'numero', false)")
    mondo.execute("insert into indicatori.fonti values ('VUOTO', 'a/uno')")
    assert months(mondo, "VUOTO", [("a/uno", 1, None, date(2020, 3, 1))], valore=None) == []


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


ANNI = """
create table scorecard.indicatori (camera varchar, esercizio integer, esercizio_piano integer,
    missione varchar, programma varchar, obiettivo varchar, progressivo integer, riga integer,
    codice varchar, decimali integer, ultimo_valore decimal(38, 6), anno_ultimo_valore integer,
    target_testo varchar, operatore varchar, target decimal(38, 6));
insert into scorecard.indicatori values
    ('AA', 2020, 2020, 'M', 'P', '1.1', 1, 5, 'CONTO', 0, 30, 2018, '=>7', '=>', 7),
    ('AA', 2019, 2019, 'M', 'P', '1.1', 1, 8, 'CONTO', 1, null, 2017, '=>4', '=>', 4),
    ('AA', 2019, 2019, 'M', 'P', '1.1', 2, 3, 'CONTO', 0, null, null, '=<6', '=<', 6),
    ('AA', 2019, 2019, 'M', 'P', '1.1', 3, 1, 'CONTO', 0, null, null, null, null, null),
    ('AA', 2019, 2019, 'M', 'P', '1.1', 4, 2, 'QUOTA', 0, 12, 2019, '=>44', '=>', 44),
    ('BB', 2019, 2019, 'M', 'P', '1.1', 1, 0, 'CONTO', 0, null, null, '=>55', '=>', 55);
insert into indicatori.valori values
    ('AA', 2019, 'CONTO', 5.44, 'DEFINITIVO'), ('AA', 2020, 'CONTO', 8.6, 'PROVVISORIO'),
    ('AA', 2022, 'CONTO', 99, 'DEFINITIVO'), ('BB', 2017, 'CONTO', 3, 'DEFINITIVO'),
    ('AA', 2016, 'QUOTA', 77, 'DEFINITIVO');
create table piano.traguardi (camera varchar, esercizio integer, missione varchar, programma varchar,
    obiettivo varchar, progressivo integer, anno integer, target_testo varchar, operatore varchar,
    target decimal(38, 6));
insert into piano.traguardi values
    ('AA', 2020, 'M', 'P', '1.1', 1, 2020, '=>7', '=>', 7),
    ('AA', 2020, 'M', 'P', '1.1', 1, 2021, '=>8', '=>', 8),
    ('AA', 2019, 'M', 'P', '1.1', 4, 2019, '=>44', '=>', 44);
insert into piano.traguardi
    select altri.*, anno, '=>0', '=>', 0
    from (values ('BB', 2020, 'M', 'P', '1.1', 1), ('AA', 2021, 'M', 'P', '1.1', 1),
        ('AA', 2020, 'N', 'P', '1.1', 1), ('AA', 2020, 'M', 'Q', '1.1', 1),
        ('AA', 2020, 'M', 'P', '1.2', 1), ('AA', 2020, 'M', 'P', '1.1', 9)) as altri
    cross join (values (2020), (2025)) as anni(anno);
"""
"""A row that is looked at, in 2020; and beside it another year, chamber, code and place of every kind."""


def test_a_row_has_its_own_years_results_and_targets(mondo: duckdb.DuckDBPyConnection) -> None:
    mondo.execute(ANNI)
    (model,) = (m for m in read_models() if m.tabella == "scorecard.andamento")
    rows = mondo.execute(
        "select esercizio, progressivo, anno, risultato, stampato, stato, target_testo, operatore, target"
        f" from ({model.sql}) where camera = 'AA' order by esercizio desc, progressivo, anno"
    ).fetchall()
    assert [row[:2] for row in rows] == [(2020, 1)] * 4 + [(2019, p) for p in (1, 2, 3, 4, 4)]
    found = [row[2:] for row in rows]
    assert found[:4] == [
        (2018, 30, True, None, None, None, None),
        (2019, 5, False, "DEFINITIVO", "=<6", "=<", 6),
        (2020, 9, False, "PROVVISORIO", "=>7", "=>", 7),
        (2021, None, False, None, "=>8", "=>", 8),
    ]
    assert found[4] == (2019, Decimal("5.4"), False, "DEFINITIVO", "=<6", "=<", 6)
    assert found[7:] == [
        (2016, 77, False, "DEFINITIVO", None, None, None),
        (
            2019,
            None,
            False,
            None,
            "=>44",
            "=>",
            44,
        ),  # what a plan prints of its own year is no result
    ]
