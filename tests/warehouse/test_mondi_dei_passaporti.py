"""What a passport is made of: files, extracts, quarantine and checks, each over a world of a few rows.

Belongs here: keys of joins, what is counted and what is missing in `passaporto.*`. Does not belong here: the
cells themselves and what quarantined rows would have changed (test_mondi_delle_celle.py), that the printed
SQL gives each figure again (test_passaporto.py).
"""

import duckdb

from tests.warehouse.tavole import dice, metti, righe

# --- files --------------------------------------------------------------------------------------------

FILE = """
qualita.file
camera  esercizio  estratto  _file  sha256
AA      2020       a/uno     f1     s1
AA      2020       a/uno     f2     s2
AA      2020       b/due     f3     s3

indicatori.contributi
camera  esercizio  codice  _file  _riga  numeratore  denominatore
AA      2020       CONTO   f1     2      1           -
AA      2020       CONTO   f1     3      0           -
AA      2020       CONTO   f1     4      2           -
AA      2020       CONTO   f2     2      7           -
AA      2020       QUOTA   f1     2      1           0
AA      2020       QUOTA   f1     3      2           0
AA      2020       QUOTA   f1     4      0           1
AA      2020       QUOTA   f1     5      0           3
AA      2020       QUOTA   f1     6      0           3
AA      2020       QUOTA   f1     7      0           3
AA      2020       QUOTA   f1     8      1           1
AA      2020       QUOTA   f1     9      1           1
AA      2020       QUOTA   f1     10     2           3
AA      2020       QUOTA   f1     11     2           3
AA      2020       QUOTA   f1     12     2           3
AA      2020       QUOTA   f1     13     2           3
AA      2020       QUOTA   f1     14     2           1
AA      2020       QUOTA   f1     15     1           3
AA      2020       QUOTA   f1     16     0           0
AA      2020       QUOTA   f1     17     0           0
AA      2020       QUOTA   f3     2      1           1
"""

RIGHE_DEI_FILE = """
camera  esercizio  codice  estratto  _file  sha256  righe  numeratore  denominatore  solo_numeratore  solo_denominatore  in_entrambi  a_uno
AA      2020       CONTO   a/uno     f1     s1      3      3           -             2                0                  0            2
AA      2020       CONTO   a/uno     f2     s2      1      7           -             1                0                  0            0
AA      2020       QUOTA   a/uno     f1     s1      16     16          28            2                4                  8            6
AA      2020       QUOTA   b/due     f3     s3      1      1           1             0                0                  1            1
"""  # noqa: E501


def test_a_file_says_how_its_rows_count(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, FILE)
    assert dice(base, "passaporto.file", RIGHE_DEI_FILE) == righe(RIGHE_DEI_FILE)


# --- quarantine ---------------------------------------------------------------------------------------

SCARTI = """
indicatori.fonti
codice  estratto
CONTO   a/uno
QUOTA   a/uno
QUOTA   b/due

indicatori.richiesti
camera  esercizio  codice
AA      2020       CONTO
AA      2020       QUOTA
AA      2021       QUOTA
BB      2020       QUOTA

qualita.scarti
camera  esercizio  estratto  _file  _riga  colonna  regola
AA      2020       a/uno     f1     2      data     vuota
AA      2020       a/uno     f1     2      cig      corta
AA      2020       a/uno     f1     2      cig      altra
AA      2020       a/uno     f1     2      -        riga_di_totale
AA      2020       a/uno     f1     3      -        riga_di_totale
AA      2020       b/due     f2     2      data     vuota
AA      2021       a/uno     f3     2      data     vuota
BB      2020       a/uno     f4     2      data     vuota
CC      2020       a/uno     f5     2      data     vuota
AA      2020       c/tre     f6     2      data     vuota
"""

RIGHE_DEGLI_SCARTI = """
camera  esercizio  codice  estratto  _file  _riga  regole                                               totale
AA      2020       CONTO   a/uno     f1     2      cig: altra; cig: corta; data: vuota; riga_di_totale  false
AA      2020       CONTO   a/uno     f1     3      riga_di_totale                                       true
AA      2020       QUOTA   a/uno     f1     2      cig: altra; cig: corta; data: vuota; riga_di_totale  false
AA      2020       QUOTA   a/uno     f1     3      riga_di_totale                                       true
AA      2020       QUOTA   b/due     f2     2      data: vuota                                          false
AA      2021       QUOTA   a/uno     f3     2      data: vuota                                          false
BB      2020       QUOTA   a/uno     f4     2      data: vuota                                          false
"""


def test_a_row_in_quarantine_stands_by_what_its_extract_serves(
    base: duckdb.DuckDBPyConnection,
) -> None:
    metti(base, SCARTI)
    assert dice(base, "passaporto.scarti", RIGHE_DEGLI_SCARTI) == righe(RIGHE_DEGLI_SCARTI)


