"""Delimited text to cells: rows, blank lines, lines too long.

Belongs here: csv and csv.gz. Does not belong here: encodings (decoding.py), the header (testata.py),
records of quoted text (quotes.py), the cells themselves (cells.py).
Nothing is guessed: text that cannot be read for certain is refused whole.
"""

import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

import polars as pl

from pipelines.contract.mappa import DA_SE, Apertura
from pipelines.contract.schema import Estratto
from pipelines.extracts.cells import (
    CAMPI,
    MAX_BYTE_RIGA,
    MAX_RIGHE,
    RIGA,
    UNREADABLE,
    Celle,
    Conto,
    Intestazione,
    collect,
)
from pipelines.extracts.decoding import UNDECODABLE, decode
from pipelines.extracts.quotes import Aperte, holds_rows, physical_lines, records
from pipelines.extracts.testata import Testa, is_blank, read_head
from pipelines.extracts.values import as_seen
from pipelines.landing.rifiutato import Rifiutato
from pipelines.landing.zone import MAX_BYTE
from pipelines.testo import INVISIBILI

_PIECE = 1 << 20
_BLOCK = 16 << 20
"""Bytes of text that are lines at one time."""
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


def _set_apart(frame: pl.DataFrame) -> pl.DataFrame:
    """The same, the cells that hold an undecodable byte marked as of no type."""
    return frame.with_columns(
        pl.when(pl.col(name).str.contains(UNDECODABLE, literal=True))
        .then(UNREADABLE + pl.col(name).str.replace_all(UNDECODABLE, "\\x", literal=True))
        .otherwise(name)
        .alias(name)
        for name in frame.columns
        if name not in (RIGA, CAMPI)
    )


_ILLEGGIBILI = (
    "il file è UTF-8 ma qualche riga non lo è: sono rifiutate le celle con byte illeggibili"
)


def read_text(content: bytes, estratto: Estratto, apertura: Apertura = DA_SE) -> Celle:
    """The cells of delimited text. Raises `Rifiutato`."""
    for _ in _bounded(content[place : place + _PIECE] for place in range(0, len(content), _PIECE)):
        pass
    text, codifica = decode(content, apertura)
    if b"\n" not in text:  # lines as old Macintosh programs end them
        text = text.replace(b"\r", b"\n")
    testa = read_head(text, estratto, apertura)
    blocks = list(_read_blocks(text, testa))
    header = testa.intestazione
    return Celle(
        pl.concat([collect(iter(()), header), *(block.frame for block in blocks)]),
        header.campi,
        header.ignote,
        codifica,
        Conto(
            _count_lines(text),
            testa.righe,
            testa.vuote + sum(block.vuote for block in blocks),
            sum(block.proseguite for block in blocks),
        ),
        note=(_ILLEGGIBILI,) if UNDECODABLE.encode() in text else (),
        segnali=header.segnali,
        come=testa.come,
    )


def _count_lines(text: bytes) -> int:
    return text.count(b"\n") + (not text.endswith(b"\n"))


# --- the rows -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Blocco:
    """The cells of some lines, in their order, and which of the lines begin no row."""

    frame: pl.DataFrame
    vuote: int
    proseguite: int


def _read_blocks(text: bytes, testa: Testa) -> Iterator[_Blocco]:
    """The rows of a text, block by block: a record that its block does not end takes a larger one."""
    begin, size, riga = 0, _BLOCK, testa.righe + testa.vuote + 1
    for _ in range(riga - 1):
        begin = text.find(b"\n", begin) + 1 or len(text)
    while begin < len(text):
        end = text.rfind(b"\n", begin, begin + size) + 1
        if begin + size >= len(text):
            end = len(text)
        try:
            block = text[begin:end]
            found = _read_block(block, riga, testa)
            frame = _set_apart(found.frame) if UNDECODABLE.encode() in block else found.frame
            yield replace(found, frame=as_seen(frame, (RIGA, CAMPI)))
            begin, size, riga = end, _BLOCK, riga + _count_lines(block)
        except Aperte:
            if end == len(text):
                raise
            size *= 2


