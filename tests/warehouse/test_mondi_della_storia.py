"""The models of what was known when, each over a world of a few rows that differ in all that it looks at.

Belongs here: what is new since the last time, and what is the same, in `storico.*`. Does not belong here:
several nights one after another (test_storia.py).
"""

import duckdb

from tests.warehouse.tavole import dice, metti, righe

ADESSO = """
storico.esecuzione
noto_dal             esecuzione
2021-07-01 04:00:00  ora
"""

# --- deliveries -------------------------------------------------------------------------------------

CONSEGNE = f"""{ADESSO}
qualita.file
camera  esercizio  estratto  _file  sha256  esito      motivo
AA      2020       a/uno     f1     s1      ACCETTATO  -
AA      2020       a/uno     f2     s1      ACCETTATO  -
AA      2020       a/uno     f3     s3      RIFIUTATO  Non si legge.
AA      2020       a/uno     f4     -       RIFIUTATO  Non si apre.
AA      2020       a/uno     f9     s3      RIFIUTATO  Non si legge.
AA      2020       a/due     f0     s1      ACCETTATO  -
AA      2021       a/uno     f01    s1      ACCETTATO  -
BB      2020       a/uno     f02    s1      ACCETTATO  -

storico.consegne_precedenti
camera  esercizio  estratto  _file  sha256  noto_dal
AA      2020       a/uno     f1     s0      2021-01-01
AA      2020       a/uno     f2     s1      2021-01-02
AA      2020       a/uno     f3     s1      2021-01-03
AA      2020       a/uno     f4     s4      2021-01-04
AA      2020       a/uno     f7     s7      2021-01-05
AA      2020       a/uno     f8     s1      2021-01-06
"""

RIGHE_DELLE_CONSEGNE = """
camera  esercizio  estratto  _file  sha256  esito       motivo         noto_dal::date
AA      2020       a/uno     f1     s1      CARICATA    -              2021-07-01
AA      2020       a/uno     f2     s1      DUPLICATA   f1             2021-01-02
AA      2020       a/uno     f3     s3      RIFIUTATA   Non si legge.  2021-07-01
AA      2020       a/uno     f9     s3      RIFIUTATA   Non si legge.  2021-07-01
AA      2020       a/due     f0     s1      CARICATA    -              2021-07-01
AA      2021       a/uno     f01    s1      CARICATA    -              2021-07-01
BB      2020       a/uno     f02    s1      CARICATA    -              2021-07-01
AA      2020       a/uno     f1     s0      SOSTITUITA  s1             2021-01-01
AA      2020       a/uno     f3     s1      SOSTITUITA  s3             2021-01-03
AA      2020       a/uno     f4     s4      SOSTITUITA  -              2021-01-04
AA      2020       a/uno     f7     s7      RITIRATA    -              2021-01-05
AA      2020       a/uno     f8     s1      RITIRATA    -              2021-01-06
"""


def test_a_delivery_is_told_apart_from_what_was_there(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, CONSEGNE)
    found = dice(base, "storico.consegne", RIGHE_DELLE_CONSEGNE)
    assert found == righe(RIGHE_DELLE_CONSEGNE)


# --- checks -----------------------------------------------------------------------------------------

CONTROLLI = f"""{ADESSO}
qualita.controlli
controllo  riguarda  gravita  per_partizione
uno        x         AVVISO   true
due        y         BLOCCO   false
tre        z         AVVISO   true

esercizi.periodi
camera  esercizio
AA      2020
AA      2021
BB      2020

qualita.esiti
controllo  camera  esercizio  casi
uno        AA      2020       2
uno        AA      2020       3
uno        -       -          4
due        -       -          1
tre        AA      2020       7

storico.controlli_precedenti
controllo  camera  esercizio  casi  noto_dal
uno        AA      2020       9     2021-01-02
uno        AA      2020       5     2021-01-01
uno        AA      2020       8     2020-12-31
uno        AA      2021       0     2021-01-01
uno        AA      2021       9     2020-12-31
uno        BB      2020       3     2021-01-01
uno        CC      2019       1     2021-01-01
uno        DD      2019       0     2021-01-01
due        -       -          1     2021-01-01
via        -       -          2     2021-01-01
"""

RIGHE_DEI_CONTROLLI = """
controllo  camera  esercizio  casi  superato  riguarda  gravita  noto_dal::date  esecuzione
uno        AA      2020       9     -         -         -        2021-01-02      -
uno        AA      2020       5     -         -         -        2021-01-01      -
uno        AA      2020       8     -         -         -        2020-12-31      -
uno        AA      2021       0     -         -         -        2021-01-01      -
uno        AA      2021       9     -         -         -        2020-12-31      -
uno        BB      2020       3     -         -         -        2021-01-01      -
uno        CC      2019       1     -         -         -        2021-01-01      -
uno        DD      2019       0     -         -         -        2021-01-01      -
due        -       -          1     -         -         -        2021-01-01      -
via        -       -          2     -         -         -        2021-01-01      -
uno        AA      2020       5     false     x         AVVISO   2021-07-01      ora
uno        BB      2020       0     true      x         AVVISO   2021-07-01      ora
uno        CC      2019       0     true      x         AVVISO   2021-07-01      ora
uno        -       -          4     false     x         AVVISO   2021-07-01      ora
tre        AA      2020       7     false     z         AVVISO   2021-07-01      ora
tre        AA      2021       0     true      z         AVVISO   2021-07-01      ora
tre        BB      2020       0     true      z         AVVISO   2021-07-01      ora
"""


