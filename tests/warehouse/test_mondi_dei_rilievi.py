"""What is asked of who wrote a plan, over worlds of a few rows: targets, definitions, weights.

Belongs here: which rows of `piano.rilievi` there are, and what they say. Does not belong here: the rules over
plans as they are written (tests/plan/test_rilievi.py), what a target asks for (test_mondi_del_piano.py).
"""

import duckdb

from tests.warehouse.tavole import dice, metti, righe

VUOTI = """
piano.traguardi
camera

lettura.obiettivi
camera

piano.esigenze
camera

indicatori.parole
genere

lettura.indicatori
camera
"""

# --- targets -------------------------------------------------------------------------------------------

TRAGUARDI = """
regole.soglie
camera  nome            valore
AA      target_margine  5
AA      altro           1000
BB      target_margine  16.67

lettura.indicatori
camera  esercizio  missione  programma  obiettivo  progressivo  riga  ultimo_valore_testo  percentuale
AA      2020       M         P          1.1        1            1     12                   false
BB      2020       M         P          1.1        1            2     12,0                 false
AA      2021       M         P          1.1        1            3     zero                 false
AA      2020       N         P          1.1        1            4     0                    false
AA      2020       M         Q          1.1        1            5     5%                   true
AA      2020       M         P          1.2        1            6     6                    false
AA      2020       M         P          1.1        2            7     7                    false
AA      2020       M         P          1.1        3            8     8                    false
AA      2020       M         P          1.1        4            9     9                    false
AA      2020       M         P          1.1        5            10    10                   false
CC      2020       M         P          1.1        1            11    11                   false

piano.traguardi
camera  esercizio  missione  programma  obiettivo  progressivo  anno  target_testo
AA      2020       M         P          1.1        1            2020  =>10
AA      2020       M         P          1.1        1            2021  =>99
BB      2020       M         P          1.1        1            2020  =>10,0
AA      2021       M         P          1.1        1            2021  =<0
AA      2021       M         P          1.1        1            2020  =<99
AA      2020       N         P          1.1        1            2020  =<3
AA      2020       M         Q          1.1        1            2020  =>10%
AA      2020       M         P          1.2        1            2020  =>6
AA      2020       M         P          1.1        2            2020  =>7
AA      2020       M         P          1.1        4            2020  =>9
AA      2020       M         P          1.1        5            2020  =>10
CC      2020       M         P          1.1        1            2020  =<11

piano.esigenze
camera  esercizio  missione  programma  obiettivo  progressivo  riga  ultimo_valore  anno_ultimo_valore  target  gia_raggiunto  margine  anni  fermo  confronto  confronto_ambito  confronto_anno  confrontabile  motivo     peggiore_del_confronto
AA      2020       M         P          1.1        1            1     12             2018                10      true           16.67    3     true   -          -                 -               -              -          -
BB      2020       M         P          1.1        1            2     12             -                   10      true           16.67    3     false  -          -                 -               -              -          -
AA      2021       M         P          1.1        1            3     0              2018                0       true           -        1     -      -          -                 -               -              -          -
AA      2020       N         P          1.1        1            4     0              2018                3       true           -        1     -      -          -                 -               -              -          -
AA      2020       M         Q          1.1        1            5     5              2018                10      false          -        1     -      11         x                 2018            true           -          true
AA      2020       M         P          1.2        1            6     6              2018                -       -              -        0     -      6          x                 2019            true           è vicino   -
AA      2020       M         P          1.1        2            7     6              2018                7       false          -        1     -      9.5        x                 2018            false          è altro    -
AA      2020       M         P          1.1        3            8     6              2018                8       false          -        1     -      9          x                 2016            false          è lontano  -
AA      2020       M         P          1.1        4            9     6              -                   9       false          -        1     -      8          x                 2018            false          è diverso  -
AA      2020       M         P          1.1        5            10    6              2018                10      false          -        1     -      11         x                 2018            true           -          true
CC      2020       M         P          1.1        1            11    0              2018                11      true           -        1     -      -          -                 -               -              -          -
"""  # noqa: E501

GIA, MENO, FERMO = "traguardo_gia_raggiunto", "traguardo_meno_esigente", "traguardo_fermo"
PEGGIO, ANNO = "traguardo_peggiore_del_confronto", "confronto_di_altro_anno"
MISURA = "confronto_di_altra_misura"


def _gia(esercizio: int, target: str, ultimo: str, nel: str = " nel 2018") -> str:
    detto = f"il target {esercizio}, «{target}», è già raggiunto"
    return f"{detto} dall'ultimo valore osservato («{ultimo}»{nel})"


