"""The checks of what is only suspect, over worlds of a few rows.

Belongs here: the rows that each of them tells, and in which words. Does not belong here: the checks that
books balance (test_mondi_dei_conti.py), the plan's (test_mondi_del_piano_letto.py), the measures read
(test_mondi_della_qualita.py).
"""

import duckdb

from tests.warehouse.tavole import dice, metti, righe

# --- purchases -----------------------------------------------------------------------------------------

CANALI = """
qualita.lotti
camera  esercizio  cig  canale_del_cig
AA      2020       aa1  MEPA
AA      2020       AA1  MEPA
AA      2020       BB2  ALTRO
AA      2020       CC3  -
AA      2021       AA1  CONSIP
BB      2020       AA1  CONSIP

fonti.provveditorato_pagamenti
camera  esercizio  _file  _riga  cig  canale  _canale_file
AA      2020       f      3      AA1  FUORI   -
AA      2020       f      2      aa1  CONSIP  -
AA      2020       f      4      AA1  MEPA    -
AA      2020       f      5      AA1  CONSIP  lotti
AA      2020       f      6      BB2  ALTRO   -
AA      2020       f      7      CC3  ALTRO   -
"""

DISCORDI = """
camera  esercizio  _file  casi  _riga  esempio
AA      2020       f      2     2      CONSIP, per i lotti MEPA
"""


def test_a_channel_of_the_office_is_held_against_that_of_the_lots_with_its_cig(
    base: duckdb.DuckDBPyConnection,
) -> None:
    """Row 5 has its channel from the lots themselves."""
    metti(base, CANALI)
    assert dice(base, "controlli.canale_discorde", DISCORDI) == righe(DISCORDI)


SIOPE = """
esercizi.periodi
camera  esercizio  aperto
AA      2020       false
AA      2021       true
BB      2020       true
CC      2020       false
DD      2020       true
EE      2020       false
FF      2020       false
GG      2020       false
GG      2021       false
HH      2020       false
II      2020       false

qualita.estratti
camera  esercizio  estratto                  stato
AA      2020       provveditorato/pagamenti  PRESENTE
AA      2020       provveditorato/siope      PRESENTE
AA      2021       provveditorato/pagamenti  PRESENTE
AA      2021       provveditorato/siope      PRESENTE
BB      2020       provveditorato/pagamenti  PRESENTE
BB      2020       provveditorato/siope      PRESENTE
CC      2020       provveditorato/pagamenti  PRESENTE
CC      2020       provveditorato/siope      ASSENTE
DD      2020       provveditorato/pagamenti  PRESENTE
DD      2020       provveditorato/siope      PRESENTE
EE      2020       provveditorato/pagamenti  PRESENTE
EE      2020       provveditorato/siope      PRESENTE
FF      2020       provveditorato/pagamenti  INCOMPLETO
FF      2020       provveditorato/siope      PRESENTE
GG      2021       provveditorato/pagamenti  PRESENTE
GG      2021       provveditorato/siope      PRESENTE
HH      2020       provveditorato/siope      PRESENTE
HH      2021       provveditorato/pagamenti  PRESENTE
II      2020       provveditorato/pagamenti  PRESENTE
II      2021       provveditorato/siope      PRESENTE

fonti.provveditorato_siope
camera  esercizio  anno  mese  codice_siope  importo
AA      2020       2020  3     2101          10
AA      2020       2020  3     2101          20
AA      2020       2020  4     2127          10
AA      2020       2020  4     2127          20
AA      2020       2020  5     2298          30
AA      2020       2020  6     2100          1
AA      2020       2020  6     2128          1
AA      2020       2020  7     2299          5
AA      2020       2019  8     2101          5
AA      2020       2021  9     2101          5
AA      2020       2020  10    2127          5
AA      2020       2020  11    2298          5
AA      2020       2020  12    2101          5
AA      2021       2021  1     2101          1
AA      2021       2021  2     2101          1
AA      2021       2020  9     2101          1
BB      2020       2020  3     2101          1
CC      2020       2020  3     2101          5
FF      2020       2020  3     2101          5
GG      2020       2020  3     2101          5
HH      2020       2020  3     2101          5
II      2020       2020  3     2101          5

fonti.provveditorato_pagamenti
camera  esercizio  data_pagamento  codice_siope  imponibile  iva
AA      2020       2020-03-10      2101          5           1
AA      2020       2020-03-11      2101          6           1
AA      2020       2020-04-10      2127          30          0
AA      2020       2020-05-10      2298          10          0
AA      2020       2020-05-11      2298          20          0
AA      2020       2019-05-11      2298          99          0
AA      2021       2021-01-10      2101          1           0
AA      2021       2021-02-10      2101          3           0
AA      2021       2021-03-10      2101          3           0
BB      2020       2020-03-10      2101          1           0
BB      2020       2020-04-10      2101          1           0
DD      2020       2020-01-10      2101          7           0
EE      2020       2020-02-10      2101          7           0
"""

