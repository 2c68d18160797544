"""The checks of a plan that was read, over worlds of a few rows: whether it was, and how well.

Belongs here: `controlli.piano_leggibile` and `controlli.piano_compreso`. Does not belong here: plans of the
landing zone (tests/plan/test_piano_leggibile.py), what the plan's models say (test_mondi_del_piano.py).
"""

import duckdb

from tests.warehouse.tavole import dice, metti, righe

COMPRESO = """
piano.anomalie
camera  esercizio  regola  parte  riga  descrizione  grave
AA      2020       r       p      3     Detta.       true
AA      2020       r       p      3     Detta.       true
AA      2020       r       p      4     Lieve.       false

piano.righe
camera  esercizio  parte  riga  genere
AA      2020       a      1     indicatore
AA      2020       a      2     indicatore
AA      2020       a      3     obiettivo
AA      2020       b      1     indicatore
AA      2020       d      1     indicatore
AA      2020       d      2     indicatore
AA      2020       e      1     indicatore

lettura.indicatori
camera  esercizio  parte  riga  progressivo
AA      2020       a      1     1
AA      2020       a      2     2
AA      2020       c      1     3
AA      2020       d      1     4
AA      2020       d      1     5
AA      2020       e      1     6
AA      2020       e      2     7
"""


def _conto(parte: str, righe_di: int, letti: int) -> str:
    return (
        f"Nella parte «{parte}» del piano le righe di indicatore sono {righe_di} e gli indicatori letti"
        f" {letti}: segnalarlo a chi cura il programma."
    )


NON_COMPRESO = f"""
regola             parte  riga  descrizione
r                  p      3     Detta.
r                  p      3     Detta.
conto_delle_righe  -      -     {_conto("b", 1, 0)}
conto_delle_righe  -      -     {_conto("c", 0, 1)}
conto_delle_righe  -      -     {_conto("d", 2, 2)}
conto_delle_righe  -      -     {_conto("e", 1, 2)}
"""


def test_in_each_part_an_indicator_is_of_one_row_and_a_row_of_one(
    base: duckdb.DuckDBPyConnection,
) -> None:
    """Both indicators of part d are of its first row."""
    metti(base, COMPRESO)
    assert dice(base, "controlli.piano_compreso", NON_COMPRESO) == righe(NON_COMPRESO)


LEGGIBILE = """
esercizi.periodi
camera  esercizio
AA      2018
AA      2020
AA      2021
BB      2020
BB      2021
CC      2020
CC      2021
CC      2022
CC      2023
DD      2018
DD      2019
DD      2020
DD      2021
DD      2022
EE      2020
EE      2021
FF      2020

lettura.piani
camera  esercizio  _file  esito      motivo
AA      2018       a18    ACCETTATO  -
AA      2020       a20    ACCETTATO  -
AA      2021       a21    RIFIUTATO  È rotto.
BB      2020       b20    ACCETTATO  -
BB      2021       b21    ACCETTATO  -
DD      2019       d19    ACCETTATO  -
DD      2021       d21    ACCETTATO  -
EE      2019       e19    ACCETTATO  -

lettura.indicatori
camera  esercizio  parte  riga
AA      2018       p      5
AA      2020       p      5
AA      2020       p      6
AA      2020       q      5
BB      2020       p      5
DD      2019       p      5
DD      2021       p      5
EE      2019       p      5

lettura.anomalie
camera  esercizio  parte  riga  descrizione  grave
AA      2020       p      5     b            true
AA      2020       p      5     a            true
AA      2020       p      6     solo         true
AA      2020       p      6     lieve        false
AA      2020       p      9     z            true
AA      2020       p      8     y            true
AA      2021       p      5     taciuta      true
BB      2021       p      5     taciuta      true

piano.in_vigore
camera  esercizio  esercizio_piano
AA      2018       2018
AA      2020       2020
AA      2021       2021
BB      2020       2020
BB      2021       2021
DD      2019       2019
DD      2021       2021
DD      2022       2021
EE      2020       2019
EE      2021       2019

qualita.file
camera  esercizio  estratto        _file                    esito
BB      2020       -               BB/2020/allegato2.txt    IGNORATO
BB      2021       isr/studi       BB/2021/isr/studi.csv    ACCETTATO
CC      2020       isr/allegati    CC/2020/isr/allegati.csv  ACCETTATO
CC      2021       piano/allegato  CC/2021/allegato.txt     RIFIUTATO
CC      2022       -               CC/2022/altro/note.txt   IGNORATO
CC      2023       -               CC/2023/allegato.txt.ok  IGNORATO
DD      2018       isr/studi       DD/2018/isr/studi.csv    ACCETTATO
DD      2020       isr/studi       DD/2020/isr/studi.csv    ACCETTATO
DD      2022       isr/studi       DD/2022/isr/studi.csv    ACCETTATO
EE      2020       -               EE/2020/PIRA 2020.doc    IGNORATO
EE      2020       -               EE/2020/Allegato_A.txt   IGNORATO
EE      2021       isr/studi       EE/2021/isr/studi.csv    ACCETTATO
FF      2020       -               FF/2020/pira.odt         IGNORATO
"""

SOLO = "ma si legge solo allegato.txt (o csv, md, html, docx, xlsx, pdf): dargli quel nome"
SENZA = "Ci sono dati ma nessun piano con cui misurarli: consegnare"
VUOTO = (
    "non si trova nessun indicatore: controllare che sia l'allegato, con le intestazioni TIPOLOGIA,"
    " INDICATORE, Target, e consegnarlo di nuovo."
)
NON_LEGGIBILE = f"""
camera  esercizio  parte  riga  motivo
AA      2021       -      -     Il piano a21 non si legge. È rotto.
BB      2021       -      -     Nel piano b21 {VUOTO}
CC      2020       -      -     {SENZA} CC/2020/allegato.txt.
DD      2020       -      -     {SENZA} DD/2020/allegato.txt.
EE      2020       -      -     EE/2020/Allegato_A.txt sembra il piano, {SOLO}; intanto si misura col piano del 2019.
FF      2020       -      -     FF/2020/pira.odt sembra il piano, {SOLO}.
AA      2020       p      5     a (con altri rilievi gravi: 1)
AA      2020       p      6     solo
AA      2020       -      -     y (con altri rilievi gravi: 1)
"""  # noqa: E501


def test_a_year_with_data_has_a_plan_that_was_read_without_grave_findings(
    base: duckdb.DuckDBPyConnection,
) -> None:
    """DD's year 2018 is before its first plan, and 2022 is measured with that of 2021; CC has
    no file of 2021 but one of a plan."""
    metti(base, LEGGIBILE)
    assert dice(base, "controlli.piano_leggibile", NON_LEGGIBILE) == righe(NON_LEGGIBILE)
