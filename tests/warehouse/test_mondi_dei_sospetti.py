"""The models of `qualita` that tell what to look at (rows, codes, extracts), each over a world of a few rows.

Belongs here: what makes a row suspect or an extract late, missing sides, keys of joins. Does not belong
here: sums and thresholds (test_mondi_della_qualita.py), the checks that read them (test_plausibilita.py).
"""

import duckdb

from tests.warehouse.tavole import dice, metti, righe

# --- codes that nobody knows ----------------------------------------------------------------------------

CODICI = """
indicatori.richiesti
camera  codice
AA      PER_FTE
AA      RISORSE
AA      ALTRO
BB      PER_FTE
BB      RISORSE

indicatori.processi
codice   estratto                    codice_processo
PER_FTE  kronos/fte                  C2.7.2
RISORSE  contabilita/costi_processo  D6.1.3
RISORSE  kronos/fte                  D6.1.3
PER_FTE  contabilita/costi_processo  C2.7.2
ALTRO    kronos/fte                  E1

regole.alias_processi
camera  alias    codice_processo
AA      D.1.3.2  D6.1.3
AA      D6_1.3   D6.1.3
BB      X9       C2.7.2
CC      C3       C2.7.2

qualita.estratti
camera  esercizio  estratto                    stato
AA      2019       kronos/fte                  PRESENTE
AA      2019       contabilita/costi_processo  PRESENTE
AA      2020       kronos/fte                  PRESENTE
AA      2020       contabilita/costi_processo  PRESENTE
AA      2021       kronos/fte                  PRESENTE
AA      2022       kronos/fte                  PRESENTE
BB      2019       kronos/fte                  PRESENTE
BB      2019       contabilita/costi_processo  PRESENTE
BB      2020       kronos/fte                  PRESENTE
BB      2020       contabilita/costi_processo  PRESENTE
BB      2021       kronos/fte                  INCOMPLETO
BB      2021       contabilita/costi_processo  PRESENTE
CC      2020       kronos/fte                  PRESENTE

fonti.kronos_fte
camera  esercizio  codice_processo  _file  _riga
AA      2019       C2.7.2           f19    2
AA      2019       QQ               f19    3
AA      2019       KK               f19    4
AA      2019       E1               f19    5
AA      2020       C.2.7.2          f20    5
AA      2020       ZZ1              f20    6
AA      2020       QQ               f20    7
AA      2020       X9               f20    8
AA      2020       D.1.3.2          f20    9
AA      2020       E1               f20    10
AA      2020       D6.1.3           f20    11
AA      2022       TT               f22    2
BB      2019       X9               f29    2
BB      2019       ZZ1              f29    3
BB      2019       C2.7.2           f29    4
BB      2022       C2.7.2           f34    2
BB      2020       WW               f30    2
BB      2021       VV               f31    2
CC      2020       C.2.7.2          f32    2
CC      2020       C.3              f32    3

fonti.contabilita_costi_processo
camera  esercizio  codice_processo  _file  _riga
AA      2019       D6.1.3           f18    2
AA      2020       D.1.3.2          f21    2
AA      2020       NN               f21    3
AA      2020       d6-1-3           f21    4
AA      2020       d 1 3 2          f21    5
AA      2020       C2.7.2           f21    6
AA      2020       e-1              f21    7
AA      2020       NN2              f23    4
BB      2019       D6.1.3           f28    2
BB      2020       MM               f33    2
BB      2020       D6.1.3           f33    3

piano.in_vigore
camera  esercizio  esercizio_piano
AA      2020       2019
AA      2021       2021
AA      2022       2019
BB      2020       2020

piano.obiettivi
camera  esercizio  missione  programma  obiettivo
AA      2019       011       005        1.1
AA      2019       011       005        1.2
AA      2020       011       005        9.9
BB      2019       011       006        1.1

fonti.contabilita_consuntivo
camera  esercizio  missione  programma  obiettivo  _file  _riga
AA      2020       011       005        1.1        f40    2
AA      2020       011       005        9.9        f40    3
AA      2020       011       006        1.1        f40    4
AA      2020       012       005        1.1        f40    5
AA      2021       011       005        9.9        f41    2
AA      2022       011       005        1.2        f42    2
BB      2020       011       005        1.1        f43    2
CC      2020       011       005        7.7        f44    2
"""

