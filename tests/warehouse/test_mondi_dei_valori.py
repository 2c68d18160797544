"""The models that make values out of contributions, each over a world of a few rows.

Belongs here: keys of joins, boundaries and missing sides of `indicatori.*`. Does not belong here: which
rows count in an indicator (tests/indicatori/casi).
"""

import duckdb

from tests.warehouse.tavole import dice, metti, righe

# --- values -----------------------------------------------------------------------------------------

CONTRIBUTI = """
indicatori.catalogo
codice    unita        denominatore
CONTO     numero       false
QUOTA     percentuale  true
RAPPORTO  rapporto     true

indicatori.fonti
codice    estratto
CONTO     a/uno
CONTO     a/due
QUOTA     a/uno
RAPPORTO  a/tre
ALTRO     a/uno

esercizi.periodi
camera  esercizio  aperto  data_riferimento
AA      2019       false   2019-12-31
AA      2020       true    2020-06-30
BB      2019       false   2019-12-31
BB      2020       false   2020-12-31

indicatori.richiesti
camera  esercizio  codice
AA      2019       CONTO
AA      2019       QUOTA
AA      2020       CONTO
AA      2020       QUOTA
AA      2020       RAPPORTO
BB      2019       CONTO
BB      2019       QUOTA
BB      2020       CONTO
BB      2020       QUOTA
BB      2020       RAPPORTO
CC      2020       CONTO
AA      2019       IGNOTO

indicatori.contributi
camera  esercizio  codice    numeratore  denominatore
AA      2019       CONTO     3           -
AA      2019       CONTO     -1          -
AA      2019       QUOTA     1           4
AA      2019       QUOTA     2           4
AA      2020       QUOTA     5           -2
AA      2020       RAPPORTO  7           2
BB      2019       CONTO     4           -
BB      2019       QUOTA     1           1
BB      2020       CONTO     9           -
BB      2020       RAPPORTO  1           2

indicatori.mancanze
camera  esercizio  codice  motivo
BB      2020       CONTO   Manca l'estratto a/due.
BB      2020       RAPPORTO  Manca l'estratto a/tre.

qualita.scarti
camera  esercizio  estratto  _file  _riga  regola
AA      2019       a/uno     a.csv  7      tipo
AA      2019       a/uno     a.csv  7      codice
AA      2019       a/uno     a.csv  8      codice
AA      2019       a/uno     b.csv  7      codice
AA      2019       a/uno     b.csv  9      riga_di_totale
AA      2019       a/due     a.csv  7      codice
BB      2020       a/uno     a.csv  7      codice
"""

ZERO = "Il denominatore è zero: nessuna riga degli estratti vi contribuisce."

VALORI = f"""
camera  esercizio  codice    numeratore  denominatore  valore  stato            scarti_possibili  motivo
AA      2019       CONTO     2           -             2       DEFINITIVO       4                 -
AA      2019       QUOTA     3           8             37.5    DEFINITIVO       3                 -
AA      2020       CONTO     0           -             0       PROVVISORIO      0                 -
AA      2020       QUOTA     5           -2            -       NON_CALCOLABILE  0                 Il denominatore è negativo.
AA      2020       RAPPORTO  7           2             3.5     PROVVISORIO      0                 -
BB      2019       CONTO     4           -             4       DEFINITIVO       0                 -
BB      2019       QUOTA     1           1             100     DEFINITIVO       0                 -
BB      2020       CONTO     -           -             -       DATI_MANCANTI    1                 Manca l'estratto a/due.
BB      2020       QUOTA     0           0             -       NON_CALCOLABILE  1                 {ZERO}
BB      2020       RAPPORTO  -           -             -       DATI_MANCANTI    0                 Manca l'estratto a/tre.
"""  # noqa: E501


def test_a_value_is_made_of_its_own_rows_and_says_what_it_lacks(
    base: duckdb.DuckDBPyConnection,
) -> None:
    metti(base, CONTRIBUTI)
    assert dice(base, "indicatori.valori", VALORI) == righe(VALORI)


# --- what is lacking, and what is asked for ----------------------------------------------------------

