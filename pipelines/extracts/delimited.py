"""Delimited text to cells: separators, title lines, blank lines.

Belongs here: csv and csv.gz. Does not belong here: encodings (decoding.py), records of quoted text
(quotes.py), the header and the cells themselves (cells.py).
Nothing is guessed: text that cannot be read for certain is refused whole.
"""

import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

import polars as pl

from pipelines.contract.mappa import DA_SE, Apertura
from pipelines.contract.schema import Estratto
from pipelines.extracts.cells import (
    CAMPI,
    MAX_BYTE_RIGA,
    MAX_RIGHE,
    MAX_RIGHE_TITOLO,
    RIGA,
    UNREADABLE,
    Celle,
    Conto,
    Intestazione,
    collect,
    find_header,
    nothing,
    read_header,
    recognised,
    said_header,
)
from pipelines.extracts.decoding import UNDECODABLE, decode
from pipelines.extracts.quotes import Record, holds_rows, physical_lines, records
from pipelines.landing.rifiutato import Rifiutato
from pipelines.landing.zone import MAX_BYTE
from pipelines.testo import INVISIBILI, clean

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


def _set_apart(celle: Celle) -> Celle:
    """The same, the cells that hold an undecodable byte marked as of no type."""
    columns = [name for name in celle.frame.columns if name not in (RIGA, CAMPI)]
    frame = celle.frame.with_columns(
        pl.when(pl.col(name).str.contains(UNDECODABLE, literal=True))
        .then(UNREADABLE + pl.col(name).str.replace_all(UNDECODABLE, "\\x", literal=True))
        .otherwise(name)
        .alias(name)
        for name in columns
    )
    nota = "il file è UTF-8 ma qualche riga non lo è: sono rifiutate le celle con byte illeggibili"
    return replace(celle, frame=frame, note=(*celle.note, nota))


def read_text(content: bytes, estratto: Estratto, apertura: Apertura = DA_SE) -> Celle:  # noqa: ARG001
    """The cells of delimited text. Raises `Rifiutato`."""
    for _ in _bounded(content[place : place + _PIECE] for place in range(0, len(content), _PIECE)):
        pass
    text, codifica = decode(content)
    if "\n" not in text:  # lines as old Macintosh programs end them
        text = text.replace("\r", "\n")
    read = _read_quoted if '"' in text else _read_plain
    celle = read(text, estratto, codifica)
    return _set_apart(celle) if UNDECODABLE in text else celle


def heads(content: bytes) -> list[list[str]]:
    """The first lines of a text as fields, by every separator. Raises `Rifiutato`."""
    text, _ = decode(content)
    lines = [line for line in re.split(r"\r?\n|\r", text[:_PIECE]) if not _is_blank(line)]
    declared = _SEP.fullmatch(lines[0]) if lines else None
    marks = dict.fromkeys([*SEPARATORI, *(declared.groups() if declared else ())])
    first = lines[: MAX_RIGHE_TITOLO + 1]
    return [[f.strip(' "') for f in line.split(mark)] for line in first for mark in marks]


def _is_blank(line: str, separatori: str = ";,\t") -> bool:
    """Nothing but separators and spaces, as people see them."""
    return not re.search(rf"[^{re.escape(separatori)}\s{INVISIBILI}]", line)


_SEP = re.compile(r"\s*\"?sep=([^\w\"])\"?[\s;,]*", re.IGNORECASE)
"""A first line that tells Excel which separator follows."""


@dataclass(frozen=True)
class _Testa:
    """Where the header of a text is: its separator, and its place among the first records."""

    separatore: str
    posto: int


def _find_head(
    records_by: Callable[[str], Sequence[Sequence[str]]], declared: str | None, estratto: Estratto
) -> _Testa:
    """The separator and the record by which the header shows most columns of the contract.

    `records_by` gives the first records that are not blank, by separator; `declared` is the one
    that the file names, which wins where two do as well.
    """
    best, most = _Testa(declared or SEPARATORI[0], 0), -1
    for separatore in filter(None, dict.fromkeys([declared, *SEPARATORI])):
        firsts = records_by(separatore)
        posto = find_header(firsts, estratto)
        count = recognised(firsts[posto], estratto) if firsts else 0
        if count > most:
            best, most = _Testa(separatore, posto), count
    return best


# --- CSV without quotes: one line is one row -----------------------------------------------------


