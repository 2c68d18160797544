"""What it would take, and what can still come, over worlds of a few rows.

Belongs here: keys of joins, edges and ties of `scorecard.leve`, and of `scorecard.prospettive`. Does not
belong here: every future of a small world (tests/scorecard/test_prospettive.py).
"""

import duckdb

from tests.warehouse.tavole import dice, metti, righe

# --- the rows that made a target missed -----------------------------------------------------------------

LEVE = """
indicatori.catalogo
codice  unita        denominatore
CONTO   numero       false
QUOTA   percentuale  true
MEDIA   numero       true
RITMO   percentuale  true

scorecard.indicatori
camera  esercizio  missione  programma  obiettivo  progressivo  riga  codice  operatore  target  decimali  numeratore  denominatore  valore            raggiunto
AA      2020       M         P          1.1        1            11    CONTO   =<         4       0         11          -             11                false
AA      2021       M         P          1.1        1            11    CONTO   =>         3       0         1           -             1                 false
AA      2022       M         P          1.1        1            11    CONTO   =<         9       0         1           -             1                 true
AA      2023       M         P          1.1        1            11    CONTO   -          -       0         1           -             1                 -
AA      2020       M         P          1.2        1            12    QUOTA   =>         82      0         6           10            60                false
BB      2020       M         P          1.2        1            12    QUOTA   =<         20      0         1           2             50                false
AA      2020       M         P          1.2        2            13    RITMO   =>         150     0         8.6         7             122.857142857142  false
AA      2020       M         P          1.3        1            14    MEDIA   =>         0.8     1         0.75        5             0.15              false
AA      2021       M         P          1.3        1            14    MEDIA   =>         0.8     1         -0.25       1             -0.25             false
BB      2020       M         P          1.3        1            14    MEDIA   =<         2       0         5           2             2.5               false
BB      2021       M         P          1.3        1            14    MEDIA   =>         2       0         2           3             0.666666666666    false
CC      2021       M         P          1.3        1            14    MEDIA   =>         0.8     1         -4          1             -4                false

indicatori.contributi
camera  esercizio  codice  _file  _riga  numeratore  denominatore
AA      2020       CONTO   f1     2      2           -
AA      2020       CONTO   f1     3      2           -
AA      2020       CONTO   f0     9      2           -
AA      2020       CONTO   f1     4      0           -
AA      2020       CONTO   f2     2      5           -
AA      2020       CONTO   f3     2      1           -
AA      2020       CONTO   f4     2      -1          -
AA      2021       CONTO   f1     2      -2          -
AA      2021       CONTO   f1     3      3           -
AA      2022       CONTO   f1     2      1           -
AA      2023       CONTO   f1     2      1           -
AA      2020       QUOTA   f1     2      0           1
AA      2020       QUOTA   f1     3      1           1
AA      2020       QUOTA   f1     4      0           2
AA      2020       QUOTA   f1     5      5           6
BB      2020       QUOTA   f1     2      1           1
BB      2020       QUOTA   f1     3      0           1
AA      2020       RITMO   f1     2      2.9899      2
AA      2020       RITMO   f1     3      3           2
AA      2020       RITMO   f1     4      0           1
AA      2020       RITMO   f1     5      1.0101      1
AA      2020       RITMO   f1     6      1.6         1
AA      2020       MEDIA   f1     2      0.25        1
AA      2020       MEDIA   f2     2      0.25        1
AA      2020       MEDIA   f2     3      0.25        1
AA      2020       MEDIA   f0     1      0           2
AA      2021       MEDIA   f1     2      -0.25       0
AA      2021       MEDIA   f1     3      0           1
BB      2020       MEDIA   f1     2      4           1
BB      2020       MEDIA   f1     3      1           1
BB      2021       MEDIA   f1     2      0           1
BB      2021       MEDIA   f1     3      1           1
BB      2021       MEDIA   f1     4      1           1
CC      2021       MEDIA   f1     2      1           2
CC      2021       MEDIA   f1     3      -5          -1
"""  # noqa: E501

