"""The checks that books balance, over worlds of a few rows: what was read, kept, set aside and summed.

Belongs here: the rows that each of them tells. Does not belong here: that a build so broken is not published
(test_controlli.py), what is only suspect (test_mondi_dei_controlli.py).
"""

import duckdb

from tests.warehouse.tavole import dice, metti, righe

# --- deliveries ----------------------------------------------------------------------------------------

REGISTRO = """
qualita.file
camera  esercizio  _file  sha256
AA      2020       a      1
AA      2020       b      1
AA      2020       c      1
AA      2020       d      1
AA      2020       e      1
AA      2020       f      1
AA      2020       g      1
AA      2020       h      -

storico.consegne_precedenti
_file  sha256
a      1
a      0

storico.consegne
_file  sha256  esito
a      1       CARICATA
a      0       SOSTITUITA
b      1       DUPLICATA
c      1       RIFIUTATA
d      1       RITIRATA
e      1       PERSA
f      1       CARICATA
f      1       CARICATA
i      1       PERSA
l      1       CARICATA
"""

NON_REGISTRATE = """
_file  sha256  volte
e      1       1
f      1       2
g      1       0
i      1       1
"""


def test_a_content_has_one_outcome_of_those_there_are(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, REGISTRO)
    assert dice(base, "controlli.consegne_registrate", NON_REGISTRATE) == righe(NON_REGISTRATE)


# --- sums ----------------------------------------------------------------------------------------------

SOMME = """
indicatori.valori
camera  esercizio  codice    numeratore  denominatore
AA      2020       GIUSTO    5           7
AA      2020       VUOTO     -           -
AA      2020       MUTO      -           -
AA      2020       SENZANUM  -           2
AA      2020       MANCADEN  1           -
AA      2020       SENZA     5           -
AA      2020       SENZADEN  0           5
AA      2020       FILE      5           -

indicatori.contributi
camera  esercizio  codice    numeratore  denominatore
AA      2020       GIUSTO    2           3
AA      2020       GIUSTO    3           4
AA      2020       MUTO      1           2
AA      2020       SENZANUM  1           2
AA      2020       MANCADEN  1           2
AA      2020       ORFANO   0           -
AA      2020       NUDO     6           -
AA      2020       FILE     5           -

passaporto.file
camera  esercizio  codice  _file  righe  numeratore  denominatore
AA      2020       GIUSTO  f1     1      2           3
AA      2020       GIUSTO  f2     1      3           4
AA      2020       MUTO    f1     1      1           2
AA      2020       SENZANUM  f1  1      1           2
AA      2020       MANCADEN  f1  1      1           2
AA      2020       ORFANO  f1     1      0           -
AA      2020       SOLO    f1     2      8           9
AA      2020       FILE    f1     1      4           -
"""

NON_QUADRANO = """
codice    numeratore  somma_numeratori  denominatore  somma_denominatori  righe_che_contano  righe_nei_file
MUTO      -           1                 -             2                   1                  1
SENZANUM  -           1                 2             2                   1                  1
MANCADEN  1           1                 -             2                   1                  1
SENZA     5           -                 -             -                   -                  -
SENZADEN  0           -                 5             -                   -                  -
ORFANO    -           0                 -             -                   1                  1
NUDO      -           6                 -             -                   1                  -
SOLO      -           -                 -             -                   -                  2
FILE      5           5                 -             -                   1                  1
"""


def test_a_value_its_rows_and_its_files_say_the_same(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, SOMME)
    assert dice(base, "controlli.contributi_quadrano", NON_QUADRANO) == righe(NON_QUADRANO)


DOPPIE = """
indicatori.contributi
camera  esercizio  codice  _file  _riga
AA      2020       UNO     f1     2
AA      2020       UNO     f1     2
AA      2020       UNO     f1     3
AA      2020       UNO     f1     -
AA      2020       UNO     f1     9000
AA      2020       UNO     -      4
AA      2020       UNO     f2     2
AA      2020       DUE     f1     2
"""

