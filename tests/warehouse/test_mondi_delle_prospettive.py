"""What it would take, and what can still come, over worlds of a few rows.

Belongs here: keys of joins, edges and ties of `scorecard.leve`, and of `scorecard.prospettive`. Does not
belong here: every future of a small world (tests/scorecard/test_prospettive.py).
"""

import duckdb
import pytest

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


@pytest.mark.parametrize(
    ("codice", "operatore", "target", "decimali", "riga", "su", "da_muovere"),
    [
        ("CONTO", "=<", "55", 0, "10", "null", 295),  # 50 are left; after 294 it is 60
        ("CONTO", "=<", "50", 0, "10", "null", 295),
        ("CONTO", "=<", "49", 0, "10", "null", 296),
        ("CONTO", "=<", "50", 6, "10", "null", 295),
        ("CONTO", "=<", "49.999999", 6, "10", "null", 296),
        ("CONTO", "=<", "0", 0, "0.1", "null", 296),  # of 0,5 what is printed is 1
        ("CONTO", "=>", "-55", 0, "-10", "null", 295),
        ("CONTO", "=>", "-50", 0, "-10", "null", 295),
        ("CONTO", "=<", "500000000000", 6, "10000000000", "null", 250),
        ("QUOTA", "=>", "70", 0, "0", "1", 209),  # 209 of 300 are 69,67 %, printed as 70 %
        ("QUOTA", "=>", "70", 6, "0", "1", 210),
        ("QUOTA", "=>", "70.1", 6, "0", "1", 211),
        ("QUOTA", "=<", "30", 0, "1", "1", 209),  # 91 of 300 are 30,33 %
        ("QUOTA", "=<", "30", 6, "1", "1", 210),
        ("QUOTA", "=<", "29.9", 6, "1", "1", 211),
        ("MEDIA", "=<", "0.3", 1, "1", "1", 196),  # 105 of 300 are 0,35, printed as 0,4
        ("MEDIA", "=<", "0.35", 6, "1", "1", 195),
        ("QUOTA", "=>", "70.1", 6, "0", "0.001", 211),
        # After 209 a double lies below the target, and what is printed a millionth above it.
        ("RITMO", "=<", "282969320785.666666", 6, "9328658927", "1", 210),
    ],
)
def test_a_row_beyond_those_that_are_told_may_be_the_one_that_is_enough(
    base: duckdb.DuckDBPyConnection,
    codice: str,
    operatore: str,
    target: str,
    decimali: int,
    riga: str,
    su: str,
    da_muovere: int,
) -> None:
    """Three hundred rows alike."""
    metti(base, LEVE)
    base.execute(
        "delete from indicatori.contributi;"
        " delete from scorecard.indicatori where riga <> 11 or camera <> 'AA' or esercizio <> 2020;"
        " insert into indicatori.contributi"
        " (camera, esercizio, codice, _file, _riga, numeratore, denominatore)"
        f" select 'AA', 2020, '{codice}', 'f1', n, {riga}, {su} from range(300) as r(n)"
    )
    base.execute(
        f"update scorecard.indicatori set codice = '{codice}', operatore = '{operatore}', target = {target},"
        f" decimali = {decimali}, numeratore = 300 * {riga}, denominatore = 300 * {su}"
    )
    _, *told = dice(base, "scorecard.leve", "da_muovere  righe_che_pesano")
    assert told == [(str(da_muovere), "300")] * 100


def test_a_ratio_without_a_denominator_is_not_one_that_is_enough(
    base: duckdb.DuckDBPyConnection,
) -> None:
    """Three hundred rows of 0 over 1 and one of 200 over -1: with 299 out there is 200 over 0."""
    metti(base, LEVE)
    base.execute(
        "delete from indicatori.contributi;"
        " insert into indicatori.contributi"
        " (camera, esercizio, codice, _file, _riga, numeratore, denominatore)"
        " select 'AA', 2020, 'MEDIA', 'f1', n, if(n = 300, 200, 0), if(n = 300, -1, 1)"
        " from range(301) as r(n);"
        " update scorecard.indicatori set target = 300, numeratore = 200, denominatore = 299 where riga = 14"
    )
    _, *told = dice(base, "scorecard.leve", "da_muovere  righe_che_pesano")
    assert told == [("-", "299")] * 100


# --- what can still come --------------------------------------------------------------------------------

