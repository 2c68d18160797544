"""How the text of a cell becomes a value: the spellings that the contract accepts, and no others.

Belongs here: one Polars expression per type, from trimmed text to a typed column; text that is
missing or cannot be read is null, and the caller tells the two apart by the text. Does not belong
here: whether a value is allowed (judge.py). No amount passes through a float.
"""

import polars as pl

from pipelines.extracts.contract import Colonna, Tipo

DECIMALI_DECIMALE = 6
DECIMALI_IMPORTO = 2

POLARS_TYPE: dict[Tipo, pl.DataType] = {
    "testo": pl.String(),
    "intero": pl.Int64(),
    "decimale": pl.Decimal(18, DECIMALI_DECIMALE),
    "importo": pl.Decimal(18, DECIMALI_IMPORTO),
    "data": pl.Date(),
    "data_ora": pl.Datetime("us"),
    "si_no": pl.Boolean(),
}

_INTERO = r"(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)"
_GIORNO_IT = r"[0-9]{2}/[0-9]{2}/[0-9]{4}"
_GIORNO_ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_ORA = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_SECONDI = r":[0-5][0-9]"
FRACTION_MARK = "\x00."
"""Stands before the fraction of a second of a native timestamp (cells.py). No text of a delivered
file can hold it, since NUL is refused: so the spelling stays closed to CSV."""
_FRAZIONE = r"\x00\.[0-9]{1,6}"
_ANNO_ZERO = r"^0000-|/0000\b"


def _number(text: pl.Expr, decimali: int) -> pl.Expr:
    """Text such as `-1.234,56` as a plain `-1234.56`; null where the spelling is not accepted."""
    shape = rf"^-?{_INTERO}(?:,[0-9]{{1,{decimali}}})?$" if decimali else rf"^-?{_INTERO}$"
    plain = text.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    return pl.when(text.str.contains(shape)).then(plain)


def _importo(text: pl.Expr) -> pl.Expr:
    """The sign of the euro stands before or after the number, with at most one space."""
    bare = text.str.replace(r"^€[ \u00a0]?(-?[0-9])", "$1")
    suffixless = text.str.replace(r"([0-9])[ \u00a0]?€$", "$1")
    return _number(pl.when(text.str.starts_with("€")).then(bare).otherwise(suffixless), 2)


def _day(text: pl.Expr) -> pl.Expr:
    """A date in either spelling, as a date; null where the day does not exist."""
    valid = ~text.str.contains(_ANNO_ZERO)
    italian = pl.when(valid & text.str.contains(rf"^{_GIORNO_IT}$")).then(text)
    iso = pl.when(valid & text.str.contains(rf"^{_GIORNO_ISO}$")).then(text)
    return pl.coalesce(
        italian.str.to_date("%d/%m/%Y", strict=False), iso.str.to_date("%Y-%m-%d", strict=False)
    )


def _instant(text: pl.Expr) -> pl.Expr:
    """A date and time in either spelling, or a bare date (midnight), as a local timestamp."""
    valid = ~text.str.contains(_ANNO_ZERO)

    def read(shape: str, spelling: str) -> pl.Expr:
        fitting = pl.when(valid & text.str.contains(rf"^{shape}$")).then(text)
        return fitting.str.to_datetime(spelling, strict=False, time_unit="us")

    return pl.coalesce(
        read(f"{_GIORNO_IT} {_ORA}", "%d/%m/%Y %H:%M"),
        read(f"{_GIORNO_IT} {_ORA}{_SECONDI}", "%d/%m/%Y %H:%M:%S"),
        read(f"{_GIORNO_ISO}T{_ORA}", "%Y-%m-%dT%H:%M"),
        read(f"{_GIORNO_ISO}T{_ORA}{_SECONDI}", "%Y-%m-%dT%H:%M:%S"),
        read(f"{_GIORNO_ISO}T{_ORA}{_SECONDI}{_FRAZIONE}", "%Y-%m-%dT%H:%M:%S\x00%.f"),
        _day(text).cast(pl.Datetime("us")),
    )


def _yes_no(text: pl.Expr) -> pl.Expr:
    word = text.str.to_uppercase()
    return (
        pl.when(word.is_in(["S", "SI"]))
        .then(pl.lit(True))
        .when(word.is_in(["N", "NO"]))
        .then(pl.lit(False))
    )


def trimmed(text: pl.Expr) -> pl.Expr:
    """Cell text without the spaces around it; empty is missing."""
    bare = text.str.strip_chars()
    return pl.when(bare.str.len_bytes() > 0).then(bare)


def typed(colonna: Colonna, text: pl.Expr) -> pl.Expr:
    """The value of a trimmed text under the column's type; null where it cannot be read."""
    match colonna.tipo:
        case "testo" if colonna.codici:
            return text.str.to_uppercase().str.replace_all(" ", "_", literal=True)
        case "testo":
            return text
        case "intero":
            return _number(text, 0).cast(pl.Int64, strict=False)
        case "decimale":
            return _number(text, DECIMALI_DECIMALE).cast(POLARS_TYPE["decimale"], strict=False)
        case "importo":
            return _importo(text).cast(POLARS_TYPE["importo"], strict=False)
        case "data":
            return _day(text)
        case "data_ora":
            return _instant(text)
        case "si_no":
            return _yes_no(text)
