"""From the bytes of a delivered file to text cells, each row with its line; or a refusal.

Belongs here: decoding, separators, quotes, blank lines, header names, workbooks and Parquet brought
to the spellings of CSV. Does not belong here: what a cell means (values.py) or whether it is
allowed (judge.py). Nothing is guessed: a file that cannot be read for certain is refused whole.
"""

import csv
import gzip
import io
import re
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import polars as pl

from pipelines.extracts.contract import Estratto
from pipelines.extracts.values import FRACTION_MARK

SEPARATORI = (";", ",", "\t")
RIGA = "_riga"
CAMPI = "_campi"
"""How many fields a row has, where they are not as many as the header's; null for a sound row."""

MAX_BYTE = 1 << 30
MAX_BYTE_RIGA = 8 << 20
_CHUNK_ROWS = 50_000
_LONE_CR = "\x00"


class Rifiutato(Exception):
    """A file refused whole; the message is one Italian sentence that says why and what to do."""


@dataclass(frozen=True)
class Celle:
    """The cells of a file: a frame of `_riga`, `_campi` and one text column per contract column.

    `campi` is the number of fields of the header; `ignote` are the header's names that the
    contract does not know.
    """

    frame: pl.DataFrame
    campi: int
    ignote: tuple[str, ...]
    codifica: str | None


def read_cells(path: Path, estratto: Estratto, formato: str, content: bytes) -> Celle:
    """Cells of one file. `content` is its bytes, already read once and hashed.

    Raises `Rifiutato` when the file cannot be read as its type, lacks a required column, or has a
    contract column twice.
    """
    match formato:
        case "csv":
            return _read_text(content, estratto)
        case "csv.gz":
            return _read_text(_inflate(content), estratto)
        case "xlsx":
            from pipelines.extracts.workbook import read_sheet

            return _from_rows(read_sheet(path), estratto)
        case "parquet":
            return _from_parquet(content, estratto)
        case _:
            raise ValueError(formato)