# RITMO: the edge is 1.495, twice which is 2.99. MEDIA of AA: 0.75, and the last row of it stays.
RIGHE_DELLE_LEVE = """
camera  esercizio  obiettivo  progressivo  codice  riga  posto  _file  _riga  numeratore  denominatore  lato          pesa             valore_se         basta  da_muovere  righe_che_pesano
AA      2020       1.1        1            CONTO   11    1      f2     2      5           -             numeratore    5                6                 false  2           5
AA      2020       1.1        1            CONTO   11    2      f0     9      2           -             numeratore    2                4                 true   2           5
AA      2020       1.1        1            CONTO   11    3      f1     2      2           -             numeratore    2                2                 true   2           5
AA      2020       1.1        1            CONTO   11    4      f1     3      2           -             numeratore    2                0                 true   2           5
AA      2020       1.1        1            CONTO   11    5      f3     2      1           -             numeratore    1                -1                true   2           5
AA      2021       1.1        1            CONTO   11    1      f1     2      -2          -             numeratore    2                3                 true   1           1
AA      2020       1.2        1            QUOTA   12    1      f1     4      0           2             numeratore    20               80                false  2           3
AA      2020       1.2        1            QUOTA   12    2      f1     2      0           1             numeratore    10               90                true   2           3
AA      2020       1.2        1            QUOTA   12    3      f1     5      5           6             numeratore    10               100               true   2           3
BB      2020       1.2        1            QUOTA   12    1      f1     2      1           1             numeratore    50               0                 true   1           1
AA      2020       1.2        2            RITMO   13    1      f1     4      0           1             denominatore  20.476190476191  143.333333333333  false  2           3
AA      2020       1.2        2            RITMO   13    2      f1     5      1.0101      1             denominatore  3.641190476191   151.798           true   2           3
AA      2020       1.2        2            RITMO   13    3      f1     2      2.9899      2             denominatore  10.655142857142  153.333333333333  true   2           3
AA      2020       1.3        1            MEDIA   14    1      f0     1      0           2             denominatore  0.1              0.25              false  -           3
AA      2020       1.3        1            MEDIA   14    2      f1     2      0.25        1             denominatore  0.025            0.25              false  -           3
AA      2020       1.3        1            MEDIA   14    3      f2     2      0.25        1             denominatore  0.025            0.25              false  -           3
AA      2021       1.3        1            MEDIA   14    1      f1     2      -0.25       0             numeratore    0.25             0                 false  -           1
BB      2020       1.3        1            MEDIA   14    1      f1     2      4           1             numeratore    2                0.5               true   1           2
BB      2020       1.3        1            MEDIA   14    2      f1     3      1           1             numeratore    0.5              0                 true   1           2
BB      2021       1.3        1            MEDIA   14    1      f1     2      0           1             denominatore  0.333333333334   1                 false  -           2
BB      2021       1.3        1            MEDIA   14    2      f1     3      1           1             denominatore  0.166666666666   1                 false  -           2
CC      2021       1.3        1            MEDIA   14    1      f1     3      -5          -1            denominatore  4.5              0.5               false  -           1
"""  # noqa: E501


def test_the_rows_that_weigh_are_told_from_the_heaviest(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, LEVE)
    assert dice(base, "scorecard.leve", RIGHE_DELLE_LEVE) == righe(RIGHE_DELLE_LEVE)


def test_a_hundred_rows_are_told_and_all_are_counted(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, LEVE)
    base.execute("delete from indicatori.contributi where codice = 'CONTO'")
    base.execute(
        "insert into indicatori.contributi (camera, esercizio, codice, _file, _riga, numeratore)"
        " select 'AA', 2020, 'CONTO', 'f1', n, 1 from range(2, 104) as r(n)"
    )
    base.execute("update scorecard.indicatori set numeratore = 102, target = 1 where riga = 11")
    _, *told = dice(base, "scorecard.leve", "posto  da_muovere  righe_che_pesano", "riga = 11")
    assert sorted(told, key=lambda row: int(row[0])) == [
        (str(n), "101", "102") for n in range(1, 101)
    ]