# --- extracts -----------------------------------------------------------------------------------------

ESTRATTI = """
indicatori.richiesti
camera  esercizio  codice
AA      2020       CONTO
AA      2020       QUOTA
AA      2021       QUOTA
BB      2020       QUOTA
CC      2020       QUOTA

indicatori.fonti
codice  estratto
CONTO   a/uno
CONTO   b/due
QUOTA   a/uno

esercizi.cadenze
estratto  ufficio
a/uno     uno
b/due     due

esercizi.giorni
camera  esercizio  giorno
AA      2020       2020-06-30
AA      2021       2021-03-31
BB      2020       2020-04-30
CC      2020       2020-04-30

esercizi.attese
camera  esercizio  estratto  scadenza
AA      2020       a/uno     2020-01-20
AA      2020       a/uno     2020-02-20
AA      2020       b/due     2020-06-30
AA      2020       b/due     2020-07-31
AA      2021       a/uno     2021-03-15
BB      2020       a/uno     2020-04-28
BB      2020       a/uno     2020-04-29
BB      2020       a/uno     2020-05-15
CC      2020       a/uno     2020-05-15

qualita.consegne
camera  esercizio  estratto  stato       motivo  noto_dal    ritirato    giorni_ritardo
AA      2020       a/uno     INCOMPLETO  rotto   2020-03-01  -           5
AA      2021       a/uno     ASSENTE     -       2021-01-10  2021-02-01  -

passaporto.file
camera  esercizio  codice  estratto  _file  righe
AA      2020       CONTO   a/uno     f1     3
AA      2020       CONTO   a/uno     f2     4
AA      2020       CONTO   b/due     f3     5
AA      2020       QUOTA   a/uno     f1     6
AA      2021       QUOTA   a/uno     f4     7

passaporto.scarti
camera  esercizio  codice  estratto  _file  _riga  totale
AA      2020       CONTO   a/uno     f1     2      false
AA      2020       CONTO   a/uno     f1     3      false
AA      2020       CONTO   a/uno     f1     4      true
AA      2020       CONTO   b/due     f3     2      false
AA      2020       QUOTA   a/uno     f1     2      false
AA      2020       QUOTA   a/uno     f1     3      false
AA      2020       QUOTA   a/uno     f1     5      false
AA      2021       QUOTA   a/uno     f4     2      false
"""

# BB's is missing since the day after its first date; CONTO's b/due is due today.
RIGHE_DEGLI_ESTRATTI = """
camera  esercizio  codice  estratto  ufficio  stato       motivo  manca_dal   noto_dal::date  giorni_ritardo  file  righe_che_contano  scarti
AA      2020       CONTO   a/uno     uno      INCOMPLETO  rotto   2020-03-01  2020-03-01      5               2     7                  2
AA      2020       CONTO   b/due     due      ASSENTE     -       -           -               0               1     5                  1
AA      2020       QUOTA   a/uno     uno      INCOMPLETO  rotto   2020-03-01  2020-03-01      5               1     6                  3
AA      2021       QUOTA   a/uno     uno      ASSENTE     -       2021-02-01  2021-01-10      0               1     7                  1
BB      2020       QUOTA   a/uno     uno      ASSENTE     -       2020-04-29  -               0               0     0                  0
CC      2020       QUOTA   a/uno     uno      ASSENTE     -       -           -               0               0     0                  0
"""  # noqa: E501


def test_an_extract_says_since_when_it_is_missing_and_what_counts_of_it(
    base: duckdb.DuckDBPyConnection,
) -> None:
    metti(base, ESTRATTI)
    assert dice(base, "passaporto.estratti", RIGHE_DEGLI_ESTRATTI) == righe(RIGHE_DEGLI_ESTRATTI)


# --- checks -------------------------------------------------------------------------------------------

CONTROLLI = """
scorecard.celle
camera  esercizio  missione  programma  obiettivo  progressivo  codice  cella   estratti                  parte  riga  peso
AA      2020       M         P          1.1        0            -       zero    [contabilita/consuntivo]  uno    9     0
AA      2020       M         P          1.1        1            CONTO   conto   [a/uno]                   uno    10    5
AA      2020       M         P          1.1        2            QUOTA   quota   [a/uno]                   uno    11    5
AA      2020       M         P          1.1        3            -       ignota  -                         uno    12    5
AA      2020       M         P          1.2        1            CONTO   altra   [a/uno]                   due    10    5
AA      2021       M         P          1.1        1            CONTO   dopo    [a/uno]                   uno    10    5
BB      2020       M         P          1.1        1            CONTO   loro    [a/uno]                   uno    10    5

qualita.esiti
controllo   camera  esercizio  estratto                codice  parte  riga  casi
ovunque     -       -          -                       -       -      -     1
camera      AA      -          -                       -       -      -     1
anno        -       2020       -                       -       -      -     1
estratto    AA      2020       a/uno                   -       -      -     2
estratto    AA      2020       a/uno                   -       -      -     3
consuntivo  AA      2020       contabilita/consuntivo  -       -      -     1
codice      AA      2020       -                       CONTO   -      -     1
insieme     AA      2020       a/uno                   CONTO   -      -     1
cella       AA      2020       -                       CONTO   due    10    1
riga        AA      2020       -                       -       -      10    1
parte       AA      2020       -                       -       uno    10    1
obiettivo   AA      2020       -                       -       -      9     1
nessuna     AA      2020       c/tre                   -       -      -     1
"""  # noqa: E501

