"""Lots of the public registers over a world of a few rows: their CIG, their channel, what was paid.

Belongs here: `qualita.lotti` and the checks that read it. Does not belong here: a night over registers
(test_acquisti.py).
"""

import duckdb

from tests.warehouse.tavole import dice, metti, righe

LOTTI = """
fonti.provveditorato_lotti
camera  esercizio  _file  _riga  cig         oggetto  canale  liquidato
AA      2019       a19    2      00000010D3  Carta    -       100
AA      2019       a19    3      0000000000  Penne    -       5
AA      2019       a19    4      0000000000  Toner    -       7
AA      2019       a19    5      000000434C  A        -       1
AA      2019       a19    6      000000434C  B        -       2
AA      2019       a19    7      000000541F  X        -       10
AA      2019       a19    8      00000064F2  -        -       20
AA      2019       a19    9      00000064F2  Z        -       30
AA      2019       a19    10     00000075C5  X        -       -
AA      2019       a19    11     00000075C5  X        -       50
AA      2019       a19    12     W0          P        -       3
AA      2019       a19    13     0000008698  S        -       1
AA      2019       a19    14     0000008698  S        -       2
AA      2020       a20    2      00000010D3  Cartone  -       130.5
AA      2020       a20    3      0000000000  Toner    MEPA    9
AA      2020       a20    4      0000003279  Gas      -       40
AA      2020       a20    5      000000434C  C        MEPA    4
AA      2020       a20    6      000000541F  X        MEPA    11
AA      2020       a20    7      000000541F  Y        CONSIP  12
AA      2020       a20    8      00000064F2  -        -       25
AA      2020       a20    9      00000075c5  Q        -       60
AA      2020       a20    10     W0          R        MEPA    4
AA      2020       a20    11     00000010d3  Cartone  MEPA    -
AA      2020       a20    12     0000008698  S        MEPA    5
AA      2020       a20    13     0000008698  T        MEPA    6
AA      2021       a21    2      00000010D3  Carta    CONSIP  150
BB      2019       b19    2      0000003279  Gas      -       1
BB      2020       b20    2      00000010D3  Carta    ALTRO   70
CC      2020       c20    2      00000010D3  Carta    -       5
DD      2019       d19    2      00000010D3  Carta    -       -
DD      2020       d20    2      00000010D3  Carta    -       8
"""

NON_LEGA = "Non è un CIG, e non lega niente."

RIGHE_DEI_LOTTI = f"""
_file  _riga  dubbio      canale_del_cig  liquidato_anno
a19    2      -           -               -
a19    3      {NON_LEGA}  -               -
a19    4      {NON_LEGA}  -               -
a19    5      -           -               -
a19    6      -           -               -
a19    7      -           -               -
a19    8      -           -               -
a19    9      -           -               -
a19    10     -           -               -
a19    11     -           -               -
a19    12     {NON_LEGA}  -               -
a19    13     -           -               -
a19    14     -           -               -
a20    2      -           MEPA            30.5
a20    3      {NON_LEGA}  -               2
a20    4      -           -               40
a20    5      -           MEPA            -
a20    6      -           -               1
a20    7      -           -               -
a20    8      -           -               5
a20    9      -           -               10
a20    10     {NON_LEGA}  -               -
a20    11     -           MEPA            -
a20    12     -           MEPA            -
a20    13     -           MEPA            -
a21    2      -           CONSIP          19.5
b19    2      -           -               -
b20    2      -           ALTRO           70
c20    2      -           -               -
d19    2      -           -               -
d20    2      -           -               -
"""


def test_what_a_lot_was_paid_in_the_year_is_told_where_it_is_known_which_lot_it_was(
    base: duckdb.DuckDBPyConnection,
) -> None:
    """By its CIG alone where that is one lot in both years; else by its object, if that is one. CC has no
    list of the year before, and that of DD says nothing of what was paid."""
    metti(base, LOTTI)
    assert dice(base, "qualita.lotti", RIGHE_DEI_LOTTI) == righe(RIGHE_DEI_LOTTI)


# 20 * 211 is 129 more than 4091, or 081 in base 16; 2 * 211 is 171 more than 251, or AB
CIG = """
fonti.provveditorato_lotti
camera  esercizio  _file  _riga  cig
AA      2020       f      1      0000020081
AA      2020       f      2      0000020082
AA      2020       f      3      zab0000002
AA      2020       f      4      XAB0000003
AA      2020       f      5      YABCDEFGHI
AA      2020       f      6      0123456GHI
AA      2020       f      7      A0123456BC
AA      2020       f      8      A01234567
AA      2020       f      9      0000000000
"""

CIFRE, FORMA = "Le cifre di controllo non tornano.", "Non ha la forma di un CIG."

DUBBI = f"""
_riga  dubbio
1      -
2      {CIFRE}
3      -
4      {CIFRE}
5      {FORMA}
6      {FORMA}
7      -
8      {NON_LEGA}
9      {NON_LEGA}
"""


def test_a_cig_has_its_form_and_its_control_digits(base: duckdb.DuckDBPyConnection) -> None:
    """Of those of the PCP, which begin with another letter, nobody knows the control digits."""
    metti(base, CIG)
    assert dice(base, "qualita.lotti", DUBBI) == righe(DUBBI)
