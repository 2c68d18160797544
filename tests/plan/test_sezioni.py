"""Headings of missions and programmes: those that are read, those that are not, and prose."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.plan.model import Piano
from pipelines.plan.read import read_plan
from tests.plan.generatore import SEZIONI, codici, frasi, print_sezione

PRIMA = "MISSIONE 011 - Imprese\nPROGRAMMA 005 - Incentivi\n"
OBIETTIVO = (
    "OBIETTIVO\tTITOLO\t2.1 - Osservare\tPESO\t60,00%\nRISORSE FINANZIARIE A PREVENTIVO\t5,00\n"
)


def leggi(riga: str) -> Piano:
    """A plan in which a line stands between the headings of a programme and an objective."""
    return read_plan(f"{PRIMA}{riga}\n{OBIETTIVO}".encode())


def chiave(piano: Piano) -> tuple[str, str]:
    (obiettivo,) = piano.obiettivi
    return obiettivo.missione, obiettivo.programma


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(SEZIONI),
    st.sampled_from(["MISSIONE", "PROGRAMMA"]),
    codici,
    frasi,
    st.sampled_from(["", " ", "\t"]),
)
def test_a_heading_is_read_however_it_is_written(
    forma: str, nome: str, codice: str, titolo: str, coda: str
) -> None:
    piano = leggi(print_sezione(forma, nome, codice, titolo) + coda)
    (obiettivo,) = piano.obiettivi
    if nome == "MISSIONE":
        assert (obiettivo.missione, obiettivo.missione_titolo) == (codice, titolo)
        assert obiettivo.programma == ""
    else:
        assert (obiettivo.missione, obiettivo.programma) == ("011", codice)
        assert obiettivo.programma_titolo == titolo
    assert piano.generi[2] == nome.lower()


@pytest.mark.parametrize(
    ("riga", "codice", "titolo"),
    [
        ("Missione 032: Servizi istituzionali", "032", "Servizi istituzionali"),
        ("Missione 11: Titolo", "011", "Titolo"),
        ("missione 11 - titolo", "011", "titolo"),
        ("Missione 12 Regolazione dei mercati", "012", "Regolazione dei mercati"),
        ("MISSIONE 12 regolazione dei mercati", "012", "regolazione dei mercati"),
        ("Missione 012", "012", ""),
        ("Missione (012) Mercati", "012", "Mercati"),
        ("MISSIONE\t012\t- Mercati", "012", "Mercati"),
        ("Missione\t\t012 – Mercati 4.0", "012", "Mercati 4.0"),
        ("**Missione 12**", "012", ""),
        ("MISSIONE n° 12: 4.0 e mercati", "012", "4.0 e mercati"),
    ],
)
def test_spellings_of_a_heading(riga: str, codice: str, titolo: str) -> None:
    (obiettivo,) = leggi(riga).obiettivi
    assert (obiettivo.missione, obiettivo.missione_titolo) == (codice, titolo)


@pytest.mark.parametrize(
    "riga",
    [
        "MISSIONE Servizi istituzionali",
        "Missione Servizi istituzionali",
        "Missione: Servizi istituzionali",
        "Missione\tServizi istituzionali",
        "**Missione servizi istituzionali**",
        "Missione XI - Servizi",
        "Missione 0011 - Servizi",
        "MISSIONE 2020 - Servizi",
        "Missione 11bis - Servizi",
        "Missione 011/002 - Servizi",
        "Missione/Programma: 011/002",
        "Missione 012 - Mercati - Programma 004 - Vigilanza",
        "Missione 012 - Mercati\tProgramma 004 - Vigilanza",
        "MISSIONE",
    ],
)
@pytest.mark.parametrize("altra", [False, True])
def test_below_a_heading_that_is_not_read_nothing_stands_under_the_one_before(
    riga: str, altra: bool
) -> None:
    """Whatever the heading is of; a programme that can be read does not mend its mission."""
    if altra:
        riga += "\nPROGRAMMA 002 - Indirizzo"
    piano = leggi(riga)
    assert chiave(piano) == ("?3", "002" if altra else "")
    gravi = [(a.riga, a.regola) for a in piano.anomalie if a.grave]
    assert (3, "missione_illeggibile") in gravi
    assert (4 + altra, "obiettivo_senza_programma") in gravi


def test_programmes_that_are_not_read_are_not_one() -> None:
    """Their objectives may have one number, and each keeps its weight."""
    piano = read_plan(
        f"{PRIMA}PROGRAMMA Uno\n{OBIETTIVO}PROGRAMMA Due\n{OBIETTIVO}PROGRAMMA 003 - Tre\n"
        f"{OBIETTIVO}".encode()
    )
    assert [(o.missione, o.programma, o.peso) for o in piano.obiettivi] == [
        ("011", "?3", Decimal(60)),
        ("011", "?6", Decimal(60)),
        ("011", "003", Decimal(60)),
    ]
    assert [a.riga for a in piano.anomalie if a.regola == "obiettivo_senza_programma"] == [4, 7]


@pytest.mark.parametrize(
    "riga",
    [
        "Programma 2020 delle attività",
        "Programma delle attività promozionali",
        "Missione e valori della Camera",
        "Missione: promuovere lo sviluppo",
        "Programma 3 incontri con le imprese",
        "Programmazione 2020",
        "Le missioni della Camera",
    ],
)
def test_prose_that_begins_with_the_word_is_no_heading(riga: str) -> None:
    piano = leggi(riga)
    assert chiave(piano) == ("011", "005")
    assert piano.generi[2] == "non_compresa"
    assert (3, "riga_non_compresa") in [(a.riga, a.regola) for a in piano.anomalie]
