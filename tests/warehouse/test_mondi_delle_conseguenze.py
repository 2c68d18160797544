"""What faults cost, what depends on an extract and what nobody can look at, over worlds of a few rows.

Belongs here: `qualita.conseguenze`, `qualita.consegne`, `qualita.non_valutati`. Does not belong here: the
measures that checks read (test_mondi_della_qualita.py), how an operator is told (tests/mail).
"""

import duckdb

from tests.warehouse.tavole import dice, metti, righe

# --- what a check that finds cases costs ---------------------------------------------------------------

CASI = """
qualita.controlli
controllo  riguarda         in_evidenza
uno        qualita.file     true
piano      piano.in_vigore  false
ferme      qualita.ferme    false

qualita.esiti
controllo  camera  esercizio  casi
uno        AA      2020       2
uno        AA      2020       3
uno        AA      2021       1
uno        BB      2020       1
uno        CC      2020       1
uno        -       -          4
piano      AA      2020       1
piano      AA      2021       1
piano      BB      2020       1
ferme      AA      2020       1
ferme      CC      2020       1
ferme      DD      2020       1

passaporto.controlli
controllo  camera_detta  esercizio_detto  missione  programma  obiettivo  progressivo  cella  peso
uno        AA            2020             N         P          1.1        1            f      6.005
uno        AA            2020             M         Q          1.1        1            e      5
uno        AA            2020             M         P          1.2        1            d      4
uno        AA            2020             M         P          1.1        3            c      3
uno        AA            2020             M         P          1.1        2            b      2
uno        AA            2020             M         P          1.1        1            a      1
uno        AA            2021             M         P          1.1        1            g      -
uno        AA            2021             M         P          1.1        2            h      -
uno        AA            2021             M         P          1.1        3            i      -
uno        AA            2021             M         P          1.1        4            l      -
uno        AA            2021             M         P          1.1        5            m      -
uno        BB            2020             M         P          1.1        0            n      0
uno        -             -                M         P          1.1        1            o      7
uno        -             -                M         P          1.1        2            p      8
piano      AA            2021             M         P          1.1        1            q      -
piano      AA            2021             M         P          1.1        2            r      -
piano      BB            2020             M         P          1.1        1            s      30
ferme      DD            2020             M         P          1.1        1            t      10

esercizi.prossime_scadenze
camera  esercizio  scadenza    nome       giorni
AA      2020       2021-04-30  bilancio   10
AA      2021       2022-04-30  bilancio   0
BB      2020       2021-06-30  relazione  1

esercizi.periodi
camera  esercizio
AA      2020
AA      2021
BB      2020
"""

BILANCIO = "Prossima scadenza: bilancio"
RELAZIONE = "Prossima scadenza: relazione, 30/06/2021 (domani)."
NESSUNA = "Non tocca nessuna cella della scorecard"
SENZA_PIANO = "Senza un piano letto non si misura niente: tutto il peso"

CONSEGUENZE = f"""
controllo  camera  esercizio  casi  celle  elenco_celle               peso   frase
uno        AA      2020       5     6      a, b, c, d, e e altre 1  21.01  Tocca 6 celle della scorecard (a, b, c, d, e e altre 1), 21,01% del peso. {BILANCIO}, 30/04/2021 (tra 10 giorni).
uno        AA      2021       1     5      g, h, i, l, m            -      Tocca 5 celle della scorecard (g, h, i, l, m). {BILANCIO}, 30/04/2022 (oggi).
uno        BB      2020       1     1      n                        0      Tocca una cella della scorecard (n), 0,00% del peso. {RELAZIONE}
uno        CC      2020       1     0      -                        0      {NESSUNA}.
uno        -       -          4     2      o, p                     -      Tocca 2 celle della scorecard (o, p).
piano      AA      2020       1     0      -                        100    {SENZA_PIANO}. {BILANCIO}, 30/04/2021 (tra 10 giorni).
piano      AA      2021       1     2      q, r                     100    Tocca 2 celle della scorecard (q, r), 100,00% del peso. {BILANCIO}, 30/04/2022 (oggi).
piano      BB      2020       1     1      s                        30     Tocca una cella della scorecard (s), 30,00% del peso. {RELAZIONE}
ferme      AA      2020       1     0      -                        0      {NESSUNA}. {BILANCIO}, 30/04/2021 (tra 10 giorni).
ferme      CC      2020       1     0      -                        100    Niente se ne pubblica: tutto il peso.
ferme      DD      2020       1     1      t                        100    Tocca una cella della scorecard (t), 100,00% del peso.
"""  # noqa: E501


def test_a_check_costs_the_cells_that_it_touches_and_their_weight(
    base: duckdb.DuckDBPyConnection,
) -> None:
    """Of AA's year 2021 the plan does not say what weighs how much; CC and DD have no period."""
    metti(base, CASI)
    assert dice(base, "qualita.conseguenze", CONSEGUENZE) == righe(CONSEGUENZE)


# --- what depends on an extract ------------------------------------------------------------------------