PROSPETTIVE = """
indicatori.catalogo
codice   unita        denominatore
CONTO    numero       false
AFFARI   numero       false
MISTO    numero       false
STORNI   numero       false
SALDO    numero       false
EURO     numero       false
VUOTO    numero       false
QUOTA    percentuale  true
PERSONE  percentuale  true
RESI     percentuale  true
RITMO    percentuale  true
MEDIA    numero       true
VOTI     numero       true
RAPP     rapporto     true
GRANDE   numero       true
ENORME   numero       true

indicatori.fonti
codice   estratto
CONTO    a/uno
AFFARI   b/due
MISTO    a/uno
MISTO    b/due
STORNI   a/uno
SALDO    b/due
EURO     b/due
VUOTO    a/uno
QUOTA    a/uno
PERSONE  b/due
RESI     a/uno
RITMO    a/uno
MEDIA    a/uno
VOTI     a/uno
RAPP     b/due
GRANDE   a/uno
ENORME   a/uno

esercizi.cadenze
estratto  datato
a/uno     true
b/due     false

esercizi.periodi
camera  esercizio  inizio      data_riferimento  fine        aperto
AA      2020       2020-01-01  2020-04-09        2020-07-18  false
AA      2021       2021-01-01  2021-04-10        2021-07-19  true
AA      2022       2022-01-01  2022-04-10        2022-07-19  true
BB      2020       2020-01-01  2020-04-09        2020-07-18  true
BB      2021       2021-01-01  2020-12-20        2021-07-19  true

indicatori.contributi
camera  esercizio  codice   numeratore  denominatore
AA      2021       CONTO    1           -
AA      2021       CONTO    1           -
AA      2021       CONTO    0           -
AA      2021       AFFARI   1           -
AA      2021       AFFARI   1           -
AA      2021       AFFARI   1           -
AA      2021       MISTO    1           -
AA      2021       STORNI   -1          -
AA      2021       STORNI   3           -
AA      2021       SALDO    -1          -
AA      2021       SALDO    3           -
AA      2021       EURO     0.57        -
AA      2021       QUOTA    0           1
AA      2021       QUOTA    1           1
AA      2021       QUOTA    0           1
AA      2021       QUOTA    1           1
AA      2021       PERSONE  0           1
AA      2021       PERSONE  1           1
AA      2021       RESI     5           5
AA      2021       RESI     0           -2
AA      2021       RITMO    3           2
AA      2021       RITMO    0           1
AA      2021       MEDIA    0           1
AA      2021       MEDIA    3           1
AA      2021       MEDIA    1           0
AA      2021       VOTI     0           1
AA      2021       VOTI     1           1
AA      2021       RAPP     1           0
AA      2021       RAPP     0           1
AA      2021       RAPP     0           1
AA      2021       GRANDE   0           2000000000000000
AA      2021       ENORME   0           10000000000000000000000
AA      2022       QUOTA    3           5
AA      2022       QUOTA    1           1
BB      2021       QUOTA    1           1
BB      2021       QUOTA    0           1
AA      2020       QUOTA    1           1
AA      2020       SALDO    -1          -
AA      2020       SALDO    3           -

scorecard.indicatori
camera  esercizio  missione  programma  obiettivo  progressivo  codice   operatore  target  decimali  raggiunto  numeratore  denominatore
AA      2021       M         P          1.1        1            QUOTA    =>         75      0         false      2           4
AA      2021       N         P          1.1        1            QUOTA    =<         40      0         false      2           4
AA      2021       M         Q          1.1        1            QUOTA    =>         40      0         true       2           4
AA      2021       M         P          1.2        1            QUOTA    =<         60      0         true       2           4
AA      2021       M         P          1.1        2            QUOTA    =>         101     0         false      2           4
AA      2022       M         P          1.1        1            QUOTA    =>         75      0         false      4           6
BB      2021       M         P          1.1        1            QUOTA    =>         60      0         false      1           2
AA      2020       M         P          1.1        1            QUOTA    =>         60      0         true       1           1
AA      2020       M         P          1.1        2            SALDO    =>         5       0         false      2           -
AA      2021       M         P          2.1        1            CONTO    =>         5       0         false      2           -
AA      2021       M         P          2.1        2            CONTO    =<         1       0         false      2           -
AA      2021       M         P          2.1        3            CONTO    =>         2       0         true       2           -
AA      2021       M         P          2.1        4            VUOTO    =>         2       0         false      0           -
AA      2021       M         P          2.1        5            -        -          -       0         -          -           -
AA      2021       M         P          2.2        1            AFFARI   =<         0       0         false      3           -
AA      2021       M         P          2.2        2            AFFARI   =>         0       0         true       3           -
AA      2021       M         P          2.2        3            AFFARI   =<         4       0         true       3           -
AA      2021       M         P          2.2        4            MISTO    =<         0       0         false      1           -
AA      2021       M         P          2.2        5            EURO     =<         0       0         false      0.57        -
AA      2021       M         P          2.3        1            STORNI   -          -       0         -          2           -
AA      2021       M         P          2.3        2            STORNI   =>         2       0         true       2           -
AA      2021       M         P          2.3        3            STORNI   =<         1       0         false      2           -
AA      2021       M         P          2.3        4            SALDO    =<         -3      0         false      2           -
AA      2021       M         P          2.3        5            RESI     =>         200     0         false      5           3
AA      2021       M         P          2.4        1            PERSONE  =>         100     0         false      1           2
AA      2021       M         P          2.4        2            PERSONE  =>         101     0         false      1           2
AA      2021       M         P          2.4        3            PERSONE  =<         20      0         false      1           2
AA      2021       M         P          2.4        4            PERSONE  =<         99      0         true       1           2
AA      2021       M         P          2.5        1            RITMO    =>         150     0         false      3           3
AA      2021       M         P          2.5        2            MEDIA    =>         3       1         false      4           2
AA      2021       M         P          2.5        3            MEDIA    =<         1       1         false      4           2
AA      2021       M         P          2.5        4            VOTI     =>         0.8     1         false      1           2
AA      2021       M         P          2.5        5            RAPP     =<         0.2     1         false      1           2
AA      2021       M         P          2.5        6            RAPP     =>         0       1         true       1           2
AA      2021       M         P          2.6        1            GRANDE   =>         1       0         false      0           2000000000000000
AA      2021       M         P          2.6        2            ENORME   =>         1       0         false      0           10000000000000000000000

scorecard.leve
camera  esercizio  missione  programma  obiettivo  progressivo  da_muovere  righe_che_pesano
AA      2021       M         P          1.1        1            1           2
AA      2021       N         P          1.1        1            1           2
AA      2021       M         P          1.1        2            -           2
AA      2022       M         P          1.1        1            1           2
BB      2021       M         P          1.1        1            1           1
AA      2020       M         P          1.1        2            -           1
AA      2021       M         P          2.1        2            1           2
AA      2021       M         P          2.2        1            3           3
AA      2021       M         P          2.2        4            1           1
AA      2021       M         P          2.2        5            1           1
AA      2021       M         P          2.3        3            1           1
AA      2021       M         P          2.3        4            -           1
AA      2021       M         P          2.4        1            1           1
AA      2021       M         P          2.4        2            -           1
AA      2021       M         P          2.4        3            1           1
AA      2021       M         P          2.5        1            1           1
AA      2021       M         P          2.5        2            1           1
AA      2021       M         P          2.5        3            1           2
AA      2021       M         P          2.5        4            1           1
AA      2021       M         P          2.5        5            1           1
"""  # noqa: E501

