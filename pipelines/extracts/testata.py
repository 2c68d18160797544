"""Where the rows of a delimited text begin, and what parts their fields.

Belongs here: separators, title lines, the record that is the header. Does not belong here: encodings
(decoding.py), the rows (delimited.py), what a header names (cells.py).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from pipelines.contract.mappa import DA_SE, Apertura
from pipelines.contract.schema import Estratto
from pipelines.extracts.cells import (
    LONE_CR,
    MAX_RIGHE_TITOLO,
    Intestazione,
    find_header,
    nothing,
    read_header,
    recognised,
    said_header,
)
from pipelines.extracts.decoding import decode
from pipelines.extracts.quotes import Aperte, Record, holds_rows, physical_lines, records
from pipelines.landing.rifiutato import Rifiutato
from pipelines.testo import INVISIBILI

SEPARATORI = (";", ",", "\t")
_PIECE = 1 << 20
"""Bytes of a text that are looked at first."""
_SEP = re.compile(r"\s*\"?sep=([^\w\"])\"?[\s;,]*", re.IGNORECASE)
"""A first line that tells Excel which separator follows."""


@dataclass(frozen=True)
class Testa:
    """The header of a text and how it is parted from the rows: `righe` are its lines and those of titles
    above it, `vuote` the blank ones among them, `ascii` whether no letter of the text needs more."""

    separatore: str
    intestazione: Intestazione
    righe: int
    vuote: int
    come: str
    ascii: bool


def read_head(text: bytes, estratto: Estratto, apertura: Apertura = DA_SE) -> Testa:
    """The header of a text, of which as much is looked at as that takes. Raises `Rifiutato`."""
    plain, size = text.isascii(), _PIECE
    while size < len(text):
        with suppress(Aperte):
            top = text[: text.rfind(b"\n", 0, size) + 1].decode()
            return _head_of(physical_lines(top), estratto, apertura, plain, whole=False)
        size *= 4
    return _head_of(physical_lines(text.decode()), estratto, apertura, plain, whole=True)


def _head_of(
    lines: list[str], estratto: Estratto, apertura: Apertura, plain: bool, whole: bool
) -> Testa:
    """The header among the lines of a text, or its first ones. Raises `Rifiutato`; `Aperte` where the
    whole may show another one than they do."""
    top = next((i for i, line in enumerate(lines) if not is_blank(line)), len(lines))
    declared = _SEP.fullmatch(lines[top]) if top < len(lines) else None
    begin = top + 1 if declared else top
    most = max(MAX_RIGHE_TITOLO, apertura.intestazione or 0)

    def firsts(separatore: str) -> list[tuple[int, list[str]]]:
        filled = (
            (span.start + 1, record or [])
            for span, record in records(lines, begin, separatore)
            if not all(is_blank(lines[n]) for n in span)
        )
        found: list[tuple[int, list[str]]] = []
        with suppress(Rifiutato):  # said when the separator is known
            found.extend(islice(filled, most))
        if not whole and len(found) < most:
            raise Aperte(1)
        return found

    separatore, posto = _find_head(firsts, declared and declared[1], estratto, apertura)
    span, names, above, blank = _skip_to(records(lines, begin, separatore), lines, posto)
    riga = span.start + 1
    if names is None or holds_rows(names, separatore, lines[span.start].count(separatore) + 1):
        raise Rifiutato(
            "nell'intestazione"
            + said_header(lines[span.start].split(separatore), estratto, riga)
            + " le virgolette sono fuori posto: toglierle, o chiuderle."
        )
    names = [name.replace(LONE_CR, "\r") for name in names]
    mark = "tabulazione" if separatore == "\t" else f"«{separatore}»"
    return Testa(
        separatore,
        read_header(names, estratto, riga),
        begin - top + above + len(span),
        top + blank,
        f"separatore {mark}, intestazione alla riga {riga}",
        plain,
    )


def _find_head(
    records_by: Callable[[str], Sequence[tuple[int, list[str]]]],
    declared: str | None,
    estratto: Estratto,
    apertura: Apertura,
) -> tuple[str, int]:
    """The separator and the record by which the header shows most columns of the contract.

    `records_by` gives the first records that are not blank, each with its line, by separator; `declared`
    is the one that the file names, which wins where two do as well. One that is stated is not searched for.
    """
    best, most = (declared or SEPARATORI[0], 0), -1
    stated = apertura.separatore
    for separatore in [stated] if stated else filter(None, dict.fromkeys([declared, *SEPARATORI])):
        found = records_by(separatore)
        righe, firsts = [riga for riga, _ in found], [record for _, record in found]
        posto = find_header(firsts, estratto, righe, apertura)
        count = recognised(firsts[posto], estratto) if firsts else 0
        if count > most:
            best, most = (separatore, posto), count
    return best


def _skip_to(
    there: Iterator[Record], lines: list[str], posto: int
) -> tuple[range, list[str] | None, int, int]:
    """The record in that place among those that are not blank; lines of those above it, and blank ones.

    Raises `Rifiutato` when there are not so many.
    """
    above = blank = 0
    for span, record in there:
        if all(is_blank(lines[place]) for place in span):
            blank += len(span)
        elif posto == 0:
            return span, record, above, blank
        else:
            posto -= 1
            above += len(span)
    raise nothing()


def heads(content: bytes) -> list[list[str]]:
    """The first lines of a text as fields, by every separator. Raises `Rifiutato`."""
    text, _ = decode(content)
    top = text[:_PIECE].decode("utf-8", "ignore")  # its last letter may be cut
    lines = [line for line in re.split(r"\r?\n|\r", top) if not is_blank(line)]
    declared = _SEP.fullmatch(lines[0]) if lines else None
    marks = dict.fromkeys([*SEPARATORI, *(declared.groups() if declared else ())])
    first = lines[: MAX_RIGHE_TITOLO + 1]
    return [[f.strip(' "') for f in line.split(mark)] for line in first for mark in marks]


def is_blank(line: str, separatori: str = ";,\t") -> bool:
    """Nothing but separators and spaces, as people see them."""
    seen = line.replace(LONE_CR, "\r")
    return not re.search(rf"[^{re.escape(separatori)}\s{INVISIBILI}]", seen)
