"""The passport of a cell, and what its quarantined rows would have changed, each over a world of a few rows.

Belongs here: keys of joins, missing sides and extremes of `passaporto.celle` and `passaporto.se_accettate`.
Does not belong here: what the other tables of a passport count (test_mondi_dei_passaporti.py).
"""

import duckdb

from tests.warehouse.tavole import dice, metti, righe

# --- what quarantined rows would have changed -----------------------------------------------------------

ACCETTATE = """
indicatori.catalogo
codice  unita        denominatore
CONTO   numero       false
QUOTA   percentuale  true
MEDIA   rapporto     true
SOMMA   numero       false
VUOTO   rapporto     true

indicatori.valori
camera  esercizio  codice  numeratore  denominatore  valore
AA      2020       CONTO   4           -             4
AA      2020       QUOTA   1           2             50
AA      2021       QUOTA   1           2             50
BB      2020       QUOTA   0           1             0
AA      2020       MEDIA   4           2             2
AA      2020       SOMMA   10          -             10
AA      2020       VUOTO   3           0             -

passaporto.scarti
camera  esercizio  codice  estratto  _file  _riga  totale
AA      2020       CONTO   a/uno     f1     2      false
AA      2020       CONTO   a/uno     f1     3      false
AA      2020       CONTO   a/uno     f1     4      true
AA      2020       CONTO   b/due     f3     2      false
AA      2020       CONTO   b/due     f3     3      false
AA      2020       CONTO   b/due     f3     4      false
AA      2020       QUOTA   a/uno     f1     2      false
AA      2020       QUOTA   a/uno     f1     3      false
AA      2021       QUOTA   a/uno     f5     2      false
BB      2020       QUOTA   a/uno     f6     2      false
AA      2020       MEDIA   a/uno     f1     2      false
AA      2020       MEDIA   b/due     f3     2      false
AA      2020       MEDIA   b/due     f3     3      false
AA      2020       MEDIA   b/due     f3     4      false
AA      2020       SOMMA   a/uno     f1     2      false
AA      2020       SOMMA   b/due     f3     2      false
AA      2020       SOMMA   c/tre     f4     2      false
AA      2020       VUOTO   a/uno     f1     2      false

passaporto.file
camera  esercizio  codice  estratto  _file  righe  solo_numeratore  solo_denominatore  in_entrambi  a_uno
AA      2020       CONTO   a/uno     f1     3      1                0                  0            3
AA      2020       CONTO   a/uno     f2     2      0                0                  0            2
AA      2020       CONTO   b/due     f3     3      3                0                  0            3
AA      2020       QUOTA   a/uno     f1     2      0                1                  1            2
AA      2020       QUOTA   a/uno     f2     1      0                0                  0            1
AA      2021       QUOTA   a/uno     f5     1      0                1                  0            1
BB      2020       QUOTA   a/uno     f6     1      0                0                  1            1
AA      2020       MEDIA   a/uno     f1     4      4                0                  0            4
AA      2020       MEDIA   b/due     f3     2      0                2                  0            2
AA      2020       SOMMA   a/uno     f1     2      2                0                  0            2
AA      2020       SOMMA   a/uno     f2     2      2                0                  0            1
AA      2020       SOMMA   c/tre     f4     1      1                0                  0            0
AA      2020       VUOTO   a/uno     f1     1      1                1                  0            1

qualita.importi
camera  esercizio  estratto  _file  colonna  scartato
AA      2020       a/uno     f1     iva      1
AA      2020       a/uno     f1     importo  10.5
AA      2020       a/uno     f2     importo  2
AA      2020       a/uno     f1     resto    5
AA      2020       a/uno     f2     resto    -5
AA      2020       d/tre     f7     importo  8
AA      2021       a/uno     f5     importo  9
BB      2020       a/uno     f6     importo  7
"""

