"""The macros of sql/aritmetica.sql against exact fractions: no case may differ by one unit.

Many cases go in one query, for a query costs far more than a case.
"""

from collections.abc import Iterator, Sequence
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


def text(numero: Numero) -> str:
    units, decimals = numero
    whole, rest = divmod(abs(units), 10**decimals)
    return f"{'-' * (units < 0)}{whole}.{rest:0{max(1, decimals)}}"


def half_away_from_zero(exact: Fraction, decimals: int) -> Fraction:
    scaled = abs(exact) * 10**decimals
    rounded = Fraction(floor(scaled + Fraction(1, 2)), 10**decimals)
    return -rounded if exact < 0 else rounded


def answers(
    macro: duckdb.DuckDBPyConnection, expression: str, rows: Sequence[tuple[str | None, ...]]
) -> list[Fraction | None]:
    """An expression over a, b, c (DECIMAL(38, 12), as the contributions are), exactly, row by row."""
    names = "abc"[: len(rows[0])]
    cast = ", ".join(f"{name}::decimal(38, 12) as {name}" for name in names)
    marks = ", ".join(f"({', '.join(['?'] * (len(names) + 1))})" for _ in rows)
    values = macro.execute(
        f"select {expression} from (select i, {cast} from (values {marks}) as t(i, {', '.join(names)}))"
        " order by i",
        [value for i, row in enumerate(rows) for value in (i, *row)],
    ).fetchall()
    found = [value for (value,) in values]
    assert all(v is None or isinstance(v, Decimal) for v in found), found
    assert not any(v is not None and v.is_zero() and v.is_signed() for v in found)
    return [None if v is None else Fraction(v) for v in found]


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
coppie = st.lists(st.tuples(NUMERATORI, DENOMINATORI), min_size=1, max_size=30)
poche = settings(deadline=None, max_examples=40)


def fits(numeratore: Numero, denominatore: Numero) -> bool:
    """Whether the ratio, as a percentage too, has a place in DECIMAL(38, 12)."""
    return abs(fraction(numeratore) / fraction(denominatore) * 100) < 10**25


@poche
@given(coppie, st.sampled_from([1, 100]))
@example([((1, 0), (3, 0)), ((-1, 0), (3, 0)), ((2, 0), (-3, 0)), ((0, 0), (7, 2))], 100)
@example([((-1, 12), (10**16 - 1, 0)), ((10**21 - 1, 0), (1, 2))], 1)
@example([((10**19 - 1, 2), (3, 0)), ((-(10**19) + 1, 2), (7, 6))], 100)
def test_a_ratio_is_cut_toward_zero_at_the_twelfth_decimal(
    macro: duckdb.DuckDBPyConnection, cases: list[tuple[Numero, Numero]], per: int
) -> None:
    cases = [(n, d) for n, d in cases if fits(n, d)]
    if cases:
        rows = [(text(n), text(d)) for n, d in cases]
        assert answers(macro, f"aritmetica.rapporto(a, b, {per})", rows) == [
            Fraction(trunc(fraction(n) / fraction(d) * per * DODICI), DODICI) for n, d in cases
        ]


@poche
@given(st.lists(numbers(24), min_size=1, max_size=30), st.integers(0, 6))
@example([(5, 1), (-5, 1), (15, 1), (25, 1), (-15, 1), (4999999999, 10), (5000000001, 10)], 0)
@example([(5, 7), (-5, 7), (499999, 12), (500000, 12), (-500000, 12), (0, 0)], 6)
@example([(10**25 - 1, 0), (-(10**25) + 1, 0), (10**37 - 1, 12), (-(10**37) + 1, 12)], 2)
def test_rounding_is_half_away_from_zero_at_every_number_of_decimals(
    macro: duckdb.DuckDBPyConnection, cases: list[Numero], decimals: int
) -> None:
    found = answers(macro, f"aritmetica.arrotonda(a, {decimals})", [(text(n),) for n in cases])
    assert found == [half_away_from_zero(fraction(n), decimals) for n in cases]


@poche
@given(
    st.lists(st.tuples(numbers(19), DENOMINATORI), min_size=1, max_size=30),
    st.sampled_from([1, 100]),
)
@example([((1, 0), (8, 0)), ((-1, 0), (8, 0)), ((1, 0), (-8, 0)), ((0, 0), (-8, 0))], 1)
@example([((29, 0), (32, 0)), ((13, 0), (14, 0)), ((1, 0), (3, 0)), ((2, 0), (3, 0))], 100)
@example([((10**18 - 1, 2), (3, 2)), ((-(10**18) + 1, 2), (7, 2))], 100)
def test_a_rounded_ratio_is_rounded_once_from_the_exact_one(
    macro: duckdb.DuckDBPyConnection, cases: list[tuple[Numero, Numero]], per: int
) -> None:
    cases = [(n, d) for n, d in cases if fits(n, d)]
    if cases:
        rows = [(text(n), text(d)) for n, d in cases]
        assert answers(macro, f"aritmetica.rapporto_arrotondato(a, b, {per})", rows) == [
            half_away_from_zero(fraction(n) / fraction(d) * per, 2) for n, d in cases
        ]