def test_a_check_is_noted_where_its_cases_are_others_than_the_last_time(
    base: duckdb.DuckDBPyConnection,
) -> None:
    metti(base, CONTROLLI)
    found = dice(base, "storico.controlli", RIGHE_DEI_CONTROLLI)
    assert found == righe(RIGHE_DEI_CONTROLLI)


# --- values -----------------------------------------------------------------------------------------

VALORI = f"""{ADESSO}
indicatori.valori
camera  esercizio  codice  valore  stato
AA      2020       CONTO   5       DEFINITIVO
AA      2020       QUOTA   50      DEFINITIVO
AA      2020       FERMO   -       DATI_MANCANTI
AA      2021       CONTO   6       PROVVISORIO
BB      2020       CONTO   7       DEFINITIVO
AA      2022       CONTO   9       PROVVISORIO
AA      2023       CONTO   10      PROVVISORIO
DD      2020       CONTO   8       DEFINITIVO

regole.parametri
camera  versione  impronta
AA      1         i1
BB      2         i2

piano.in_vigore
camera  esercizio  esercizio_piano
AA      2020       2020
AA      2021       2020
AA      2023       2018
BB      2020       2019

lettura.piani
camera  esercizio  sha256
AA      2020       p1
AA      2019       p9
BB      2019       p2

scorecard.indicatori
camera  esercizio  missione  programma  obiettivo  progressivo  codice  risultato  operatore  target  realizzazione
AA      2020       012       004        1.0        0            CONTO   5          =>         1       10
AA      2020       011       006        1.0        0            CONTO   5          =>         2       20
AA      2020       011       005        1.2        0            CONTO   4          =>         3       30
AA      2020       011       005        1.1        2            CONTO   5          =>         4       40
AA      2020       011       005        1.1        1            CONTO   5          =<         0.5     5
AA      2020       011       005        1.1        3            QUOTA   50         =>         9       100
AA      2020       011       005        1.1        4            -       -          =>         9       -
AA      2020       011       005        1.1        5            FERMO   -          =>         9       -
AA      2021       011       005        1.1        1            CONTO   6          =>         8       75
AA      2021       099       005        9.9        1            CONTO   6          =>         7       1
BB      2020       011       005        1.1        1            CONTO   7          =>         7       100

scorecard.obiettivi
camera  esercizio  missione  programma  obiettivo  peso
AA      2020       011       005        1.1        60
AA      2020       011       005        1.2        61
AA      2020       011       006        1.0        62
AA      2020       012       004        1.0        63
AA      2021       011       005        1.1        64
AA      2020       013       005        1.1        99
AA      2020       011       007        1.1        98
BB      2020       011       005        1.1        65

storico.precedenti
camera  esercizio  codice  noto_dal    valore  risultato  stato          celle  operatore  target  peso  realizzazione  impronta_regole
AA      2020       CONTO   2021-01-01  1       1          DEFINITIVO     5      =<         0.5     60    5              i1
AA      2020       FERMO   2021-01-01  -       -          DATI_MANCANTI  1      =>         9       60    -              i1
AA      2021       CONTO   2021-01-02  6       6          PROVVISORIO    1      =>         8       64    75             i1
AA      2021       CONTO   2021-01-01  3       3          PROVVISORIO    1      =>         8       64    75             i1
BB      2020       CONTO   2021-01-01  7       7          DEFINITIVO     1      =>         7       65    100            i2
BB      2020       CONTO   2021-01-02  7       7          DEFINITIVO     1      =>         7       65    100            i0
"""  # noqa: E501

ALTRI = "=> 4.000000 60.00 40.00; => 3.000000 61.00 30.00; => 2.000000 62.00 20.00; => 1.000000 63.00 10.00"

RIGHE_DEI_VALORI = f"""
camera  esercizio  codice  noto_dal::date  valore  risultato  stato          celle  operatore  target  peso  realizzazione  altri_target  versione_regole  impronta_regole  sha256_piano
AA      2020       CONTO   2021-01-01      1       1          DEFINITIVO     5      =<         0.5     60    5              -             -                i1               -
AA      2020       FERMO   2021-01-01      -       -          DATI_MANCANTI  1      =>         9       60    -              -             -                i1               -
AA      2021       CONTO   2021-01-02      6       6          PROVVISORIO    1      =>         8       64    75             -             -                i1               -
AA      2021       CONTO   2021-01-01      3       3          PROVVISORIO    1      =>         8       64    75             -             -                i1               -
BB      2020       CONTO   2021-01-01      7       7          DEFINITIVO     1      =>         7       65    100            -             -                i2               -
BB      2020       CONTO   2021-01-02      7       7          DEFINITIVO     1      =>         7       65    100            -             -                i0               -
AA      2020       CONTO   2021-07-01      5       4          DEFINITIVO     5      =<         0.5     60    5              {ALTRI}       1                i1               p1
AA      2020       QUOTA   2021-07-01      50      50         DEFINITIVO     1      =>         9       60    100            -             1                i1               p1
AA      2022       CONTO   2021-07-01      9       -          PROVVISORIO    0      -          -       -     -              -             1                i1               -
AA      2023       CONTO   2021-07-01      10      -          PROVVISORIO    0      -          -       -     -              -             1                i1               -
BB      2020       CONTO   2021-07-01      7       7          DEFINITIVO     1      =>         7       65    100            -             2                i2               p2
"""  # noqa: E501