ESTRATTI = """
qualita.freschezza
camera  esercizio  estratto  stato
AA      2020       a/uno     PRESENTE
AA      2021       a/uno     ASSENTE
BB      2020       a/uno     INCOMPLETO
AA      2020       a/due     PRESENTE
AA      2020       a/tre     ASSENTE

qualita.estratti
camera  esercizio  estratto  motivo
AA      2020       a/uno     uno
AA      2021       a/uno     due
BB      2020       a/uno     tre
AA      2020       a/due     quattro

scorecard.celle
camera  esercizio  estratti        peso
AA      2020       [a/uno]         1.002
AA      2020       [a/due, a/uno]  2.003
AA      2021       [a/uno]         4
BB      2020       [a/uno]         8
"""

CONSEGNE = """
camera  esercizio  estratto  motivo   celle  peso
AA      2020       a/uno     uno      2      3.01
AA      2021       a/uno     due      1      4
BB      2020       a/uno     tre      1      8
AA      2020       a/due     quattro  1      2
AA      2020       a/tre     -        0      0
"""


def test_an_extract_is_worth_the_cells_that_need_it(base: duckdb.DuckDBPyConnection) -> None:
    """3.005 is rounded away from zero."""
    metti(base, ESTRATTI)
    assert dice(base, "qualita.consegne", CONSEGNE) == righe(CONSEGNE)


# --- where nobody can look -----------------------------------------------------------------------------

NON_GUARDATI = """
esercizi.periodi
camera  esercizio
AA      2020
AA      2021
BB      2020

regole.soglie
camera  nome
AA      fuori_esercizio_quota
AA      volume_righe
AA      valore_insolito_volte
AA      valore_insolito_da_zero
BB      fuori_esercizio_quota
BB      fuori_esercizio_righe
BB      volume_volte
BB      volume_volte_un_anno
BB      volume_righe
BB      valore_insolito_volte
BB      valore_insolito_da_zero

qualita.estratti
camera  esercizio  estratto              stato
AA      2020       segreteria/personale  ASSENTE
AA      2021       segreteria/personale  PRESENTE
BB      2020       segreteria/personale  INCOMPLETO
AA      2020       a/uno                 ASSENTE
AA      2021       a/uno                 PRESENTE

indicatori.processi
codice  estratto
UNO     a/uno
DUE     a/uno
TRE     a/due

piano.in_vigore
camera  esercizio  esercizio_piano
AA      2020       2020
AA      2021       2021
BB      2020       2020

piano.obiettivi
camera  esercizio
AA      2020
AA      2020

qualita.volumi
camera  esercizio  estratto  motivo
AA      2020       a/uno     È il primo.
AA      2021       a/uno     -

indicatori.osservati
camera  esercizio  codice  motivo
AA      2020       UNO     Non ha un valore.
AA      2021       UNO     -
"""

DELLE_SOGLIE = "Le regole non danno la soglia"
PERSONALE = "L'estratto segreteria/personale manca o è incompleto."
STORPIATI = (
    "Nessun altro esercizio ha i processi di questo estratto: si vedono solo i codici storpiati."
)
SENZA = "codici_senza_riscontro"

NON_VALUTATI = f"""
controllo            camera  esercizio  estratto                codice  motivo
fuori_esercizio      AA      2020       -                       -       {DELLE_SOGLIE} fuori_esercizio_righe.
fuori_esercizio      AA      2021       -                       -       {DELLE_SOGLIE} fuori_esercizio_righe.
volume               AA      2020       -                       -       {DELLE_SOGLIE} volume_volte, volume_volte_un_anno.
volume               AA      2021       -                       -       {DELLE_SOGLIE} volume_volte, volume_volte_un_anno.
persone_sconosciute  AA      2020       segreteria/personale    -       {PERSONALE}
persone_sconosciute  BB      2020       segreteria/personale    -       {PERSONALE}
{SENZA}              AA      2021       a/uno                   -       {STORPIATI}
{SENZA}              BB      2020       a/uno                   -       {STORPIATI}
{SENZA}              AA      2020       a/due                   -       {STORPIATI}
{SENZA}              AA      2021       a/due                   -       {STORPIATI}
{SENZA}              BB      2020       a/due                   -       {STORPIATI}
{SENZA}              AA      2021       contabilita/consuntivo  -       Nessun piano con obiettivi è in vigore.
{SENZA}              BB      2020       contabilita/consuntivo  -       Nessun piano con obiettivi è in vigore.
volume               AA      2020       a/uno                   -       È il primo.
valore_insolito      AA      2020       -                       UNO     Non ha un valore.
"""  # noqa: E501


def test_what_nobody_can_look_at_is_told_with_the_reason(base: duckdb.DuckDBPyConnection) -> None:
    """AA has a/uno in 2021 alone, so that only its year 2020 has another year to be held against."""
    metti(base, NON_GUARDATI)
    assert dice(base, "qualita.non_valutati", NON_VALUTATI) == righe(NON_VALUTATI)
