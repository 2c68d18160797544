"""The views that answer what people ask, each over a world of a few rows.

Belongs here: keys of joins, boundaries and ties of `viste.*`. Does not belong here: what they say of a
sound build that was changed (test_viste.py).
"""

import duckdb

from tests.warehouse.tavole import dice, metti, righe

# --- trend ----------------------------------------------------------------------------------------------

ANDAMENTO = """
indicatori.catalogo
codice   titolo
CONTO    Quanti
PERSONE  Chi

viste.di_persone
codice
PERSONE

indicatori.valori
camera  esercizio  codice   valore
AA      2019       CONTO    3
AA      2020       CONTO    7
AA      2022       CONTO    8
AA      2019       PERSONE  50
AA      2020       PERSONE  60
BB      2020       CONTO    9

scorecard.indicatori
camera  esercizio  codice   ordine  target  risultato
AA      2020       CONTO    2       5       7
AA      2020       CONTO    1       6       7.1
AA      2020       CONTO    3       4       7.2
AA      2020       PERSONE  4       55      60
AA      2022       CONTO    1       8       8
BB      2020       CONTO    1       9       9
BB      2020       -        2       1       -
"""

RIGHE_DELL_ANDAMENTO = """
camera  codice   titolo  esercizio  valore  valore_precedente  differenza  target  risultato
AA      CONTO    Quanti  2019       3       -                  -           -       -
AA      CONTO    Quanti  2020       7       3                  4           6       7.1
AA      CONTO    Quanti  2022       8       -                  -           8       8
AA      PERSONE  Chi     2019       -       -                  -           -       -
AA      PERSONE  Chi     2020       -       -                  -           55      60
BB      CONTO    Quanti  2020       9       -                  -           9       9
"""


def test_a_value_has_its_year_before_and_the_target_of_its_first_cell(
    base: duckdb.DuckDBPyConnection,
) -> None:
    metti(base, ANDAMENTO)
    assert dice(base, "viste.andamento", RIGHE_DELL_ANDAMENTO) == righe(RIGHE_DELL_ANDAMENTO)


# --- comparison -------------------------------------------------------------------------------------------

CONFRONTO = """
indicatori.catalogo
codice    unita   direzione
DIRITTO   numero  =>
ROVESCIO  numero  =<
PERSONE   numero  =>

viste.di_persone
codice
PERSONE

viste.classi
camera  esercizio  classe
AA      2020       piccola
BB      2020       piccola
CC      2020       piccola
DD      2020       piccola
EE      2020       media
AA      2021       piccola
BB      2021       piccola

indicatori.valori
camera  esercizio  codice    valore
AA      2020       DIRITTO   10
BB      2020       DIRITTO   20
CC      2020       DIRITTO   30
DD      2020       DIRITTO   50
EE      2020       DIRITTO   7
FF      2020       DIRITTO   8
AA      2020       ROVESCIO  10
BB      2020       ROVESCIO  20
CC      2020       ROVESCIO  40
DD      2020       ROVESCIO  -
AA      2021       DIRITTO   10
BB      2021       DIRITTO   30
AA      2020       PERSONE   5
"""

RIGHE_DEL_CONFRONTO = """
camera  esercizio  codice    classe   valore  camere  primo_quartile  mediana  terzo_quartile  posizione
AA      2020       DIRITTO   piccola  10      4       17.5            25       35              4
BB      2020       DIRITTO   piccola  20      4       17.5            25       35              3
CC      2020       DIRITTO   piccola  30      4       17.5            25       35              2
DD      2020       DIRITTO   piccola  50      4       17.5            25       35              1
EE      2020       DIRITTO   media    7       1       -               -        -               1
AA      2020       ROVESCIO  piccola  10      3       -               20       -               1
BB      2020       ROVESCIO  piccola  20      3       -               20       -               2
CC      2020       ROVESCIO  piccola  40      3       -               20       -               3
AA      2021       DIRITTO   piccola  10      2       -               20       -               2
BB      2021       DIRITTO   piccola  30      2       -               20       -               1
"""