NON_UNICHE = """
codice  _file  _riga  volte
UNO     f1     2      2
UNO     f1     -      1
UNO     -      4      1
"""


def test_a_line_that_counts_twice_or_is_of_nowhere_is_told_alone(
    base: duckdb.DuckDBPyConnection,
) -> None:
    metti(base, DOPPIE)
    assert dice(base, "controlli.contributi_unici", NON_UNICHE) == righe(NON_UNICHE)


IMPORTI = """
qualita.importi
camera  esercizio  estratto  _file  colonna  letto  scartato
AA      2020       a/uno     f1     x        10     4
AA      2020       a/uno     f2     x        10     10
AA      2020       a/uno     f3     x        10     4
AA      2020       a/uno     f4     x        10     -

qualita.importi_nel_magazzino
camera  esercizio  estratto  _file  colonna  importo
AA      2020       a/uno     f1     x        6
AA      2020       a/uno     f3     x        5
AA      2020       a/uno     f4     x        10
AA      2020       a/uno     f5     x        1
"""

IMPORTI_PERSI = """
_file  letto  scartato  nel_magazzino
f3     10     4         5
f4     10     -         10
f5     -      -         1
"""


def test_an_amount_is_kept_or_set_aside(base: duckdb.DuckDBPyConnection) -> None:
    """All of f2 was set aside; of f4 nobody knows how much was."""
    metti(base, IMPORTI)
    assert dice(base, "controlli.importi_quadrano", IMPORTI_PERSI) == righe(IMPORTI_PERSI)


# --- rows ----------------------------------------------------------------------------------------------

# f3 was refused before anything was counted; of f4 and f5 nobody counted what was read or accepted
CONTATE = """
qualita.file
camera  esercizio  estratto        _file  esito      righe_file  righe_intestazione  righe_vuote  righe_proseguite  righe_lette  righe_accettate  righe_scartate  righe_escluse  righe_altrui
AA      2020       a/uno           f1     ACCETTATO  20          1                   2            7                 10           1                2               3              4
AA      2020       a/uno           f2     IGNORATO   -           -                   -            -                 -            -                -               -              -
AA      2020       a/uno           f3     RIFIUTATO  -           -                   -            -                 0            0                0               0              0
AA      2020       a/uno           f4     RIFIUTATO  -           -                   -            -                 -            0                0               0              0
AA      2020       a/uno           f5     RIFIUTATO  -           -                   -            -                 -            -                -               -              -
AA      2020       a/uno           f6     ACCETTATO  -           -                   -            -                 0            0                0               0              0
AA      2020       a/uno           f7     RIFIUTATO  -           1                   1            0                 1            0                1               0              0
AA      2020       a/uno           f8     RIFIUTATO  3           -                   0            0                 0            0                0               0              0
AA      2020       piano/allegato  f9     ACCETTATO  -           -                   -            -                 -            -                -               -              -

qualita.righe_nel_magazzino
camera  esercizio  estratto  _file  righe
AA      2020       a/uno     f1     1
BB      2020       a/uno     f1     2
AA      2021       a/uno     f1     3
AA      2020       a/due     f1     4
AA      2020       a/uno     g1     5
"""  # noqa: E501

RIGHE_PERSE = """
camera  esercizio  _file  righe_file  righe_lette  righe_accettate  righe_nel_magazzino
AA      2020       f4     -           -            0                0
AA      2020       f5     -           -            -                0
AA      2020       f6     -           0            0                0
AA      2020       f7     -           1            0                0
AA      2020       f8     3           0            0                0
BB      2020       f1     -           -            -                2
AA      2021       f1     -           -            -                3
AA      2020       f1     -           -            -                4
AA      2020       g1     -           -            -                5
"""


def test_every_row_of_a_file_is_somewhere(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, CONTATE)
    assert dice(base, "controlli.righe_quadrano", RIGHE_PERSE) == righe(RIGHE_PERSE)


