"""A row of the scorecard, over a world whose keys match in all but one column.

Belongs here: joins of `scorecard.indicatori`, what a row counts in its objective, the target at a date. Does
not belong here: the formulas (test_aritmetica.py), what is made from the rows
(test_mondi_della_scorecard.py).
"""

import duckdb

from tests.warehouse.tavole import dice, metti, righe

SCORECARD = """
piano.in_vigore
camera  esercizio  esercizio_piano
AA      2020       2020
AA      2021       2020
BB      2021       2020
CC      2021       2020

esercizi.periodi
camera  esercizio  inizio      data_riferimento  fine        aperto
AA      2020       2020-01-01  2020-03-13        2020-12-31  false
AA      2021       2021-01-01  2021-03-14        2021-12-31  true
BB      2021       2021-01-01  2020-12-20        2021-12-31  true
CC      2021       2021-01-01  2021-03-14        2021-12-31  true

regole.parametri
camera  al_massimo  giallo_da  verde_da
AA      specchio    70         90
BB      specchio    70         90

indicatori.catalogo
codice  unita        denominatore
CONTO   numero       false
QUOTA   percentuale  true
MEDIA   numero       true
PARTE   percentuale  false

piano.indicatori
camera  esercizio  missione  programma  obiettivo  progressivo  codice  decimali  peso
AA      2020       M         P          1.1        1            CONTO   2         60
AA      2020       M         P          1.1        2            -       0         40
AA      2020       M         P          1.2        1            QUOTA   0         100
AA      2020       M         P          1.2        2            MEDIA   1         -
AA      2020       M         P          1.3        1            PARTE   0         50
AA      2020       M         P          1.3        2            CONTO   0         30
AA      2020       N         P          1.1        1            QUOTA   0         -
AA      2020       M         Q          1.1        1            QUOTA   0         -
AA      2019       M         P          1.1        1            QUOTA   0         -
BB      2020       M         P          1.1        1            CONTO   0         100
CC      2020       M         P          1.1        1            CONTO   0         100

piano.riconosciuti
camera  esercizio  missione  programma  obiettivo  progressivo  motivo
AA      2020       M         P          1.1        1            -
AA      2020       M         P          1.1        2            ignoto
AA      2020       M         P          1.2        1            -
AA      2020       M         P          1.2        2            -
AA      2020       M         P          1.3        1            -
AA      2020       M         P          1.3        2            -
AA      2020       N         P          1.1        1            -
AA      2020       M         Q          1.1        1            -
AA      2019       M         P          1.1        1            -
BB      2020       M         P          1.1        1            -
CC      2020       M         P          1.1        1            -

piano.traguardi
camera  esercizio  missione  programma  obiettivo  progressivo  anno  operatore  target
AA      2020       M         P          1.1        1            2020  =>         50
AA      2020       M         P          1.1        1            2021  =>         100
AA      2020       M         P          1.2        1            2021  =>         100
AA      2020       M         P          1.2        2            2021  =<         2
AA      2020       M         P          1.3        1            2021  =>         10
AA      2020       M         P          1.3        2            2021  =<         60
AA      2020       N         P          1.1        1            2021  =>         160
AA      2020       M         Q          1.1        1            2021  =>         85
AA      2019       M         P          1.1        1            2021  =>         1
BB      2020       M         P          1.1        1            2021  =>         10

indicatori.valori
camera  esercizio  codice  valore  stato          motivo
AA      2020       CONTO   55      DEFINITIVO     -
AA      2020       QUOTA   -       DATI_MANCANTI  manca
AA      2020       MEDIA   -       DATI_MANCANTI  manca
AA      2020       PARTE   -       DATI_MANCANTI  manca
AA      2021       CONTO   15.004  PROVVISORIO    -
AA      2021       QUOTA   80      PROVVISORIO    -
AA      2021       MEDIA   2.26    PROVVISORIO    -
AA      2021       PARTE   7       PROVVISORIO    -
BB      2021       CONTO   0       PROVVISORIO    -
"""

# 2021-03-14 is the 73rd of 365 days: a fifth. Nothing was due before BB's year began.
RIGHE_DELLA_SCORECARD = """
camera  esercizio  missione  programma  obiettivo  progressivo  codice  quota  operatore  target  risultato  realizzazione_grezza  raggiunto  semaforo  target_alla_data  realizzazione_alla_data  raggiunto_alla_data  semaforo_alla_data  stato          motivo  data_riferimento
AA      2020       M         P          1.1        1            CONTO   60     =>         50      55         110                   true       verde     -                 -                        -                    -                   DEFINITIVO     -       2020-03-13
AA      2020       M         P          1.1        2            -       40     -          -       -          -                     -          grigio    -                 -                        -                    -                   SENZA_MODELLO  ignoto  2020-03-13
AA      2020       M         P          1.2        1            QUOTA   1      -          -       -          -                     -          grigio    -                 -                        -                    -                   DATI_MANCANTI  manca   2020-03-13
AA      2020       M         P          1.2        2            MEDIA   1      -          -       -          -                     -          grigio    -                 -                        -                    -                   DATI_MANCANTI  manca   2020-03-13
AA      2020       M         P          1.3        1            PARTE   1      -          -       -          -                     -          grigio    -                 -                        -                    -                   DATI_MANCANTI  manca   2020-03-13
AA      2020       M         P          1.3        2            CONTO   1      -          -       55         -                     -          grigio    -                 -                        -                    -                   DEFINITIVO     -       2020-03-13
AA      2020       N         P          1.1        1            QUOTA   1      -          -       -          -                     -          grigio    -                 -                        -                    -                   DATI_MANCANTI  manca   2020-03-13
AA      2020       M         Q          1.1        1            QUOTA   1      -          -       -          -                     -          grigio    -                 -                        -                    -                   DATI_MANCANTI  manca   2020-03-13
AA      2021       M         P          1.1        1            CONTO   60     =>         100     15         15                    false      rosso     20                75                       false                giallo              PROVVISORIO    -       2021-03-14
AA      2021       M         P          1.1        2            -       40     -          -       -          -                     -          grigio    -                 -                        -                    -                   SENZA_MODELLO  ignoto  2021-03-14
AA      2021       M         P          1.2        1            QUOTA   1      =>         100     80         80                    false      giallo    -                 -                        -                    -                   PROVVISORIO    -       2021-03-14
AA      2021       M         P          1.2        2            MEDIA   1      =<         2       2.3        85                    false      giallo    -                 -                        -                    -                   PROVVISORIO    -       2021-03-14
AA      2021       M         P          1.3        1            PARTE   1      =>         10      7          70                    false      giallo    -                 -                        -                    -                   PROVVISORIO    -       2021-03-14
AA      2021       M         P          1.3        2            CONTO   1      =<         60      15         175                   true       verde     12                75                       false                giallo              PROVVISORIO    -       2021-03-14
AA      2021       N         P          1.1        1            QUOTA   1      =>         160     80         50                    false      rosso     -                 -                        -                    -                   PROVVISORIO    -       2021-03-14
AA      2021       M         Q          1.1        1            QUOTA   1      =>         85      80         94.12                 false      verde     -                 -                        -                    -                   PROVVISORIO    -       2021-03-14
BB      2021       M         P          1.1        1            CONTO   100    =>         10      0          0                     false      rosso     0                 100                      true                 verde               PROVVISORIO    -       2020-12-20
"""  # noqa: E501


def test_a_row_has_its_own_target_value_and_weight(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, SCORECARD)
    found = dice(base, "scorecard.indicatori", RIGHE_DELLA_SCORECARD)
    assert found == righe(RIGHE_DELLA_SCORECARD)
