"""The models of `qualita` that measure what came, each over a world of a few rows.

Belongs here: rows and days against those of other years, figures without what is suspect, thresholds.
Does not belong here: single rows that are suspect (test_mondi_dei_sospetti.py), the checks that read them
(test_plausibilita.py, test_righe_dei_modelli.py).
"""

import duckdb

from tests.warehouse.tavole import dice, metti, righe

# --- rows against earlier years ------------------------------------------------------------------------

VOLUMI = """
regole.soglie
camera  nome                  valore
AA      volume_volte          3
AA      volume_volte_un_anno  5
AA      volume_righe          10
AA      altro                 1000
BB      volume_volte          2
BB      volume_volte_un_anno  2
BB      volume_righe          1

esercizi.periodi
camera  esercizio  aperto  data_riferimento
AA      2018       false   2018-12-31
AA      2019       false   2019-12-31
AA      2020       true    2020-06-30
BB      2019       false   2019-12-31
BB      2020       false   2020-12-31
CC      2020       false   2020-12-31

esercizi.giorni
camera  esercizio  giorno
AA      2018       2020-07-15
AA      2019       2020-09-01
AA      2020       2020-07-15
BB      2020       2020-09-01

esercizi.attese
camera  esercizio  estratto  scadenza    fine_periodo
AA      2020       a/uno     2020-05-15  2020-04-30
AA      2020       a/uno     2020-06-15  2020-05-31
AA      2020       a/uno     2020-07-15  2020-06-30
AA      2020       a/due     2020-05-15  2020-04-30
AA      2020       a/tre     2020-07-14  2020-09-30
AA      2019       a/uno     2019-05-15  2020-06-20
BB      2020       a/uno     2020-05-15  2020-04-30

qualita.eventi
camera  esercizio  estratto  dati_fino_al
AA      2020       a/due     2020-05-10
AA      2020       a/sei     2020-06-15
AA      2019       a/uno     2020-06-25
BB      2020       a/uno     2020-06-29

qualita.estratti
camera  esercizio  estratto  stato
AA      2018       a/uno     PRESENTE
AA      2019       a/uno     PRESENTE
AA      2020       a/uno     PRESENTE
AA      2019       a/due     PRESENTE
AA      2020       a/due     PRESENTE
AA      2020       a/tre     PRESENTE
AA      2019       a/tre     INCOMPLETO
AA      2020       a/sei     INCOMPLETO
BB      2019       a/uno     PRESENTE
BB      2020       a/uno     PRESENTE
CC      2020       a/uno     PRESENTE
DD      2020       a/uno     PRESENTE

qualita.fatti
camera  esercizio  estratto  giorno      righe
AA      2018       a/uno     2018-05-31  4
AA      2018       a/uno     2018-01-01  8
AA      2018       a/uno     2018-06-01  500
AA      2019       a/uno     2019-05-31  15
AA      2019       a/uno     2019-06-01  600
AA      2020       a/uno     2020-05-31  46
AA      2020       a/uno     2020-06-01  700
AA      2019       a/due     2019-05-10  51
AA      2019       a/due     2019-05-11  800
AA      2020       a/due     -           10
AA      2019       a/tre     -           99
AA      2020       a/tre     2020-06-30  9
AA      2020       a/tre     2020-07-01  70
AA      2020       a/sei     2020-06-01  9
BB      2019       a/uno     2019-12-31  4
BB      2020       a/uno     2020-12-31  2
CC      2020       a/uno     2020-12-31  2
"""

NESSUNO = "Nessun esercizio precedente ha delle righe nello stesso periodo."
INCOMPLETO = "L'estratto manca o è incompleto."
POCHE = "Le righe sono troppo poche per un confronto."