QUANTITA = "aggiunge una sua quantità, che di una riga rifiutata non si tiene"
PERCHE = (
    f"Non si può calcolare: ogni riga di a/uno {QUANTITA}"
    " (importi letti in quelle rifiutate: importo 12,5 EUR, iva 1 EUR);"
    " nessuna riga accettata di b/due conta da sé, e quelle rifiutate potrebbero cambiare come contano"
    f" le altre; ogni riga di c/tre {QUANTITA}."
)
VUOTO = "Non si può calcolare: l'indicatore non ha un valore."

# QUOTA: 1 of 2 could be 1 of 4, or 3 of 4. MEDIA: 4 to 2 could be 5 to 2, 4 to 5, or 5 to 5.
RIGHE_SE_ACCETTATE = f"""
camera  esercizio  codice  righe  valore_minimo    valore_massimo  motivo
AA      2020       CONTO   5      4                9               -
AA      2020       QUOTA   2      25               75              -
AA      2021       QUOTA   1      33.333333333333  50              -
BB      2020       QUOTA   1      0                50              -
AA      2020       MEDIA   4      0.8              2.5             -
AA      2020       SOMMA   3      -                -               {PERCHE}
AA      2020       VUOTO   1      -                -               {VUOTO}
"""


def test_the_extremes_are_those_of_every_way_in_which_rows_could_count(
    base: duckdb.DuckDBPyConnection,
) -> None:
    metti(base, ACCETTATE)
    found = dice(base, "passaporto.se_accettate", RIGHE_SE_ACCETTATE)
    assert found == righe(RIGHE_SE_ACCETTATE)


# --- cells --------------------------------------------------------------------------------------------

