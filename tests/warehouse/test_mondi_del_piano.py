"""The models of `piano` that put rows of a plan together, each over a world of a few rows.

Belongs here: which plan holds, targets and definitions beside their indicators, what is told of a plan.
Does not belong here: which definition a row is bound to (test_mondi_dei_legami.py), what is asked of who
wrote the plan (test_mondi_dei_rilievi.py).
"""

import duckdb

from tests.warehouse.tavole import dice, metti, righe

# --- the plan that holds -------------------------------------------------------------------------------

ESERCIZI = """
esercizi.periodi
camera  esercizio
AA      2020
AA      2021
AA      2022
BB      2019
BB      2020
BB      2021

lettura.piani
camera  esercizio
AA      2020
BB      2019

piano.traguardi
camera  esercizio  anno  target
AA      2018       2021  1
AA      2019       2021  1
AA      2020       2020  1
AA      2020       2021  -
AA      2017       2020  1
AA      2020       2022  -
BB      2018       2021  1
BB      2022       2021  1
"""

IN_VIGORE = """
camera  esercizio  esercizio_piano
AA      2020       2020
AA      2021       2019
BB      2019       2019
BB      2021       2018
"""


def test_a_year_has_its_plan_or_the_last_before_it_that_has_a_target_for_it(
    base: duckdb.DuckDBPyConnection,
) -> None:
    """BB's plan of 2022 prints a target for the year before, which no later plan can set."""
    metti(base, ESERCIZI)
    assert dice(base, "piano.in_vigore", IN_VIGORE) == righe(IN_VIGORE)


# --- targets and definitions beside the indicators -----------------------------------------------------

RIGHE = """
lettura.indicatori
camera  esercizio  missione  programma  obiettivo  progressivo
AA      2020       M         P          1.1        1
BB      2020       M         P          1.1        1
AA      2021       M         P          1.1        1
AA      2020       N         P          1.1        1
AA      2020       M         Q          1.1        1
AA      2020       M         P          1.2        1
AA      2020       M         P          1.1        2
AA      2020       M         P          1.3        9

piano.riconosciuti
camera  esercizio  missione  programma  obiettivo  progressivo  codice
AA      2020       M         P          1.1        1            UNO
BB      2020       M         P          1.1        1            DUE
AA      2021       M         P          1.1        1            TRE
AA      2020       N         P          1.1        1            QUATTRO
AA      2020       M         Q          1.1        1            CINQUE
AA      2020       M         P          1.2        1            SEI
AA      2020       M         P          1.1        2            -
AA      2020       M         P          1.3        9            NOVE
"""

DEL_PIANO = """
piano.traguardi
camera  esercizio  missione  programma  obiettivo  progressivo  anno  target
AA      2020       M         P          1.1        1            2020  1
AA      2020       M         P          1.1        1            2021  10
BB      2020       M         P          1.1        1            2020  2
AA      2021       M         P          1.1        1            2021  3
AA      2021       M         P          1.1        1            2020  30
AA      2020       N         P          1.1        1            2020  4
AA      2020       M         Q          1.1        1            2020  5
AA      2020       M         P          1.2        1            2020  6
AA      2020       M         P          1.1        2            2020  7
AA      2020       M         P          1.3        9            2021  90
"""

INDICATORI = """
camera  esercizio  missione  programma  obiettivo  progressivo  codice   target
AA      2020       M         P          1.1        1            UNO      1
BB      2020       M         P          1.1        1            DUE      2
AA      2021       M         P          1.1        1            TRE      3
AA      2020       N         P          1.1        1            QUATTRO  4
AA      2020       M         Q          1.1        1            CINQUE   5
AA      2020       M         P          1.2        1            SEI      6
AA      2020       M         P          1.1        2            -        7
AA      2020       M         P          1.3        9            NOVE     -
"""


def test_an_indicator_has_its_own_definition_and_its_own_target_of_the_plans_year(
    base: duckdb.DuckDBPyConnection,
) -> None:
    metti(base, f"{RIGHE}\n{DEL_PIANO}")
    assert dice(base, "piano.indicatori", INDICATORI) == righe(INDICATORI)


LETTI = """
lettura.traguardi
camera  esercizio  missione  programma  obiettivo  progressivo  anno  operatore  operatore_presunto
AA      2020       M         P          1.1        1            2020  =>         true
AA      2020       M         P          1.1        1            2021  =>         false
BB      2020       M         P          1.1        1            2020  =>         true
AA      2021       M         P          1.1        1            2021  =>         true
AA      2020       N         P          1.1        1            2020  =>         true
AA      2020       M         Q          1.1        1            2020  =>         true
AA      2020       M         P          1.2        1            2020  =>         true
AA      2020       M         P          1.1        2            2020  =>         true
AA      2020       M         P          1.3        9            2020  =<         false

indicatori.catalogo
codice   direzione
UNO      =<
DUE      =>
TRE      =>
QUATTRO  =>
CINQUE   =>
SEI      =>
"""