# a/uno of AA 2020: 46 by the end of May, against 15 and 12; a/due: 10 without a day, against 51 by 10 May
RIGHE_DEI_VOLUMI = f"""
camera  esercizio  estratto  al          righe  anni  minimo  massimo  precedenti            sospetto  motivo
AA      2018       a/uno     2018-12-31  512    0     -       -        -                     -         {NESSUNO}
AA      2019       a/uno     2019-12-31  615    1     512     512      512 nel 2018          false     -
AA      2020       a/uno     2020-05-31  46     2     12      15       15 nel 2019, 12 nel 2018  true  -
AA      2019       a/due     2019-12-31  851    0     -       -        -                     -         {NESSUNO}
AA      2020       a/due     2020-05-10  10     1     51      51       51 nel 2019           true      -
AA      2019       a/tre     2019-12-31  0      0     -       -        -                     -         {INCOMPLETO}
AA      2020       a/tre     2020-06-30  9      0     -       -        -                     -         {NESSUNO}
AA      2020       a/sei     2020-06-15  0      0     -       -        -                     -         {INCOMPLETO}
BB      2019       a/uno     2019-12-31  4      0     -       -        -                     -         {NESSUNO}
BB      2020       a/uno     2020-12-31  2      1     4       4        4 nel 2019            false     -
CC      2020       a/uno     2020-12-31  2      0     -       -        -                     -         {NESSUNO}
"""  # noqa: E501


def test_rows_are_held_against_those_of_earlier_years_up_to_the_same_day(
    base: duckdb.DuckDBPyConnection,
) -> None:
    metti(base, VOLUMI)
    assert dice(base, "qualita.volumi", RIGHE_DEI_VOLUMI) == righe(RIGHE_DEI_VOLUMI)


MISURE = """
regole.soglie
camera  nome                  valore
AA      volume_volte          3
AA      volume_volte_un_anno  5
AA      volume_righe          10

esercizi.periodi
camera  esercizio  aperto  data_riferimento
AA      2018       false   2018-12-31
AA      2019       false   2019-12-31
AA      2020       false   2020-12-31

qualita.estratti
camera  esercizio  estratto       stato
AA      2018       due/terzo      PRESENTE
AA      2019       due/terzo      PRESENTE
AA      2020       due/terzo      PRESENTE
AA      2018       due/meno       PRESENTE
AA      2019       due/meno       PRESENTE
AA      2020       due/meno       PRESENTE
AA      2018       due/triplo     PRESENTE
AA      2019       due/triplo     PRESENTE
AA      2020       due/triplo     PRESENTE
AA      2019       uno/quinto     PRESENTE
AA      2020       uno/quinto     PRESENTE
AA      2019       uno/meno       PRESENTE
AA      2020       uno/meno       PRESENTE
AA      2019       uno/quintuplo  PRESENTE
AA      2020       uno/quintuplo  PRESENTE
AA      2019       uno/poche      PRESENTE
AA      2020       uno/poche      PRESENTE
AA      2019       uno/dieci      PRESENTE
AA      2020       uno/dieci      PRESENTE
AA      2019       uno/da_dieci   PRESENTE
AA      2020       uno/da_dieci   PRESENTE
AA      2018       due/da_poche   PRESENTE
AA      2019       due/da_poche   PRESENTE
AA      2020       due/da_poche   PRESENTE

qualita.fatti
camera  esercizio  estratto       righe
AA      2018       due/terzo      30
AA      2019       due/terzo      90
AA      2020       due/terzo      10
AA      2018       due/meno       30
AA      2019       due/meno       90
AA      2020       due/meno       9
AA      2018       due/triplo     30
AA      2019       due/triplo     20
AA      2020       due/triplo     90
AA      2019       uno/quinto     50
AA      2020       uno/quinto     10
AA      2019       uno/meno       50
AA      2020       uno/meno       9
AA      2019       uno/quintuplo  10
AA      2020       uno/quintuplo  50
AA      2019       uno/poche      9
AA      2020       uno/poche      1
AA      2019       uno/dieci      1
AA      2020       uno/dieci      10
AA      2019       uno/da_dieci   10
AA      2020       uno/da_dieci   1
AA      2018       due/da_poche   9
AA      2019       due/da_poche   90
AA      2020       due/da_poche   2
"""

GIUDIZI = f"""
estratto       anni  minimo  massimo  righe  sospetto  motivo
due/terzo      2     30      90       10     false     -
due/meno       2     30      90       9      true      -
due/triplo     2     20      30       90     false     -
uno/quinto     1     50      50       10     false     -
uno/meno       1     50      50       9      true      -
uno/quintuplo  1     10      10       50     false     -
uno/poche      1     9       9        1      -         {POCHE}
uno/dieci      1     1       1        10     true      -
uno/da_dieci   1     10      10       1      true      -
due/da_poche   2     9       90       2      false     -
"""


def test_rows_are_odd_below_a_share_or_above_a_multiple_where_they_are_enough(
    base: duckdb.DuckDBPyConnection,
) -> None:
    metti(base, MISURE)
    assert dice(base, "qualita.volumi", GIUDIZI, "esercizio = 2020") == righe(GIUDIZI)


