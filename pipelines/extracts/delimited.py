"""Delimited text to cells: decoding, separators, quotes, blank lines.

Belongs here: csv and csv.gz. Does not belong here: the header and the cells themselves (cells.py).
Nothing is guessed: text that cannot be read for certain is refused whole.
"""

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from functools import partial

import polars as pl

from pipelines.extracts.cells import (
    CAMPI,
    LONE_CR,
    MAX_BYTE,
    MAX_BYTE_RIGA,
    MAX_RIGHE,
    RIGA,
    Celle,
    Conto,
    Intestazione,
    Rifiutato,
    collect,
    nothing,
    read_header,
    recognised,
)
from pipelines.extracts.contract import Estratto

SEPARATORI = (";", ",", "\t")
_PIECE = 1 << 20
_FIELDS_AT_ONCE = 2_000_000
"""All the fields of a line take memory until those that nobody asked for are let go."""


def inflate(content: bytes) -> bytes:
    """What a gzip file holds. Raises `Rifiutato` when it is broken or holds too much."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as unpacked:
            return b"".join(_bounded(iter(partial(unpacked.read, _PIECE), b"")))
    except (OSError, EOFError, zlib.error) as error:
        raise Rifiutato(
            "il file compresso è guasto o incompleto: consegnarlo di nuovo per intero."
        ) from error


def _bounded(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces of a text, for as long as it keeps within the bounds: so a small file that
    unpacks to a huge one is given up early. A piece is shorter than the longest line allowed."""
    size = lines = open_line = 0
    for piece in pieces:
        size += len(piece)
        lines += piece.count(b"\n")
        end = piece.find(b"\n")
        if open_line + (len(piece) if end < 0 else end) > MAX_BYTE_RIGA:
            raise Rifiutato(
                f"una riga supera {MAX_BYTE_RIGA >> 20} MB: controllare i fine riga e le virgolette."
            )
        open_line = open_line + len(piece) if end < 0 else len(piece) - piece.rfind(b"\n") - 1
        if size > MAX_BYTE:
            raise Rifiutato(f"supera {MAX_BYTE >> 20} MB di testo: consegnarlo in più parti.")
        if lines > MAX_RIGHE:
            raise Rifiutato(f"ha più di {MAX_RIGHE} righe: consegnarlo in più parti.")
        yield piece


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


def read_text(content: bytes, estratto: Estratto) -> Celle:
    """The cells of delimited text. Raises `Rifiutato`."""
    for _ in _bounded(content[place : place + _PIECE] for place in range(0, len(content), _PIECE)):
        pass
    text, codifica = _decode(content)
    if '"' in text:
        return _read_quoted(text, estratto, codifica)
    return _read_plain(text, estratto, codifica)


def _is_blank(line: str, separatori: str = ";,\t") -> bool:
    """Nothing but separators and spaces."""
    return not re.search(rf"[^{separatori}\s]", line)


# --- CSV without quotes: one line is one row -----------------------------------------------------


def _read_plain(text: str, estratto: Estratto, codifica: str) -> Celle:
    lines = pl.read_lines(text.encode(), name="testo").with_row_index(RIGA, offset=1)
    first = next((i for i, line in enumerate(lines["testo"]) if not _is_blank(line)), None)
    if first is None:
        raise nothing()
    intestazione = lines["testo"][first]
    separatore = max(
        SEPARATORI,
        key=lambda s: (recognised(intestazione.split(s), estratto), -SEPARATORI.index(s)),
    )
    header = read_header(intestazione.split(separatore), estratto)
    body = lines[first + 1 :]
    blank = _blank_lines(body["testo"], separatore)
    rows = body.filter(~blank)
    pieces = rows.iter_slices(max(1, _FIELDS_AT_ONCE // header.campi))
    frame = pl.concat([_split(piece, separatore, header) for piece in [rows[:0], *pieces]])
    wrong = _wrong_counts(rows["testo"], separatore, header.campi)
    conto = Conto(_count_lines(text), intestazione=1, vuote=first + int(blank.sum()))
    return Celle(frame.with_columns(wrong), header.campi, header.ignote, codifica, conto)


def _split(rows: pl.DataFrame, separatore: str, header: Intestazione) -> pl.DataFrame:
    """The fields of lines, of which only those that the contract knows are kept."""
    return (
        rows.lazy()
        .select(
            pl.col(RIGA).cast(pl.Int64),
            pl.col("testo").str.split_exact(separatore, header.campi - 1).alias("f"),
        )
        .select(RIGA, *(pl.col("f").struct[i].alias(nome) for nome, i in header.place_of().items()))
        .collect(engine="streaming")
    )


def _count_lines(text: str) -> int:
    return text.count("\n") + (not text.endswith("\n"))


def _blank_lines(lines: pl.Series, separatore: str) -> pl.Series:
    """Which lines hold nothing but separators and spaces; only those that begin so are examined."""
    blank = lines.str.contains(rf"^(?:[{separatore}\s]|$)")
    suspects = blank.arg_true()
    return blank.scatter(suspects, ~lines.gather(suspects).str.contains(rf"[^{separatore}\s]"))


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
    return body.replace("\r", LONE_CR) + end


def _records(lines: list[str], separatore: str) -> Iterator[tuple[range, list[str]]]:
    """Each record with the lines it spans, from 1. Raises `Rifiutato` on an unclosed quote."""
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
            yield range(begin, reader.line_num + 1), record
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
        raise nothing()
    body = lines[first:]
    separatore = max(
        SEPARATORI,
        key=lambda s: (
            recognised(next(_records(body, s))[1], estratto),
            -SEPARATORI.index(s),
        ),
    )
    records = _records(body, separatore)
    header_lines, names = next(records)
    header = read_header(names, estratto)
    blank, continued = first, 0

    def rows() -> Iterator[tuple[int, list[str]]]:
        nonlocal blank, continued
        for span, record in records:
            if any(map(str.strip, record)) or not _is_blank(body[span[0] - 1], separatore):
                continued += len(span) - 1
                yield first + span[0], record
            else:
                blank += 1

    frame = collect(rows(), header)
    conto = Conto(_count_lines(text), len(header_lines), blank, continued)
    return Celle(frame, header.campi, header.ignote, codifica, conto)
