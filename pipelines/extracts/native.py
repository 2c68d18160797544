"""The columns of a Parquet file in the spellings of CSV, so that one reader (values.py) serves all.

Belongs here: how a number, a date or a truth value that arrived as such is written as text. Does not
belong here: the cells of a workbook (sheet.py).
"""

import io
from collections.abc import Callable

import polars as pl

from pipelines.extracts.cells import (
    CAMPI,
    MAX_RIGHE,
    RIGA,
    Celle,
    Conto,
    Rifiutato,
    read_header,
)
from pipelines.extracts.contract import Estratto
from pipelines.extracts.sheet_xml import plain_number
from pipelines.extracts.values import FRACTION_MARK


def from_parquet(content: bytes, estratto: Estratto) -> Celle:
    """The cells of a Parquet file, its rows numbered from 1. Raises `Rifiutato`."""
    try:
        names = list(pl.read_parquet_schema(io.BytesIO(content)))
        header = read_header(names, estratto)
        # A few kilobytes can declare a billion equal rows.
        if pl.scan_parquet(io.BytesIO(content)).select(pl.len()).collect().item() > MAX_RIGHE:
            raise Rifiutato(f"ha più di {MAX_RIGHE} righe: consegnarlo in più parti.")
        frame = pl.read_parquet(io.BytesIO(content))
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        raise Rifiutato("non è un file Parquet leggibile: esportarlo di nuovo.") from error
    text = frame.select(
        _native_text(frame[names[i]], nome, estratto).alias(nome)
        for nome, i in header.place_of().items()
    )
    used = set(header.place_of().values())
    others = [name for i, name in enumerate(names) if i not in used]
    filled = frame.select(*others).with_columns(text).pipe(_filled)
    rows = text.with_row_index(RIGA, offset=1).filter(filled)
    cells = rows.select(
        pl.col(RIGA).cast(pl.Int64), pl.lit(None, pl.Int64).alias(CAMPI), *text.columns
    )
    conto = Conto(len(frame), intestazione=0, vuote=int((~filled).sum()))
    return Celle(cells, header.campi, header.ignote, None, conto)


def _filled(frame: pl.DataFrame) -> pl.Series:
    """Which rows hold anything but spaces."""
    cells = [
        (pl.col(name).str.strip_chars() != "").fill_null(False)
        if dtype == pl.String
        else pl.col(name).is_not_null()
        for name, dtype in frame.schema.items()
    ]
    return frame.select(pl.any_horizontal(cells)).to_series()


def _native_text(values: pl.Series, nome: str, estratto: Estratto) -> pl.Series:
    """A Parquet column in the spellings of CSV, according to the contract's column type."""
    dtype = values.dtype
    numeric = estratto.colonna(nome).tipo in ("intero", "decimale", "importo")
    if dtype == pl.String:
        if values.str.contains("\x00", literal=True).any():
            raise Rifiutato(f"la colonna {nome} contiene byte NUL: esportarlo di nuovo.")
        return values
    if dtype in (pl.Categorical, pl.Enum):
        return _native_text(values.cast(pl.String), nome, estratto)
    if dtype == pl.Boolean:
        return values.replace_strict({True: "S", False: "N"}, return_dtype=pl.String)
    if dtype == pl.Date:
        return _within_calendar(values, 1, lambda days: days.dt.to_string("%Y-%m-%d"))
    if isinstance(dtype, pl.Datetime):
        ticks = _TICKS[dtype.time_unit] * 86_400
        return _within_calendar(values, ticks, instant_text)
    if dtype.is_float():
        text = values.map_elements(plain_number, return_dtype=pl.String)
    elif dtype.is_integer() or dtype.is_decimal():
        text = values.cast(pl.String)
    elif dtype == pl.Null:
        return values.cast(pl.String)
    else:
        raise Rifiutato(
            f"la colonna {nome} è di un tipo che non si può leggere: "
            "esportarla come testo, numero o data."
        )
    if dtype.is_decimal() or dtype.is_float():
        text = text.str.replace(r"(\.[0-9]*?)0+$", "$1").str.replace(r"\.$", "")
    return text.str.replace(".", ",", literal=True) if numeric else text


_TICKS = {"ms": 10**3, "us": 10**6, "ns": 10**9}
_FIRST_DAY, _LAST_DAY = -719_162, 2_932_896
"""From 0001-01-01 to 9999-12-31, in days from 1970-01-01: all that the contract's spelling holds."""


def _within_calendar(
    values: pl.Series, ticks_a_day: int, spell: Callable[[pl.Series], pl.Series]
) -> pl.Series:
    """Dates as text; what no calendar holds stays the bare number it is, which reads as no date.

    Polars wraps such a value round to another day, or panics.
    """
    number = values.to_physical()
    first = max(_FIRST_DAY * ticks_a_day, -(2**63))
    last = min((_LAST_DAY + 1) * ticks_a_day, 2**63) - 1
    inside = number.is_between(first, last)
    outside = number.cast(pl.String)
    return spell(values.set(~inside, None)).zip_with(inside.fill_null(True), outside)


def instant_text(values: pl.Series) -> pl.Series:
    """Native timestamps in the contract's spelling, on their own clock; midnight is a bare date."""
    values = values.dt.replace_time_zone(None).dt.cast_time_unit("us")
    day = values.dt.to_string("%Y-%m-%d")
    second = values.dt.to_string("%Y-%m-%dT%H:%M:%S")
    fraction = values.dt.microsecond().cast(pl.String).str.zfill(6)
    return (
        pl.select(
            pl.when(values.dt.time() == pl.time(0, 0, 0))
            .then(day)
            .when(values.dt.microsecond() == 0)
            .then(second)
            .otherwise(second + pl.lit(FRACTION_MARK) + fraction)
        )
        .to_series()
        .set(values.is_null(), None)
    )