def _meno(target: str, ultimo: str) -> str:
    return f"il target 2020, «{target}», chiede meno dell'ultimo valore osservato («{ultimo}»)"


def _peggio(target: str, confronto: str) -> str:
    return f"il target 2020, «{target}», è peggiore del valore di confronto, {confronto} (x, 2018)"


def _anno(anno: int, sono: str) -> str:
    return f"il valore di confronto è del {anno} e l'ultimo valore osservato del 2018: {sono}"


def _misura(valore: str, motivo: str) -> str:
    return f"il valore di confronto, {valore}, non è confrontabile con i valori dell'indicatore: {motivo}"


PEGGIORA = ", che può peggiorare del 16,67% senza che il target sia mancato"
RILIEVI = f"""
camera  esercizio  regola    riga  trovato
AA      2020       {GIA}     1     {_gia(2020, "=>10", "12")}
AA      2020       {MENO}    1     {_meno("=>10", "12")}{PEGGIORA}
AA      2020       {FERMO}   1     il target è lo stesso («=>10») per 3 anni
BB      2020       {GIA}     2     {_gia(2020, "=>10,0", "12,0", "")}
AA      2021       {GIA}     3     {_gia(2021, "=<0", "zero")}
AA      2020       {GIA}     4     {_gia(2020, "=<3", "0")}
AA      2020       {MENO}    4     {_meno("=<3", "0")}
AA      2020       {PEGGIO}  5     {_peggio("=>10%", "11%")}
AA      2020       {ANNO}    6     {_anno(2019, "sono confrontabili con cautela, è vicino")}
AA      2020       {MISURA}  7     {_misura("9,5", "è altro")}
AA      2020       {ANNO}    8     {_anno(2016, "non sono confrontabili, è lontano")}
AA      2020       {MISURA}  9     {_misura("8", "è diverso")}
AA      2020       {PEGGIO}  10    {_peggio("=>10", "11")}
CC      2020       {GIA}     11    {_gia(2020, "=<11", "11")}
"""


def test_a_target_that_asks_for_little_is_told_in_its_own_words(
    base: duckdb.DuckDBPyConnection,
) -> None:
    """Row 2 may lose no more than BB's threshold; of CC nobody says how much is little."""
    metti(base, f"{VUOTI}\n{TRAGUARDI}")
    assert dice(base, "piano.rilievi", RILIEVI) == righe(RILIEVI)


# --- definitions ---------------------------------------------------------------------------------------

PAROLE = """
indicatori.parole
genere     forma
vuote      numero
vuote      totale
conteggi   numero
rapporti   rispetto
rapporti   medio
grandezze  tempo
unita      giorni
tipologie  volume
tipologie  volume fisico
"""

DEFINIZIONI = """
lettura.indicatori
camera  esercizio  riga  indicatore       algoritmo                        tipo_indicatore  percentuale
AA      2020       1     Studi resi       Numero totale resi studi, studi  Numero           false
AA      2020       2     Numero totale    Totale numero                    Numero           false
AA      2020       3     Studi            Numero studi                     Numero           false
AA      2020       4     Studi            -                                Numero           false
AA      2020       5     Studi            Pagine                           Numero           false
AA      2020       6     Studi rispetto   Pagine                           Numero           false
AA      2020       7     Studi rispetto   Valore medio                     Numero           false
AA      2020       8     Studi rispetto   Studi / previsti                 Numero           false
AA      2020       9     Numero studi     Studi / previsti                 Numero           false
AA      2020       10    Numero medio     Studi / previsti                 Numero           false
AA      2020       11    Studi            Studi / previsti                 Numero           false
AA      2020       12    Numero studi     Pagine                           Numero           false
AA      2020       13    Studi rispetto   -                                Numero           false
AA      2020       15    Tempo studi      Pagine                           Numero           false
AA      2020       16    Tempo studi      Pagine                           Numero           true
AA      2020       17    Tempo studi      Pagine                           PERCENTUALE      false
AA      2020       18    Tempo studi      Giorni contati                   Numero           false
AA      2020       19    Tempo studi (€)  Pagine                           Numero           false
AA      2020       20    Studi            Pagine                           -                false
AA      2020       21    Numero studi     Pagine                           -                false
AA      2020       22    Tempo studi      Pagine                           -                false
"""

CIRCOLARE, DISCORDI, UNITA = (
    "definizione_circolare",
    "nome_e_algoritmo_discordi",
    "unita_mancante",
)
PER_IL_NOME = "per il nome è un rapporto, per l'algoritmo un conteggio"
DELLE_DEFINIZIONI = f"""
regola       riga  trovato
{CIRCOLARE}  1     l'algoritmo ripete il nome dell'indicatore e non dice che cosa si conta
{CIRCOLARE}  3     l'algoritmo ripete il nome dell'indicatore e non dice che cosa si conta
{DISCORDI}   6     {PER_IL_NOME}
{DISCORDI}   9     per il nome è un conteggio, per l'algoritmo un rapporto
{UNITA}      15    non si legge in quale unità è misurato
{UNITA}      20    non si legge in quale unità è misurato
{UNITA}      22    non si legge in quale unità è misurato
"""