ESTRATTI = """
indicatori.fonti
codice  estratto
DUE     a/uno
DUE     a/due
PAG     provveditorato/pagamenti

indicatori.richiesti
camera  esercizio  codice
AA      2019       DUE
AA      2019       PAG
AA      2020       DUE
AA      2020       PAG
AA      2020       SENZA
BB      2020       DUE
BB      2020       PAG

qualita.estratti
camera  esercizio  estratto                  stato       motivo
AA      2019       a/uno                     PRESENTE    -
AA      2019       a/due                     PRESENTE    -
AA      2019       provveditorato/pagamenti  ASSENTE     Non serve.
AA      2020       a/uno                     PRESENTE    -
AA      2020       a/due                     INCOMPLETO  Un file è rifiutato.
BB      2020       a/uno                     ASSENTE     Non serve.

fonti.provveditorato_lotti
camera  esercizio
AA      2020
AA      2020
BB      2020
"""

LOTTI = "in provveditorato/lotti), ma non sono pagamenti: hanno importi aggiudicati o liquidati senza IVA."

MANCANZE = f"""
camera  esercizio  codice  motivo
AA      2019       PAG     Manca l'estratto provveditorato/pagamenti.
AA      2020       DUE     L'estratto a/due è incompleto. Un file è rifiutato.
AA      2020       PAG     Manca l'estratto provveditorato/pagamenti. I lotti ci sono (2 {LOTTI}
BB      2020       DUE     Manca l'estratto a/due. Manca l'estratto a/uno.
BB      2020       PAG     Manca l'estratto provveditorato/pagamenti. I lotti ci sono (1 {LOTTI}
"""


def test_an_indicator_lacks_each_extract_that_is_not_there_whole(
    base: duckdb.DuckDBPyConnection,
) -> None:
    metti(base, ESTRATTI)
    assert dice(base, "indicatori.mancanze", MANCANZE) == righe(MANCANZE)


CONDIVISI = """
esercizi.periodi
camera  esercizio
AA      2019
AA      2020
AA      2021
BB      2020

indicatori.catalogo
codice   condiviso
PROPRIO  false
COMUNE   true
RARO     true

piano.in_vigore
camera  esercizio  esercizio_piano
AA      2020       2019
AA      2021       2021
BB      2020       2019

piano.indicatori
camera  esercizio  codice
AA      2019       COMUNE
AA      2019       COMUNE
AA      2021       -
"""

RICHIESTI = """
camera  esercizio  codice
AA      2019       PROPRIO
AA      2020       COMUNE
AA      2020       PROPRIO
AA      2021       PROPRIO
BB      2020       PROPRIO
"""


def test_an_indicator_of_several_chambers_is_asked_for_where_the_plan_in_force_has_it(
    base: duckdb.DuckDBPyConnection,
) -> None:
    metti(base, CONDIVISI)
    assert dice(base, "indicatori.richiesti", RICHIESTI) == righe(RICHIESTI)


# --- what was seen before ---------------------------------------------------------------------------