# Years of two hundred days, of which a hundred are over; none is of BB's. RESI would need one row less.
RIGHE_DELLE_PROSPETTIVE = """
camera  esercizio  missione  programma  obiettivo  progressivo  codice   raggiunto  verdetto       servono  si_perde_con  lato          in_righe  togliendo  giorni_trascorsi  giorni_rimasti  ritmo_necessario  ritmo_finora  da_muovere  righe_che_pesano
AA      2021       M         P          1.1        1            QUOTA    false      RAGGIUNGIBILE  4        -             entrambi      true      false      100               100             0.04              0.04          1           2
AA      2021       N         P          1.1        1            QUOTA    false      RAGGIUNGIBILE  1        -             denominatore  true      false      100               100             0.01              0.04          1           2
AA      2021       M         Q          1.1        1            QUOTA    true       RAGGIUNGIBILE  -        2             denominatore  true      false      100               100             -                 0.04          -           -
AA      2021       M         P          1.2        1            QUOTA    true       RAGGIUNGIBILE  -        2             entrambi      true      false      100               100             -                 0.04          -           -
AA      2021       M         P          1.1        2            QUOTA    false      FUORI_PORTATA  -        -             -             -         -          100               100             -                 -             -           2
AA      2022       M         P          1.1        1            QUOTA    false      RAGGIUNGIBILE  1.85     -             entrambi      false     false      100               100             0.0185            0.06          1           2
BB      2021       M         P          1.1        1            QUOTA    false      RAGGIUNGIBILE  1        -             entrambi      true      false      0                 200             0.005             -             1           1
AA      2020       M         P          1.1        1            QUOTA    true       ACQUISITO      -        -             -             -         -          -                 -               -                 -             -           -
AA      2020       M         P          1.1        2            SALDO    false      FUORI_PORTATA  -        -             -             -         -          -                 -               -                 -             -           1
AA      2021       M         P          2.1        1            CONTO    false      RAGGIUNGIBILE  3        -             numeratore    true      false      100               100             0.03              0.02          -           0
AA      2021       M         P          2.1        2            CONTO    false      FUORI_PORTATA  -        -             -             -         -          100               100             -                 -             1           2
AA      2021       M         P          2.1        3            CONTO    true       ACQUISITO      -        -             -             -         -          100               100             -                 -             -           -
AA      2021       M         P          2.1        4            VUOTO    false      RAGGIUNGIBILE  2        -             numeratore    true      false      100               100             0.02              0             -           0
AA      2021       M         P          2.1        5            -        -          -              -        -             -             -         -          100               100             -                 -             -           -
AA      2021       M         P          2.2        1            AFFARI   false      RAGGIUNGIBILE  3        -             numeratore    true      true       100               100             -                 -             3           3
AA      2021       M         P          2.2        2            AFFARI   true       ACQUISITO      -        -             -             -         -          100               100             -                 -             -           -
AA      2021       M         P          2.2        3            AFFARI   true       RAGGIUNGIBILE  -        2             numeratore    true      false      100               100             -                 0.03          -           -
AA      2021       M         P          2.2        4            MISTO    false      RAGGIUNGIBILE  1        -             numeratore    true      true       100               100             -                 -             1           1
AA      2021       M         P          2.2        5            EURO     false      RAGGIUNGIBILE  0.08     -             numeratore    false     true       100               100             -                 -             1           1
AA      2021       M         P          2.3        1            STORNI   -          -              -        -             -             -         -          100               100             -                 -             -           -
AA      2021       M         P          2.3        2            STORNI   true       RAGGIUNGIBILE  -        -             -             -         -          100               100             -                 -             -           -
AA      2021       M         P          2.3        3            STORNI   false      RAGGIUNGIBILE  -        -             -             -         -          100               100             -                 -             1           1
AA      2021       M         P          2.3        4            SALDO    false      RAGGIUNGIBILE  4.5      -             numeratore    false     true       100               100             -                 -             -           1
AA      2021       M         P          2.3        5            RESI     false      RAGGIUNGIBILE  -        -             -             -         -          100               100             -                 -             -           0
AA      2021       M         P          2.4        1            PERSONE  false      RAGGIUNGIBILE  1        -             numeratore    true      false      100               100             0.01              0.01          1           1
AA      2021       M         P          2.4        2            PERSONE  false      FUORI_PORTATA  -        -             -             -         -          100               100             -                 -             -           1
AA      2021       M         P          2.4        3            PERSONE  false      RAGGIUNGIBILE  1        -             numeratore    true      true       100               100             -                 -             1           1
AA      2021       M         P          2.4        4            PERSONE  true       RAGGIUNGIBILE  -        1             numeratore    true      false      100               100             -                 0.01          -           -
AA      2021       M         P          2.5        1            RITMO    false      RAGGIUNGIBILE  1.49     -             numeratore    false     false      100               100             0.0149            0.03          1           1
AA      2021       M         P          2.5        2            MEDIA    false      RAGGIUNGIBILE  1.9      -             numeratore    false     false      100               100             0.019             0.04          1           1
AA      2021       M         P          2.5        3            MEDIA    false      RAGGIUNGIBILE  2        -             denominatore  true      false      100               100             0.02              0.02          1           2
AA      2021       M         P          2.5        4            VOTI     false      RAGGIUNGIBILE  1        -             numeratore    true      false      100               100             0.01              0.01          1           1
AA      2021       M         P          2.5        5            RAPP     false      RAGGIUNGIBILE  1        -             numeratore    true      true       100               100             -                 -             1           1
AA      2021       M         P          2.5        6            RAPP     true       ACQUISITO      -        -             -             -         -          100               100             -                 -             -           -
AA      2021       M         P          2.6        1            GRANDE   false      RAGGIUNGIBILE  -        -             -             -         -          100               100             -                 -             -           0
AA      2021       M         P          2.6        2            ENORME   false      RAGGIUNGIBILE  -        -             -             -         -          100               100             -                 -             -           0
"""  # noqa: E501


def test_what_comes_is_told_of_each_row_by_itself(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, PROSPETTIVE)
    found = dice(base, "scorecard.prospettive", RIGHE_DELLE_PROSPETTIVE)
    assert found == righe(RIGHE_DELLE_PROSPETTIVE)