def _read_block(block: bytes, riga: int, testa: Testa) -> _Blocco:
    """The rows of whole lines, the first of which is `riga`. Raises `Rifiutato`, and `Aperte` where the
    last record is not whole.

    A line without quotes is a row by itself. So is one whose quotes enclose whole fields, none of them
    with a quote in it, which goes the same way where no field holds a separator, or all are quoted. Any
    other line is read by the letter of the format, with those that its quotes take in.
    """
    mark, header = testa.separatore, testa.intestazione
    lines = pl.read_lines(block, name="testo").with_row_index(RIGA, offset=riga)
    lines = lines.with_columns(pl.col(RIGA).cast(pl.Int64))
    texts = lines["testo"]
    blank = _blank_lines(texts, mark, "" if testa.ascii else INVISIBILI)
    lines = lines.with_columns(_wrong_counts(texts, mark, header.campi))
    if b'"' not in block:
        rows = _split(lines.filter(~blank), mark, header)
        return _Blocco(rows, int(blank.sum()), 0)
    sound, fenced = _sound_quotes(lines, mark, header.campi)
    letter = _by_the_letter(block, riga, (~(sound | fenced)).arg_true().to_list(), testa)
    taken = pl.repeat(False, len(lines), dtype=pl.Boolean, eager=True).scatter(letter.prese, True)
    blank &= ~taken
    within = lines.filter(fenced & ~taken).with_columns(
        pl.col("testo").str.strip_prefix('"').str.strip_suffix('"'), pl.lit(None).alias(CAMPI)
    )
    frame = pl.concat(
        [
            _split(lines.filter(sound & ~taken & ~blank), mark, header, bordered=True),
            _split(within, f'"{mark}"', header),
            collect(iter(letter.righe), header),
        ]
    )
    return _Blocco(frame.sort(RIGA), int(blank.sum()) + letter.vuote, letter.proseguite)


def _sound_quotes(lines: pl.DataFrame, mark: str, campi: int) -> tuple[pl.Series, pl.Series]:
    """Which lines are a row whose fields part at every separator, and which at `";"` only."""
    sep, controls = re.escape(mark), r"\x00-\x08\x0a-\x1f"
    whole = rf'(?:"[^"{sep}{controls}]*"|[^"{sep}{controls}]*)'
    held = rf'"[^"{controls}]*"'
    text = pl.col("testo")
    bordered = text.str.contains(rf"^{whole}(?:{sep}{whole})*$") & pl.col(CAMPI).is_null()
    sound = (
        lines.lazy()
        .select(~text.str.contains('"', literal=True) | bordered)
        .collect(engine="streaming")
        .to_series()
    )
    others = (~sound).arg_true()
    as_many = text.str.count_matches(f'"{mark}"', literal=True) == campi - 1
    apart = lines[others].select(text.str.contains(rf"^{held}(?:{sep}{held})*$") & as_many)
    fenced = pl.repeat(False, len(lines), dtype=pl.Boolean, eager=True)
    return sound, fenced.scatter(others, apart.to_series())


@dataclass
class _Lettera:
    """Rows by their line, each with its fields or none; places of the lines `prese` by them or empty."""

    righe: list[tuple[int, list[str]]] = field(default_factory=list)
    prese: list[int] = field(default_factory=list)
    vuote: int = 0
    proseguite: int = 0


def _by_the_letter(block: bytes, riga: int, places: list[int], testa: Testa) -> _Lettera:
    """The records that begin at some places among the lines of a block, by the csv module."""
    found, wanted, done = _Lettera(), set(places), 0
    if not places:
        return found
    mark, campi = testa.separatore, testa.intestazione.campi
    lines = physical_lines(block.decode())
    for place in places:
        if place < done:
            continue
        for span, record in records(lines, place, mark, riga):
            found.prese += span
            if record is None or (len(span) > 1 and holds_rows(record, mark, campi)):
                for line in span:
                    if is_blank(lines[line], mark):
                        found.vuote += 1
                    else:
                        found.righe.append((riga + line, []))  # STRAY_QUOTES
            else:
                found.proseguite += len(span) - 1
                found.righe.append((riga + span.start, record))
            done = span.stop
            if done not in wanted:
                break
    return found


def _split(
    rows: pl.DataFrame, mark: str, header: Intestazione, bordered: bool = False
) -> pl.DataFrame:
    """The fields of lines, without the quotes at their borders where they have some; only those that the
    contract knows are kept."""
    fields = {nome: pl.col("f").struct[i] for nome, i in header.place_of().items()}
    pieces = rows.iter_slices(max(1, _FIELDS_AT_ONCE // header.campi))
    return pl.concat(
        piece.lazy()
        .select(RIGA, CAMPI, pl.col("testo").str.split_exact(mark, header.campi - 1).alias("f"))
        .select(
            RIGA,
            CAMPI,
            *((f.str.strip_chars('"') if bordered else f).alias(n) for n, f in fields.items()),
        )
        .collect(engine="streaming")
        for piece in [rows[:0], *pieces]
    )


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