DIFFERENZE = """
camera  esercizio  mese  esempio  siope  pagato  differenza  trovato
AA      2020       3     2101     30     13      -17         nel mese 3 i pagamenti sono 13,00 EUR, il SIOPE ne pubblica 30,00
AA      2020       7     2299     5      0       -5          nel mese 7 i pagamenti sono 0,00 EUR, il SIOPE ne pubblica 5,00
AA      2020       10    2127     5      0       -5          nel mese 10 i pagamenti sono 0,00 EUR, il SIOPE ne pubblica 5,00
AA      2020       11    2298     5      0       -5          nel mese 11 i pagamenti sono 0,00 EUR, il SIOPE ne pubblica 5,00
AA      2020       12    2101     5      0       -5          nel mese 12 i pagamenti sono 0,00 EUR, il SIOPE ne pubblica 5,00
AA      2021       2     2101     1      3       2           nel mese 2 i pagamenti sono 3,00 EUR, il SIOPE ne pubblica 1,00
EE      2020       2     2101     0      7       7           nel mese 2 i pagamenti sono 7,00 EUR, il SIOPE ne pubblica 0,00
"""  # noqa: E501


def test_payments_of_goods_and_services_are_those_of_the_siope_up_to_its_last_month(
    base: duckdb.DuckDBPyConnection,
) -> None:
    """AA's 2021 and BB are open, and so is DD, of which the SIOPE has published no month."""
    metti(base, SIOPE)
    assert dice(base, "controlli.siope_quadra", DIFFERENZE) == righe(DIFFERENZE)


# --- codes, people, days -------------------------------------------------------------------------------

COSTANO = """
indicatori.fonti
codice  estratto
UNO     a/uno
DUE     a/uno
UNO     segreteria/welfare

indicatori.valori
camera  esercizio  codice  valore
AA      2020       UNO     7

"""

CODICI = f"""
qualita.codici_ignoti
camera  esercizio  estratto  codice  _file  _riga  trovato  mancante
AA      2020       a/uno     UNO     f1     3      x        q
AA      2020       a/uno     UNO     f1     2      y        p
AA      2020       a/con     -       f2     5      11/5     -

qualita.senza_sospette
camera  esercizio  segnale                 _file  codice  valore  valore_senza
AA      2020       codici_senza_riscontro  f2     -       150     120

{COSTANO}
"""

IGNOTI = """
codice  _file  casi  _riga  esempio  trovato                                                                                         valore  valore_senza
UNO     f1     2     2      y        2 righe di processi che nessun indicatore e nessun altro esercizio conosce, mentre manca p  7       7
-       f2     1     5      11/5     1 riga di obiettivi che il piano non ha                                                         150     120
"""  # noqa: E501


def test_codes_that_nobody_knows_are_told_by_file(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, CODICI)
    assert dice(base, "controlli.codici_senza_riscontro", IGNOTI) == righe(IGNOTI)


