"""How the text of a cell becomes a value: the spellings that the contract accepts, and no others.

Belongs here: one Polars expression per type, from trimmed text to a typed column; text that is
missing or cannot be read is null, and the caller tells the two apart by the text. Does not belong
here: whether a value is allowed (judge.py). No amount passes through a float.
"""

from collections.abc import Callable, Collection

import polars as pl

from pipelines.contract.schema import DECIMALI_DECIMALE, DECIMALI_IMPORTO, Colonna, Tipo
from pipelines.testo import beyond_ascii, cleaned

_DATA = pl.Date()
_DATA_ORA = pl.Datetime("us")

POLARS_TYPE: dict[Tipo, pl.DataType] = {
    "testo": pl.String(),
    "intero": pl.Int64(),
    "decimale": pl.Decimal(18, DECIMALI_DECIMALE),
    "importo": pl.Decimal(18, DECIMALI_IMPORTO),
    "data": _DATA,
    "data_ora": _DATA_ORA,
    "si_no": pl.Boolean(),
}

_INTERO = r"(?:[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[0-9]+)"
_GIORNO_IT = r"[0-9]{2}/[0-9]{2}/[0-9]{4}"
_GIORNO_ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_ORA = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_SECONDI = r":[0-5][0-9]"
FRACTION_MARK = "\x00."
"""Stands before the fraction of a second of a native timestamp (cells.py). No text of a delivered
file can hold it, since NUL is refused: so the spelling stays closed to CSV."""
_FRAZIONE = r"\x00\.[0-9]{1,6}"
_MEZZANOTTE = r"[ T]00:00:00(?:\.0{1,9})?$"
_ANNO_ZERO = r"^0000-|/0000\b"


Reader = Callable[[pl.Expr], pl.Expr]
"""From trimmed text to values of a type; null for text that this reader does not read."""


def _number(decimali: int, tipo: pl.DataType) -> Reader:
    """Text such as `-1.234,56`; a dot is only ever a thousands mark."""
    shape = rf"^-?{_INTERO}(?:,[0-9]{{1,{decimali}}})?$" if decimali else rf"^-?{_INTERO}$"

    def read(text: pl.Expr) -> pl.Expr:
        plain = text.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
        return pl.when(text.str.contains(shape)).then(plain).cast(tipo, strict=False)

    return read


_INTERI = _number(0, POLARS_TYPE["intero"])
_DECIMALI = _number(DECIMALI_DECIMALE, POLARS_TYPE["decimale"])
_IMPORTI = _number(DECIMALI_IMPORTO, POLARS_TYPE["importo"])


def _importo(text: pl.Expr) -> pl.Expr:
    """An amount with the sign of the euro before or after it, with at most one space between."""
    bare = text.str.replace(r"^€ ?(-?[0-9])", "$1")
    suffixless = text.str.replace(r"([0-9]) ?€$", "$1")
    number = pl.when(text.str.starts_with("€")).then(bare).otherwise(suffixless)
    return _IMPORTI(number)


def _signed(reader: Reader) -> Reader:
    """A number whose minus is the typographer's, U+2212."""
    return lambda text: reader(text.str.replace("\u2212", "-", literal=True))


def _moment(shape: str, spelling: str, tipo: pl.Date | pl.Datetime) -> Reader:
    """A date, or a date and time, in one spelling; null where that day or hour does not exist."""

    def read(text: pl.Expr) -> pl.Expr:
        fits = text.str.contains(f"^{shape}$") & ~text.str.contains(_ANNO_ZERO)
        return pl.when(fits).then(text.str.strptime(tipo, spelling, strict=False))

    return read


def _at_midnight(day: Reader) -> Reader:
    """A date with the hour that programs add to one, which says nothing."""
    return lambda text: day(text.str.replace(_MEZZANOTTE, ""))


_GIORNI_SOLI = (
    _moment(_GIORNO_IT, "%d/%m/%Y", _DATA),
    _moment(_GIORNO_ISO, "%Y-%m-%d", _DATA),
)
_GIORNI = (*_GIORNI_SOLI, *map(_at_midnight, _GIORNI_SOLI))


def _midnight(day: Reader) -> Reader:
    return lambda text: day(text).cast(_DATA_ORA)


def _yes_no(text: pl.Expr) -> pl.Expr:
    word = text.str.to_uppercase()
    return (
        pl.when(word.is_in(["S", "SI"]))
        .then(pl.lit(True))
        .when(word.is_in(["N", "NO"]))
        .then(pl.lit(False))
    )


_READERS: dict[Tipo, tuple[Reader, ...]] = {
    "testo": (lambda text: text,),
    "intero": (_INTERI, _signed(_INTERI)),
    "decimale": (_DECIMALI, _signed(_DECIMALI)),
    "importo": (_IMPORTI, _importo, _signed(_importo)),
    "data": _GIORNI,
    "data_ora": (
        _moment(f"{_GIORNO_IT} {_ORA}", "%d/%m/%Y %H:%M", _DATA_ORA),
        _moment(f"{_GIORNO_IT} {_ORA}{_SECONDI}", "%d/%m/%Y %H:%M:%S", _DATA_ORA),
        _moment(f"{_GIORNO_ISO}T{_ORA}", "%Y-%m-%dT%H:%M", _DATA_ORA),
        _moment(f"{_GIORNO_ISO}T{_ORA}{_SECONDI}", "%Y-%m-%dT%H:%M:%S", _DATA_ORA),
        _moment(
            f"{_GIORNO_ISO}T{_ORA}{_SECONDI}{_FRAZIONE}", "%Y-%m-%dT%H:%M:%S\x00%.f", _DATA_ORA
        ),
        *map(_midnight, _GIORNI),
    ),
    "si_no": (_yes_no,),
}
"""The spellings of each type. A file mostly keeps to one, so each next reader sees only the text
that those before it left unread."""


def _code(text: pl.Expr) -> pl.Expr:
    return text.str.to_uppercase().str.replace_all(" ", "_", literal=True)


def trimmed(text: pl.Expr) -> pl.Expr:
    """Cell text without the spaces around it; empty is missing."""
    bare = text.str.strip_chars()
    return pl.when(bare.str.len_bytes() > 0).then(bare)


def as_seen(cells: pl.DataFrame, but: Collection[str]) -> pl.DataFrame:
    """A frame whose text cells, those of all columns `but` some, are clean and trimmed."""
    names = [name for name in cells.columns if name not in but]
    clean = cells.with_columns(cleaned(cells[name]) for name in beyond_ascii(cells.select(names)))
    seen = clean.lazy().with_columns(trimmed(pl.col(name)) for name in names)
    return seen.collect(engine="streaming")


def first_reading(colonna: Colonna, text: pl.Expr) -> pl.Expr:
    """The values of trimmed text in the commonest spelling of the column's type."""
    return _code(text) if colonna.codici else _READERS[colonna.tipo][0](text)


def other_readings(colonna: Colonna, text: pl.Series, values: pl.Series) -> pl.Series:
    """`values`, with what the first reading left unread read in the other spellings."""
    for reader in _READERS[colonna.tipo][1:]:
        if values.null_count() == text.null_count():  # all that is written is read
            break
        unread = (values.is_null() & text.is_not_null()).arg_true()
        values = values.scatter(unread, pl.select(reader(pl.lit(text.gather(unread)))).to_series())
    return values
