"""Single rows of models, over a sound build in which a few rows were changed by hand.

Belongs here: joins, filters and boundaries that whole nights do not tell apart. Does not belong here:
figures of indicators (test_righe_dei_contributi.py, tests/indicatori), checks that fail (test_controlli.py).
"""

import duckdb
import pytest

from tests.warehouse.rifatti import copia, recomputed
from tests.warehouse.rotture import QUI

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


DAI_MODELLI = {
    "codici_senza_riscontro": "insert into qualita.codici_ignoti (camera, esercizio, estratto, codice,"
    " _file, _riga, trovato, mancante)"
    f" values ('AA', 2020, 'segreteria/welfare', 'WELFARE', '{WELFARE}', 2, 'X', 'Y')",
    "fuori_esercizio": f"update qualita.date_dei_file set sospetto = true where _file = '{WELFARE}'",
    "persone_sconosciute": "insert into qualita.sospette (camera, esercizio, estratto, _file, _riga,"
    f" segnale) values ('AA', 2020, 'segreteria/welfare', '{WELFARE}', 2, 'persone_sconosciute')",
}
"""The checks that look at several files, each with what makes it find one."""


@pytest.mark.parametrize("controllo", DAI_MODELLI)
def test_what_a_fault_costs_an_indicator_is_that_of_the_indicator_too(
    base: duckdb.DuckDBPyConnection, controllo: str
) -> None:
    base.execute("delete from qualita.senza_sospette")
    base.execute(DAI_MODELLI[controllo])
    where = f"_file = '{WELFARE}'"
    found = "codice, valore, valore_senza"
    assert recomputed(base, f"controlli.{controllo}", found, where) == [("WELFARE", 100, 100)]
    base.executemany(
        "insert into qualita.senza_sospette (camera, esercizio, segnale, _file, codice, valore, valore_senza)"
        " values (?, ?, ?, ?, ?, 100, ?)",
        [
            ("AA", 2020, controllo, WELFARE, "WELFARE", 1),
            ("BB", 2020, controllo, WELFARE, "WELFARE", 2),
            ("AA", 2019, controllo, WELFARE, "WELFARE", 3),
            ("AA", 2020, "un altro", WELFARE, "WELFARE", 4),
            ("AA", 2020, controllo, "un altro", "WELFARE", 5),
            ("AA", 2020, controllo, WELFARE, "FORMAZIONE", 6),
        ],
    )
    assert recomputed(base, f"controlli.{controllo}", found, where) == [("WELFARE", 100, 1)]


# --- the plan ---------------------------------------------------------------------------------------


def test_a_year_is_measured_only_with_an_earlier_plan_that_has_a_target_for_it(
    base: duckdb.DuckDBPyConnection,
) -> None:
    copia(base, "esercizi.periodi", "2021 as esercizio", QUI)
    base.execute("delete from piano.traguardi where camera = 'AA' and anno <> 2021")
    copia(base, "piano.traguardi", "2019 as anno", "camera = 'AA'")
    found = "esercizio, esercizio_piano"
    where = "camera = 'AA' order by esercizio"
    assert recomputed(base, "piano.in_vigore", found, where) == [(2020, 2020), (2021, 2020)]
    base.execute("update piano.traguardi set target = null where camera = 'AA'")
    assert recomputed(base, "piano.in_vigore", found, where) == [(2020, 2020)]


def test_what_is_spent_for_an_objective_of_another_year_is_told_once(
    base: duckdb.DuckDBPyConnection,
) -> None:
    copia(base, "piano.obiettivi", "2018 as esercizio, '9.9' as obiettivo", QUI)
    copia(base, "piano.in_vigore", "2018 as esercizio, 2018 as esercizio_piano", QUI)
    copia(
        base,
        "fonti.contabilita_consuntivo",
        "'9.9' as obiettivo, 7 as _riga",
        f"{QUI} and _riga = 2",
    )
    where = f"{QUI} and regola = 'consuntivo_senza_obiettivo'"
    ((told,),) = recomputed(base, "piano.anomalie", "descrizione", where)
    assert "alla riga 7" in str(told)


def test_the_same_place_in_two_missions_is_two_indicators(base: duckdb.DuckDBPyConnection) -> None:
    first = f"{QUI} and obiettivo = '1.1' and progressivo = 1"
    changes = {
        "lettura.indicatori": "'099' as missione, 'Altro' as indicatore",
        "piano.riconosciuti": "'099' as missione, null as codice",
        "piano.traguardi": "'099' as missione, target + 1 as target",
    }
    before = recomputed(base, "piano.indicatori", "codice, indicatore, target", first)
    for table, change in changes.items():
        copia(base, table, change, first)
    ((codice, indicatore, target),) = before
    assert recomputed(
        base, "piano.indicatori", "codice, indicatore, target", f"{first} order by missione"
    ) == [(codice, indicatore, target), (None, "Altro", target + 1)]


