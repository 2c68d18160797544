"""When deliveries are awaited and what falls due next, each over a world of a few rows.

Belongs here: `esercizi.*`. Does not belong here: what is late (test_mondi_della_qualita.py).
"""

import duckdb

from tests.warehouse.tavole import dice, metti, righe

ATTESE = """
esercizi.periodi
camera  esercizio
AA      2020
AA      9999

esercizi.cadenze
estratto  mesi  tolleranza_giorni  dovuto
a/uno     6     30                 true
b/due     12    60                 true
c/tre     1     10                 false
"""

RIGHE_DELLE_ATTESE = """
camera  esercizio  estratto  fine_periodo  scadenza
AA      2020       a/uno     2020-06-30    2020-07-30
AA      2020       a/uno     2020-12-31    2021-01-30
AA      2020       b/due     2020-12-31    2021-03-01
AA      9999       a/uno     9999-06-30    9999-07-30
AA      9999       a/uno     9999-12-31    9999-12-31
AA      9999       b/due     9999-12-31    9999-12-31
"""


def test_a_delivery_is_awaited_some_days_after_each_of_its_periods(
    base: duckdb.DuckDBPyConnection,
) -> None:
    metti(base, ATTESE)
    assert dice(base, "esercizi.attese", RIGHE_DELLE_ATTESE) == righe(RIGHE_DELLE_ATTESE)


SCADENZE = """
esercizi.giorni
camera  esercizio  giorno
AA      2020       2021-03-01
AA      2021       2021-03-20
BB      2020       2021-02-01

esercizi.scadenze
camera  esercizio  nome       scadenza
AA      2020       passata    2021-02-28
AA      2020       relazione  2021-03-01
AA      2020       bilancio   2021-03-01
AA      2020       altra      2021-06-30
AA      2021       relazione  2021-03-12
AA      2021       piano      2021-03-22
BB      2020       passata    2021-01-31
CC      2020       relazione  2021-06-30
"""

RIGHE_DELLE_SCADENZE = """
camera  esercizio  scadenza    nome       giorni
AA      2020       2021-03-01  bilancio   0
AA      2021       2021-03-22  piano      2
"""


def test_what_falls_due_next_is_told_until_its_day(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, SCADENZE)
    found = dice(base, "esercizi.prossime_scadenze", RIGHE_DELLE_SCADENZE)
    assert found == righe(RIGHE_DELLE_SCADENZE)