RIGHE_DEI_CONTROLLI = """
controllo   camera_detta  esercizio_detto  camera  esercizio  cella   codice  peso  casi
ovunque     -             -                AA      2020       zero    -       0     1
ovunque     -             -                AA      2020       conto   CONTO   5     1
ovunque     -             -                AA      2020       quota   QUOTA   5     1
ovunque     -             -                AA      2020       ignota  -       5     1
ovunque     -             -                AA      2020       altra   CONTO   5     1
ovunque     -             -                AA      2021       dopo    CONTO   5     1
ovunque     -             -                BB      2020       loro    CONTO   5     1
camera      AA            -                AA      2020       zero    -       0     1
camera      AA            -                AA      2020       conto   CONTO   5     1
camera      AA            -                AA      2020       quota   QUOTA   5     1
camera      AA            -                AA      2020       ignota  -       5     1
camera      AA            -                AA      2020       altra   CONTO   5     1
camera      AA            -                AA      2021       dopo    CONTO   5     1
anno        -             2020             AA      2020       zero    -       0     1
anno        -             2020             AA      2020       conto   CONTO   5     1
anno        -             2020             AA      2020       quota   QUOTA   5     1
anno        -             2020             AA      2020       ignota  -       5     1
anno        -             2020             AA      2020       altra   CONTO   5     1
anno        -             2020             BB      2020       loro    CONTO   5     1
estratto    AA            2020             AA      2020       conto   CONTO   5     5
estratto    AA            2020             AA      2020       quota   QUOTA   5     5
estratto    AA            2020             AA      2020       altra   CONTO   5     5
consuntivo  AA            2020             AA      2020       zero    -       0     1
codice      AA            2020             AA      2020       conto   CONTO   5     1
codice      AA            2020             AA      2020       altra   CONTO   5     1
insieme     AA            2020             AA      2020       conto   CONTO   5     1
insieme     AA            2020             AA      2020       altra   CONTO   5     1
cella       AA            2020             AA      2020       altra   CONTO   5     1
riga        AA            2020             AA      2020       conto   CONTO   5     1
riga        AA            2020             AA      2020       altra   CONTO   5     1
parte       AA            2020             AA      2020       conto   CONTO   5     1
vuoto       AA            2020             AA      2020       conto   CONTO   5     1
vuoto       AA            2020             AA      2020       quota   QUOTA   5     1
vuoto       AA            2020             AA      2020       altra   CONTO   5     1
senza       AA            2020             AA      2020       ignota  -       5     1
"""


def test_a_check_touches_the_cells_that_it_names(base: duckdb.DuckDBPyConnection) -> None:
    """One that names a code without letters touches the extract, or what no definition recognises."""
    metti(base, CONTROLLI)
    base.execute(
        "insert into qualita.esiti (controllo, camera, esercizio, estratto, codice, casi)"
        " values ('vuoto', 'AA', 2020, 'a/uno', '', 1), ('senza', 'AA', 2020, null, '', 1)"
    )
    assert dice(base, "passaporto.controlli", RIGHE_DEI_CONTROLLI) == righe(RIGHE_DEI_CONTROLLI)


# --- values -------------------------------------------------------------------------------------------

VALORI = """
indicatori.catalogo
codice  unita        denominatore
CONTO   numero       false
QUOTA   percentuale  true

indicatori.fonti
codice  estratto
CONTO   b/due
CONTO   a/uno
CONTO   c/tre
QUOTA   a/uno

indicatori.definizioni
codice  sql
CONTO   conta
QUOTA   quota

indicatori.valori
camera  esercizio  codice
AA      2020       CONTO
AA      2020       QUOTA
"""

RIGHE_DEI_VALORI = """
codice  regexp_extract(sql,'unnest.*estratto')           split_part(sql,chr(10),3)
CONTO   unnest(['a/uno', 'b/due', 'c/tre']) as estratto  conta
QUOTA   unnest(['a/uno']) as estratto                    quota
"""


def test_the_sql_of_a_value_looks_for_its_extracts(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, VALORI)
    assert dice(base, "passaporto.valori", RIGHE_DEI_VALORI) == righe(RIGHE_DEI_VALORI)