TRAGUARDI = """
camera  esercizio  missione  programma  obiettivo  progressivo  anno  operatore
AA      2020       M         P          1.1        1            2020  =<
AA      2020       M         P          1.1        1            2021  =>
BB      2020       M         P          1.1        1            2020  =>
AA      2021       M         P          1.1        1            2021  =>
AA      2020       N         P          1.1        1            2020  =>
AA      2020       M         Q          1.1        1            2020  =>
AA      2020       M         P          1.2        1            2020  =>
AA      2020       M         P          1.1        2            2020  =>
AA      2020       M         P          1.3        9            2020  =<
"""


def test_only_a_presumed_operator_is_that_of_the_definition_of_its_own_indicator(
    base: duckdb.DuckDBPyConnection,
) -> None:
    metti(base, f"{RIGHE}\n{LETTI}")
    assert dice(base, "piano.traguardi", TRAGUARDI) == righe(TRAGUARDI)


# --- what is told of a plan ----------------------------------------------------------------------------

RILIEVI = """
lettura.anomalie
camera  esercizio  regola       riga  descrizione         grave
AA      2020       non_letta    3     La riga 3 è vuota.  false
AA      2020       non_letta    3     La riga 3 è vuota.  false

piano.riconosciuti
camera  esercizio  regola                    riga  motivo      codice
AA      2020       indicatore_senza_modello  4     non è noto  -
AA      2020       codice_conteso            5     è conteso   -
AA      2020       -                         6     -           UNO

piano.rilievi
camera  esercizio  regola           riga  trovato   rimedio
BB      2020       traguardo_fermo  7     è fermo   muoverlo

fonti.contabilita_consuntivo
camera  esercizio  missione  programma  obiettivo  _file  _riga
AA      2021       M         P          1.1        f      2
BB      2020       M         P          1.1        f      3
AA      2021       N         P          1.1        f      4
AA      2021       M         Q          1.1        f      5
AA      2021       M         P          1.2        f      6
AA      2022       M         P          1.1        f      7
CC      2021       M         P          8.8        f      8

piano.in_vigore
camera  esercizio  esercizio_piano
AA      2021       2020
BB      2020       2020
AA      2022       2022

piano.obiettivi
camera  esercizio  missione  programma  obiettivo
AA      2020       M         P          1.1
AA      2021       M         P          1.2
AA      2020       N         Q          1.2
BB      2020       M         P          9.9
"""

SCRIVERE = "Scrivere nell'algoritmo che cosa si conta, o aggiungere una definizione al catalogo."
OLTRE = "che il piano non ha: correggere il codice."


def _senza(riga: int, obiettivo: str) -> str:
    return f"f alla riga {riga} porta un consuntivo per l'obiettivo {obiettivo}, {OLTRE}"


ANOMALIE = f"""
camera  esercizio  regola                      riga  descrizione                       grave
AA      2020       non_letta                   3     La riga 3 è vuota.                false
AA      2020       non_letta                   3     La riga 3 è vuota.                false
AA      2020       indicatore_senza_modello    4     Alla riga 4: non è noto {SCRIVERE}      true
AA      2020       codice_conteso              5     Alla riga 5: è conteso            true
BB      2020       traguardo_fermo             7     Riga 7: è fermo; muoverlo.        false
BB      2020       consuntivo_senza_obiettivo  -     {_senza(3, "M/P/1.1")}            false
AA      2021       consuntivo_senza_obiettivo  -     {_senza(4, "N/P/1.1")}            false
AA      2021       consuntivo_senza_obiettivo  -     {_senza(5, "M/Q/1.1")}            false
AA      2021       consuntivo_senza_obiettivo  -     {_senza(6, "M/P/1.2")}            false
AA      2022       consuntivo_senza_obiettivo  -     {_senza(7, "M/P/1.1")}            false
"""


def test_what_is_told_of_a_plan_is_told_once_for_each_that_tells_it(
    base: duckdb.DuckDBPyConnection,
) -> None:
    """AA's year 2021 is measured with the plan of 2020; nobody knows a plan of CC."""
    metti(base, RILIEVI)
    assert dice(base, "piano.anomalie", ANOMALIE) == righe(ANOMALIE)


# --- what a target asks for ----------------------------------------------------------------------------