def test_what_asks_for_nothing_at_all_is_there_too(base: duckdb.DuckDBPyConnection) -> None:
    first = f"{QUI} and obiettivo = '1.1' and progressivo = 1"
    base.execute(f"delete from piano.traguardi where {first}")
    base.execute("delete from regole.soglie where camera = 'AA'")
    columns = "anni, gia_raggiunto, fermo, confrontabile, peggiore_del_confronto"
    assert recomputed(base, "piano.esigenze", columns, first) == [(0, None, None, None, None)]
    other = f"{QUI} and obiettivo = '1.1' and progressivo = 2"
    assert recomputed(base, "piano.esigenze", columns, other) == [(3, True, None, None, None)]


# --- values -----------------------------------------------------------------------------------------


def test_a_row_set_aside_may_have_counted_once_and_a_total_never(
    base: duckdb.DuckDBPyConnection,
) -> None:
    base.executemany(
        "insert into qualita.scarti (camera, esercizio, estratto, _file, _riga, colonna, regola)"
        " values ('AA', 2020, 'isr/studi', 'x', ?, ?, ?)",
        [
            (7, "stato", "codice"),
            (7, "titolo", "obbligatorio"),
            (8, "id_studio", "riga_di_totale"),
        ],
    )
    where = f"{QUI} and codice = 'ISR_STUDI'"
    assert recomputed(base, "indicatori.valori", "scarti_possibili", where) == [(1,)]


SEDUTE = f"{QUI} and codice = 'SEDUTE'"
PRIMA = "ultimo, anno"


def test_of_two_rows_of_a_plan_the_first_says_the_last_value(
    base: duckdb.DuckDBPyConnection,
) -> None:
    base.execute(
        f"update piano.indicatori set ultimo_valore = 30, anno_ultimo_valore = 2018 where {SEDUTE}"
    )
    copia(
        base,
        "piano.indicatori",
        "99 as progressivo, riga + 1 as riga, 40 as ultimo_valore, 2017 as anno_ultimo_valore",
        SEDUTE,
    )
    copia(
        base,
        "piano.indicatori",
        "98 as progressivo, 0 as riga, null as ultimo_valore, 2016 as anno_ultimo_valore",
        f"{SEDUTE} and progressivo = 99",
    )
    assert recomputed(base, "indicatori.osservati", PRIMA, SEDUTE) == [(30, 2018)]


@pytest.mark.parametrize("anno", [2020, 2021])
def test_a_last_value_of_the_year_itself_was_not_seen_before(
    base: duckdb.DuckDBPyConnection, anno: int
) -> None:
    base.execute(
        f"update piano.indicatori set ultimo_valore = 30, anno_ultimo_valore = {anno} where {SEDUTE}"
    )
    assert recomputed(base, "indicatori.osservati", PRIMA, SEDUTE) == [(2, 2019)]


@pytest.mark.parametrize(
    ("valore", "insolito"),
    [("1", True), ("1.01", True), ("1.013", False), ("10", False), ("0", True)],
)
def test_of_an_open_year_a_share_is_expected(
    base: duckdb.DuckDBPyConnection, valore: str, insolito: bool
) -> None:
    """37 days of 366 have gone by: of 100 that is 10.109, and ten times less than that is 1.0109."""
    base.execute(
        f"update esercizi.periodi set data_riferimento = '2020-02-06', aperto = true where {QUI}"
    )
    base.execute("delete from indicatori.valori where camera = 'AA' and esercizio = 2019")
    base.execute("update piano.indicatori set ultimo_valore = 100")
    base.execute(f"update indicatori.valori set valore = {valore} where {SEDUTE}")
    found = recomputed(base, "indicatori.osservati", "insolito", SEDUTE)
    assert found == [(insolito,)]


# --- checks of plausibility --------------------------------------------------------------------------

ATTI = f"{QUI} and estratto = 'segreteria/atti'"