def test_a_definition_that_does_not_say_what_is_measured_is_told(
    base: duckdb.DuckDBPyConnection,
) -> None:
    """Row 2 has no word of its own; rows 4 and 13 have no algorithm that could say anything."""
    metti(base, f"{VUOTI}\n{PAROLE}\n{DEFINIZIONI}")
    assert dice(base, "piano.rilievi", DELLE_DEFINIZIONI) == righe(DELLE_DEFINIZIONI)


LUNGA = "Sessanta caratteri giusti giusti, non uno di più e non meno."
PIU_LUNGA = "Sessantuno caratteri, che sono uno di troppo per stare tutti."
TIPOLOGIE = f"""
lettura.indicatori
camera  esercizio  riga  indicatore    tipo_indicatore  tipologia
AA      2020       1     Numero studi  -                Indicatori di Volume
AA      2020       2     Numero studi  -                Fisico
AA      2020       3     Numero studi  -                -
AA      2020       4     Numero studi  -                Giorni
AA      2020       5     Numero studi  -                {LUNGA}
AA      2020       6     Numero studi  -                {PIU_LUNGA}
"""

DELLE_TIPOLOGIE = f"""
regola                  riga  trovato
tipologia_non_prevista  2     «Fisico» non è una tipologia di indicatore
tipologia_non_prevista  4     «Giorni» non è una tipologia di indicatore
tipologia_non_prevista  5     «{LUNGA}» non è una tipologia di indicatore
tipologia_non_prevista  6     «{PIU_LUNGA[:57]}...» non è una tipologia di indicatore
"""


def test_a_typology_has_all_the_words_of_one_and_is_cited_up_to_sixty_characters(
    base: duckdb.DuckDBPyConnection,
) -> None:
    assert (len(LUNGA), len(PIU_LUNGA)) == (60, 61)
    metti(base, f"{VUOTI}\n{PAROLE}\n{TIPOLOGIE}")
    assert dice(base, "piano.rilievi", DELLE_TIPOLOGIE) == righe(DELLE_TIPOLOGIE)


# --- weights and money ---------------------------------------------------------------------------------

PESI = """
regole.soglie
camera  nome                valore
AA      peso_risorse_volte  3
AA      altro               1000
BB      peso_risorse_volte  3
CC      peso_risorse_volte  3

lettura.obiettivi
camera  esercizio  riga  obiettivo  peso  risorse_preventivo
AA      2020       1     1.1        30    10
AA      2020       2     1.2        10    30
AA      2020       3     1.3        40    10
AA      2020       4     1.4        5     20
AA      2020       5     1.5        15    30
AA      2020       6     1.6        -     1000
AA      2020       7     1.7        1000  -
AA      2021       8     1.1        0.9   10
AA      2021       9     1.2        0.1   90
BB      2020       10    1.1        40    0.1
BB      2020       11    1.2        60    0.9
BB      2021       12    1.1        10    1
BB      2021       13    1.2        -10   1
CC      2020       14    1.1        1     10
CC      2020       15    1.2        1     -10
"""


def _quote(obiettivo: str, peso: int, risorse: int) -> str:
    return (
        f"nell'obiettivo {obiettivo} la quota del peso è {peso}% e quella delle risorse {risorse}%"
    )


DEI_PESI = f"""
camera  esercizio  riga  regola                  trovato
AA      2020       3     peso_e_risorse_discordi  {_quote("1.3", 40, 10)}
AA      2020       4     peso_e_risorse_discordi  {_quote("1.4", 5, 20)}
AA      2021       8     peso_e_risorse_discordi  {_quote("1.1", 90, 10)}
AA      2021       9     peso_e_risorse_discordi  {_quote("1.2", 10, 90)}
BB      2020       10    peso_e_risorse_discordi  {_quote("1.1", 40, 10)}
"""


def test_a_share_of_weight_is_more_than_three_times_that_of_money_or_less_than_a_third(
    base: duckdb.DuckDBPyConnection,
) -> None:
    """Exactly three times is not more; what has no weight or no money is in no share, and where all of it
    together is none there are no shares."""
    metti(base, f"{VUOTI}\n{PESI}")
    assert dice(base, "piano.rilievi", DEI_PESI) == righe(DEI_PESI)