DOMANDE = """
regole.soglie
camera  nome               valore
AA      target_fermo_anni  3
AA      confronto_anni     1
AA      altro              1000
BB      target_fermo_anni  2
BB      confronto_anni     5

lettura.indicatori
camera  esercizio  missione  programma  obiettivo  progressivo  ultimo_valore  anno_ultimo_valore  percentuale
AA      2020       M         P          1.1        1            12             2018                true
BB      2020       M         P          1.1        1            8              2018                false
AA      2021       M         P          1.1        1            7              2018                false
AA      2020       N         P          1.1        1            0              2018                false
AA      2020       M         Q          1.1        1            5              2018                false
AA      2020       M         P          1.2        1            -              -                   false
AA      2020       M         P          1.1        2            5              2018                false
AA      2020       M         P          1.1        3            5              2018                false
AA      2020       M         P          1.1        4            5              2018                false
AA      2020       M         P          1.1        5            5              2018                false
AA      2020       M         P          1.1        6            5              2018                false
AA      2020       M         P          1.1        7            5              2018                false
CC      2020       M         P          1.1        1            5              2018                false

piano.traguardi
camera  esercizio  missione  programma  obiettivo  progressivo  anno  operatore  target
AA      2020       M         P          1.1        1            2020  =>         10
AA      2020       M         P          1.1        1            2021  =>         10
AA      2020       M         P          1.1        1            2022  =>         10
BB      2020       M         P          1.1        1            2020  =>         10
BB      2020       M         P          1.1        1            2021  =>         10
AA      2021       M         P          1.1        1            2020  =<         8
AA      2021       M         P          1.1        1            2021  =<         8
AA      2021       M         P          1.1        1            2022  =<         9
AA      2021       M         P          1.1        1            2023  =<         9
AA      2020       N         P          1.1        1            2020  =<         3
AA      2020       N         P          1.1        1            2021  =<         3
AA      2020       M         Q          1.1        1            2020  =>         5
AA      2020       M         Q          1.1        1            2021  =<         5
AA      2020       M         Q          1.1        1            2022  =>         5
AA      2020       M         P          1.2        1            2020  =>         5
AA      2020       M         P          1.2        1            2021  =>         6
AA      2020       M         P          1.2        1            2022  -          -
AA      2020       M         P          1.1        2            2021  =>         5
CC      2020       M         P          1.1        1            2020  =>         6
CC      2020       M         P          1.1        1            2021  =>         6
CC      2020       M         P          1.1        1            2022  =>         6

lettura.confronti
camera  esercizio  missione  programma  obiettivo  progressivo  fonte  ambito  anno  valore  percentuale
AA      2020       M         P          1.1        1            A      x       2018  11      false
BB      2020       M         P          1.1        1            A      x       2013  9       false
AA      2021       M         P          1.1        1            A      x       2019  6       false
AA      2020       N         P          1.1        1            A      x       2017  3       false
AA      2020       M         Q          1.1        1            A      x       2020  4       false
AA      2020       M         P          1.2        1            A      x       2018  5       false
AA      2020       M         P          1.1        2            A      x       2016  9       false
AA      2020       M         P          1.1        3            A      x       2019  1       true
AA      2020       M         P          1.1        3            A      x       2018  2       false
AA      2020       M         P          1.1        4            B      x       2018  3       false
AA      2020       M         P          1.1        4            B      x       2019  4       false
AA      2020       M         P          1.1        5            A      z       2018  5       false
AA      2020       M         P          1.1        5            B      a       2018  6       false
AA      2020       M         P          1.1        6            A      x       2018  7       false
AA      2020       M         P          1.1        6            A      y       2018  8       false
CC      2020       M         P          1.1        1            A      x       2018  7       false
"""

QUOTA = "uno è una percentuale e l'altro no"
VICINI = "gli anni sono vicini, ma non lo stesso"
LONTANI = "tra i due anni la misura può essere cambiata"

# of 12 one sixth can be lost, of 7 one seventh can be added; nothing is a share of 0
ESIGENZE = f"""
camera  esercizio  missione  programma  obiettivo  progressivo  gia_raggiunto  margine  anni  fermo  confronto  confronto_fonte  confronto_ambito  confronto_anno  confrontabile  motivo  peggiore_del_confronto
AA      2020       M         P          1.1        1            true           16.67    3     true   11         A                x                 2018            false          {QUOTA}    -
BB      2020       M         P          1.1        1            false          -        2     true   9          A                x                 2013            true           {VICINI}   false
AA      2021       M         P          1.1        1            true           14.29    4     false  6          A                x                 2019            true           {VICINI}   true
AA      2020       N         P          1.1        1            true           -        2     -      3          A                x                 2017            true           {VICINI}   false
AA      2020       M         Q          1.1        1            true           0        3     false  4          A                x                 2020            false          {LONTANI}  -
AA      2020       M         P          1.2        1            -              -        2     -      5          A                x                 2018            true           -          false
AA      2020       M         P          1.1        2            -              -        1     -      9          A                x                 2016            false          {LONTANI}  -
AA      2020       M         P          1.1        3            -              -        0     -      2          A                x                 2018            true           -          -
AA      2020       M         P          1.1        4            -              -        0     -      4          B                x                 2019            true           {VICINI}   -
AA      2020       M         P          1.1        5            -              -        0     -      5          A                z                 2018            true           -          -
AA      2020       M         P          1.1        6            -              -        0     -      7          A                x                 2018            true           -          -
AA      2020       M         P          1.1        7            -              -        0     -      -          -                -                 -               -              -          -
CC      2020       M         P          1.1        1            false          -        3     -      7          A                x                 2018            true           -          true
"""  # noqa: E501


def test_a_target_is_held_against_the_last_value_the_other_years_and_the_nearest_peers(
    base: duckdb.DuckDBPyConnection,
) -> None:
    """CC has no thresholds: nothing is said there of how many years a target stands still."""
    metti(base, DOMANDE)
    assert dice(base, "piano.esigenze", ESIGENZE) == righe(ESIGENZE)
