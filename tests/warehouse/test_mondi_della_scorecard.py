"""The models of the scorecard, each over a world of a few rows that differ in all that it looks at.

Belongs here: weights, means and places of `scorecard.*`, missing sides, keys of joins. Does not belong
here: the course of a year (test_corso.py), what can still come (test_prospettive.py), the sample's figures
(test_valutazione.py).
"""

import duckdb

from tests.warehouse.tavole import dice, metti, righe

# --- objectives -------------------------------------------------------------------------------------

OBIETTIVI = """
scorecard.indicatori
camera  esercizio  missione  programma  obiettivo  quota  realizzazione
AA      2020       011       005        1.1        1      50
AA      2020       011       005        1.1        3      100
AA      2020       011       005        1.1        4      -
AA      2020       011       005        1.2        2      -
AA      2020       011       006        1.1        1      10
AA      2020       012       005        1.1        1      20
AA      2021       011       005        1.1        1      30
BB      2020       011       005        1.1        1      40

piano.in_vigore
camera  esercizio  esercizio_piano
AA      2020       2020
AA      2021       2020
BB      2020       2020
CC      2020       2020
DD      2020       2020

piano.obiettivi
camera  esercizio  missione  programma  obiettivo  risorse_preventivo  peso
AA      2020       011       005        1.1        200                 60
AA      2020       011       005        1.2        0                   40
AA      2020       011       005        1.3        8                   -
AA      2020       011       006        1.1        300                 1
AA      2020       012       005        1.1        -                   2
AA      2020       01        005        1.1        9                   3
AA      2019       011       005        9.9        9                   9
BB      2020       011       005        1.1        400                 5
DD      2020       011       005        1.1        500                 6

qualita.estratti
camera  esercizio  estratto                stato
AA      2020       contabilita/consuntivo  PRESENTE
AA      2020       contabilita/altro       ASSENTE
AA      2021       contabilita/consuntivo  PRESENTE
BB      2020       contabilita/consuntivo  INCOMPLETO
CC      2020       contabilita/consuntivo  PRESENTE

fonti.contabilita_consuntivo
camera  esercizio  missione  programma  obiettivo  importo
AA      2020       011       005        1.1        30
AA      2020       011       005        1.1        70.5
AA      2020       011       005        1.2        5
AA      2020       011       006        1.1        3
AA      2020       012       005        1.1        7
AA      2020       01        005        1.1        9
AA      2021       011       005        1.1        11
BB      2020       011       005        1.1        13
"""

# 1.1: (50 + 300) / 4 = 87.5; at least 350 / 8 = 43.75, at most (350 + 400) / 8 = 93.75; 2 of 3 measured
RIGHE_DEGLI_OBIETTIVI = """
camera  esercizio  missione  programma  obiettivo  risorse_preventivo  risorse_consuntivo  percentuale_spesa  realizzazione  realizzazione_minima  realizzazione_massima  copertura
AA      2020       011       005        1.1        200                 100.5               50.25              87.5           43.75                 93.75                  0.6667
AA      2020       011       005        1.2        0                   5                   -                  -              0                     100                    0
AA      2020       011       005        1.3        8                   0                   0                  -              -                     -                      0
AA      2020       011       006        1.1        300                 3                   1                  10             10                    10                     1
AA      2020       012       005        1.1        -                   7                   -                  20             20                    20                     1
AA      2020       01        005        1.1        9                   -                   -                  -              -                     -                      0
AA      2021       011       005        1.1        -                   11                  -                  30             30                    30                     1
AA      2021       011       005        1.2        -                   0                   -                  -              -                     -                      0
AA      2021       011       005        1.3        -                   0                   -                  -              -                     -                      0
AA      2021       011       006        1.1        -                   0                   -                  -              -                     -                      0
AA      2021       012       005        1.1        -                   0                   -                  -              -                     -                      0
AA      2021       01        005        1.1        -                   -                   -                  -              -                     -                      0
BB      2020       011       005        1.1        400                 -                   -                  40             40                    40                     1
"""  # noqa: E501


def test_an_objective_is_the_mean_of_its_own_rows_and_spends_its_own_money(
    base: duckdb.DuckDBPyConnection,
) -> None:
    metti(base, OBIETTIVI)
    assert dice(base, "scorecard.obiettivi", RIGHE_DEGLI_OBIETTIVI) == righe(RIGHE_DEGLI_OBIETTIVI)


# --- the chamber ------------------------------------------------------------------------------------