# --- days outside the year -----------------------------------------------------------------------------

DATE = """
regole.soglie
camera  nome                   valore
AA      fuori_esercizio_quota  0.1
AA      fuori_esercizio_righe  10
AA      altro                  1000
BB      fuori_esercizio_quota  0.5
BB      fuori_esercizio_righe  2

esercizi.periodi
camera  esercizio  aperto  inizio      data_riferimento  fine
AA      2020       false   2020-01-01  2020-12-31        2020-12-31
AA      2021       true    2021-01-01  2021-01-20        2021-12-31
BB      2020       false   2020-01-01  2020-12-31        2020-12-31
CC      2020       false   2020-01-01  2020-12-31        2020-12-31

esercizi.cadenze
estratto  mesi  tolleranza_giorni
a/uno     1     15
a/due     1     15
a/tre     1     15
a/sei     1     15
a/otto    1     15
a/nove    1     15

qualita.fatti
camera  esercizio  estratto  _file  giorno      righe
AA      2020       a/uno     f1     2019-12-31  5
AA      2020       a/uno     f1     2020-01-01  1
AA      2020       a/uno     f1     2021-01-01  4
AA      2020       a/uno     f1     -           50
AA      2020       a/uno     f2     2020-12-31  1
AA      2020       a/uno     f2     2019-01-01  10
AA      2020       a/uno     f3     2018-12-31  9
AA      2020       a/due     f4     2019-01-01  5
AA      2020       a/due     f5     2019-01-02  5
AA      2020       a/tre     f6     2019-01-02  9
AA      2020       a/sei     f9     2019-01-02  10
AA      2020       a/sei     f10    2020-01-02  10
AA      2020       a/sei     f11    2019-01-02  5
AA      2020       a/otto    g1     2019-01-02  9
AA      2020       a/otto    g2     2019-01-02  4
AA      2020       a/otto    g2     2020-01-02  1
AA      2020       a/otto    g3     2019-01-02  4
AA      2020       a/otto    g3     2020-01-02  1
AA      2020       a/nove    h1     2019-01-02  9
AA      2020       a/nove    h2     2019-01-02  9
AA      2020       a/nove    h2     2020-01-02  1
AA      2020       a/nove    h2     2020-01-03  1
AA      2021       a/uno     f1     2020-12-05  1
AA      2021       a/uno     f1     2020-12-04  9
AA      2021       a/quattro  f7    2020-12-04  9
BB      2020       a/uno     f1     2019-12-31  2
BB      2020       a/uno     f8     2019-12-31  1
BB      2020       a/uno     f8     2020-12-31  1
CC      2020       a/uno     f1     2019-12-31  20
"""

# f3 has too few rows by itself, and its extract has 30 of which 2 are of the year: fewer than one in ten
RIGHE_DELLE_DATE = """
camera  esercizio  estratto  _file  dal         al          righe  nell_esercizio  primo       ultimo      sospetto
AA      2020       a/uno     f1     2020-01-01  2020-12-31  10     1               2019-12-31  2021-01-01  false
AA      2020       a/uno     f2     2020-01-01  2020-12-31  11     1               2019-01-01  2020-12-31  true
AA      2020       a/uno     f3     2020-01-01  2020-12-31  9      0               2018-12-31  2018-12-31  true
AA      2020       a/due     f4     2020-01-01  2020-12-31  5      0               2019-01-01  2019-01-01  true
AA      2020       a/due     f5     2020-01-01  2020-12-31  5      0               2019-01-02  2019-01-02  true
AA      2020       a/tre     f6     2020-01-01  2020-12-31  9      0               2019-01-02  2019-01-02  false
AA      2020       a/sei     f9     2020-01-01  2020-12-31  10     0               2019-01-02  2019-01-02  true
AA      2020       a/sei     f10    2020-01-01  2020-12-31  10     10              2020-01-02  2020-01-02  false
AA      2020       a/sei     f11    2020-01-01  2020-12-31  5      0               2019-01-02  2019-01-02  false
AA      2020       a/otto    g1     2020-01-01  2020-12-31  9      0               2019-01-02  2019-01-02  false
AA      2020       a/otto    g2     2020-01-01  2020-12-31  5      1               2019-01-02  2020-01-02  false
AA      2020       a/otto    g3     2020-01-01  2020-12-31  5      1               2019-01-02  2020-01-02  false
AA      2020       a/nove    h1     2020-01-01  2020-12-31  9      0               2019-01-02  2019-01-02  false
AA      2020       a/nove    h2     2020-01-01  2020-12-31  11     2               2019-01-02  2020-01-03  false
AA      2021       a/uno     f1     2020-12-05  2021-12-31  10     1               2020-12-04  2020-12-05  false
BB      2020       a/uno     f1     2020-01-01  2020-12-31  2      0               2019-12-31  2019-12-31  true
BB      2020       a/uno     f8     2020-01-01  2020-12-31  2      1               2019-12-31  2020-12-31  false
CC      2020       a/uno     f1     2020-01-01  2020-12-31  20     0               2019-12-31  2019-12-31  -
"""  # noqa: E501


