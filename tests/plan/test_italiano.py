"""Italian numbers, printed and read."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.italiano import (
    format_importo,
    format_numero,
    format_percentuale,
    read_importo,
    read_numero,
    read_percentuale,
    round_half_up,
)

ULTIME = st.integers(-(10**40), 10**40)


@pytest.mark.parametrize(
    ("valore", "decimali", "testo"),
    [
        ("8", 0, "8"),
        ("999", 0, "999"),
        ("1000", 0, "1.000"),
        ("1234567.5", 2, "1.234.567,50"),
        ("-1234.5", 1, "-1.234,5"),
        ("0.125", 2, "0,13"),
        ("-0.125", 2, "-0,13"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("999.995", 2, "1.000,00"),
        ("-0.004", 2, "0,00"),
        ("-0", 0, "0"),
        ("1E+3", 2, "1.000,00"),
        ("0.0000000000000000000000000000000000001", 2, "0,00"),
        (
            "12345678901234567890123456789012.125",
            2,
            "12.345.678.901.234.567.890.123.456.789.012,13",
        ),
    ],
)
def test_numbers_are_printed_half_up(valore: str, decimali: int, testo: str) -> None:
    assert format_numero(Decimal(valore), decimali) == testo


def test_amounts_and_percentages_are_printed_as_the_plan_does() -> None:
    assert format_importo(Decimal("110915.33")) == "€ 110.915,33"
    assert format_importo(Decimal("-5")) == "€ -5,00"
    assert format_percentuale(Decimal(100)) == "100,00%"
    assert format_percentuale(Decimal("24.5"), 1) == "24,5%"


@pytest.mark.parametrize("valore", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_never_printed(valore: str) -> None:
    with pytest.raises(ValueError, match="non è un numero"):
        format_numero(Decimal(valore), 2)


@pytest.mark.parametrize(
    "testo",
    [
        *("", " ", "-", "+5", ",5", "5,", "1.23", "12.5", "1.2345", "1,2,3", "1.234.56", "0x1"),
        *(
            "1 234",
            "1e3",
            "n.d.",
            "--5",
            "- 5",
            "٣",
            "²",
            "1_000",
            "Infinity",
            "1.234,5.6",
            "1..234",
        ),
    ],
)
def test_what_is_no_italian_number_is_not_read(testo: str) -> None:
    assert read_numero(testo) is None
    assert read_importo(f"€ {testo}") is None
    assert read_percentuale(f"{testo}%") is None


def test_amounts_and_percentages_are_read() -> None:
    for testo in ("€ 110.915,33", "€110915,33", "110.915,33 €", " 110.915,33 ", "€\xa0110.915,33"):
        assert read_importo(testo) == Decimal("110915.33")
    assert read_percentuale(" 24,58% ") == Decimal("24.58")
    assert read_percentuale("24,58") is None
    assert read_importo("€ 5 €") is None


@given(ULTIME, st.integers(0, 6))
def test_what_is_printed_is_read_back_to_the_last_digit(ultime: int, decimali: int) -> None:
    valore = Decimal(ultime).scaleb(-decimali) if abs(ultime) < 10**27 else Decimal(ultime)
    letto = read_numero(format_numero(valore, decimali))
    assert letto is not None
    assert str(letto) == str(round_half_up(valore, decimali))
    assert letto == valore


@given(ULTIME, st.integers(0, 30), st.integers(0, 6))
def test_rounding_is_half_away_from_zero(ultime: int, in_piu: int, decimali: int) -> None:
    """Against whole-number arithmetic: |x| + half a unit, cut."""
    valore = Decimal(f"{ultime}E-{in_piu + decimali}")
    passo = 10**in_piu
    atteso = (2 * abs(ultime) + passo) // (2 * passo)
    arrotondato = round_half_up(valore, decimali)
    assert arrotondato == Decimal(f"{-atteso if ultime < 0 else atteso}E-{decimali}")
    assert not (arrotondato.is_zero() and arrotondato.is_signed())


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused(testo: str) -> None:
    for read in (read_numero, read_importo, read_percentuale):
        valore = read(testo)
        assert valore is None or valore.is_finite()