ENTE = """
scorecard.obiettivi
camera  esercizio  peso  realizzazione  realizzazione_minima  realizzazione_massima  copertura
AA      2020       50    80             70                    90                     0.75
AA      2020       30    40             40                    40                     1
AA      2020       20    -              -                     -                      0
AA      2021       10    -              0                     100                    0
AA      2022       0     30             20                    40                     1
BB      2020       100   10             10                    10                     1
AA      2023       10    -              -                     -                      0
DD      2020       100   10             10                    10                     1
EE      2020       100   10             10                    10                     1
FF      2020       100   10             10                    10                     1

piano.in_vigore
camera  esercizio  esercizio_piano
AA      2020       2020
AA      2021       2020
AA      2022       2020
AA      2023       2020
BB      2020       2019
EE      2020       2020
FF      2020       2020

esercizi.periodi
camera  esercizio  data_riferimento
AA      2020       2020-12-31
AA      2021       2021-12-31
AA      2022       2022-06-30
BB      2020       2020-11-30
AA      2023       2023-06-30
DD      2020       2020-12-31
FF      2020       2020-12-31

regole.parametri
camera  versione
AA      1
BB      2
DD      3
EE      4
"""

# AA 2020: (4000 + 1200) / 80 = 65; at least (3500 + 1200) / 100, at most (4500 + 1200 + 2000) / 100
RIGHE_DELL_ENTE = """
camera  esercizio  esercizio_piano  data_riferimento  versione_regole  realizzazione  realizzazione_minima  realizzazione_massima  copertura
AA      2020       2020             2020-12-31        1                65             47                    77                     0.675
AA      2021       2020             2021-12-31        1                -              0                     100                    0
AA      2022       2020             2022-06-30        1                -              -                     -                      0
AA      2023       2020             2023-06-30        1                -              0                     100                    0
BB      2020       2019             2020-11-30        2                10             10                    10                     1
"""  # noqa: E501


def test_a_chamber_is_the_mean_of_its_objectives_by_weight(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, ENTE)
    assert dice(base, "scorecard.ente", RIGHE_DELL_ENTE) == righe(RIGHE_DELL_ENTE)


# --- cells ------------------------------------------------------------------------------------------

CELLE = """
indicatori.fonti
codice  estratto
CONTO   b/due
CONTO   a/uno
QUOTA   c/tre

scorecard.indicatori
camera  esercizio  missione  programma  obiettivo  progressivo  codice  indicatore  quota
AA      2020       011       005        1.1        1            CONTO   Quanti      1
AA      2020       011       005        1.1        2            -       Altro       3
AA      2020       011       005        1.2        1            QUOTA   Parte       1
AA      2020       011       006        1.1        1            QUOTA   Parte       1
AA      2020       012       005        1.1        1            QUOTA   Parte       1
AA      2021       011       005        1.1        1            QUOTA   Parte       1
BB      2020       011       005        1.1        1            QUOTA   Parte       1
CC      2020       011       005        1.1        1            QUOTA   Parte       1

scorecard.obiettivi
camera  esercizio  missione  programma  obiettivo  peso
AA      2020       011       005        1.1        60
AA      2020       011       005        1.2        20
AA      2020       011       006        1.1        10
AA      2020       012       005        1.1        9
AA      2021       011       005        1.1        8
BB      2020       011       005        1.1        7
"""

RIGHE_DELLE_CELLE = """
camera  esercizio  missione  programma  obiettivo  progressivo  codice  cella           estratti                    peso
AA      2020       011       005        1.1        1            CONTO   1.1 CONTO       ['a/uno', 'b/due']          15
AA      2020       011       005        1.1        2            -       1.1 Altro       -                           45
AA      2020       011       005        1.2        1            QUOTA   1.2 QUOTA       ['c/tre']                   20
AA      2020       011       006        1.1        1            QUOTA   1.1 QUOTA       ['c/tre']                   10
AA      2020       012       005        1.1        1            QUOTA   1.1 QUOTA       ['c/tre']                   9
AA      2021       011       005        1.1        1            QUOTA   1.1 QUOTA       ['c/tre']                   8
BB      2020       011       005        1.1        1            QUOTA   1.1 QUOTA       ['c/tre']                   7
AA      2020       011       005        1.1        0            -       1.1 consuntivo  ['contabilita/consuntivo']  0
AA      2020       011       005        1.2        0            -       1.2 consuntivo  ['contabilita/consuntivo']  0
AA      2020       011       006        1.1        0            -       1.1 consuntivo  ['contabilita/consuntivo']  0
AA      2020       012       005        1.1        0            -       1.1 consuntivo  ['contabilita/consuntivo']  0
AA      2021       011       005        1.1        0            -       1.1 consuntivo  ['contabilita/consuntivo']  0
BB      2020       011       005        1.1        0            -       1.1 consuntivo  ['contabilita/consuntivo']  0
"""  # noqa: E501