def test_a_chamber_has_its_place_among_those_of_its_class(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, CONFRONTO)
    found = dice(base, "viste.confronto_camere", RIGHE_DEL_CONFRONTO)
    assert found == righe(RIGHE_DEL_CONFRONTO)


# --- the largest rows -------------------------------------------------------------------------------------

MAGGIORI = """
viste.di_persone
codice
PERSONE

indicatori.contributi
camera  esercizio  codice   _file  _riga  numeratore  denominatore
AA      2020       CONTO    f2     2      -6          -
AA      2020       CONTO    f2     3      1           -
AA      2020       CONTO    f1     9      1           -
AA      2020       CONTO    f1     10     1           -
AA      2020       CONTO    f1     2      13          14
AA      2020       PERSONE  f1     2      1           1
AA      2021       CONTO    f3     2      4           -
"""

RIGHE_MAGGIORI = """
camera  esercizio  codice  posto  numeratore  denominatore  percentuale_numeratore  _file  _riga
AA      2020       CONTO   1      13          14            130                     f1     2
AA      2020       CONTO   2      -6          -             -60                     f2     2
AA      2020       CONTO   3      1           -             10                      f1     9
AA      2020       CONTO   4      1           -             10                      f1     10
AA      2020       CONTO   5      1           -             10                      f2     3
AA      2021       CONTO   1      4           -             100                     f3     2
"""


def test_the_largest_rows_are_told_with_their_share(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, MAGGIORI)
    assert dice(base, "viste.contributi_maggiori", RIGHE_MAGGIORI) == righe(RIGHE_MAGGIORI)


def test_of_many_rows_twenty_are_told(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, MAGGIORI)
    base.execute(
        "insert into indicatori.contributi (camera, esercizio, codice, _file, _riga, numeratore)"
        " select 'BB', 2020, 'CONTO', 'f1', n, 100 - n from range(2, 24) as r(n)"
    )
    _, *told = dice(base, "viste.contributi_maggiori", "_riga  posto", "camera = 'BB'")
    assert sorted(told) == sorted((str(n + 1), str(n)) for n in range(1, 21))


# --- people -----------------------------------------------------------------------------------------------

PERSONE = """
indicatori.fonti
codice   estratto
CONTO    a/uno
PERSONE  a/due
PERSONE  b/tre
ALTRE    b/tre
NESSUNA  c/zero

meta.dizionario
schema  tabella      colonna    sensibilita
fonti   fonti.a_uno  importo    -
fonti   fonti.a_uno  cig        pubblico
fonti   fonti.a_due  matricola  pseudonimo
fonti   fonti.b_tre  matricola  pseudonimo
fonti   fonti.b_tre  capo       pseudonimo
fonti   fonti.b_tre  ore        -
"""

RIGHE_DI_PERSONE = """
codice
ALTRE
PERSONE
"""


def test_an_indicator_of_people_is_one_that_reads_a_pseudonym(
    base: duckdb.DuckDBPyConnection,
) -> None:
    metti(base, PERSONE)
    assert dice(base, "viste.di_persone", RIGHE_DI_PERSONE) == righe(RIGHE_DI_PERSONE)


# --- news -------------------------------------------------------------------------------------------------

NOVITA = """
storico.esecuzione
esecuzione  noto_dal
e2          2021-02-01

storico.cambiamenti
camera  esercizio  codice  cosa    prima  dopo  noto_dal
AA      2020       CONTO   valore  1      2     2021-01-01
AA      2020       CONTO   valore  2      3     2021-02-01

storico.consegne
camera  esercizio  _file  esito      noto_dal
AA      2020       f1     RIFIUTATO  2021-01-01
AA      2020       f1     LETTO      2021-02-01

storico.controlli
controllo  camera  esercizio  casi  noto_dal
vuoto      AA      2020       0     2021-02-01
nuovo      AA      2020       1     2021-02-01
finito     AA      2020       0     2021-02-01
finito     AA      2020       4     2021-01-01
vecchio    AA      2020       5     2021-01-01
finito     BB      2020       6     2021-01-01
"""