RIGHE_DEI_CODICI = """
camera  esercizio  estratto                    codice   _file  _riga  trovato      mancante
AA      2020       kronos/fte                  PER_FTE  f20    5      C.2.7.2      C2.7.2
AA      2020       kronos/fte                  PER_FTE  f20    6      ZZ1          C2.7.2
AA      2020       contabilita/costi_processo  RISORSE  f21    4      d6-1-3       D6.1.3
AA      2020       kronos/fte                  PER_FTE  f20    8      X9           C2.7.2
AA      2019       kronos/fte                  RISORSE  f19    4      KK           D.1.3.2
AA      2022       kronos/fte                  PER_FTE  f22    2      TT           C2.7.2
AA      2022       kronos/fte                  RISORSE  f22    2      TT           D.1.3.2
AA      2022       kronos/fte                  ALTRO    f22    2      TT           E1
BB      2020       kronos/fte                  PER_FTE  f30    2      WW           C2.7.2
AA      2020       contabilita/consuntivo      -        f40    3      011/005/9.9  -
AA      2020       contabilita/consuntivo      -        f40    4      011/006/1.1  -
AA      2020       contabilita/consuntivo      -        f40    5      012/005/1.1  -
"""


def test_a_code_is_unknown_where_a_known_one_is_missing(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, CODICI)
    assert dice(base, "qualita.codici_ignoti", RIGHE_DEI_CODICI) == righe(RIGHE_DEI_CODICI)


# --- suspect rows -----------------------------------------------------------------------------------

SOSPETTE = """
esercizi.periodi
camera  esercizio  inizio      data_riferimento
AA      2020       2020-01-01  2020-06-30
AA      2021       2021-01-01  2021-06-30
BB      2020       2020-01-01  2020-06-30

qualita.estratti
camera  esercizio  estratto              stato
AA      2020       segreteria/personale  PRESENTE
AA      2021       segreteria/personale  PRESENTE
BB      2020       segreteria/personale  INCOMPLETO
BB      2021       segreteria/personale  PRESENTE
CC      2020       segreteria/personale  PRESENTE
BB      2020       segreteria/welfare    PRESENTE

fonti.segreteria_personale
camera  esercizio  matricola
AA      2020       m1
AA      2021       m3
BB      2020       m2

fonti.segreteria_welfare
camera  esercizio  matricola  data        _file  _riga
AA      2020       m1         2020-03-01  w20    2
AA      2020       m2         2020-01-01  w20    3
AA      2020       m3         2020-06-30  w20    4
AA      2020       m9         2020-07-01  w20    5
AA      2020       m9         2019-12-31  w20    6
AA      2021       m3         2021-03-01  w21    2
AA      2021       m1         2021-03-01  w21    3
BB      2020       m9         2020-03-01  w30    2

fonti.segreteria_formazione
camera  esercizio  matricola  data        _file  _riga
AA      2020       m9         2020-03-01  t20    2

fonti.kronos_fte
camera  esercizio  matricola  natura   _file  _riga
AA      2020       m9         INTERNO  k20    2
AA      2020       m9         ESTERNO  k20    3
AA      2020       m1         INTERNO  k20    4
CC      2020       m9         INTERNO  k30    2

qualita.date_dei_file
camera  esercizio  estratto                       _file  dal         al          sospetto
AA      2020       registro_imprese/consistenza   c      2020-01-01  2020-12-31  true
AA      2020       conciliazione/procedimenti     p      2020-01-01  2020-12-31  true
AA      2020       registro_imprese/consistenza   d      2020-01-01  2020-12-31  false
AA      2021       registro_imprese/consistenza   c      2021-01-01  2021-12-31  false
BB      2020       registro_imprese/consistenza   c      2020-01-01  2020-12-31  false

fonti.registro_imprese_consistenza
camera  esercizio  data_riferimento  _file  _riga
AA      2020       2019-12-31        c      2
AA      2020       2020-01-01        c      3
AA      2020       2019-12-31        d      4
AA      2021       2019-12-31        c      5
BB      2020       2019-12-31        c      6

fonti.conciliazione_procedimenti
camera  esercizio  data_avvio  data_conclusione  _file  _riga
AA      2020       2019-05-05  2019-06-06        p      2
AA      2020       2019-05-05  2020-01-01        p      3
AA      2020       2019-05-05  -                 p      4
AA      2020       2020-12-31  -                 p      5
AA      2020       2021-01-01  2021-01-02        p      6
AA      2020       2020-12-31  2021-01-02        p      7

qualita.righe_sospette
camera  esercizio  estratto  _file  _riga  segnale
AA      2020       a/uno     f1     2      doppie
AA      2020       a/uno     f1     2      doppie
AA      2020       a/uno     f1     3      doppie

qualita.codici_ignoti
camera  esercizio  estratto    codice   _file  _riga
AA      2020       kronos/fte  UNO      f1     2
AA      2020       kronos/fte  DUE      f1     2
"""