def _inflate(content: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as unpacked:
            text = unpacked.read(MAX_BYTE + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Rifiutato(
            "il file compresso è guasto o incompleto: consegnarlo di nuovo per intero."
        ) from error
    if len(text) > MAX_BYTE:
        raise Rifiutato(f"una volta aperto supera {MAX_BYTE >> 20} MB: consegnarlo in più parti.")
    return text


def _decode(content: bytes) -> tuple[str, str]:
    """The text and its encoding: UTF-8 first, strictly, then Windows-1252, strictly."""
    if b"\x00" in content:
        raise Rifiutato("contiene byte NUL, quindi non è un testo: esportarlo di nuovo come CSV.")
    for codifica, name in (("utf-8-sig", "utf-8"), ("cp1252", "windows-1252")):
        try:
            return content.decode(codifica), name
        except UnicodeDecodeError:
            continue
    raise Rifiutato(
        "non è né UTF-8 né Windows-1252: esportarlo di nuovo in una delle due codifiche."
    )


def _read_text(content: bytes, estratto: Estratto) -> Celle:
    if len(content) > MAX_BYTE:
        raise Rifiutato(f"supera {MAX_BYTE >> 20} MB: consegnarlo in più parti.")
    text, codifica = _decode(content)
    if '"' in text:
        return _read_quoted(text, estratto, codifica)
    return _read_plain(text, estratto, codifica)


# --- header ------------------------------------------------------------------------------------


def normalised(name: str) -> str:
    """A header name as it is compared: trimmed, case folded, without accents."""
    decomposed = unicodedata.normalize("NFKD", name.strip().casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@dataclass(frozen=True)
class _Header:
    nomi: tuple[str, ...]
    """Contract column of each field, or an empty string for one that the contract does not know."""
    ignote: tuple[str, ...]

    @property
    def campi(self) -> int:
        return len(self.nomi)

    def place_of(self) -> dict[str, int]:
        return {nome: place for place, nome in enumerate(self.nomi) if nome}


def _recognised(fields: list[str], estratto: Estratto) -> int:
    known = {c.nome for c in estratto.colonne}
    return sum(normalised(f) in known for f in fields)


def _header(fields: list[str], estratto: Estratto) -> _Header:
    while fields and not fields[-1].strip():
        fields = fields[:-1]
    known = {c.nome for c in estratto.colonne}
    nomi = tuple(n if (n := normalised(f)) in known else "" for f in fields)
    missing = [c.nome for c in estratto.colonne if c.obbligatoria and c.nome not in nomi]
    if missing:
        raise Rifiutato(
            f"nell'intestazione mancano le colonne {', '.join(missing)}: "
            "aggiungerle o correggerne il nome."
        )
    twice = sorted({n for n in nomi if n and nomi.count(n) > 1})
    if twice:
        raise Rifiutato(
            f"nell'intestazione la colonna {', '.join(twice)} compare più volte: lasciarne una."
        )
    ignote = tuple(f.strip() for f, n in zip(fields, nomi, strict=True) if not n and f.strip())
    return _Header(nomi, ignote)


def _nothing() -> Rifiutato:
    return Rifiutato("è vuoto: serve almeno la riga di intestazione.")


def _is_blank(line: str, separatori: str = ";,\t") -> bool:
    """Nothing but separators and spaces."""
    return not re.search(rf"[^{separatori}\s]", line)


# --- CSV without quotes: one line is one row -----------------------------------------------------


def _read_plain(text: str, estratto: Estratto, codifica: str) -> Celle:
    lines = pl.read_lines(text.encode(), name="testo").with_row_index(RIGA, offset=1)
    if lines.height and (longest := lines["testo"].str.len_bytes().max()) > MAX_BYTE_RIGA:  # type: ignore[operator]
        raise _too_long(longest)  # type: ignore[arg-type]
    first = next((i for i, line in enumerate(lines["testo"]) if not _is_blank(line)), None)
    if first is None:
        raise _nothing()
    intestazione = lines["testo"][first]
    separatore = max(
        SEPARATORI,
        key=lambda s: (_recognised(intestazione.split(s), estratto), -SEPARATORI.index(s)),
    )
    header = _header(intestazione.split(separatore), estratto)
    body = lines[first + 1 :]
    rows = body.filter(~_blank_lines(body["testo"], separatore))
    needed = header.place_of()
    frame = (
        rows.lazy()
        .select(
            pl.col(RIGA).cast(pl.Int64),
            pl.col("testo").str.split_exact(separatore, header.campi - 1).alias("f"),
        )
        .select(RIGA, *(pl.col("f").struct[i].alias(nome) for nome, i in needed.items()))
        .collect(engine="streaming")
    )
    wrong = _wrong_counts(rows["testo"], separatore, header.campi)
    return Celle(frame.with_columns(wrong), header.campi, header.ignote, codifica)


def _blank_lines(lines: pl.Series, separatore: str) -> pl.Series:
    """Which lines hold nothing but separators and spaces; only those that begin so are examined."""
    blank = lines.str.contains(rf"^(?:[{separatore}\s]|$)")
    suspects = blank.arg_true()
    return blank.scatter(suspects, ~lines.gather(suspects).str.contains(rf"[^{separatore}\s]"))


def _too_long(size: int) -> Rifiutato:
    return Rifiutato(
        f"una riga è lunga {size >> 20} MB, oltre il limite di {MAX_BYTE_RIGA >> 20} MB: "
        "controllare i fine riga."
    )


def _wrong_counts(lines: pl.Series, separatore: str, campi: int) -> pl.Series:
    """The number of fields where it is not the header's; empty ones too many at the end are."""
    count = lines.str.count_matches(separatore, literal=True).cast(pl.Int64) + 1
    many = (count > campi).arg_true()
    used = lines.gather(many).str.strip_chars_end(f"{separatore} \t\r\u00a0")
    count = count.scatter(
        many,
        pl.select(
            pl.when(pl.lit(used).str.count_matches(separatore, literal=True) + 1 > campi)
            .then(pl.lit(count.gather(many)))
            .otherwise(campi)
        ).to_series(),
    )
    return count.set(count == campi, None).alias(CAMPI)


# --- CSV with quotes: a row may span lines -------------------------------------------------------


def _physical_lines(text: str) -> list[str]:
    """Lines with their ends. Only LF ends a line; a lone CR is hidden from the csv module."""
    lines = text.split("\n")
    out = [f"{line}\n" for line in lines[:-1]]
    if lines[-1]:
        out.append(lines[-1])
    return [_hide_cr(line) if "\r" in line else line for line in out]


def _hide_cr(line: str) -> str:
    body, end = (line[:-2], "\r\n") if line.endswith("\r\n") else (line, "")
    return body.replace("\r", _LONE_CR) + end


def _records(lines: list[str], separatore: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line on which it begins. Raises `Rifiutato` on an unclosed quote."""
    csv.field_size_limit(MAX_BYTE_RIGA)
    end = ["", "fine"]  # two fields, unless a quote still open makes them one
    reader = csv.reader([*lines, separatore.join(end)], delimiter=separatore)
    begin = 1
    try:
        for record in reader:
            if reader.line_num == len(lines) + 1:
                if record != end:
                    raise Rifiutato(
                        f"alla riga {begin} si aprono virgolette che non si chiudono: correggerla."
                    )
                return
            yield begin, record
            begin = reader.line_num + 1
    except csv.Error as error:
        raise Rifiutato(
            f"alla riga {begin} un campo supera {MAX_BYTE_RIGA >> 20} MB o non è leggibile: "
            "controllare le virgolette."
        ) from error


def _read_quoted(text: str, estratto: Estratto, codifica: str) -> Celle:
    lines = _physical_lines(text)
    first = next((i for i, line in enumerate(lines) if not _is_blank(line)), None)
    if first is None:
        raise _nothing()
    body = lines[first:]
    separatore = max(
        SEPARATORI,
        key=lambda s: (
            _recognised(next(_records(body, s))[1], estratto),
            -SEPARATORI.index(s),
        ),
    )
    records = _records(body, separatore)
    header = _header(next(records)[1], estratto)

    def rows() -> Iterator[tuple[int, list[str]]]:
        for begin, record in records:
            if any(field.strip() for field in record) or not _is_blank(body[begin - 1], separatore):
                yield first + begin, record

    return _collect(rows(), header, codifica)


def _collect(rows: Iterator[tuple[int, list[str]]], header: _Header, codifica: str | None) -> Celle:
    """Rows of fields as a frame, a chunk at a time, so that Python objects never pile up."""
    needed = header.place_of()
    schema = {RIGA: pl.Int64, CAMPI: pl.Int64, **dict.fromkeys(needed, pl.String)}
    places = list(needed.values())
    chunks: list[pl.DataFrame] = []
    chunk: list[tuple[object, ...]] = []
    for riga, fields in rows:
        count = len(fields)
        if count > header.campi and not any(f.strip() for f in fields[header.campi :]):
            count = header.campi
        if count == header.campi:
            values = [fields[place].replace(_LONE_CR, "\r") for place in places]
            chunk.append((riga, None, *values))
        else:
            chunk.append((riga, count, *([None] * len(places))))
        if len(chunk) == _CHUNK_ROWS:
            chunks.append(pl.DataFrame(chunk, schema=schema, orient="row"))
            chunk = []
    chunks.append(pl.DataFrame(chunk, schema=schema, orient="row"))
    return Celle(pl.concat(chunks), header.campi, header.ignote, codifica)


# --- workbooks and Parquet: native cells, brought to the spellings of CSV -------------------------


def _from_rows(rows: Iterator[tuple[int, list[str]]], estratto: Estratto) -> Celle:
    """Rows of a sheet. A cell of a numeric column arrives as `\\x02` + a plain number."""
    filled = ((riga, cells) for riga, cells in rows if any(c.strip() for c in cells))
    first = next(filled, None)
    if first is None:
        raise _nothing()
    header = _header([_plain_text(c) for c in first[1]], estratto)
    numeric = [
        bool(nome) and estratto.colonna(nome).tipo in ("intero", "decimale", "importo")
        for nome in header.nomi
    ]

    def spelled() -> Iterator[tuple[int, list[str]]]:
        for riga, cells in filled:
            padded = cells + [""] * (header.campi - len(cells))
            yield (
                riga,
                [
                    _spell(cell, numeric[i] if i < header.campi else False)
                    for i, cell in enumerate(padded)
                ],
            )

    return _collect(spelled(), header, None)


NATIVE_NUMBER = "\x02"
"""Marks a cell whose number was native, so that its decimal point is not taken for a thousands mark."""


def _plain_text(cell: str) -> str:
    return cell.removeprefix(NATIVE_NUMBER)


def _spell(cell: str, numeric: bool) -> str:
    if not cell.startswith(NATIVE_NUMBER):
        return cell
    number = _plain_text(cell)
    return number.replace(".", ",") if numeric else number


def plain_number(value: float) -> str:
    """A binary number as the decimal a workbook shows: fifteen significant digits, no exponent."""
    return format(Decimal(format(value, ".15g")), "f")


def _from_parquet(content: bytes, estratto: Estratto) -> Celle:
    try:
        schema = pl.read_parquet_schema(io.BytesIO(content))
        header = _header(list(schema), estratto)
        place = header.place_of()
        names = list(schema)
        frame = pl.read_parquet(io.BytesIO(content), columns=[names[i] for i in place.values()])
    except Rifiutato:
        raise
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        raise Rifiutato("non è un file Parquet leggibile: esportarlo di nuovo.") from error
    columns = [
        _native_text(frame[names[i]], nome, estratto).alias(nome) for nome, i in place.items()
    ]
    text = pl.DataFrame(columns)
    filled = pl.any_horizontal(pl.col(name).str.strip_chars() != "" for name in text.columns)
    rows = text.with_row_index(RIGA, offset=1).filter(filled)
    cells = rows.select(
        pl.col(RIGA).cast(pl.Int64), pl.lit(None, pl.Int64).alias(CAMPI), *text.columns
    )
    return Celle(cells, header.campi, header.ignote, None)


def _native_text(values: pl.Series, nome: str, estratto: Estratto) -> pl.Series:
    """A Parquet column in the spellings of CSV, according to the contract's column type."""
    dtype = values.dtype
    numeric = estratto.colonna(nome).tipo in ("intero", "decimale", "importo")
    if dtype == pl.String:
        return values.str.replace_all("\x00", "\ufffd", literal=True)
    if dtype in (pl.Categorical, pl.Enum):
        return values.cast(pl.String)
    if dtype == pl.Boolean:
        return values.replace_strict({True: "S", False: "N"}, return_dtype=pl.String)
    if dtype == pl.Date:
        return values.dt.to_string("%Y-%m-%d")
    if isinstance(dtype, pl.Datetime):
        return instant_text(values.dt.replace_time_zone(None).dt.cast_time_unit("us"))
    if dtype.is_float():
        text = values.map_elements(plain_number, return_dtype=pl.String)
    elif dtype.is_integer() or dtype.is_decimal():
        text = values.cast(pl.String)
    elif dtype == pl.Null:
        return values.cast(pl.String)
    else:
        raise Rifiutato(f"la colonna {nome} è di un tipo ({dtype}) che non si può leggere.")
    if dtype.is_decimal() or dtype.is_float():
        text = text.str.replace(r"(\.[0-9]*?)0+$", "$1").str.replace(r"\.$", "")
    return text.str.replace(".", ",", literal=True) if numeric else text


def instant_text(values: pl.Series) -> pl.Series:
    """Native timestamps in the contract's spelling; midnight is a bare date."""
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
