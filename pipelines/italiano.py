"""Numbers as an Italian office prints them: `1.234,50`, `€ 110.915,33`, `24,58%`.

Belongs here: text to Decimal and back, for the plan and for every file written from it. Does not
belong here: the spellings that extracts may use, which their own contract fixes
(pipelines/extracts/), and anything that knows what a number means.
"""

import re
from decimal import ROUND_HALF_UP, Context, Decimal

_NUMERO = re.compile(r"-?(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,[0-9]+)?")


def read_numero(testo: str) -> Decimal | None:
    """Read `1.234,50`, `1234,5` or `-12`; None where the text is not an Italian number.

    A dot is always a thousands mark, so `12.5` is nobody's number rather than 125. The decimals
    printed are kept: `8,50` has two.
    """
    pulito = testo.strip()
    if not _NUMERO.fullmatch(pulito):
        return None
    return Decimal(pulito.replace(".", "").replace(",", "."))


def read_importo(testo: str) -> Decimal | None:
    """Read an amount in EUR, with or without `€` before or after it; None where it is not one."""
    pulito = testo.strip()
    if pulito.startswith("€"):
        pulito = pulito[1:]
    elif pulito.endswith("€"):
        pulito = pulito[:-1]
    return read_numero(pulito)


def read_percentuale(testo: str) -> Decimal | None:
    """Read `24,58%` as 24.58 percent points; None where the sign or the number is missing."""
    pulito = testo.strip()
    return read_numero(pulito[:-1]) if pulito.endswith("%") else None


def round_half_up(valore: Decimal, decimali: int) -> Decimal:
    """Round half away from zero to so many decimals, exactly, whatever the size; never minus zero.

    Raises ValueError for NaN and infinity: a missing figure is None, never a number.
    """
    if not valore.is_finite():
        raise ValueError(f"{valore} non è un numero che si possa scrivere.")
    # The default context would refuse more than 28 digits; this one always has room.
    contesto = Context(prec=max(28, valore.adjusted() + decimali + 3), rounding=ROUND_HALF_UP)
    arrotondato = valore.quantize(Decimal(1).scaleb(-decimali), context=contesto)
    return arrotondato.copy_abs() if arrotondato.is_zero() else arrotondato


def format_numero(valore: Decimal, decimali: int) -> str:
    """Print `1.234,50`: so many decimals, half-up, a thousands mark from 1.000 up."""
    inglese = f"{round_half_up(valore, decimali):,f}"
    return inglese.translate(str.maketrans(",.", ".,"))


def format_cifra(valore: Decimal, decimali: int, percentuale: bool) -> str:
    """Print a figure as the plan prints its indicator: so many decimals, `%` after percent points."""
    return format_numero(valore, decimali) + "%" * percentuale


def format_importo(valore: Decimal) -> str:
    """Print an amount in EUR as the plan does: `€ 110.915,33`."""
    return f"€ {format_numero(valore, 2)}"


def format_percentuale(valore: Decimal, decimali: int = 2) -> str:
    """Print percent points as the plan does: `100,00%`."""
    return f"{format_numero(valore, decimali)}%"