RIGHE_SOSPETTE = """
camera  esercizio  estratto                      _file  _riga  segnale
AA      2020       a/uno                         f1     2      doppie
AA      2020       a/uno                         f1     3      doppie
AA      2020       kronos/fte                    f1     2      codici_senza_riscontro
AA      2020       segreteria/welfare            w20    3      persone_sconosciute
AA      2020       segreteria/welfare            w20    4      persone_sconosciute
AA      2021       segreteria/welfare            w21    3      persone_sconosciute
AA      2020       segreteria/formazione         t20    2      persone_sconosciute
AA      2020       kronos/fte                    k20    2      persone_sconosciute
AA      2020       registro_imprese/consistenza  c      2      fuori_esercizio
AA      2020       conciliazione/procedimenti    p      2      fuori_esercizio
AA      2020       conciliazione/procedimenti    p      4      fuori_esercizio
AA      2020       conciliazione/procedimenti    p      6      fuori_esercizio
"""


def test_a_row_is_suspect_for_who_or_when_or_what_it_names(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, SOSPETTE)
    assert dice(base, "qualita.sospette", RIGHE_SOSPETTE) == righe(RIGHE_SOSPETTE)


# --- what is late -----------------------------------------------------------------------------------

FRESCHEZZA = """
storico.esecuzione
noto_dal             esecuzione
2020-07-01 04:00:00  ora

esercizi.periodi
camera  esercizio  chiuso_dal
AA      2019       2020-07-01
AA      2020       2020-07-02
BB      2020       2021-06-30
EE      2020       2021-06-30

esercizi.giorni
camera  esercizio  giorno
AA      2019       2020-07-01
AA      2020       2020-07-01
BB      2020       2020-07-01
DD      2020       2020-07-01

esercizi.cadenze
estratto  ufficio  ritmo
a/uno     primo    mensile
a/due     secondo  annuale
a/tre     terzo    mensile
a/sei     sesto    mensile

qualita.estratti
camera  esercizio  estratto  stato
AA      2019       a/uno     PRESENTE
AA      2020       a/uno     PRESENTE
AA      2020       a/due     ASSENTE
AA      2020       a/tre     PRESENTE
AA      2020       a/sei     PRESENTE
AA      2020       a/nove    PRESENTE
BB      2020       a/uno     PRESENTE
DD      2020       a/uno     PRESENTE
EE      2020       a/uno     PRESENTE

qualita.eventi
camera  esercizio  estratto  dati_fino_al
AA      2020       a/uno     2020-05-31

storico.consegne
camera  esercizio  estratto  esito       noto_dal
AA      2020       a/due     CARICATA    2020-04-01
AA      2020       a/due     RITIRATA    2020-05-19
AA      2020       a/due     RITIRATA    2020-05-20
AA      2020       a/due     SOSTITUITA  2020-05-25
AA      2019       a/due     CARICATA    2020-06-29
BB      2020       a/due     CARICATA    2020-06-30
AA      2020       a/uno     DUPLICATA   2020-04-10
AA      2020       a/tre     DUPLICATA   2020-03-01
AA      2020       a/tre     RIFIUTATA   2020-03-05
AA      2020       a/tre     RITIRATA    2020-06-01
AA      2020       a/tre     SOSTITUITA  2020-06-28
AA      2020       a/sei     CARICATA    2020-06-20

qualita.arrivi
camera  esercizio  estratto  arrivo
AA      2020       a/tre     2020-09-09
AA      2020       a/sei     2020-06-10
AA      2019       a/sei     2020-06-29
BB      2020       a/sei     2020-06-30
BB      2020       a/uno     2020-06-10

qualita.ferme
camera  esercizio
BB      2019
BB      2020

esercizi.attese
camera  esercizio  estratto  scadenza    fine_periodo
AA      2019       a/uno     2020-06-29  2020-06-28
AA      2019       a/uno     2020-08-15  2020-07-31
AA      2020       a/uno     2020-05-15  2020-04-30
AA      2020       a/uno     2020-06-15  2020-05-31
AA      2020       a/uno     2020-07-01  2020-06-15
AA      2020       a/uno     2020-08-15  2020-07-31
AA      2020       a/due     2020-05-15  2020-03-31
AA      2020       a/due     2020-06-15  2020-04-01
AA      2020       a/due     2020-06-20  2020-05-31
AA      2020       a/due     2020-08-15  2020-07-31
AA      2020       a/tre     2020-06-15  2020-06-30
AA      2020       a/tre     2020-07-14  2020-06-30
AA      2020       a/tre     2020-07-15  2020-07-01
AA      2020       a/sei     2020-06-25  2020-06-19
AA      2020       a/sei     2020-06-26  2020-06-20
BB      2020       a/uno     2020-06-15  2020-06-09
BB      2020       a/uno     2020-06-16  2020-06-10
"""