PERSONE = f"""
qualita.sospette
camera  esercizio  estratto               _file  _riga  segnale
AA      2020       segreteria/welfare     w      2      persone_sconosciute
AA      2020       segreteria/welfare     w      3      persone_sconosciute
AA      2020       segreteria/welfare     w      4      doppie
AA      2020       segreteria/formazione  f      5      persone_sconosciute
AA      2020       kronos/fte             k      7      persone_sconosciute
AA      2020       kronos/fte             k      6      persone_sconosciute

fonti.segreteria_welfare
camera  esercizio  matricola  _file  _riga
AA      2020       a          w      2
AA      2020       a          w      3
AA      2020       b          w      4
BB      2020       c          w      2
AA      2021       d          w      2
AA      2020       e          z      2

fonti.segreteria_formazione
camera  esercizio  matricola  _file  _riga
AA      2020       a          f      5

fonti.kronos_fte
camera  esercizio  matricola  _file  _riga
AA      2020       a          k      6
AA      2020       b          k      7

qualita.senza_sospette
camera  esercizio  segnale              _file  codice  valore_senza
AA      2020       persone_sconosciute  w      UNO     5

{COSTANO}
"""

NON_CONOSCE = "che segreteria/personale non conosce"
SCONOSCIUTE = f"""
estratto               codice  _file  casi  _riga  trovato                                valore  valore_senza
segreteria/welfare     UNO     w      2     2      2 righe di una persona {NON_CONOSCE}   7       5
segreteria/formazione  -       f      1     5      1 riga di una persona {NON_CONOSCE}    -       -
kronos/fte             -       k      2     6      2 righe di 2 persone {NON_CONOSCE}     -       -
"""


def test_people_that_nobody_knows_are_counted_once(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, PERSONE)
    assert dice(base, "controlli.persone_sconosciute", SCONOSCIUTE) == righe(SCONOSCIUTE)


DATE = f"""
qualita.date_dei_file
camera  esercizio  estratto  _file  righe  nell_esercizio  primo       ultimo      sospetto
AA      2020       a/uno     f1     10     1               2019-01-02  2020-03-04  true
AA      2020       a/due     f2     9      2               2019-01-02  2019-03-04  true
AA      2020       a/due     f3     9      2               2019-01-02  2019-03-04  false
AA      2020       a/due     f4     9      2               2019-01-02  2019-03-04  -

{COSTANO}
"""

FUORI = """
estratto  codice  _file  casi  trovato                                                                          valore
a/uno     UNO     f1     9     1 righe su 10 parlano del 2020, le altre stanno tra il 02/01/2019 e il 04/03/2020  7
a/due     -       f2     7     2 righe su 9 parlano del 2020, le altre stanno tra il 02/01/2019 e il 04/03/2019   -
"""  # noqa: E501


def test_a_file_of_another_year_tells_how_many_rows_are_not_of_this(
    base: duckdb.DuckDBPyConnection,
) -> None:
    """DUE is not computed there, and no indicator is made from a/due."""
    metti(base, DATE)
    assert dice(base, "controlli.fuori_esercizio", FUORI) == righe(FUORI)


CAMBIAMENTI = """
esercizi.periodi
camera  esercizio  chiuso_dal
AA      2020       2021-06-30
BB      2020       2022-06-30

storico.cambiamenti
camera  esercizio  codice  noto_dal
AA      2020       UNO     2021-06-30 04:00:00
AA      2020       DUE     2021-07-01 04:00:00
BB      2020       TRE     2021-07-01 04:00:00
"""

DOPO = """
camera  codice  noto_dal
AA      DUE     2021-07-01 04:00:00
"""


def test_a_year_stands_still_from_the_day_after_it_closed(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, CAMBIAMENTI)
    assert dice(base, "controlli.esercizi_chiusi_fermi", DOPO) == righe(DOPO)


