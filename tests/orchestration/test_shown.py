"""What the operator's page draws: no name of a file and no text of a plan is drawn as anything else."""

from pipelines.orchestration.shown import check_result, escaped
from pipelines.orchestration.specs import ALLEGATO
from pipelines.warehouse.checks import Esito, Prezzo

FILE = "MS/2020/isr/studi-![x](http://esempio)<img src=x>`_a_`|.csv"


def test_a_name_in_the_sentence_of_a_check_is_text() -> None:
    outcome = Esito("volume", "Detto.", "x", False, True, 1, ("_file",), ((f"{FILE}\x1b[2J\n",),))
    price = Prezzo("volume", "MS-2020", f"il file {FILE} costa", 1, 0, None, True)
    said = check_result(outcome, ALLEGATO, [price], None).description
    assert said is not None
    for mark in ("![", "](", "<img", "|.csv"):
        assert mark not in said.replace(f"\\{mark}", "")
    assert "<img" not in said.replace("\\<", "")
    assert "\x1b" not in outcome.primo and "\n" not in outcome.primo


def test_a_name_with_marks_inside_stays_readable() -> None:
    assert (
        escaped("registro_imprese/pratiche-2020_T1.csv") == "registro_imprese/pratiche-2020_T1.csv"
    )