PRIMA = """
regole.soglie
camera  nome                     valore
AA      valore_insolito_volte    10
AA      valore_insolito_da_zero  5
AA      altro                    1000
BB      valore_insolito_volte    2
BB      valore_insolito_da_zero  1

esercizi.periodi
camera  esercizio  inizio      data_riferimento  fine
AA      2020       2020-01-01  2020-12-31        2020-12-31
AA      2021       2021-01-01  2021-12-31        2021-12-31
BB      2020       2020-01-01  2020-01-05        2020-01-10
CC      2020       2020-01-01  2020-12-31        2020-12-31

piano.in_vigore
camera  esercizio  esercizio_piano
AA      2020       2020
AA      2021       2020
BB      2020       2020

piano.indicatori
camera  esercizio  riga  codice    ultimo_valore  anno_ultimo_valore
AA      2020       0     STAMPATO  -              2016
AA      2020       2     STAMPATO  77             2020
AA      2020       5     STAMPATO  30             2018
AA      2020       6     STAMPATO  40             2017
AA      2020       7     DUE       100            2018
AA      2020       8     ZERI      0              2018
AA      2019       1     STAMPATO  1              2017
BB      2020       1     STAMPATO  1              2017

indicatori.valori
camera  esercizio  codice    valore
AA      2020       STAMPATO  300
AA      2021       STAMPATO  5
AA      2018       MOLTO     99
AA      2019       MOLTO     3
AA      2020       MOLTO     31
AA      2019       POCO      100
AA      2020       POCO      9
AA      2019       PARI      100
AA      2020       PARI      10
AA      2019       A_ZERO    5
AA      2020       A_ZERO    0
AA      2019       QUASI     4
AA      2020       QUASI     0
AA      2019       DA_ZERO   0
AA      2020       DA_ZERO   8
AA      2020       NUOVO     8
AA      2019       VUOTO     5
AA      2020       VUOTO     -
AA      2018       BUCO      6
AA      2019       BUCO      -
AA      2020       BUCO      6
AA      2019       SEGNO     -3
AA      2020       SEGNO     -31
AA      2019       DUE       2
AA      2020       DUE       25
AA      2019       ZERI      1
AA      2020       ZERI      0.5
BB      2019       POCO      10
BB      2020       POCO      2
BB      2019       PARI      10
BB      2020       PARI      2.5
BB      2019       A_ZERO    2
BB      2020       A_ZERO    0
BB      2019       QUASI     1.5
BB      2020       QUASI     0
CC      2019       MOLTO     1
CC      2020       MOLTO     100
"""

OSSERVATI = """
camera  esercizio  codice    valore  ultimo  anno  insolito  motivo
AA      2020       STAMPATO  300     30      2018  false     -
AA      2021       STAMPATO  5       77      2020  true      -
AA      2020       MOLTO     31      3       2019  true      -
AA      2020       POCO      9       100     2019  true      -
AA      2020       PARI      10      100     2019  false     -
AA      2020       A_ZERO    0       5       2019  true      -
AA      2020       QUASI     0       4       2019  false     -
AA      2020       DA_ZERO   8       0       2019  -         L'ultimo valore osservato è zero, e da zero non si misura quante volte.
AA      2020       NUOVO     8       -       -     -         Nessun valore osservato prima.
AA      2020       VUOTO     -       5       2019  -         L'indicatore non ha un valore.
AA      2020       BUCO      6       6       2018  false     -
AA      2020       SEGNO     -31     -3      2019  true      -
AA      2020       DUE       25      100     2018  false     -
AA      2020       ZERI      0.5     0       2018  false     -
BB      2020       POCO      2       10      2019  true      -
BB      2020       PARI      2.5     10      2019  false     -
BB      2020       A_ZERO    0       2       2019  true      -
BB      2020       QUASI     0       1.5     2019  false     -
CC      2020       MOLTO     100     1       2019  -         -
"""  # noqa: E501


def test_a_value_is_held_against_the_last_of_its_own_and_by_its_chambers_thresholds(
    base: duckdb.DuckDBPyConnection,
) -> None:
    """Half of BB's year has gone by; CC has no thresholds."""
    metti(base, PRIMA)
    assert dice(base, "indicatori.osservati", OSSERVATI) == righe(OSSERVATI)


# --- contributions ------------------------------------------------------------------------------------

TUTTI = """
contributi.tutti
camera  esercizio  codice  numeratore  denominatore  _file  _riga
AA      2020       CONTO   1           -             f1     2
AA      2020       QUOTA   2           3             f1     3
AA      2021       CONTO   4           -             f2     2
BB      2020       CONTO   5           -             f3     2

indicatori.mancanze
camera  esercizio  codice  motivo
AA      2020       CONTO   Manca.
CC      2020       QUOTA   Manca.
"""

CHE_CONTANO = """
camera  esercizio  codice  numeratore  denominatore  _file  _riga
AA      2020       QUOTA   2           3             f1     3
AA      2021       CONTO   4           -             f2     2
BB      2020       CONTO   5           -             f3     2
"""


def test_no_row_counts_where_an_extract_is_missing(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, TUTTI)
    assert dice(base, "indicatori.contributi", CHE_CONTANO) == righe(CHE_CONTANO)
