"""The macros of sql/aritmetica.sql against exact fractions: no case may differ by one unit.

Many cases go in one query, for a query costs far more than a case.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from math import floor, trunc

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.warehouse.models import SQL

DODICI = 10**12

Numero = tuple[int, int]
"""Units and decimals: (-1250, 2) is -12.50."""


@pytest.fixture(scope="module")
def macro() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with the macros and nothing else."""
    with duckdb.connect() as connection:
        connection.execute("create schema aritmetica")
        connection.execute((SQL / "aritmetica.sql").read_text("utf-8"))
        yield connection


def fraction(numero: Numero) -> Fraction:
    return Fraction(numero[0], 10 ** numero[1])


def literal(numero: Numero) -> str:
    """As SQL would see it in a column: DECIMAL(38, 12), the type of the contributions."""
    units, decimals = numero
    whole, rest = divmod(abs(units), 10**decimals)
    return f"'{'-' * (units < 0)}{whole}.{rest:0{max(1, decimals)}}'::decimal(38, 12)"


def half_away_from_zero(exact: Fraction, decimals: int) -> Fraction:
    scaled = abs(exact) * 10**decimals
    rounded = Fraction(floor(scaled + Fraction(1, 2)), 10**decimals)
    return -rounded if exact < 0 else rounded


def answers(macro: duckdb.DuckDBPyConnection, expressions: list[str]) -> list[Fraction | None]:
    """What each expression is, exactly; a float is an error."""
    values = macro.execute("select " + ", ".join(expressions)).fetchone() or ()
    assert all(v is None or isinstance(v, Decimal) for v in values), values
    assert not any(v is not None and v.is_zero() and v.is_signed() for v in values)
    return [None if v is None else Fraction(v) for v in values]


def numbers(whole_digits: int) -> st.SearchStrategy[Numero]:
    """Numbers of every size up to a number of whole digits, with 0 to 12 decimals."""
    sized = st.integers(0, whole_digits + 12).flatmap(
        lambda digits: st.integers(-(10**digits) + 1, 10**digits - 1)
    )
    return st.tuples(sized, st.sampled_from([0, 2, 6, 12])).map(
        lambda n: (n[0] // 10 ** max(0, 12 - n[1]), n[1])
    )


# Sums of the largest amounts of the contract, 16 whole digits, over a hundred thousand rows; and
# denominators from the smallest FTE to as many active firms as the contract lets in.
NUMERATORI = numbers(21)
DENOMINATORI = numbers(16).filter(lambda n: n[0] != 0)
coppie = st.lists(st.tuples(NUMERATORI, DENOMINATORI), min_size=1, max_size=12)


def fits(numeratore: Numero, denominatore: Numero, per: int) -> bool:
    """Whether the ratio has a place in DECIMAL(38, 12)."""
    return abs(fraction(numeratore) / fraction(denominatore) * per) < 10**25


@settings(deadline=None, max_examples=60)
@given(coppie, st.sampled_from([1, 100]))
@example([((1, 0), (3, 0)), ((-1, 0), (3, 0)), ((2, 0), (-3, 0)), ((0, 0), (7, 2))], 100)
@example([((-1, 12), (10**16 - 1, 0)), ((10**21 - 1, 0), (1, 2))], 1)
@example([((10**19 - 1, 2), (3, 0)), ((-(10**19) + 1, 2), (7, 6))], 100)
def test_a_ratio_is_cut_toward_zero_at_the_twelfth_decimal(
    macro: duckdb.DuckDBPyConnection, cases: list[tuple[Numero, Numero]], per: int
) -> None:
    cases = [(n, d) for n, d in cases if fits(n, d, per)]
    if not cases:
        return
    found = answers(
        macro, [f"aritmetica.rapporto({literal(n)}, {literal(d)}, {per})" for n, d in cases]
    )
    assert found == [
        Fraction(trunc(fraction(n) / fraction(d) * per * DODICI), DODICI) for n, d in cases
    ]


@settings(deadline=None, max_examples=60)
@given(st.lists(numbers(24), min_size=1, max_size=8))
@example([(5, 1), (-5, 1), (15, 1), (25, 1), (-15, 1), (4999999999, 10), (5000000001, 10)])
@example([(5, 7), (-5, 7), (499999, 12), (500000, 12), (-500000, 12), (0, 0)])
@example([(10**25 - 1, 0), (-(10**25) + 1, 0), (10**37 - 1, 12), (-(10**37) + 1, 12)])
def test_rounding_is_half_away_from_zero_at_every_number_of_decimals(
    macro: duckdb.DuckDBPyConnection, cases: list[Numero]
) -> None:
    asked = [(n, decimals) for n in cases for decimals in range(7)]
    found = answers(macro, [f"aritmetica.arrotonda({literal(n)}, {d})" for n, d in asked])
    assert found == [half_away_from_zero(fraction(n), d) for n, d in asked]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(numbers(19), DENOMINATORI), min_size=1, max_size=12),
    st.sampled_from([1, 100]),
)
@example([((1, 0), (8, 0)), ((-1, 0), (8, 0)), ((1, 0), (-8, 0)), ((0, 0), (-8, 0))], 1)
@example([((29, 0), (32, 0)), ((13, 0), (14, 0)), ((1, 0), (3, 0)), ((2, 0), (3, 0))], 100)
@example([((10**18 - 1, 2), (3, 2)), ((-(10**18) + 1, 2), (7, 2))], 100)
def test_a_rounded_ratio_is_rounded_once_from_the_exact_one(
    macro: duckdb.DuckDBPyConnection, cases: list[tuple[Numero, Numero]], per: int
) -> None:
    cases = [(n, d) for n, d in cases if fits(n, d, per)]
    if not cases:
        return
    found = answers(
        macro,
        [f"aritmetica.rapporto_arrotondato({literal(n)}, {literal(d)}, {per})" for n, d in cases],
    )
    assert found == [half_away_from_zero(fraction(n) / fraction(d) * per, 2) for n, d in cases]