CELLE = """
scorecard.indicatori
camera  esercizio  esercizio_piano  missione  programma  obiettivo  progressivo  codice  parte    riga  cella  decimali  risultato
AA      2020       2020             M         P          1.1        1            CONTO   -        10    -      0         4
AA      2020       2020             M         P          1.1        2            -       Foglio1  11    B3     0         -
AA      2020       2020             M         P          1.2        1            MEDIA   Foglio1  12    -      1         2
AA      2020       2020             M         Q          1.1        1            RAPP    Foglio1  13    C4     0         7
AA      2020       2020             N         P          1.1        1            QUOTA   Foglio1  14    D5     0         50
AA      2021       2020             M         P          1.1        1            CONTO   Foglio1  10    B2     0         5
BB      2020       2019             M         P          1.1        1            CONTO   Foglio1  20    B2     0         6

scorecard.celle
camera  esercizio  missione  programma  obiettivo  progressivo  cella    peso
AA      2020       M         P          1.1        0            zero     0
AA      2020       M         P          1.1        1            uno      1
AA      2020       M         P          1.1        2            due      2
AA      2020       M         P          1.2        1            tre      3
AA      2020       M         Q          1.1        1            quattro  4
AA      2020       N         P          1.1        1            cinque   5
AA      2021       M         P          1.1        1            sei      6
BB      2020       M         P          1.1        1            sette    7

scorecard.freschezza
camera  esercizio  missione  programma  obiettivo  progressivo  in_ritardo  prossima_attesa
AA      2020       M         P          1.1        1            r1          2021-01-01
AA      2020       M         P          1.1        2            r2          2021-01-02
AA      2020       M         P          1.2        1            r3          2021-01-03
AA      2020       M         Q          1.1        1            r4          2021-01-04
AA      2020       N         P          1.1        1            r5          2021-01-05
AA      2021       M         P          1.1        1            r6          2021-01-06
BB      2020       M         P          1.1        1            r7          2021-01-07

scorecard.ente
camera  esercizio  versione_regole
AA      2020       1
AA      2021       2
BB      2020       3

esercizi.periodi
camera  esercizio  aperto
AA      2020       false
AA      2021       true
BB      2020       true

esercizi.prossime_scadenze
camera  esercizio  nome       scadenza
AA      2020       relazione  2021-06-30
BB      2020       bilancio   2021-04-30
CC      2021       altro      2021-01-31

piano.riconosciuti
camera  esercizio  missione  programma  obiettivo  progressivo  metodo
AA      2020       M         P          1.1        1            m1
AA      2020       M         P          1.1        2            m2
AA      2020       M         P          1.2        1            m3
AA      2020       M         Q          1.1        1            m4
AA      2020       N         P          1.1        1            m5
AA      2019       M         P          1.1        1            m6
BB      2019       M         P          1.1        1            m7

lettura.piani
camera  esercizio  _file         sha256
AA      2020       piano.xlsx    s1
AA      2019       vecchio.xlsx  s2
BB      2019       loro.xlsx     s3
BB      2020       nuovo.xlsx    s4

indicatori.catalogo
codice  titolo    descrizione  unita
CONTO   Quanti    conta        numero
QUOTA   Parte     divide       percentuale
MEDIA   Media     media        numero
RAPP    Rapporto  rapporta     rapporto

indicatori.definizioni
codice  unita_numeratore  unita_denominatore
CONTO   pezzi             -
QUOTA   bene              tutti
MEDIA   giorni            casi
RAPP    euro              imprese

passaporto.valori
camera  esercizio  codice  versione_definizione  sql
AA      2020       CONTO   v1                    uno;
AA      2020       QUOTA   v2                    due;
AA      2020       MEDIA   v3                    tre;
AA      2020       RAPP    v4                    quattro;
AA      2021       CONTO   v5                    cinque;
BB      2020       CONTO   v6                    sei;

passaporto.file
camera  esercizio  codice  _file  righe
AA      2020       CONTO   f1     3
AA      2020       CONTO   f2     4
AA      2020       QUOTA   f1     5
AA      2021       CONTO   f3     6
BB      2020       CONTO   f4     7

passaporto.se_accettate
camera  esercizio  codice  valore_minimo  valore_massimo  motivo
AA      2020       CONTO   3.6            4.4             -
AA      2020       QUOTA   49.4           50.4            -
AA      2020       MEDIA   2              2.25            -
AA      2020       RAPP    -              -               ignoto
BB      2020       CONTO   6              7               -

passaporto.estratti
camera  esercizio  codice  estratto  ufficio  stato       manca_dal
AA      2020       CONTO   c/tre     tre      ASSENTE     2020-05-01
AA      2020       CONTO   a/uno     uno      INCOMPLETO  2020-06-01
AA      2020       CONTO   b/due     due      PRESENTE    2020-01-01
AA      2020       QUOTA   b/due     due      ASSENTE     2020-07-01
AA      2021       CONTO   a/uno     uno      ASSENTE     2021-06-01
BB      2020       CONTO   a/uno     uno      ASSENTE     2020-08-01

storico.valori
camera  esercizio  codice  noto_dal    valore  risultato  stato        esecuzione
AA      2020       CONTO   2021-01-01  5       5          PROVVISORIO  e1
AA      2020       CONTO   2021-01-02  5       5          PROVVISORIO  e2
AA      2020       CONTO   2021-01-03  4       4          DEFINITIVO   e3
AA      2020       CONTO   2021-01-04  4       4          DEFINITIVO   e4
AA      2020       QUOTA   2021-02-01  50      50         DEFINITIVO   e5
AA      2021       CONTO   2021-03-01  5       5          PROVVISORIO  e6
BB      2020       CONTO   2021-04-01  6       6          PROVVISORIO  e7
"""  # noqa: E501

