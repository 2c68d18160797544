"""The pages that are generated, and the words that they share with the templates.

Belongs here: that the committed pages are those of the declarations, what a rule is called, that whatever
an operator may type or set is told in a page. Does not belong
here: the templates themselves (test_modelli_vuoti.py).
"""

import re
from argparse import ArgumentParser

import pytest

from pipelines.cli import _parser
from pipelines.contract.estratti import PER_CODICE
from pipelines.contract.parole import say_key, say_limits, say_rules
from pipelines.contract.schema import Colonna, Intervallo
from pipelines.offices.pages import COMMANDS, FOLDER, PAGES, commands_page
from pipelines.settings import ROOT


# licences.md speaks of what is installed, which differs from one platform to the next
@pytest.mark.parametrize("name", sorted(PAGES.keys() - {"licences.md"}))
def test_a_committed_page_is_what_the_declarations_say(name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == PAGES[name](), "write it again: pira docs"


@pytest.mark.parametrize(
    ("colonna", "said"),
    [
        (Colonna("a", "testo", "A"), []),
        (Colonna("a", "testo", "A", codici=("X", "Y")), ["<X>, <Y>"]),
        (Colonna("a", "intero", "A", intervallo=Intervallo(minimo=1)), ["da 1"]),
        (
            Colonna("a", "decimale", "A", intervallo=Intervallo(0, 100, minimo_escluso=True)),
            ["oltre 0", "fino a 100"],
        ),
        (Colonna("a", "testo", "A", forma="[0-9]{4}"), ["esattamente 4 cifre"]),
        (Colonna("a", "testo", "A", forma="[A-Z]+"), ["forma [A-Z]+"]),
        (
            Colonna("a", "testo", "A", personale=True),
            ["dato personale, conservato come pseudonimo"],
        ),
    ],
)
def test_the_limits_of_a_column_in_words(colonna: Colonna, said: list[str]) -> None:
    assert say_limits(colonna, "<{}>") == said


def test_keys_and_rules_in_words() -> None:
    assert say_key(PER_CODICE["segreteria/atti"]) == "organo, tipo_atto, numero, anno di data"
    assert say_key(PER_CODICE["segreteria/welfare"]) == "nessuna, le righe uguali restano"
    fte, summed = (
        PER_CODICE["kronos/fte"],
        "la somma di percentuale_tempo per matricola non supera 100",
    )
    assert say_rules(fte) == say_rules(fte, "percentuale_tempo") == [summed]
    assert say_rules(fte, "natura") == []
    assert say_rules(PER_CODICE["segreteria/trasparenza"], "punteggio_massimo") == [
        "applicabile S richiede punteggio_massimo"
    ]


# --- what an operator may type or set ---------------------------------------------------------------


def test_the_page_of_the_commands_is_what_they_say_of_themselves() -> None:
    page = commands_page(_parser())
    assert (FOLDER / COMMANDS).read_text("utf-8") == page
    assert "None" not in page  # every option says what it is for


def test_a_new_option_would_be_missed() -> None:
    parser = ArgumentParser(prog="pira")
    added = parser.add_subparsers().add_parser("nuovo", description="Fa una cosa nuova.")
    added.add_argument("--forte", action="store_true", help="con forza")
    page = commands_page(parser)
    for said in ("## `pira nuovo`\n\nFa una cosa nuova.\n", "| `--forte` | con forza |\n"):
        assert said in page and said not in (FOLDER / COMMANDS).read_text("utf-8")


VARIABILE = re.compile(r"\bPIRA_[A-Z_]+[A-Z]\b")


def test_every_variable_is_documented() -> None:
    sources = [path.read_text("utf-8") for path in (ROOT / "pipelines").rglob("*.py")]
    read = set(VARIABILE.findall("\n".join(sources)))
    pages = [path.read_text("utf-8") for path in (ROOT / "README.md", *FOLDER.glob("*.md"))]
    quoted = "\n".join(re.findall(r"`[^`\n]+`", "\n".join(pages)))
    assert len(read) > 15
    assert read - set(VARIABILE.findall(quoted)) == set()
