"""How many rows each model must have, over a world in which hardly any has as many.

Belongs here: every count of `controlli.modelli_quadrano`. Does not belong here: single models that lose a row
of a sound build (rotture.py).
"""

import duckdb

from tests.warehouse.tavole import dice, metti, righe

SENZA_RIGHE = "".join(
    f"\n{tabella}\ncamera\n"
    for tabella in (
        *("piano.obiettivi", "piano.indicatori", "piano.traguardi", "piano.esigenze"),
        *("piano.anomalie", "piano.somiglianze", "indicatori.mancanze", "indicatori.contributi"),
        *("scorecard.ente", "scorecard.ultimi_valori", "scorecard.freschezza", "scorecard.celle"),
        *("scorecard.prospettive", "passaporto.celle", "qualita.senza_sospette"),
        *("qualita.date_dei_file", "esercizi.attese", "esercizi.prossime_scadenze"),
    )
)

PIANO = """
esercizi.periodi
camera  esercizio
AA      2020
AA      2021
BB      2020
BB      2021

lettura.piani
camera  esercizio
AA      2020
BB      2022
DD      2021

lettura.traguardi
camera  esercizio  anno  target
AA      2020       2021  5
AA      2019       2020  1
BB      2020       2020  1
BB      2020       2021  -
BB      2019       2020  -

piano.in_vigore
camera  esercizio  esercizio_piano
AA      2020       2020
AA      2021       2020
BB      2020       2020
CC      2020       2020
DD      2020       2020

lettura.indicatori
camera  esercizio  riga  ultimo_valore
AA      2020       1     5
AA      2020       2     -
AA      2021       3     7

lettura.obiettivi
camera  esercizio  missione  programma  obiettivo  riga
AA      2020       M         P          1.1        1
AA      2020       M         P          1.2        9
AA      2021       M         P          3.3        9
BB      2019       M         P          1.1        9

indicatori.catalogo
codice  condiviso
UNO     false
DUE     true
TRE     true

piano.riconosciuti
camera  esercizio  riga  codice
AA      2020       1     DUE
AA      2020       2     DUE
AA      2020       3     UNO
AA      2020       5     -
AA      2021       6     TRE

lettura.anomalie
camera  esercizio  riga
AA      2020       1
AA      2020       1
AA      2020       2

piano.rilievi
camera  esercizio  regola  riga
AA      2020       r       5
AA      2020       r       5
AA      2020       r       6

fonti.contabilita_consuntivo
camera  esercizio  missione  programma  obiettivo  _file  _riga
AA      2021       M         P          1.1        k      1
AA      2021       N         P          1.1        k      2
AA      2021       M         Q          1.1        k      3
AA      2021       M         P          9.9        k      4
EE      2021       M         P          8.8        k      5
AA      2030       M         P          8.8        k      6
BB      2020       M         P          1.1        k      7
AA      2021       M         P          3.3        k      8
"""

VALORI = """
indicatori.richiesti
camera  esercizio  codice
AA      2020       UNO
AA      2020       DUE
AA      2020       TRE
AA      2020       QUATTRO
AA      2021       UNO
AA      2021       TRE
BB      2020       UNO
BB      2020       TRE

indicatori.fonti
codice   estratto
UNO      a
UNO      b
DUE      c
TRE      d
QUATTRO  e

esercizi.cadenze
estratto  mesi  dovuto
a         1     true
b         3     true
c         6     true
d         12    false

qualita.estratti
camera  esercizio  estratto  stato
AA      2020       a         ASSENTE
AA      2020       b         INCOMPLETO
AA      2020       e         ASSENTE
AA      2021       a         PRESENTE
AA      2021       b         PRESENTE
AA      2021       d         PRESENTE
BB      2020       a         PRESENTE
BB      2020       b         PRESENTE

contributi.tutti
camera  esercizio  codice  _file  _riga
AA      2020       UNO     f      1
AA      2020       DUE     f      1
AA      2020       DUE     f      2
AA      2020       DUE     f      3
BB      2020       UNO     g      1
AA      2021       UNO     h      1

indicatori.valori
camera  esercizio  codice
AA      2020       UNO
AA      2020       DUE
AA      2020       NOVE
AA      2022       UNO
CC      2020       UNO

indicatori.osservati
camera  esercizio  codice
AA      2020       UNO
BB      2020       UNO
AA      2023       UNO
AA      2020       OTTO

storico.precedenti
camera  esercizio  codice  noto_dal
AA      2020       UNO     2020-01-01
BB      2020       UNO     2020-01-01
AA      2021       UNO     2020-01-01
AA      2020       DUE     2020-01-01
AA      2020       UNO     2020-01-09

storico.valori
camera  esercizio  codice  noto_dal    valore  impronta_regole  celle  target
AA      2020       UNO     2020-01-01  -       -                -      -
ZZ      2020       A       2020-01-01  1       -                -      -
ZZ      2020       A       2020-01-02  2       -                -      -
ZZ      2020       B       2020-01-01  1       x                1      5
ZZ      2020       B       2020-01-02  1       x                1      6
ZZ      2020       C       2020-01-01  1       x                0      5
ZZ      2020       C       2020-01-02  1       x                0      6
ZZ      2020       D       2020-01-01  1       -                1      5
ZZ      2020       D       2020-01-02  1       x                1      5
ZZ      2020       E       2020-01-01  -       x                1      5
ZZ      2020       E       2020-01-02  3       x                1      5
ZZ      2020       F       2020-01-01  1       x                1      5
ZZ      2020       F       2020-01-02  1       x                1      5
ZZ      2020       H       2020-01-01  1       x                1      5
ZZ      2020       H       2020-01-02  1       x                0      6
ZZ      2020       I       2020-01-01  1       x                1      5
ZZ      2020       I       2020-01-02  1       x                0      6

storico.cambiamenti
camera  esercizio  codice  noto_dal    cosa
ZZ      2020       A       2020-01-02  valore
ZZ      2020       A       2020-01-02  target
"""

