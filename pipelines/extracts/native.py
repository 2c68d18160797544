"""The columns of a Parquet file in the spellings of CSV, so that one reader (values.py) serves all.

Belongs here: how a number, a date or a truth value that arrived as such is written as text. Does not
belong here: the cells of a workbook (sheet.py).
"""

import io
import os
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import polars.selectors as cs

from pipelines.contract.schema import Estratto, Tipo
from pipelines.extracts.cells import CAMPI, MAX_RIGHE, RIGA, Celle, Conto, read_header
from pipelines.extracts.sheet_xml import plain_number
from pipelines.extracts.values import FRACTION_MARK
from pipelines.landing.rifiutato import Rifiutato
from pipelines.testo import cleaned, quoted

if TYPE_CHECKING:
    import duckdb


_ILLEGGIBILE = "non è un file Parquet leggibile: esportarlo di nuovo."


def heads(content: bytes) -> list[list[str]]:
    """The names of the columns of a Parquet file, as its one line of headings. Raises `Rifiutato`."""
    try:
        return [list(pl.read_parquet_schema(io.BytesIO(content)))]
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        raise Rifiutato(_ILLEGGIBILE) from error


def from_parquet(content: bytes, estratto: Estratto) -> Celle:
    """The cells of a Parquet file, its rows numbered from 1. Raises `Rifiutato`."""
    try:
        (names,) = heads(content)
        header = read_header(names, estratto)
        # A few kilobytes can declare a billion equal rows.
        if pl.scan_parquet(io.BytesIO(content)).select(pl.len()).collect().item() > MAX_RIGHE:
            raise Rifiutato(f"ha più di {MAX_RIGHE} righe: consegnarlo in più parti.")
        frame = pl.read_parquet(io.BytesIO(content)).with_columns(cs.float().fill_nan(None))
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        raise Rifiutato(_ILLEGGIBILE) from error
    used = [names[i] for i in header.place_of().values()]
    nanoseconds = [name for name in used if frame.schema[name] == pl.Datetime("ns")]
    frame = frame.with_columns(_int96(content, nanoseconds) if nanoseconds else [])
    text = frame.select(
        _native_text(frame[names[i]], names[i], estratto.colonna(nome).tipo).alias(nome)
        for nome, i in header.place_of().items()
    )
    others = [name for name in names if name not in used]
    filled = frame.select(*others).with_columns(text).pipe(_filled)
    rows = text.with_row_index(RIGA, offset=1).filter(filled)
    cells = rows.select(
        pl.col(RIGA).cast(pl.Int64), pl.lit(None, pl.Int64).alias(CAMPI), *text.columns
    )
    conto = Conto(len(frame), intestazione=0, vuote=int((~filled).sum()))
    return Celle(cells, header.campi, header.ignote, None, conto, segnali=header.segnali)


def _int96(content: bytes, names: list[str]) -> list[pl.Series]:
    """Those of the columns that are INT96, in microseconds.

    Polars reads them in nanoseconds, where every day beyond 2262 is the same instant.
    """
    from pipelines.connection import connect_in_memory

    file = os.memfd_create("parquet")
    try:
        with os.fdopen(os.dup(file), "wb") as stream:
            stream.write(content)
        path = f"/proc/self/fd/{file}"
        with connect_in_memory() as connection:
            kinds = "select name from parquet_schema(?) where type = 'INT96'"
            old = {name for (name,) in connection.execute(kinds, [path]).fetchall()}
            return [_read_int96(connection, path, name) for name in names if name in old]
    finally:
        os.close(file)


def _read_int96(connection: "duckdb.DuckDBPyConnection", path: str, name: str) -> pl.Series:
    column = name.replace('"', '""')
    found = connection.execute(f'select epoch_us("{column}") from read_parquet(?)', [path])
    pieces = iter(lambda: found.fetchmany(_ROWS_AT_ONCE), [])
    series = [pl.Series(name, [us for (us,) in some], pl.Int64) for some in pieces]
    return pl.concat([pl.Series(name, [], pl.Int64), *series]).cast(pl.Datetime("us"))


_ROWS_AT_ONCE = 50_000


def _filled(frame: pl.DataFrame) -> pl.Series:
    """Which rows hold anything but spaces and what nobody sees."""
    cells = [
        (cleaned(column).str.strip_chars() != "").fill_null(False)
        if column.dtype == pl.String
        else column.is_not_null()
        for column in frame
    ]
    return frame.select(pl.any_horizontal(cells)).to_series()


def _native_text(values: pl.Series, nome: str, tipo: Tipo) -> pl.Series:
    """A Parquet column, by the name it has there, in the spellings of CSV for a contract type."""
    dtype = values.dtype
    if dtype == pl.String:
        if values.str.contains("\x00", literal=True).any():
            raise Rifiutato(f"la colonna {quoted(nome)} contiene byte NUL: esportarlo di nuovo.")
        return values
    if dtype in (pl.Categorical, pl.Enum):
        return _native_text(values.cast(pl.String), nome, tipo)
    if dtype == pl.Boolean:
        return values.replace_strict({True: "S", False: "N"}, return_dtype=pl.String)
    if dtype == pl.Date:
        return _within_calendar(values, 1, lambda days: days.dt.to_string("%Y-%m-%d"))
    if isinstance(dtype, pl.Datetime):
        ticks = _TICKS[dtype.time_unit] * 86_400
        return _within_calendar(values, ticks, day_text if tipo == "data" else instant_text)
    if dtype == pl.Float64:
        text = values.map_elements(plain_number, return_dtype=pl.String)
    elif dtype.is_float():  # its shortest decimal, which a double would bury in digits
        text = values.cast(pl.String).map_elements(_without_exponent, return_dtype=pl.String)
    elif dtype.is_integer() or dtype.is_decimal():
        text = values.cast(pl.String)
    elif dtype == pl.Null:
        return values.cast(pl.String)
    else:
        raise Rifiutato(
            f"la colonna {quoted(nome)} è di un tipo che non si può leggere ({dtype.base_type()}): "
            "esportarla come testo, numero o data."
        )
    if dtype.is_decimal() or dtype.is_float():
        text = text.str.replace(r"(\.[0-9]*?)0+$", "$1").str.replace(r"\.$", "")
    numeric = tipo in ("intero", "decimale", "importo")
    return text.str.replace(".", ",", literal=True) if numeric else text


def _without_exponent(number: str) -> str:
    return format(Decimal(number), "f")


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


def _roman_clock(values: pl.Series) -> pl.Series:
    """Native timestamps on the clock of who reads them: an instant of the world is one of Rome."""
    if isinstance(values.dtype, pl.Datetime) and values.dtype.time_zone:
        values = values.dt.convert_time_zone("Europe/Rome").dt.replace_time_zone(None)
    return values.dt.cast_time_unit("us")


def day_text(values: pl.Series) -> pl.Series:
    """The day of native timestamps, whatever their hour."""
    return _roman_clock(values).dt.to_string("%Y-%m-%d")


def instant_text(values: pl.Series) -> pl.Series:
    """Native timestamps in the contract's spelling; midnight is a bare date."""
    values = _roman_clock(values)
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