@pytest.mark.parametrize("nome", ["rapporto", "rapporto_arrotondato"])
def test_over_zero_or_nothing_there_is_no_ratio(
    macro: duckdb.DuckDBPyConnection, nome: str
) -> None:
    zero, one, nothing = "0::decimal(38, 12)", "1::decimal(38, 12)", "null::decimal(38, 12)"
    asked = [(one, zero), (zero, zero), (one, nothing), (nothing, one), (nothing, zero)]
    found = answers(macro, [f"aritmetica.{nome}({n}, {d}, 100)" for n, d in asked])
    assert found == [None] * len(asked)


def test_nothing_is_not_rounded_to_zero(macro: duckdb.DuckDBPyConnection) -> None:
    assert answers(macro, ["aritmetica.arrotonda(null::decimal(38, 12), 2)"]) == [None]


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("0.125", 2, "0.13"),
        ("-0.125", 2, "-0.13"),
        ("0.4999999", 0, "0"),
        ("90.625", 2, "90.63"),
        ("1.0000005", 6, "1.000001"),
        ("0.042989", 1, "0"),
    ],
)
def test_rounding_by_examples(
    macro: duckdb.DuckDBPyConnection, value: str, decimals: int, rounded: str
) -> None:
    found = answers(macro, [f"aritmetica.arrotonda('{value}'::decimal(38, 12), {decimals})"])
    assert found == [Fraction(rounded)]


def test_what_does_not_fit_is_an_error_and_never_a_wrong_number(
    macro: duckdb.DuckDBPyConnection,
) -> None:
    with pytest.raises(duckdb.Error):
        answers(
            macro,
            ["aritmetica.rapporto(1e25::decimal(38, 12), 0.000000000001::decimal(38, 12), 100)"],
        )
