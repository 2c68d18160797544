"""Single rows that count in an indicator, over a sound build in which a few rows were changed by hand.

Belongs here: joins, boundaries and zeros of `contributi.*` that no definition tells apart. Does not belong
here: what an indicator counts (tests/indicatori/casi).
"""

import duckdb
import pytest

from tests.warehouse.rifatti import copia, recomputed
from tests.warehouse.rotture import QUI


def chiedi(connection: duckdb.DuckDBPyConnection, codice: str) -> None:
    """AA's plan of 2020 asks for an indicator that only those have who want it."""
    connection.execute("insert into indicatori.richiesti values ('AA', 2020, ?)", [codice])


@pytest.mark.parametrize(
    ("codice", "tabella", "processo"),
    [
        ("CONCILIAZIONI_PER_FTE", "fonti.kronos_fte", "C2.7.2"),
        ("RISORSE_INNOVAZIONE_PER_IMPRESA", "fonti.contabilita_costi_processo", "D6.1.3"),
        ("COSTO_PER_PRATICA_RI", "fonti.contabilita_costi_processo", "C1.1.1"),
    ],
)
def test_an_alias_of_another_chamber_is_no_alias_here(
    base: duckdb.DuckDBPyConnection, codice: str, tabella: str, processo: str
) -> None:
    chiedi(base, codice)
    query = f"contributi.{codice}", "count(*)", QUI
    before = recomputed(base, *query)
    copia(base, tabella, "'X9' as codice_processo, 9 as _riga", f"{QUI} and _riga = 2")
    base.execute(
        "insert into regole.alias_processi (camera, alias, codice_processo) values ('BB', 'X9', ?)",
        [processo],
    )
    assert recomputed(base, *query) == before
    base.execute("update regole.alias_processi set camera = 'AA' where alias = 'X9'")
    assert recomputed(base, *query) == [(int(str(before[0][0])) + 1,)]


@pytest.mark.parametrize(
    ("codice", "tabella", "giorno"),
    [
        ("ACCESSI_NEI_TERMINI", "fonti.segreteria_accessi", "data_protocollo"),
        ("TEMPO_MEDIO_PRATICHE_RI", "fonti.registro_imprese_pratiche", "data_ora_chiusura"),
    ],
)
def test_a_row_counts_in_the_year_of_its_file_alone(
    base: duckdb.DuckDBPyConnection, codice: str, tabella: str, giorno: str
) -> None:
    where = "camera = 'AA' and esercizio = 2019 and _riga = 2"
    copia(base, tabella, f"{giorno} + interval 1 year as {giorno}, 9 as _riga", where)
    copia(base, tabella, f"{giorno} + interval 1 day as {giorno}, 10 as _riga", where)
    found = recomputed(base, f"contributi.{codice}", "esercizio, _riga", "_riga > 8")
    assert found == [(2019, 10)]


@pytest.mark.parametrize("codice", ["PAGAMENTI_NEI_TERMINI", "TEMPO_MEDIO_PAGAMENTO"])
def test_an_invoice_of_half_a_euro_counts_and_a_credit_note_does_not(
    base: duckdb.DuckDBPyConnection, codice: str
) -> None:
    chiedi(base, codice)
    for riga, importo in enumerate(("0.5", "0", "-0.5"), 20):
        change = f"{importo} as importo, {riga} as _riga"
        copia(base, "fonti.contabilita_fatture", change, f"{QUI} and _riga = 2")
    found = recomputed(base, f"contributi.{codice}", "_riga", f"{QUI} and _riga >= 20")
    assert found == [(20,)]


@pytest.mark.parametrize(
    ("codice", "tabella", "fuori"),
    [
        (
            "CONCILIAZIONI_NEI_TERMINI",
            "fonti.conciliazione_procedimenti",
            "'2019-01-01'::date as data_avvio, '2020-06-01'::date as data_conclusione",
        ),
        (
            "PRATICHE_ENTRO_5_GIORNI",
            "fonti.registro_imprese_pratiche",
            "data_ora_arrivo - interval 60 day as data_ora_arrivo",
        ),
        (
            "TASSO_SOSPENSIONE_PRATICHE",
            "fonti.registro_imprese_pratiche",
            "0 as giorni_sospensione",
        ),
        (
            "PAGAMENTI_NEI_TERMINI",
            "fonti.contabilita_fatture",
            "data_scadenza - 60 as data_scadenza",
        ),
        (
            "INCIDENZA_CONTRIBUTI_IMPRESE",
            "fonti.contabilita_interventi_economici",
            "'ALTRO' as modalita",
        ),
        (
            "INCIDENZA_GESTIONE_DIRETTA",
            "fonti.contabilita_interventi_economici",
            "'ALTRO' as modalita",
        ),
    ],
)
def test_what_stands_below_alone_adds_nothing_above(
    base: duckdb.DuckDBPyConnection, codice: str, tabella: str, fuori: str
) -> None:
    """Zero, and not a missing number: whoever sums the lines of a file by hand finds the figure."""
    chiedi(base, codice)
    copia(base, tabella, f"{fuori}, 9 as _riga", f"{QUI} and _riga = 2")
    found = recomputed(base, f"contributi.{codice}", "numeratore", f"{QUI} and _riga = 9")
    assert found == [(0,)]