# Where a cell stands, and what defines it.
LUOGHI = """
camera  esercizio  missione  programma  obiettivo  progressivo  codice  cella    luogo                                   sha256_piano  metodo  titolo    definizione  unita        unita_numeratore  unita_denominatore  versione_definizione  versione_regole  aperto  peso  in_ritardo  prossima_attesa  scadenza    scadenza_nome  sql[:11]
AA      2020       M         P          1.1        1            CONTO   uno      piano.xlsx, riga 10                     s1            m1      Quanti    conta        numero       pezzi             -                   v1                    1                false   1     r1          2021-01-01       2021-06-30  relazione      with valore
AA      2020       M         P          1.1        2            -       due      piano.xlsx, Foglio1, riga 11, cella B3  s1            m2      -         -            -            -                 -                   -                     1                false   2     r2          2021-01-02       2021-06-30  relazione      -- AA 2020:
AA      2020       M         P          1.2        1            MEDIA   tre      piano.xlsx, Foglio1, riga 12            s1            m3      Media     media        numero       giorni            casi                v3                    1                false   3     r3          2021-01-03       2021-06-30  relazione      with valore
AA      2020       M         Q          1.1        1            RAPP    quattro  piano.xlsx, Foglio1, riga 13, cella C4  s1            m4      Rapporto  rapporta     rapporto     euro              imprese             v4                    1                false   4     r4          2021-01-04       2021-06-30  relazione      with valore
AA      2020       N         P          1.1        1            QUOTA   cinque   piano.xlsx, Foglio1, riga 14, cella D5  s1            m5      Parte     divide       percentuale  bene              tutti               v2                    1                false   5     r5          2021-01-05       2021-06-30  relazione      with valore
AA      2021       M         P          1.1        1            CONTO   sei      piano.xlsx, Foglio1, riga 10, cella B2  s1            m1      Quanti    conta        numero       pezzi             -                   v5                    2                true    6     r6          2021-01-06       -           -              with valore
BB      2020       M         P          1.1        1            CONTO   sette    loro.xlsx, Foglio1, riga 20, cella B2   s3            m7      Quanti    conta        numero       pezzi             -                   v6                    3                true    7     r7          2021-01-07       2021-04-30  bilancio       with valore
"""  # noqa: E501

STESSO = "Il risultato sarebbe lo stesso, comunque contassero."
SECONDO = "secondo quante di loro contano, se contano come le righe accettate."

# What it is made of, what it lacks, and since when it is what it is.
STORIE = f"""
camera  esercizio  codice  righe  file  risultato_minimo  risultato_massimo  se_accettate                                noto_dal::date  esecuzione  valore_prima  stato_prima  noto_prima_dal::date  manca                                       manca_dal
AA      2020       CONTO   7      2     4                 4                  {STESSO}                                    2021-01-03      e3          5             PROVVISORIO  2021-01-01            a/uno (ufficio uno), c/tre (ufficio tre)    2020-05-01
AA      2020       -       0      0     -                 -                  -                                           -               -           -             -            -                     -                                           -
AA      2020       MEDIA   0      0     2                 2.3                Il risultato starebbe tra 2 e 2,3, {SECONDO}   -            -           -             -            -                     -                                           -
AA      2020       RAPP    0      0     -                 -                  ignoto                                      -               -           -             -            -                     -                                           -
AA      2020       QUOTA   5      1     49                50                 Il risultato starebbe tra 49 e 50, {SECONDO}   2021-02-01   e5          -             -            -                     b/due (ufficio due)                         2020-07-01
AA      2021       CONTO   6      1     -                 -                  -                                           2021-03-01      e6          -             -            -                     a/uno (ufficio uno)                         2021-06-01
BB      2020       CONTO   7      1     6                 7                  Il risultato starebbe tra 6 e 7, {SECONDO}  2021-04-01      e7          -             -            -                     a/uno (ufficio uno)                         2020-08-01
"""  # noqa: E501


def _celle(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, CELLE)
    base.execute("update scorecard.indicatori set parte = '' where parte is null")
    base.execute("update scorecard.indicatori set cella = '' where cella is null")


def test_a_passport_says_where_the_cell_stands_and_what_defines_it(
    base: duckdb.DuckDBPyConnection,
) -> None:
    _celle(base)
    assert dice(base, "passaporto.celle", LUOGHI) == righe(LUOGHI)


def test_a_passport_says_what_the_value_is_made_of_and_since_when(
    base: duckdb.DuckDBPyConnection,
) -> None:
    _celle(base)
    assert dice(base, "passaporto.celle", STORIE) == righe(STORIE)