QUALITA = """
qualita.sospette
camera  esercizio  _file  _riga  segnale
AA      2020       f      1      doppie
AA      2020       f      2      doppie
BB      2020       g      1      doppie
AA      2021       h      1      doppie
DD      2020       f      1      totali
AA      2031       f      1      totali
AA      2020       z      1      totali
AA      2020       f      9      totali
AA      2021       k      2      totali
AA      2021       k      3      totali
DD      2021       k      2      uno
AA      2032       k      2      due
AA      2021       kk     2      tre
AA      2021       k      99     quattro
AA      2020       q      1      fuori_esercizio
BB      2020       q      1      fuori_esercizio
AA      2020       q      2      persone_sconosciute

qualita.righe_sospette
camera  esercizio  _file  _riga  segnale
AA      2020       f      1      doppie
BB      2020       f      1      doppie

qualita.codici_ignoti
camera  esercizio  codice  _file  _riga
AA      2020       X       f      1
AA      2020       Y       f      1
AA      2020       Y       f      1

qualita.fatti
camera  _file  giorno
AA      a      2020-01-01
AA      a      2020-01-02
AA      b      -
AA      c      -

qualita.volumi
camera  esercizio  estratto
AA      2020       a
CC      2020       a
AA      2030       a
AA      2020       z

qualita.non_valutati
controllo  camera
volume     AA
volume     AA

scorecard.leve
camera  esercizio
AA      2020
AA      2020

esercizi.scadenze
camera  esercizio  scadenza
AA      2020       2021-04-30
AA      2020       2021-06-30
BB      2020       2021-01-01
CC      2020       2021-03-03
AA      2021       2021-12-31
EE      2020       2021-01-01

esercizi.giorni
camera  esercizio  giorno
AA      2020       2021-04-30
BB      2020       2021-02-01
CC      2020       2021-03-03
DD      2020       2020-12-01
"""

# Each with what it is made from:
# in_vigore     AA's two years; anomalie 3 of the reading, 1 unbound, 3 findings, 5 lines of no objective
# richiesti     4 years and 1 definition of the contract, DUE in AA's two
# mancanze      UNO and TRE of AA 2020, TRE of BB; contributi all but UNO's of AA 2020
# valori        2 are asked for; celle 2 indicators and 2 objectives in each of AA's years
# cambiamenti   A, B, E, H and I; attese 12, 4 and 2 in each of 4 years
# sospette      1 of a signal, 1 of a code, 2 of the others; senza_sospette 3 of indicators, 1 of the accounts
CONTI = """
tabella                     attese  trovate
piano.obiettivi             4       0
piano.indicatori            3       0
piano.riconosciuti          3       5
piano.somiglianze           9       0
piano.traguardi             5       0
piano.esigenze              3       0
piano.rilievi               2       3
piano.anomalie              12      0
piano.in_vigore             2       5
indicatori.richiesti        6       8
indicatori.mancanze         3       0
indicatori.contributi       5       0
indicatori.valori           2       5
scorecard.ente              2       0
scorecard.ultimi_valori     2       0
storico.valori              5       1
storico.cambiamenti         5       1
esercizi.attese             72      0
qualita.sospette            4       17
qualita.codici_ignoti       2       3
qualita.date_dei_file       1       0
qualita.volumi              8       1
indicatori.osservati        2       1
qualita.non_valutati        1       2
qualita.senza_sospette      4       0
scorecard.freschezza        4       0
scorecard.prospettive       4       0
scorecard.leve              1       2
scorecard.celle             8       0
esercizi.prossime_scadenze  2       0
passaporto.celle            4       0
"""


def test_each_model_has_as_many_rows_as_what_it_is_made_from_asks(
    base: duckdb.DuckDBPyConnection,
) -> None:
    metti(base, f"{PIANO}\n{VALORI}\n{QUALITA}\n{SENZA_RIGHE}")
    assert dice(base, "controlli.modelli_quadrano", CONTI) == righe(CONTI)


NESSUN_ANNO = """
esercizi.periodi
camera

esercizi.attese
camera  esercizio
AA      2020
"""

DI_NESSUN_ANNO = """
tabella          attese  trovate
esercizi.attese  0       1
"""


def test_without_a_year_nothing_is_awaited(base: duckdb.DuckDBPyConnection) -> None:
    metti(base, NESSUN_ANNO)
    where = "tabella = 'esercizi.attese'"
    assert dice(base, "controlli.modelli_quadrano", DI_NESSUN_ANNO, where) == righe(DI_NESSUN_ANNO)