SCARTI = """
qualita.file
camera  esercizio  estratto        _file  righe_scartate
AA      2020       a/uno           f1     1
AA      2020       a/uno           f2     -
AA      2020       a/uno           f3     -
AA      2020       a/uno           f4     2
AA      2020       piano/allegato  f5     1

qualita.scarti
camera  esercizio  estratto  _file  _riga  colonna  regola
AA      2020       a/uno     f1     7      x        vuota
AA      2020       a/uno     f1     7      y        vuota
AA      2020       a/uno     f3     9      x        vuota
AA      2020       a/uno     f3     8      x        vuota
AA      2020       a/uno     f6     2      x        vuota
"""

SCARTI_PERSI = """
_file  righe_scartate  righe_in_quarantena
f3     -               2
f4     2               -
f6     -               1
"""
IN_QUARANTENA = """
_file  colonna  righe  prima_riga
f1     x        1      7
f1     y        1      7
f3     x        2      8
f6     x        1      2
"""


def test_what_is_set_aside_is_in_quarantine_and_is_told(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, SCARTI)
    assert dice(base, "controlli.scarti_quadrano", SCARTI_PERSI) == righe(SCARTI_PERSI)
    assert dice(base, "controlli.righe_accettate", IN_QUARANTENA) == righe(IN_QUARANTENA)


# --- what must be there --------------------------------------------------------------------------------

PRESENZE = """
esercizi.estratti
camera  esercizio  estratto
AA      2020       a/uno
AA      2020       a/due
AA      2020       a/tre

qualita.estratti
camera  esercizio  estratto  stato
AA      2020       a/uno     PRESENTE
AA      2020       a/due     ASSENTE

indicatori.richiesti
camera  esercizio  codice
AA      2020       UNO
AA      2020       DUE
AA      2020       TRE
AA      2020       QUATTRO
AA      2020       CINQUE
AA      2020       SEI

indicatori.valori
camera  esercizio  codice   stato            valore  motivo
AA      2020       UNO      DEFINITIVO       1       -
AA      2020       DUE      DATI_MANCANTI    -       Manca.
AA      2020       TRE      NON_CALCOLABILE  -       Manca.
AA      2020       QUATTRO  -                1       -
AA      2020       CINQUE   DEFINITIVO       1       Manca.
"""

ASSENTI = """
estratto  stato
a/due     ASSENTE
a/tre     -
"""
INCOMPLETI = """
codice   stato
QUATTRO  -
CINQUE   DEFINITIVO
SEI      -
"""


def test_what_must_be_there_is_there_with_a_state(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, PRESENZE)
    assert dice(base, "controlli.estratti_presenti", ASSENTI) == righe(ASSENTI)
    assert dice(base, "controlli.valori_completi", INCOMPLETI) == righe(INCOMPLETI)


SCORECARD = """
piano.in_vigore
camera  esercizio  esercizio_piano
AA      2021       2020
BB      2020       2020

lettura.indicatori
camera  esercizio  missione  programma  obiettivo  progressivo
AA      2020       M         P          1.1        1
AA      2020       M         P          1.1        2
AA      2021       M         P          2.1        1

lettura.obiettivi
camera  esercizio  missione  programma  obiettivo
AA      2020       M         P          1.1
AA      2020       M         P          1.2
AA      2021       M         P          2.1

scorecard.indicatori
camera  esercizio  missione  programma  obiettivo  progressivo
AA      2021       M         P          1.1        1
AA      2021       M         P          1.1        1
AA      2021       M         P          1.1        1

scorecard.obiettivi
camera  esercizio  missione  programma  obiettivo
AA      2021       M         P          1.1
"""

FUORI_POSTO = """
camera  esercizio  missione  programma  obiettivo  progressivo
AA      2021       M         P          1.1        1
AA      2021       M         P          1.1        1
AA      2021       M         P          1.1        2
AA      2021       M         P          1.2        -
"""


def test_what_the_plan_in_force_has_is_on_the_scorecard_once(
    base: duckdb.DuckDBPyConnection,
) -> None:
    """One indicator is there two times too many, another is not; BB's plan has none."""
    metti(base, SCORECARD)
    assert dice(base, "controlli.scorecard_completa", FUORI_POSTO) == righe(FUORI_POSTO)