def test_the_cells_of_an_objective_share_its_weight(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, CELLE)
    assert dice(base, "scorecard.celle", RIGHE_DELLE_CELLE) == righe(RIGHE_DELLE_CELLE)


# --- the last values that a plan prints ---------------------------------------------------------------

ULTIMI = """
piano.indicatori
camera  esercizio  progressivo  codice  anno_ultimo_valore  ultimo_valore  decimali
AA      2020       1            CONTO   2019                8              0
AA      2020       2            QUOTA   2018                7              1
AA      2020       3            CONTO   2018                3              0
AA      2020       4            CONTO   2019                -              0
AA      2020       5            -       2019                5              0
BB      2020       1            CONTO   2019                8              0

indicatori.valori
camera  esercizio  codice  valore  stato
AA      2019       CONTO   7.5     DEFINITIVO
AA      2018       CONTO   -       DATI_MANCANTI
AA      2018       QUOTA   7.06    DEFINITIVO
AA      2019       QUOTA   99      DEFINITIVO
CC      2019       CONTO   98      DEFINITIVO
"""

RIGHE_DEGLI_ULTIMI = """
camera  progressivo  codice  anno_ultimo_valore  ultimo_valore  ricalcolato  coincide  stato
AA      1            CONTO   2019                8              8            true      DEFINITIVO
AA      2            QUOTA   2018                7              7.1          false     DEFINITIVO
AA      3            CONTO   2018                3              -            -         DATI_MANCANTI
AA      5            -       2019                5              -            -         -
BB      1            CONTO   2019                8              -            -         -
"""


def test_a_printed_value_is_held_against_that_of_its_year(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, ULTIMI)
    found = dice(base, "scorecard.ultimi_valori", RIGHE_DEGLI_ULTIMI)
    assert found == righe(RIGHE_DEGLI_ULTIMI)


# --- since when a cell is known -----------------------------------------------------------------------

FRESCHEZZA = """
storico.valori
camera  esercizio  codice  noto_dal    valore  risultato  stato
AA      2020       CONTO   2021-01-01  1       1          PROVVISORIO
AA      2020       CONTO   2021-01-03  2       2          PROVVISORIO
AA      2020       CONTO   2021-01-02  1       1          PROVVISORIO
AA      2020       CONTO   2021-01-04  2       2          PROVVISORIO
AA      2020       QUOTA   2021-02-01  2       2          PROVVISORIO
AA      2021       CONTO   2021-03-01  2       2          PROVVISORIO
BB      2020       CONTO   2021-04-01  -       -          -

scorecard.celle
camera  esercizio  missione  programma  obiettivo  progressivo  codice  estratti
AA      2020       011       005        1.1        1            CONTO   [a/uno, b/due, c/tre]
AA      2020       011       005        1.1        2            QUOTA   [b/due]
AA      2020       011       005        1.1        3            -       -
AA      2020       011       005        1.1        0            -       [a/uno]
AA      2021       011       005        1.1        1            CONTO   [c/tre]
BB      2020       011       005        1.1        1            CONTO   [a/uno]

qualita.freschezza
camera  esercizio  estratto  dati_fino_al  prossima_attesa  in_ritardo  ritirato    fermo_al
AA      2020       a/uno     2020-06-30    2020-08-01       true        2020-05-31  2020-01-01
AA      2020       b/due     2020-05-31    2020-09-01       true        2020-04-30  2020-02-01
AA      2020       c/tre     2020-07-31    2020-07-01       false       -           -
AA      2021       c/tre     2021-05-31    2021-09-01       false       -           -
"""

DUE_RITIRATI = "a/uno (consegnato il 31/05/2020), b/due (consegnato il 30/04/2020)"

RIGHE_DELLA_FRESCHEZZA = f"""
camera  esercizio  progressivo  dati_fino_al  noto_dal::date  prossima_attesa  in_ritardo    ritirati                           fermo_al::date
AA      2020       1            2020-05-31    2021-01-03      2020-07-01       a/uno, b/due  {DUE_RITIRATI}                     2020-02-01
AA      2020       2            2020-05-31    2021-02-01      2020-09-01       b/due         b/due (consegnato il 30/04/2020)   2020-02-01
AA      2020       3            -             -               -                -             -                                  -
AA      2021       1            2021-05-31    2021-03-01      2021-09-01       -             -                                  -
BB      2020       1            -             2021-04-01      -                -             -                                  -
"""  # noqa: E501


def test_a_cell_is_as_old_as_the_oldest_of_its_extracts(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, FRESCHEZZA)
    found = dice(base, "scorecard.freschezza", RIGHE_DELLA_FRESCHEZZA)
    assert found == righe(RIGHE_DELLA_FRESCHEZZA)