RIGHE_DELLA_FRESCHEZZA = """
camera  esercizio  estratto  ufficio  ritmo    stato     dati_fino_al  noto_dal::date  ritirato::date  ultima_attesa  prossima_attesa  in_ritardo  giorni_ritardo  fermo_al::date
AA      2019       a/uno     primo    mensile  PRESENTE  -             -               -               -              -                false       0               -
AA      2020       a/uno     primo    mensile  PRESENTE  2020-05-31    2020-04-10      -               2020-06-15     2020-07-01       false       0               -
AA      2020       a/due     secondo  annuale  ASSENTE   -             2020-04-01      2020-05-20      2020-06-20     2020-08-15       true        16              -
AA      2020       a/tre     terzo    mensile  PRESENTE  -             2020-03-05      -               2020-06-15     2020-07-15       false       0               -
AA      2020       a/sei     sesto    mensile  PRESENTE  -             2020-06-20      -               2020-06-26     -                true        5               -
BB      2020       a/uno     primo    mensile  PRESENTE  -             -               -               2020-06-16     -                true        15              2020-07-01
"""  # noqa: E501


def test_an_extract_is_late_where_no_delivery_and_no_row_reaches_its_period(
    base: duckdb.DuckDBPyConnection,
) -> None:
    metti(base, FRESCHEZZA)
    found = dice(base, "qualita.freschezza", RIGHE_DELLA_FRESCHEZZA)
    assert found == righe(RIGHE_DELLA_FRESCHEZZA)
