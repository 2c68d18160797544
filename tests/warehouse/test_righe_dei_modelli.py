"""Single rows of models, over a sound build in which a few rows were changed by hand.

Belongs here: joins, filters and boundaries that whole nights do not tell apart. Does not belong here:
figures of indicators (tests/indicatori), checks that fail (test_controlli.py).
"""

import duckdb
import pytest

from tests.warehouse.rifatti import recomputed

WELFARE = "AA/2020/segreteria/welfare.csv"

DAI_SEGNALI = (
    "chiavi_somiglianti",
    "date_rovesciate",
    "intestazione_somigliante",
    "numeri_misti",
    "parti_sovrapposte",
    "righe_di_totale",
)
"""The checks that tell what was noticed while a file was read, by the name of what was noticed."""


@pytest.mark.parametrize("segnale", DAI_SEGNALI)
def test_what_suspect_rows_cost_is_that_of_the_check_the_file_and_the_year(
    base: duckdb.DuckDBPyConnection, segnale: str
) -> None:
    base.execute("delete from qualita.segnali")
    base.execute("delete from qualita.senza_sospette")
    base.execute(
        "insert into qualita.segnali (camera, esercizio, estratto, _file, segnale, colonna, casi, _riga,"
        " esempio) values ('AA', 2020, 'segreteria/welfare', ?, ?, 'data', 9, 2, 'altro')",
        [WELFARE, segnale],
    )
    where = f"_file = '{WELFARE}'"
    found = "casi, codice, valore_senza"
    assert recomputed(base, f"controlli.{segnale}", found, where) == [(9, None, None)]
    base.executemany(
        "insert into qualita.senza_sospette (camera, esercizio, segnale, _file, codice, valore_senza)"
        " values (?, ?, ?, ?, 'WELFARE', ?)",
        [
            ("AA", 2020, segnale, WELFARE, 1),
            ("BB", 2020, segnale, WELFARE, 2),
            ("AA", 2019, segnale, WELFARE, 3),
            ("AA", 2020, "un altro", WELFARE, 4),
            ("AA", 2020, segnale, "un altro", 5),
        ],
    )
    assert recomputed(base, f"controlli.{segnale}", found, where) == [(9, "WELFARE", 1)]