@pytest.mark.parametrize(
    ("righe", "al", "parti", "detto"),
    [
        (1, "2020-12-31", [("a", 5, "ACCETTATO")], "1 riga, contro 9 nel 2019"),
        (
            70,
            "2020-12-30",
            [("a", 5, "ACCETTATO"), ("b", 6, "ACCETTATO"), ("c", 90, "RIFIUTATO")],
            "70 righe in 2 file al 30/12/2020, contro 9 nel 2019",
        ),
    ],
)
def test_an_odd_number_of_rows_is_told_with_its_largest_file(
    base: duckdb.DuckDBPyConnection,
    righe: int,
    al: str,
    parti: list[tuple[str, int, str]],
    detto: str,
) -> None:
    base.execute(
        "update qualita.volumi set sospetto = true, precedenti = '9 nel 2019', righe = ?, al = ?"
        f" where {ATTI}",
        [righe, al],
    )
    base.execute(f"delete from qualita.file where {ATTI}")
    base.executemany(
        "insert into qualita.file (camera, esercizio, estratto, _file, righe_accettate, esito)"
        " values ('AA', 2020, 'segreteria/atti', ?, ?, ?)",
        parti,
    )
    largest = max((p for p in parti if p[2] == "ACCETTATO"), key=lambda p: p[1])[0]
    assert recomputed(base, "controlli.volume", "estratto, _file, trovato", "true") == [
        ("segreteria/atti", largest, detto)
    ]


def test_an_unusual_figure_names_the_file_that_makes_most_of_it(
    base: duckdb.DuckDBPyConnection,
) -> None:
    base.execute(f"update indicatori.osservati set insolito = true, valore = 9 where {SEDUTE}")
    table = "fonti.segreteria_sedute"
    for number in (3, 4):
        copia(base, table, f"'b.csv' as _file, {number} as _riga", f"{QUI} and _riga = 2")
    copia(base, table, "'b.csv' as _file, 5 as _riga", f"{QUI} and _riga = 2 and _file <> 'b.csv'")
    assert recomputed(base, "controlli.valore_insolito", "_file, casi, _riga", SEDUTE) == [
        ("b.csv", 5, 3)
    ]
    base.execute(f"delete from {table} where {QUI}")
    base.execute(
        "insert into qualita.file (camera, esercizio, estratto, _file, esito)"
        " values ('AA', 2020, 'segreteria/sedute', '0.csv', 'RIFIUTATO'),"
        " ('AA', 2020, 'segreteria/sedute', '1.csv', 'ACCETTATO')"
    )
    assert recomputed(base, "controlli.valore_insolito", "_file, casi, _riga", SEDUTE) == [
        ("1.csv", 0, None)
    ]


def nota(connection: duckdb.DuckDBPyConnection, segnale: str, casi: int, esempio: str) -> None:
    """Leaves one thing noticed in a file: that, so many times."""
    connection.execute("delete from qualita.segnali")
    connection.execute(
        "insert into qualita.segnali (camera, esercizio, estratto, _file, segnale, colonna, casi, _riga,"
        " esempio) values ('AA', 2020, 'segreteria/welfare', ?, ?, 'data', ?, 2, ?)",
        [WELFARE, segnale, casi, esempio],
    )


@pytest.mark.parametrize(("casi", "detti"), [(2, []), (3, ["a.csv", WELFARE])])
def test_two_parts_overlap_where_the_chamber_s_rules_say(
    base: duckdb.DuckDBPyConnection, casi: int, detti: list[str]
) -> None:
    nota(base, "parti_sovrapposte", casi, "a.csv")
    base.execute("update regole.soglie set valore = 1 where camera = 'BB'")
    base.execute("update regole.soglie set valore = 1 where nome <> 'parti_sovrapposte_righe'")
    found = recomputed(base, "controlli.parti_sovrapposte", "_file", "true")
    assert sorted(file for (file,) in found) == sorted(detti)


@pytest.mark.parametrize(
    ("casi", "mezzo", "arrivo", "detti"),
    [
        (3, "2020-06-02", "2020-06-01", 1),
        (3, "2020-06-01", "2020-06-01", 0),  # on the very day is not after it
        (2, "2020-06-02", "2020-06-01", 0),
    ],
)
def test_dates_are_after_their_delivery_where_most_are(
    base: duckdb.DuckDBPyConnection, casi: int, mezzo: str, arrivo: str, detti: int
) -> None:
    nota(base, "giorno_di_mezzo", casi, mezzo)
    base.execute("update regole.soglie set valore = 1 where camera = 'BB'")
    base.execute("update regole.soglie set valore = 1 where nome <> 'date_future_righe'")
    base.execute("update qualita.arrivi set arrivo = '1999-01-01'")
    base.execute(
        "update qualita.arrivi set arrivo = ?::date"
        f" where {QUI} and estratto = 'segreteria/welfare'",
        [arrivo],
    )
    assert len(recomputed(base, "controlli.date_rovesciate", "_file", "true")) == detti