def _read_plain(text: str, estratto: Estratto, codifica: str) -> Celle:
    lines = pl.read_lines(text.encode(), name="testo").with_row_index(RIGA, offset=1)
    heads = ((i, line) for i, line in enumerate(lines["testo"]) if not _is_blank(line))
    firsts = list(islice(heads, MAX_RIGHE_TITOLO + 1))
    declared = _SEP.fullmatch(firsts[0][1]) if firsts else None
    stated = 1 if declared else 0
    firsts = firsts[stated:]
    if not firsts:
        raise nothing()
    testa = _find_head(
        lambda s: [line.split(s) for _, line in firsts], declared and declared[1], estratto
    )
    separatore = testa.separatore
    first, intestazione = firsts[testa.posto]
    header = read_header(intestazione.split(separatore), estratto, first + 1)
    body = lines[first + 1 :]
    blank = _blank_lines(body["testo"], separatore, "" if text.isascii() else INVISIBILI)
    rows = body.filter(~blank)
    pieces = rows.iter_slices(max(1, _FIELDS_AT_ONCE // header.campi))
    frame = pl.concat([_split(piece, separatore, header) for piece in [rows[:0], *pieces]])
    wrong = _wrong_counts(rows["testo"], separatore, header.campi)
    above = stated + testa.posto
    conto = Conto(_count_lines(text), above + 1, first - above + int(blank.sum()))
    return Celle(
        frame.with_columns(wrong),
        header.campi,
        header.ignote,
        codifica,
        conto,
        segnali=header.segnali,
        come=_said(separatore, first),
    )


def _said(separatore: str, first: int) -> str:
    """How a text was opened, for whoever exported it."""
    mark = "tabulazione" if separatore == "\t" else f"«{separatore}»"
    return f"separatore {mark}, intestazione alla riga {first + 1}"


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


def _blank_lines(lines: pl.Series, separatore: str, invisible: str) -> pl.Series:
    """Which lines hold nothing but separators and spaces; only those that begin so are examined."""
    nothing_much = rf"{re.escape(separatore)}\s{invisible}"
    blank = lines.str.contains(rf"^(?:[{nothing_much}]|$)")
    suspects = blank.arg_true()
    return blank.scatter(suspects, ~lines.gather(suspects).str.contains(rf"[^{nothing_much}]"))


def _wrong_counts(lines: pl.Series, separatore: str, campi: int) -> pl.Series:
    """The number of fields where it is not the header's; empty ones too many at the end are."""
    count = lines.str.count_matches(separatore, literal=True).cast(pl.Int64) + 1
    many = (count > campi).arg_true()
    used = lines.gather(many).str.replace(rf"[{re.escape(separatore)}\s{INVISIBILI}]+$", "")
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


def _read_quoted(text: str, estratto: Estratto, codifica: str) -> Celle:
    lines = physical_lines(text)
    bare: Callable[[str], str] = str.strip if text.isascii() else clean
    top = next((i for i, line in enumerate(lines) if not _is_blank(line)), None)
    if top is None:
        raise nothing()
    declared = _SEP.fullmatch(lines[top])
    begin = top + 1 if declared else top

    def firsts(separatore: str) -> list[Record]:
        filled = (
            (span, record)
            for span, record in records(lines, begin, separatore)
            if not all(_is_blank(lines[n]) for n in span)
        )
        found: list[Record] = []
        with suppress(Rifiutato):  # said when the separator is known
            found.extend(islice(filled, MAX_RIGHE_TITOLO))
        return found

    testa = _find_head(
        lambda s: [record or [] for _, record in firsts(s)], declared and declared[1], estratto
    )
    separatore = testa.separatore
    there = records(lines, begin, separatore)
    span, names, above, blank = _skip_to(there, lines, testa.posto)
    if names is None or holds_rows(names, separatore, lines[span.start].count(separatore) + 1):
        raise Rifiutato(
            "nell'intestazione"
            + said_header(lines[span.start].split(separatore), estratto, span.start + 1)
            + " le virgolette sono fuori posto: toglierle, o chiuderle."
        )
    header = read_header(names, estratto, span.start + 1)
    come = _said(separatore, span.start)
    vuote, proseguite = top + blank, 0

    def rows() -> Iterator[tuple[int, list[str]]]:
        nonlocal vuote, proseguite
        for span, record in there:
            stray = record is None or (
                len(span) > 1 and holds_rows(record, separatore, header.campi)
            )
            if stray or record is None:
                for place in span:
                    if _is_blank(lines[place], separatore):
                        vuote += 1
                    else:
                        yield place + 1, []  # STRAY_QUOTES
            elif any(map(bare, record)) or not _is_blank(lines[span.start], separatore):
                proseguite += len(span) - 1
                yield span.start + 1, record
            else:
                vuote += 1

    frame = collect(rows(), header)
    intestazione = begin - top + above + len(span)
    conto = Conto(_count_lines(text), intestazione, vuote, proseguite)
    return Celle(
        frame,
        header.campi,
        header.ignote,
        codifica,
        conto,
        segnali=header.segnali,
        come=come,
    )


def _skip_to(
    there: Iterator[Record], lines: list[str], posto: int
) -> tuple[range, list[str] | None, int, int]:
    """The record in that place among those that are not blank; lines of those above it, and blank ones.

    Raises `Rifiutato` when there are not so many.
    """
    above = blank = 0
    for span, record in there:
        if all(_is_blank(lines[place]) for place in span):
            blank += len(span)
        elif posto == 0:
            return span, record, above, blank
        else:
            posto -= 1
            above += len(span)
    raise nothing()