def test_a_value_is_noted_where_anything_of_it_is_new(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, VALORI)
    assert dice(base, "storico.valori", RIGHE_DEI_VALORI) == righe(RIGHE_DEI_VALORI)


# --- changes ----------------------------------------------------------------------------------------

PASSI = """
indicatori.catalogo
codice   unita
CONTO    numero
QUOTA    percentuale
VECCHIO  numero
VUOTO    numero

storico.valori
camera  esercizio  codice   noto_dal    valore  stato          operatore  target  peso  realizzazione  altri_target  versione_regole  impronta_regole  celle
AA      2020       CONTO    2021-01-02  2.5     DEFINITIVO     =>         4       60    62.5           -             1                i1               1
AA      2020       CONTO    2021-01-01  1       DEFINITIVO     =>         4       60    25             -             1                i1               1
AA      2020       CONTO    2021-01-03  -       DATI_MANCANTI  =>         5       60    -              -             1                i1               1
AA      2020       CONTO    2021-01-04  -       DATI_MANCANTI  =<         5       50    -              x             2                i2               1
AA      2020       QUOTA    2021-01-01  50      DEFINITIVO     =>         40      10    100            a             1                i1               2
AA      2020       QUOTA    2021-01-02  50      DEFINITIVO     =>         40      10    90             b             1                i1               2
AA      2020       QUOTA    2021-01-03  60      DEFINITIVO     -          -       -     -              c             1                i1               2
AA      2020       QUOTA    2021-01-04  60      DEFINITIVO     -          -       -     70             c             1                i1               2
AA      2020       IGNOTO   2021-01-01  7       DEFINITIVO     =>         1       1     1              a             1                i1               0
AA      2020       IGNOTO   2021-01-02  8       DEFINITIVO     =>         2       2     2              b             2                i2               1
AA      2020       VECCHIO  2021-01-01  3       DEFINITIVO     =>         1       5     10             a             1                -                1
AA      2020       VECCHIO  2021-01-02  3       DEFINITIVO     =>         2       6     20             b             2                i2               1
AA      2020       VUOTO    2021-01-01  -       DATI_MANCANTI  =>         1       5     0              -             1                i1               1
AA      2020       VUOTO    2021-01-02  -       DATI_MANCANTI  =>         1       5     5              -             1                i1               1
AA      2020       VUOTO    2021-01-03  4       DEFINITIVO     =>         1       5     50             -             1                i1               1
AA      2021       CONTO    2021-01-02  90      DEFINITIVO     =>         9       90    9              y             9                i9               1
BB      2020       CONTO    2021-01-02  80      DEFINITIVO     =>         8       80    8              z             8                i8               1
"""  # noqa: E501

CAMBIAMENTI = """
camera  esercizio  codice  cosa          prima          dopo           noto_dal::date
AA      2020       CONTO   valore        1              2,5            2021-01-02
AA      2020       CONTO   valore        2,5            DATI_MANCANTI  2021-01-03
AA      2020       CONTO   target        =>4            =>5            2021-01-03
AA      2020       CONTO   target        =>5            =<5            2021-01-04
AA      2020       CONTO   peso          60%            50%            2021-01-04
AA      2020       CONTO   altri target  nessuno        x              2021-01-04
AA      2020       CONTO   regole        1              2              2021-01-04
AA      2020       QUOTA   % Realizz     100%           90%            2021-01-02
AA      2020       QUOTA   altri target  a              b              2021-01-02
AA      2020       QUOTA   valore        50%            60%            2021-01-03
AA      2020       QUOTA   target        =>40%          nessuno        2021-01-03
AA      2020       QUOTA   peso          10%            nessuno        2021-01-03
AA      2020       QUOTA   % Realizz     nessuno        70%            2021-01-04
AA      2020       IGNOTO  valore        7              8              2021-01-02
AA      2020       VUOTO   % Realizz     0%             5%             2021-01-02
AA      2020       VUOTO   valore        DATI_MANCANTI  4              2021-01-03
"""


def test_between_two_steps_what_changed_is_told_and_nothing_else(
    base: duckdb.DuckDBPyConnection,
) -> None:
    metti(base, PASSI)
    assert dice(base, "storico.cambiamenti", CAMBIAMENTI) == righe(CAMBIAMENTI)
