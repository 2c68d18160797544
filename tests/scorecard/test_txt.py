"""Results written into the allegato: the four fields, and not a byte more."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.plan.model import Indicatore, Piano
from pipelines.plan.read import read_plan
from pipelines.scorecard.txt import fill, is_same_plan
from tests.plan.generatore import (
    ChiaveIndicatore,
    ChiaveObiettivo,
    Coppia,
    FintoPiano,
    Numero,
    piani,
    print_piano,
)

ALLEGATO = Path(__file__).parents[2] / "raw/MS/2020/allegato.txt"


@pytest.fixture(scope="module")
def piano() -> Piano:
    return read_plan(ALLEGATO.read_bytes())


def test_without_results_it_is_the_allegato(piano: Piano) -> None:
    nulla = (None, None)
    assert fill(piano, {}, {}) == ALLEGATO.read_bytes()
    assert ALLEGATO.read_bytes() == fill(
        piano,
        {(i.missione, i.programma, i.obiettivo, i.progressivo): nulla for i in piano.indicatori},
        {(o.missione, o.programma, o.obiettivo): nulla for o in piano.obiettivi},
    )


def test_results_are_printed_as_the_plan_prints_its_own(piano: Piano) -> None:
    pieno = fill(
        piano,
        {
            ("011", "005", "1.1", 1): (Decimal(1234), Decimal(100)),
            ("011", "005", "3.1", 1): (Decimal("24.5"), None),
            ("012", "004", "3.2", 3): (Decimal("0.15"), Decimal("87.125")),
            ("032", "003", "2.1", 5): (None, Decimal(0)),
        },
        {
            ("011", "005", "1.1"): (Decimal("110915.33"), Decimal(100)),
            ("011", "005", "3.2"): (Decimal(0), Decimal(0)),
            ("032", "003", "2.1"): (Decimal("305009.31"), Decimal(50)),
        },
    ).decode()
    prima = ALLEGATO.read_text(encoding="utf-8").split("\n")
    dopo = pieno.split("\n")
    cambiate = {
        numero: (vecchia.split("\t"), nuova.split("\t"))
        for numero, (vecchia, nuova) in enumerate(zip(prima, dopo, strict=True), 1)
        if vecchia != nuova
    }
    celle = {
        (numero, campo): dopo_cella
        for numero, (vecchia, nuova) in cambiate.items()
        for campo, (prima_cella, dopo_cella) in enumerate(zip(vecchia, nuova, strict=True))
        if prima_cella != dopo_cella
    }
    in_una_cella = celle.pop((100, 0))
    assert celle == {
        (13, 7): "100,00%",
        (14, 2): "€ 110.915,33",
        (16, 9): "1.234",
        (16, 10): "100,00%",
        (47, 9): "24,50%",
        (57, 1): "€ 0,00",
        (76, 9): "0,2",
        (76, 10): "87,13%",
        (105, 10): "0,00%",
    }
    assert in_una_cella == prima[99].split("\t")[0].replace("0,00%", "50,00%", 1)


def test_a_key_that_the_plan_does_not_have_is_refused(piano: Piano) -> None:
    with pytest.raises(ValueError, match=r"indicatori.*011/005/1\.1/2"):
        fill(piano, {("011", "005", "1.1", 2): (Decimal(1), None)}, {})
    with pytest.raises(ValueError, match=r"obiettivi.*011/005/9\.9"):
        fill(piano, {}, {("011", "005", "9.9"): (Decimal(1), None)})


def test_a_field_that_is_already_filled_is_replaced(piano: Piano) -> None:
    chiave = ("011", "005", "1.1", 1)
    pieno = fill(piano, {chiave: (Decimal(7), Decimal("87.5"))}, {})
    di_nuovo = fill(read_plan(pieno), {chiave: (Decimal(12), Decimal(100))}, {})
    assert di_nuovo == fill(piano, {chiave: (Decimal(12), Decimal(100))}, {})


@pytest.mark.parametrize(
    ("vuoto", "pieno"),
    [
        ("CONSUNTIVO:  % SPESA: 0,00%", "CONSUNTIVO: € 1,00 % SPESA: 50,00%"),
        ("CONSUNTIVO: % SPESA: 0,00%", "CONSUNTIVO:€ 1,00 % SPESA: 50,00%"),
        ("CONSUNTIVO: € 0,00 % SPESA: 0,00%", "CONSUNTIVO: € 1,00 % SPESA: 50,00%"),
    ],
)
def test_fields_inside_one_cell_keep_clear_of_the_next_label(vuoto: str, pieno: str) -> None:
    testo = (
        "MISSIONE 011 - Imprese\nPROGRAMMA 005 - Incentivi\n<b>OBBIETTIVO</b> TITOLO: 1.1 - Osservare "
        "RISORSE FINANZIARIE A PREVENTIVO: € 2,00 RISORSE FINANZIARIE A {}\t\n"
    )
    spese = {("011", "005", "1.1"): (Decimal(1), Decimal(50))}
    scritto = fill(read_plan(testo.format(vuoto).encode()), {}, spese)
    assert scritto.decode() == testo.format(pieno)


def _coppie(primo: st.SearchStrategy[Numero]) -> st.SearchStrategy[Coppia]:
    percentuali = st.builds(Numero, st.integers(0, 10_000), st.just(2), st.just(True))
    return st.tuples(st.none() | primo, st.none() | percentuali)


@st.composite
def _casi(
    draw: st.DrawFn,
) -> tuple[FintoPiano, dict[ChiaveIndicatore, Coppia], dict[ChiaveObiettivo, Coppia]]:
    finto = draw(piani())
    risultati: dict[ChiaveIndicatore, Coppia] = {}
    spese: dict[ChiaveObiettivo, Coppia] = {}
    importi = st.builds(Numero, st.integers(-(10**9), 10**12), st.just(2))
    for missione in finto.missioni:
        for programma in missione.programmi:
            for obiettivo in programma.obiettivi:
                chiave = (missione.codice, programma.codice, obiettivo.numero)
                spese[chiave] = draw(_coppie(importi))
                for progressivo, indicatore in enumerate(obiettivo.indicatori, 1):
                    esiti = st.builds(
                        Numero,
                        st.integers(-(10**4), 10**8),
                        st.just(indicatore.decimali),
                        st.just(indicatore.percentuale),
                    )
                    risultati[(*chiave, progressivo)] = draw(_coppie(esiti))
    return finto, risultati, spese


def _figure(coppia: Coppia) -> tuple[Decimal | None, Decimal | None]:
    primo, secondo = (
        None if numero is None else Decimal(numero.ultime).scaleb(-numero.decimali)
        for numero in coppia
    )
    return primo, secondo


def _senza_posti(piano: Piano) -> list[Indicatore]:
    return [
        replace(indicatore, posto_risultato=None, posto_realizzazione=None)
        for indicatore in piano.indicatori
    ]


@settings(deadline=None, max_examples=40)
@given(_casi())
def test_a_filled_plan_is_the_one_that_the_office_would_have_printed(
    caso: tuple[FintoPiano, dict[ChiaveIndicatore, Coppia], dict[ChiaveObiettivo, Coppia]],
) -> None:
    finto, risultati, spese = caso
    piano = read_plan(print_piano(finto))
    assert fill(piano, {}, {}) == print_piano(finto)
    pieno = fill(
        piano,
        {chiave: _figure(coppia) for chiave, coppia in risultati.items()},
        {chiave: _figure(coppia) for chiave, coppia in spese.items()},
    )
    assert pieno == print_piano(finto, risultati, spese)
    riletto = read_plan(pieno)
    assert riletto.generi == piano.generi
    assert _senza_posti(riletto) == _senza_posti(piano)


def _pieno(piano: Piano) -> bytes:
    """The plan with a figure in every field that it has."""
    coppia = (Decimal("1.5"), Decimal(50))
    return fill(
        piano,
        {(i.missione, i.programma, i.obiettivo, i.progressivo): coppia for i in piano.indicatori},
        {(o.missione, o.programma, o.obiettivo): coppia for o in piano.obiettivi},
    )


@pytest.mark.parametrize("separatore", ["\x0b", "\x0c", "\x1c", "\x1e", "\x85", "\u2028", "\u2029"])
def test_only_a_line_feed_ends_a_line_of_the_plan(separatore: str) -> None:
    """A page break out of a PDF is a character of its line: it must not stop the night."""
    testo = ALLEGATO.read_text("utf-8").replace("OBIETTIVO", f"{separatore}OBIETTIVO", 3)
    approvato = read_plan(f"{separatore}\n{testo}".encode())
    assert is_same_plan(approvato, _pieno(approvato))


def test_a_filled_plan_is_the_same_plan(piano: Piano) -> None:
    pieno = _pieno(piano)
    assert pieno != ALLEGATO.read_bytes()
    assert is_same_plan(piano, pieno)
    assert is_same_plan(piano, ALLEGATO.read_bytes())


@pytest.mark.parametrize(
    ("prima", "dopo"),
    [
        ("OBIETTIVO\tTITOLO\t1.1", "OBIETTIVO\tTITOLO\t1.2"),
        ("\t=>", "\t=<"),
        ("MISSIONE", "\nMISSIONE"),
        ("\n\tDESCRIZIONE", "\tDESCRIZIONE"),
        ("1,5", "1,5\t"),
    ],
    ids=["a title", "a target", "a line more", "a line less", "a cell more"],
)
def test_a_plan_that_changed_elsewhere_is_another_plan(piano: Piano, prima: str, dopo: str) -> None:
    testo = _pieno(piano).decode()
    assert prima in testo
    assert not is_same_plan(piano, testo.replace(prima, dopo, 1).encode())
