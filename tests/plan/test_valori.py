"""What a printed value is, in every spelling: targets, units, what is missing, what is no number.

Belongs here: the words of a value. Does not belong here: where it stands (test_documenti.py).
"""

from decimal import Decimal

import pytest

from pipelines.plan.intestazione import Contesto
from pipelines.plan.model import Luogo
from pipelines.plan.tabella import make_indicatore
from pipelines.plan.valori import is_mancante, read_traguardo, read_valore, split_anni


@pytest.mark.parametrize(
    ("testo", "operatore", "valore"),
    [
        *(
            (f"{segno} 8", "=>", "8")
            for segno in ("=>", ">=", "≥", ">", "almeno", "minimo", "min.")
        ),
        *(
            (f"{segno} 8", "=<", "8")
            for segno in ("=<", "<=", "≤", "<", "max", "entro", "non oltre")
        ),
        *(
            (f"{segno} 8", "=>", "8")
            for segno in ("maggiore o uguale a", "non inferiore a", "oltre")
        ),
        *(
            (f"{segno} 8", "=<", "8")
            for segno in ("minore o uguale a", "non superiore a", "al massimo")
        ),
        ("Almeno il 90%", "=>", "90"),
        ("entro 30 giorni", "=<", "30"),
        ("Max. 5 gg.", "=<", "5"),
        ("più di 1.234,5", "=>", "1234.5"),
        ("meno di € 10", "=<", "10"),
        ("≥24,58 %", "=>", "24.58"),
    ],
)
def test_the_words_of_a_direction(testo: str, operatore: str, valore: str) -> None:
    letto = read_traguardo(2020, testo)
    assert (letto.operatore, letto.valore) == (operatore, Decimal(valore))
    assert (letto.testo, letto.operatore_presunto) == (testo, False)


def test_a_bare_target_is_assumed_to_mean_at_least() -> None:
    letto = read_traguardo(2020, "100 %")
    assert (letto.operatore, letto.operatore_presunto, letto.valore) == ("=>", True, Decimal(100))


@pytest.mark.parametrize(
    "testo",
    [
        *(
            "entro il 30/06/2020",
            "30/06/2020",
            "80-90%",
            "tra 80 e 90",
            "+5% rispetto al 2019",
            "sì",
        ),
        *(
            "no",
            "3 su 4",
            "12.5",
            "almeno due",
            "minimo garantito 5",
            "5 eventi",
            "≥ 5 e ≤ 7",
            "+5",
        ),
    ],
)
def test_what_is_no_number_has_no_value_and_keeps_its_text(testo: str) -> None:
    letto = read_traguardo(2020, testo)
    assert (letto.valore, letto.operatore, letto.testo) == (None, None, testo)
    assert not is_mancante(testo)


@pytest.mark.parametrize(
    "testo", ["", " ", "-", "–", "—", "n.d.", "N.D.", "n.p.", "nd", "=>", "≥", "<"]
)
def test_what_is_missing(testo: str) -> None:
    assert is_mancante(testo)
    assert read_valore(testo) is None


@pytest.mark.parametrize(
    ("testo", "numero", "unita"),
    [
        ("30 gg", "30", "gg"),
        ("30gg.", "30", "gg."),
        ("5 giorni", "5", "giorni"),
        ("€ 1.000,00", "1000.00", "€"),
        ("1.000 euro", "1000", "euro"),
        ("n. 12", "12", "n."),
        ("48 ore", "48", "ore"),
        ("16%", "16", "%"),
        ("8", "8", None),
    ],
)
def test_a_unit_stands_beside_the_number(testo: str, numero: str, unita: str | None) -> None:
    letto = read_valore(testo)
    assert letto is not None
    assert (letto.numero, letto.unita, letto.percentuale) == (Decimal(numero), unita, unita == "%")


def test_several_years_in_a_cell_are_a_target_each() -> None:
    assert split_anni("Anno 2020: >= 90% Anno 2021: >= 92,5%; 2022 = 95%") == [
        (2020, ">= 90%"),
        (2021, ">= 92,5%"),
        (2022, "95%"),
    ]
    assert split_anni("entro il 31/12/2020: tutto") == split_anni("90% Anno 2021: 3") == []


def test_a_year_twice_is_read_once_and_said() -> None:
    scritti = [(2020, "=>8", Luogo(3)), (2020, "=>9", Luogo(4)), (None, "=>7", Luogo(5))]
    indicatore, anomalie = make_indicatore(Luogo(3), {}, scritti, None, Contesto(2020))
    assert [(t.anno, t.valore) for t in indicatore.traguardi] == [(2020, Decimal(8))]
    assert [(a.regola, int(a.riga or 0)) for a in anomalie] == [
        ("traguardo_illeggibile", 4),
        ("traguardo_illeggibile", 5),
    ]
