"""The passport of a cell: its rows give the figure again, and so does the SQL that it prints.

Belongs here: `passaporto.*` over the sample and the small landing zone, and over builds changed by hand.
Does not belong here: the command and the workbook that print it, how many rows each model has
(test_controlli.py).
"""

from decimal import Decimal

import duckdb
import pytest

from pipelines.warehouse.models import read_models
from tests.warehouse.magazzini import Riga
from tests.warehouse.rifatti import recomputed, rifai
from tests.warehouse.rotture import QUI

STUDI = "AA/2020/isr/studi.csv"
_DOPO = {
    "indicatori.contributi",
    "indicatori.mancanze",
    "indicatori.valori",
    "scorecard.indicatori",
    "scorecard.obiettivi",
    "scorecard.ente",
    "scorecard.celle",
    "storico.valori",
    "storico.consegne",
    "qualita.freschezza",
    "qualita.consegne",
    "scorecard.freschezza",
}


def _rifai_passaporti(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes again, from the sources as they are now, all that a passport is made from."""
    rifai(
        connection,
        tuple(m for m in read_models() if m.tabella in _DOPO or m.schema == "passaporto"),
    )


def _rifatte(connection: duckdb.DuckDBPyConnection) -> list[tuple[Riga, list[Riga]]]:
    """Of every cell, the figure that it has and what its SQL gives."""
    cells = connection.execute(
        "select sql, codice, numeratore, denominatore, valore, risultato, stato"
        " from passaporto.celle order by all"
    ).fetchall()
    return [(cell[2:], connection.execute(cell[0]).fetchall()) for cell in cells]


@pytest.mark.parametrize("quale", ["magazzino", "magazzino_piccolo"])
def test_the_printed_sql_gives_every_figure_again(
    quale: str, request: pytest.FixtureRequest
) -> None:
    connection = request.getfixturevalue(quale)
    again = _rifatte(connection)
    assert len(again) >= 16
    assert [found for _, found in again] == [[cell] for cell, _ in again]
    values = connection.execute(
        "select sql, numeratore, denominatore, valore, stato"
        " from passaporto.valori inner join indicatori.valori using (camera, esercizio, codice)"
    ).fetchall()
    assert len(values) > len(again)  # years without a plan too
    assert [connection.execute(sql).fetchall() for sql, *_ in values] == [
        [tuple(figure)] for _, *figure in values
    ]


def test_the_rows_of_a_passport_give_every_figure_of_the_sample_again(
    magazzino: duckdb.DuckDBPyConnection,
) -> None:
    """In Python, over the rows and over the files: nothing of what computed it is asked."""
    cells = magazzino.execute(
        "select camera, esercizio, codice, numeratore, denominatore, valore, unita, righe, file"
        " from passaporto.celle"
    ).fetchall()
    measured = [cell for cell in cells if cell[5] is not None]
    assert len([cell for cell in measured if cell[:2] == ("MS", 2020)]) == 16
    for camera, esercizio, codice, numeratore, denominatore, valore, unita, righe, file in measured:
        key = [camera, esercizio, codice]
        rows = magazzino.execute(
            "select numeratore, denominatore, _file from indicatori.contributi"
            " where camera = ? and esercizio = ? and codice = ?",
            key,
        ).fetchall()
        files = magazzino.execute(
            "select numeratore, denominatore, _file, righe, f.sha256, q.sha256 from passaporto.file as f"
            " inner join qualita.file as q using (camera, esercizio, _file)"
            " where camera = ? and esercizio = ? and codice = ?",
            key,
        ).fetchall()
        assert len(rows) == righe == sum(f[3] for f in files) > 0, codice
        assert {r[2] for r in rows} == {f[2] for f in files} and len(files) == file
        assert all(f[4] == f[5] and len(f[4]) == 64 for f in files)
        for found in (rows, files):
            up = sum(r[0] for r in found)
            down = None if denominatore is None else sum(r[1] for r in found)
            assert (up, down) == (numeratore, denominatore), codice
            ratio = up if down is None else up / down * (100 if unita == "percentuale" else 1)
            assert abs(ratio - valore) < Decimal("1e-9"), codice


def test_a_cell_says_where_it_stands_and_what_defines_it(
    magazzino: duckdb.DuckDBPyConnection,
) -> None:
    (found,) = magazzino.execute(
        "select luogo, unita_numeratore, unita_denominatore, metodo, length(versione_definizione), peso,"
        " stato_prima, manca, aperto from passaporto.celle where codice = 'RISORSE_INNOVAZIONE_PER_IMPRESA'"
        " and camera = 'MS' and esercizio = 2020"
    ).fetchall()
    assert found == (
        "MS/2020/allegato.txt, riga 36",
        "EUR",
        "imprese attive",
        "algoritmo",
        12,
        Decimal(6),
        None,
        None,
        False,
    )


def test_a_cell_that_lacks_its_extract_says_who_owes_it_since_when_and_has_sql_too(
    base: duckdb.DuckDBPyConnection,
) -> None:
    base.execute(
        "update qualita.estratti set stato = 'ASSENTE', motivo = 'Non è stato consegnato.'"
        f" where {QUI} and estratto = 'isr/studi'"
    )
    base.execute(f"update esercizi.giorni set giorno = '2020-08-15' where {QUI}")
    _rifai_passaporti(base)
    (found,) = base.execute(
        "select valore, stato, motivo, righe, file, manca, manca_dal::varchar, peso, scadenza::varchar,"
        f" scadenza_nome, sql from passaporto.celle where {QUI} and codice = 'ISR_STUDI'"
    ).fetchall()
    *told, sql = found
    assert told == [
        None,
        "DATI_MANCANTI",
        "Manca l'estratto isr/studi.",
        0,
        0,
        "isr/studi (ufficio isr)",
        "2020-04-21",
        Decimal("7.5"),
        "2021-01-31",
        "indicatori comuni",
    ]
    assert base.execute(sql).fetchall() == [(None, None, None, None, "DATI_MANCANTI")]
    # before the first delivery is due, nothing is missing since any day
    base.execute(f"update esercizi.giorni set giorno = '2020-01-15' where {QUI}")
    where = f"{QUI} and codice = 'ISR_STUDI'"
    assert recomputed(base, "passaporto.estratti", "stato, manca_dal", where) == [("ASSENTE", None)]


def test_an_extract_that_nobody_owes_and_nobody_delivered_is_missing_too(
    base: duckdb.DuckDBPyConnection,
) -> None:
    """Of an indicator that chambers share: the register of deliveries has no row of its extract."""
    base.execute("insert into indicatori.richiesti values ('AA', 2020, 'TASSO_ASSENZA')")
    for table in ("qualita.estratti", "esercizi.estratti"):
        base.execute(
            f"delete from {table} where {QUI} and estratto in"
            " (select estratto from indicatori.fonti where codice = 'TASSO_ASSENZA')"
        )
    _rifai_passaporti(base)
    where = f"{QUI} and codice = 'TASSO_ASSENZA'"
    found = base.execute(
        f"select stato, manca_dal, giorni_ritardo from passaporto.estratti where {where}"
    ).fetchall()
    assert found == [("ASSENTE", None, 0)]
    ((sql,),) = base.execute(f"select sql from passaporto.valori where {where}").fetchall()
    assert base.execute(sql).fetchall() == [(None, None, None, "DATI_MANCANTI")]


def test_a_row_that_no_definition_recognises_has_a_passport_and_sql_too(
    base: duckdb.DuckDBPyConnection,
) -> None:
    for table in ("piano.riconosciuti", "piano.indicatori"):
        base.execute(f"update {table} set codice = null where {QUI} and codice = 'ISR_STUDI'")
    base.execute(
        f"update piano.riconosciuti set motivo = 'Nessuna.', metodo = null where {QUI} and codice is null"
    )
    _rifai_passaporti(base)
    (found,) = base.execute(
        f"select stato, motivo, righe, definizione, sql from passaporto.celle where {QUI} and codice is null"
    ).fetchall()
    assert found[:4] == ("SENZA_MODELLO", "Nessuna.", 0, None)
    assert base.execute(found[4]).fetchall() == [(None, None, None, None, "SENZA_MODELLO")]


def test_a_denominator_of_nothing_and_an_open_year_are_told_by_the_sql(
    base: duckdb.DuckDBPyConnection,
) -> None:
    base.execute(f"delete from fonti.provveditorato_pagamenti where {QUI}")
    base.execute(
        f"update esercizi.periodi set aperto = true, data_riferimento = '2020-06-30' where {QUI}"
    )
    _rifai_passaporti(base)
    stati: dict[object, int] = {}
    for cell, found in _rifatte(base):
        assert found == [cell]
        stati[cell[-1]] = stati.get(cell[-1], 0) + 1
    assert stati["NON_CALCOLABILE"] >= 1
    assert stati["PROVVISORIO"] >= 10


SCARTO = (
    "insert into qualita.scarti (camera, esercizio, estratto, _file, _riga, colonna, regola)"
    " values ('AA', 2020, ?, ?, ?, ?, ?)"
)


@pytest.mark.parametrize(
    ("estratto", "codice", "rompe", "minimo", "massimo"),
    [
        # a count: each adds one or nothing
        ("isr/studi", "ISR_STUDI", "", 2, 4),
        # a share of rows that are all good: more of them change nothing
        ("segreteria/accessi", "ACCESSI_NEI_TERMINI", "", 100, 100),
        # a share of which some are bad: two more may be either
        (
            "segreteria/accessi",
            "ACCESSI_NEI_TERMINI",
            "update fonti.segreteria_accessi set data_risposta = '2020-12-31'"
            f" where {QUI} and _riga = 2",
            Decimal(100) / 4,
            Decimal(300) / 4,
        ),
    ],
)
def test_what_quarantined_rows_would_have_changed_is_bounded(
    base: duckdb.DuckDBPyConnection,
    estratto: str,
    codice: str,
    rompe: str,
    minimo: Decimal,
    massimo: Decimal,
) -> None:
    if rompe:
        base.execute(rompe)
    for riga in (7, 8):
        base.execute(SCARTO, [estratto, "un file", riga, "data", "tipo"])
    base.execute(SCARTO, [estratto, "un file", 8, "stato", "codice"])
    base.execute(SCARTO, [estratto, "un file", 9, "stato", "riga_di_totale"])
    _rifai_passaporti(base)
    where = f"{QUI} and codice = '{codice}'"
    assert base.execute(
        f"select righe, valore_minimo, valore_massimo, motivo from passaporto.se_accettate where {where}"
    ).fetchall() == [(2, minimo, massimo, None)]
    assert base.execute(
        f"select _riga, regole, totale from passaporto.scarti where {where} order by all"
    ).fetchall() == [
        (7, "data: tipo", False),
        (8, "data: tipo; stato: codice", False),
        (9, "stato: riga_di_totale", True),
    ]
    ((said, low, high),) = base.execute(
        f"select se_accettate, risultato_minimo, risultato_massimo from passaporto.celle where {where}"
    ).fetchall()
    assert (low, high) == (minimo, massimo)
    assert said.startswith(
        "Il risultato sarebbe lo stesso"
        if low == high
        else f"Il risultato starebbe tra {low:.0f} e "
    )


@pytest.mark.parametrize(
    ("estratto", "codice", "perche"),
    [
        ("provveditorato/pagamenti", "INCIDENZA_CONSIP", "aggiunge una sua quantità"),
        (
            "segreteria/welfare",
            "WELFARE",
            "nessuna riga accettata di segreteria/welfare conta da sé",
        ),
    ],
)
def test_where_it_cannot_be_computed_the_reason_is_told(
    base: duckdb.DuckDBPyConnection, estratto: str, codice: str, perche: str
) -> None:
    base.execute(SCARTO, [estratto, "un file", 7, "data", "tipo"])
    _rifai_passaporti(base)
    ((low, high, why),) = base.execute(
        "select valore_minimo, valore_massimo, motivo from passaporto.se_accettate"
        f" where {QUI} and codice = '{codice}'"
    ).fetchall()
    assert (low, high) == (None, None)
    assert perche in why


def test_when_a_value_became_what_it_is_and_what_it_was_before(
    base: duckdb.DuckDBPyConnection,
) -> None:
    """A target that changed in between does not make the value a new one."""
    ((celle, impronta),) = base.execute(
        f"select celle, impronta_regole from storico.valori where {QUI} and codice = 'ISR_STUDI'"
    ).fetchall()
    for when, value, target in (("2020-01-01", 1, 4), ("2020-02-01", 2, 4), ("2020-03-01", 2, 5)):
        base.execute(
            "insert into storico.precedenti (camera, esercizio, codice, valore, risultato, stato, celle,"
            " target, impronta_regole, noto_dal, esecuzione)"
            " values ('AA', 2020, 'ISR_STUDI', ?, ?, 'DEFINITIVO', ?, ?, ?, ?, ?)",
            [value, value, celle, target, impronta, when, f"del {when}"],
        )
    _rifai_passaporti(base)
    assert base.execute(
        "select noto_dal::date::varchar, esecuzione, valore_prima, stato_prima, noto_prima_dal::date::varchar"
        f" from passaporto.celle where {QUI} and codice = 'ISR_STUDI'"
    ).fetchall() == [("2020-02-01", "del 2020-02-01", 1, "DEFINITIVO", "2020-01-01")]


def test_the_checks_that_touch_a_cell_are_those_of_its_extract_its_code_and_its_line(
    base: duckdb.DuckDBPyConnection,
) -> None:
    base.execute("delete from qualita.esiti")
    ((riga,),) = base.execute(
        f"select riga from scorecard.celle where {QUI} and codice = 'SEDUTE'"
    ).fetchall()
    base.executemany(
        "insert into qualita.esiti (controllo, camera, esercizio, estratto, codice, riga, casi)"
        " values (?, ?, ?, ?, ?, ?, ?)",
        [
            ("dell'estratto", "AA", 2020, "segreteria/sedute", None, None, 2),
            ("del codice", "AA", 2020, None, "SEDUTE", None, 1),
            ("della riga", "AA", 2020, None, None, riga, 1),
            ("di tutto", None, None, None, None, None, 1),
            ("di un altro anno", "AA", 2019, None, "SEDUTE", None, 1),
            ("di un altro", "AA", 2020, None, "DELIBERE", None, 1),
        ],
    )
    where = f"{QUI} and codice = 'SEDUTE' order by all"
    assert recomputed(base, "passaporto.controlli", "controllo, camera_detta, casi", where) == [
        ("del codice", "AA", 1),
        ("dell'estratto", "AA", 2),
        ("della riga", "AA", 1),
        ("di tutto", None, 1),
    ]