def test_a_file_is_of_another_year_where_few_of_its_days_are_of_this_one(
    base: duckdb.DuckDBPyConnection,
) -> None:
    metti(base, DATE)
    assert dice(base, "qualita.date_dei_file", RIGHE_DELLE_DATE) == righe(RIGHE_DELLE_DATE)


# --- figures without what is suspect -------------------------------------------------------------------

SENZA = """
qualita.sospette
camera  esercizio  estratto  _file  _riga  segnale
AA      2020       a/uno     f1     2      doppie
AA      2020       a/uno     f1     3      doppie
AA      2020       a/uno     f1     3      totali
AA      2020       a/uno     f2     2      doppie
AA      2020       a/uno     f2     9      doppie
AA      2021       a/uno     f1     2      doppie
BB      2020       a/uno     f3     2      doppie
AA      2020       a/con     f4     2      totali
AA      2020       a/con     f4     3      totali
AA      2020       a/con     f4     3      doppie
AA      2020       a/con     f5     2      totali

indicatori.contributi
camera  esercizio  codice  _file  _riga  numeratore  denominatore
AA      2020       CONTO   f1     2      1           -
AA      2020       CONTO   f1     3      2           -
AA      2020       CONTO   f1     4      4           -
AA      2020       CONTO   f2     2      8           -
AA      2020       QUOTA   f1     2      1           3
AA      2020       QUOTA   f1     3      1           1
AA      2020       QUOTA   f1     4      1           4
AA      2021       CONTO   f1     2      16          -
BB      2020       CONTO   f3     2      32          -
BB      2020       CONTO   f1     2      64          -
AA      2020       IGNOTO  f1     2      1           -
AA      2020       ALTRO   f1     2      1           -

indicatori.valori
camera  esercizio  codice  numeratore  denominatore  valore
AA      2020       CONTO   15          -             15
AA      2020       QUOTA   3           8             37.5
AA      2021       CONTO   116         -             116
BB      2020       CONTO   232         -             232
AA      2020       ALTRO   1           -             1

indicatori.catalogo
codice  denominatore  unita
CONTO   false         numero
QUOTA   true          percentuale
IGNOTO  false         numero

fonti.contabilita_consuntivo
camera  esercizio  _file  _riga  importo
AA      2020       f4     2      10
AA      2020       f4     3      20
AA      2020       f4     4      40
AA      2020       f5     2      80
AA      2021       f4     2      160
BB      2020       f4     2      320
"""

RIGHE_SENZA = """
camera  esercizio  estratto  segnale  _file  codice  righe  valore  valore_senza
AA      2020       a/uno     doppie   f1     CONTO   2      15      12
AA      2020       a/uno     totali   f1     CONTO   1      15      13
AA      2020       a/uno     doppie   f2     CONTO   1      15      7
AA      2020       a/uno     doppie   f1     QUOTA   2      37.5    25
AA      2020       a/uno     totali   f1     QUOTA   1      37.5    28.571428571428
AA      2021       a/uno     doppie   f1     CONTO   1      116     100
BB      2020       a/uno     doppie   f3     CONTO   1      232     200
AA      2020       a/con     totali   f4     -       2      150     120
AA      2020       a/con     doppie   f4     -       1      150     130
AA      2020       a/con     totali   f5     -       1      150     70
"""


def test_a_figure_without_the_suspect_rows_of_a_file_is_that_of_the_others(
    base: duckdb.DuckDBPyConnection,
) -> None:
    metti(base, SENZA)
    assert dice(base, "qualita.senza_sospette", RIGHE_SENZA) == righe(RIGHE_SENZA)
