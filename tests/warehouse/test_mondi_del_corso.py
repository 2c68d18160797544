"""The course of an indicator over a world of a few rows: which cells have one, and where each row falls.

Belongs here: keys of joins and what has no course in `scorecard.mesi` and `scorecard.andamento`. Does not
belong here: sums by month and year (tests/scorecard/test_corso.py).
"""

import duckdb

from tests.warehouse.tavole import dice, metti, righe

MESI = """
indicatori.catalogo
codice  unita        denominatore
CONTO   numero       false
QUOTA   percentuale  true
TERZO   numero       false

indicatori.fonti
codice  estratto
CONTO   a/uno
QUOTA   a/uno
TERZO   a/uno

esercizi.periodi
camera  esercizio  inizio      data_riferimento  fine
AA      2019       2019-01-01  2019-12-31        2019-12-31
AA      2020       2020-01-01  2020-02-29        2020-12-31
AA      2021       2021-01-01  2021-01-01        2021-12-31
BB      2020       2020-01-01  2020-01-31        2020-12-31
CC      2020       2020-01-01  2020-02-10        2020-12-31
DD      2020       2020-01-01  2019-12-31        2020-12-31

indicatori.contributi
camera  esercizio  codice  numeratore  denominatore  _file  _riga
AA      2020       CONTO   1           -             f1     2
AA      2020       CONTO   2           -             f2     2
AA      2020       CONTO   4           -             f1     3
AA      2020       CONTO   3           -             f1     4
AA      2020       CONTO   10          -             f1     5
AA      2020       CONTO   20          -             f1     6
AA      2020       QUOTA   1           2             f1     2
AA      2019       CONTO   8           -             f9     2
AA      2021       TERZO   5           -             f6     2
CC      2020       QUOTA   1           2             f5     2
CC      2020       QUOTA   1           2             f5     3
CC      2020       QUOTA   1           4             f5     4
DD      2020       TERZO   6           -             f10    2
BB      2020       CONTO   16          -             f8     2
BB      2020       QUOTA   1           2             f8     2
BB      2020       QUOTA   1           2             f7     2
BB      2020       TERZO   32          -             f8     2

indicatori.valori
camera  esercizio  codice  valore
AA      2020       CONTO   40
AA      2020       QUOTA   -
AA      2019       CONTO   -
BB      2020       CONTO   -
BB      2020       QUOTA   50
BB      2020       TERZO   32
AA      2021       TERZO   5
CC      2020       QUOTA   37.5
DD      2020       TERZO   6

qualita.giorni
camera  esercizio  estratto  _file  _riga  giorno
AA      2020       a/uno     f1     2      2020-01-05
AA      2020       a/uno     f2     2      2020-02-05
AA      2020       a/uno     f1     3      2020-12-31
AA      2020       a/uno     f1     4      2020-01-01
AA      2020       a/uno     f1     5      2019-12-31
AA      2020       a/uno     f1     6      2021-01-01
AA      2019       a/uno     f9     2      2019-01-05
BB      2020       a/uno     f8     2      2020-01-07
AA      2021       a/uno     f6     2      2021-03-01
CC      2020       a/uno     f5     2      2020-01-05
CC      2020       a/uno     f5     3      2020-01-06
CC      2020       a/uno     f5     4      2020-02-03
DD      2020       a/uno     f10    2      2020-01-05
"""

RIGHE_DEI_MESI = """
camera  esercizio  codice  mese  righe  numeratore  denominatore  valore  valore_finora
AA      2020       CONTO   0     1      10          -             10      10
AA      2020       CONTO   1     2      4           -             4       14
AA      2020       CONTO   2     1      2           -             2       16
AA      2020       CONTO   12    1      4           -             4       20
AA      2020       CONTO   13    1      20          -             20      40
AA      2021       TERZO   1     0      0           -             0       0
AA      2021       TERZO   3     1      5           -             5       5
BB      2020       TERZO   1     1      32          -             32      32
CC      2020       QUOTA   1     2      2           4             50      50
CC      2020       QUOTA   2     1      1           4             25      37.5
DD      2020       TERZO   1     1      6           -             6       6
"""


def test_only_a_cell_with_a_value_and_a_day_for_every_row_has_months(
    base: duckdb.DuckDBPyConnection,
) -> None:
    """BB's share has a line in f7 that nobody knows the day of; DD's year has not begun."""
    metti(base, MESI)
    assert dice(base, "scorecard.mesi", RIGHE_DEI_MESI) == righe(RIGHE_DEI_MESI)


ANNI = """
scorecard.indicatori
camera  esercizio  esercizio_piano  missione  programma  obiettivo  progressivo  riga  codice  decimali  ultimo_valore  anno_ultimo_valore  target_testo  operatore  target
AA      2020       2020             M         P          1.1        1            1     CONTO   0         30             2018                =>7           =>         7
AA      2020       2020             N         P          1.1        1            2     QUOTA   0         -              -                   -             -          -
AA      2020       2020             M         Q          1.1        1            3     QUOTA   0         -              -                   -             -          -
AA      2020       2020             M         P          1.2        1            4     QUOTA   0         -              -                   -             -          -
AA      2020       2020             M         P          1.3        1            5     SOLO    0         12             2020                -             -          -

piano.traguardi
camera  esercizio  missione  programma  obiettivo  progressivo  anno  target_testo  operatore  target
AA      2020       M         P          1.1        1            2019  =>6           =>         6

indicatori.valori
camera  esercizio  codice  valore  stato
AA      2020       CONTO   8       DEFINITIVO
AA      2020       QUOTA   5       DEFINITIVO
BB      2020       CONTO   9       DEFINITIVO
"""  # noqa: E501

RIGHE_DEGLI_ANNI = """
missione  programma  obiettivo  anno  risultato  stampato  stato       target_testo  operatore  target
M         P          1.1        2018  30         true      -           -             -          -
M         P          1.1        2019  -          false     -           =>6           =>         6
M         P          1.1        2020  8          false     DEFINITIVO  =>7           =>         7
N         P          1.1        2020  5          false     DEFINITIVO  -             -          -
M         Q          1.1        2020  5          false     DEFINITIVO  -             -          -
M         P          1.2        2020  5          false     DEFINITIVO  -             -          -
"""


def test_a_year_that_has_nothing_to_say_is_not_told(base: duckdb.DuckDBPyConnection) -> None:
    """What the plan prints is of 2018 alone; of the year itself it prints no result."""
    metti(base, ANNI)
    assert dice(base, "scorecard.andamento", RIGHE_DEGLI_ANNI) == righe(RIGHE_DEGLI_ANNI)