@pytest.mark.parametrize("nome", ["rapporto", "rapporto_arrotondato"])
def test_over_zero_or_nothing_there_is_no_ratio(
    macro: duckdb.DuckDBPyConnection, nome: str
) -> None:
    rows = [("1", "0"), ("0", "0"), ("1", None), (None, "1"), (None, "0")]
    assert answers(macro, f"aritmetica.{nome}(a, b, 100)", rows) == [None] * len(rows)


def test_nothing_is_not_rounded_to_zero(macro: duckdb.DuckDBPyConnection) -> None:
    assert answers(macro, "aritmetica.arrotonda(a, 2)", [(None,)]) == [None]


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("0.125", 2, "0.13"),
        ("-0.125", 2, "-0.13"),
        ("0.4999999", 0, "0"),
        ("-0.4", 0, "0"),
        ("90.625", 2, "90.63"),
        ("1.0000005", 6, "1.000001"),
        ("0.042989", 1, "0"),
    ],
)
def test_rounding_by_examples(
    macro: duckdb.DuckDBPyConnection, value: str, decimals: int, rounded: str
) -> None:
    assert answers(macro, f"aritmetica.arrotonda(a, {decimals})", [(value,)]) == [Fraction(rounded)]


def test_the_number_of_decimals_may_be_a_column(macro: duckdb.DuckDBPyConnection) -> None:
    rows = [("1.2345678", str(decimals)) for decimals in range(7)]
    rounded = ["1", "1.2", "1.23", "1.235", "1.2346", "1.23457", "1.234568"]
    assert answers(macro, "aritmetica.arrotonda(a, b::integer)", rows) == [
        Fraction(one) for one in rounded
    ]


RISULTATI = [
    ("rapporto(4, 3, 1)", "1.333333333333"),
    ("rapporto(-1.5, 4, 1)", "-0.375000000000"),
    ("rapporto(5, 1, 1)", "5.000000000000"),
    ("rapporto_arrotondato(2, 3, 100)", "66.67"),
    ("rapporto_arrotondato(-1, 8, 1)", "-0.13"),
    ("rapporto_arrotondato(5, 1, 1)", "5.00"),
    # a count is its numerator, whatever stands beside it; a ratio is over something above zero
    ("valore(5, 2, false, 'numero')", "5.000000000000"),
    ("valore(5, null, false, 'percentuale')", "5.000000000000"),
    ("valore(1, 4, true, 'numero')", "0.250000000000"),
    ("valore(1, 4, true, 'percentuale')", "25.000000000000"),
    ("valore(1, 1, true, 'numero')", "1.000000000000"),
    ("valore(1, 0, true, 'numero')", None),
    ("valore(1, -4, true, 'numero')", None),
    ("raggiunto(5, '=>', 5)", "true"),
    ("raggiunto(4.99, '=>', 5)", "false"),
    ("raggiunto(5, '=<', 5)", "true"),
    ("raggiunto(5.01, '=<', 5)", "false"),
    ("raggiunto(null, '=<', 5)", None),
    ("realizzazione_grezza(null, '=>', 5, 'specchio')", None),
    ("realizzazione_grezza(5, null, 5, 'specchio')", None),
    ("realizzazione_grezza(5, '=>', null, 'specchio')", None),
    ("realizzazione_grezza(8, '=>', 10, 'specchio')", "80.00"),
    ("realizzazione_grezza(2, '=>', 1, 'specchio')", "200.00"),
    ("realizzazione_grezza(12, '=<', 10, 'specchio')", "80.00"),
    ("realizzazione_grezza(12, '=<', 10, 'rapporto')", "83.33"),
    ("realizzazione_grezza(1, '=<', 2, 'rapporto')", "200.00"),
    ("realizzazione_grezza(0, '=<', 10, 'rapporto')", "100.00"),
    ("realizzazione_grezza(0, '=<', 10, 'specchio')", "200.00"),
    ("realizzazione_grezza(0, '=>', 0, 'specchio')", "100.00"),
    ("realizzazione_grezza(-1, '=>', 0, 'specchio')", "0.00"),
    ("realizzazione_grezza(1, '=<', 0, 'rapporto')", "0.00"),
    ("tra_0_e_100(-0.01)", "0.00"),
    ("tra_0_e_100(0.5)", "0.50"),
    ("tra_0_e_100(99.5)", "99.50"),
    ("tra_0_e_100(100.5)", "100.00"),
    ("tra_0_e_100(null)", None),
    ("semaforo(null, 70, 90)", "grigio"),
    ("semaforo(90, 70, 90)", "verde"),
    ("semaforo(89.99, 70, 90)", "giallo"),
    ("semaforo(70, 70, 90)", "giallo"),
    ("semaforo(69.99, 70, 90)", "rosso"),
]
"""Macros over numbers at which they turn, with what their headers say of them."""


@pytest.mark.parametrize(("macro_di", "atteso"), RISULTATI)
def test_a_macro_by_what_its_header_says(
    macro: duckdb.DuckDBPyConnection, macro_di: str, atteso: str | None
) -> None:
    (found,) = macro.execute(f"select (aritmetica.{macro_di})::varchar").fetchone() or ("",)
    assert found == atteso


def test_what_does_not_fit_is_an_error_and_never_a_wrong_number(
    macro: duckdb.DuckDBPyConnection,
) -> None:
    with pytest.raises(duckdb.Error):
        answers(macro, "aritmetica.rapporto(a, b, 100)", [("1e25", "0.000000000001")])