RIGHE_DELLE_NOVITA = """
camera  esercizio  cosa       soggetto  prima   dopo    noto_dal::date
AA      2020       valore     CONTO     2       3       2021-02-01
AA      2020       file       f1        -       LETTO   2021-02-01
AA      2020       controllo  nuovo     -       1 casi  2021-02-01
AA      2020       controllo  finito    4 casi  0 casi  2021-02-01
"""


def test_news_are_what_this_publication_knows_first(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, NOVITA)
    assert dice(base, "viste.novita", RIGHE_DELLE_NOVITA) == righe(RIGHE_DELLE_NOVITA)


# --- quarantine -------------------------------------------------------------------------------------------

QUARANTENA = """
qualita.scarti
camera  esercizio  estratto  _file  _riga  colonna  regola
AA      2020       a/uno     f2     2      data     vuota
AA      2020       a/uno     f1     9      data     vuota
AA      2020       a/uno     f1     9      data     vuota
AA      2020       a/uno     f1     10     data     vuota
AA      2020       a/uno     f1     9      cig      corta
AA      2020       b/due     f3     2      data     vuota
AA      2021       a/uno     f4     2      data     vuota
BB      2020       a/uno     f5     2      data     vuota

qualita.file
camera  esercizio  estratto  _file  righe_lette
AA      2020       a/uno     f1     20
AA      2020       a/uno     f2     10
AA      2020       b/due     f3     8
AA      2021       a/uno     f4     5
"""

RIGHE_DELLA_QUARANTENA = """
camera  esercizio  ufficio  estratto  regola  colonna  righe  righe_in_tutto  righe_lette  percentuale_lette  primo_file  prima_riga
AA      2020       a        a/uno     vuota   data     3      3               30           10                 f1          9
AA      2020       a        a/uno     corta   cig      1      3               30           3.33               f1          9
AA      2020       b        b/due     vuota   data     1      1               8            12.5               f3          2
AA      2021       a        a/uno     vuota   data     1      1               5            20                 f4          2
BB      2020       a        a/uno     vuota   data     1      1               -            -                  f5          2
"""  # noqa: E501


def test_a_row_is_counted_once_by_rule_and_once_in_all(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, QUARANTENA)
    found = dice(base, "viste.quarantena", RIGHE_DELLA_QUARANTENA)
    assert found == righe(RIGHE_DELLA_QUARANTENA)


# --- what is late -----------------------------------------------------------------------------------------

RITARDI = """
qualita.freschezza
camera  esercizio  estratto  ufficio  stato     giorni_ritardo  in_ritardo
AA      2020       a/uno     a        PRESENTE  3               true
AA      2020       b/due     b        ASSENTE   4               true
AA      2020       c/tre     c        PRESENTE  0               false
AA      2021       a/uno     a        ASSENTE   5               true

scorecard.celle
camera  esercizio  cella    estratti        peso
AA      2020       prima    [a/uno]         1.5
AA      2020       seconda  [a/uno, c/tre]  2
AA      2020       terza    -               4
AA      2021       quarta   [c/tre, a/uno]  8
BB      2020       quinta   [a/uno]         16
"""

RIGHE_DEI_RITARDI = """
camera  esercizio  ufficio  estratto  stato     giorni_ritardo  celle  peso
AA      2020       a        a/uno     PRESENTE  3               2      3.5
AA      2020       b        b/due     ASSENTE   4               0      0
AA      2021       a        a/uno     ASSENTE   5               1      8
"""


def test_a_late_extract_weighs_what_its_own_cells_do(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, RITARDI)
    assert dice(base, "viste.ritardi", RIGHE_DEI_RITARDI) == righe(RIGHE_DEI_RITARDI)