# --- what a file tells of itself -----------------------------------------------------------------------

NOMI = """
qualita.file
camera  esercizio  _file  esito      somiglia
AA      2020       f1     IGNORATO   isr/studi
AA      2020       f2     IGNORATO   -
AA      2020       f3     ACCETTATO  isr/studi

regole.soglie
camera  nome                     valore
AA      parti_sovrapposte_righe  3

qualita.segnali
camera  esercizio  estratto   _file  segnale            colonna  casi  _riga  esempio
AA      2020       isr/studi  p1     nome_somigliante   titolo   4     1      titoli
AA      2020       isr/studi  p1     parti_sovrapposte  -        3     2      p2
AA      2020       isr/studi  p3     parti_sovrapposte  -        2     2      p4
"""

SOMIGLIANO = """
estratto   _file  casi  _riga  trovato
isr/studi  f1     1     -      non è letto, e il suo nome è quasi quello di isr/studi
isr/studi  p1     4     1      la colonna «titoli» non è letta, e il suo nome è quasi quello di titolo
"""
SOVRAPPOSTE = """
_file  casi  _riga  esempio
p1     3     2      le stesse righe di p2
p2     3     -      le stesse righe di p1
"""


def test_a_name_that_is_near_another_and_parts_that_overlap_are_told(
    base: duckdb.DuckDBPyConnection,
) -> None:
    metti(base, NOMI)
    assert dice(base, "controlli.nome_somigliante", SOMIGLIANO) == righe(SOMIGLIANO)
    assert dice(base, "controlli.parti_sovrapposte", SOVRAPPOSTE) == righe(SOVRAPPOSTE)


# --- figures -------------------------------------------------------------------------------------------

INSOLITI = """
indicatori.osservati
camera  esercizio  codice   valore       ultimo  anno  insolito
AA      2020       UNO      125          10      2018  true
AA      2020       DUE      -1           25      2018  true
AA      2020       TRE      0            2.5     2018  true
AA      2020       QUATTRO  5            1       2018  false
AA      2020       CINQUE   30000000000  1       2018  true
AA      2020       SEI      1            30000000000  2018  true
AA      2020       SETTE    -5           5       2018  true

indicatori.contributi
camera  esercizio  codice   _file  _riga  numeratore
AA      2020       UNO      f1     2      60
AA      2020       UNO      f2     3      -40
AA      2020       UNO      f2     4      40
AA      2020       UNO      f2     5      25
AA      2020       DUE      f3     6      -1
AA      2020       TRE      f4     7      0
AA      2020       QUATTRO  f5     8      5

indicatori.fonti
codice  estratto
SEI     a/sei

qualita.file
camera  esercizio  estratto  _file  esito
AA      2020       a/sei     g2     ACCETTATO
AA      2020       a/sei     g1     ACCETTATO
AA      2020       a/sei     g0     RIFIUTATO
"""

VALORI_INSOLITI = """
codice  _file  casi  _riga  trovato                                                valore
UNO     f2     4     3      12 volte quello di prima: quello del 2018 era 10       125
DUE     f3     1     6      25 volte meno di prima: quello del 2018 era 25         -1
TRE     f4     1     -      vale zero; quello del 2018 era 2,5                     0
CINQUE  -      0     -      1000000000 volte quello di prima: quello del 2018 era 1  30000000000
SEI     g1     0     -      1000000000 volte meno di prima: quello del 2018 era 30000000000  1
SETTE   -      0     -      1 volte meno di prima: quello del 2018 era 5           -5
"""


def test_an_odd_figure_leads_to_the_file_and_the_line_that_make_most_of_it(
    base: duckdb.DuckDBPyConnection,
) -> None:
    """f2 has 105 in all, whatever the sign, f1 60; of those lines that add as much the first is told."""
    metti(base, INSOLITI)
    assert dice(base, "controlli.valore_insolito", VALORI_INSOLITI) == righe(VALORI_INSOLITI)
