"""Lines of quoted text to records, and no line taken for what it is not.

Belongs here: where a record begins and ends, which quotes are stray. Does not belong here: the
header, what the fields are (delimited.py).

A quote that opens where none should makes one field of all the lines up to the next: so a record
whose quotes do not part its fields for certain is given as lines without fields.
"""

import csv
import re
from collections.abc import Iterator
from itertools import chain

from pipelines.extracts.cells import LONE_CR, MAX_BYTE_RIGA
from pipelines.landing.rifiutato import Rifiutato


class Aperte(Rifiutato):
    """Quotes open at a line, and nothing closes them in the lines that there are."""

    def __init__(self, riga: int) -> None:
        super().__init__(
            f"alla riga {riga} si aprono virgolette che non si chiudono: toglierle, o chiuderle."
        )


def physical_lines(text: str) -> list[str]:
    """Lines with their ends. Only LF ends a line; a lone CR is hidden from the csv module."""
    lines = text.split("\n")
    out = [f"{line}\n" for line in lines[:-1]]
    if lines[-1]:
        out.append(lines[-1])
    return [_hide_cr(line) if "\r" in line else line for line in out]


def _hide_cr(line: str) -> str:
    body, end = (line[:-2], "\r\n") if line.endswith("\r\n") else (line, "")
    return body.replace("\r", LONE_CR) + end


Record = tuple[range, list[str] | None]
"""The lines that a record spans, by their place; its fields, None where its quotes are stray."""


def records(lines: list[str], begin: int, separatore: str, riga: int = 1) -> Iterator[Record]:
    """Each record from a line on, `riga` being the first of the lines. A record is the same whatever
    stands before it. Raises `Aperte` where nothing closes a quote, `Rifiutato` where a field is too long.
    """
    csv.field_size_limit(MAX_BYTE_RIGA)
    while begin < len(lines):
        start = begin
        reader = csv.reader(_from(lines, start), delimiter=separatore, strict=True)
        try:
            for record in reader:
                yield range(begin, start + reader.line_num), record
                begin = start + reader.line_num
        except csv.Error:
            span, fields = _loose_record(lines, begin, separatore, riga)
            yield span, fields
            begin = span.stop


def _from(lines: list[str], begin: int) -> Iterator[str]:
    return map(lines.__getitem__, range(begin, len(lines)))


def _loose_record(lines: list[str], begin: int, separatore: str, riga: int) -> Record:
    """A record that is not as it should be: spaces after a closing quote are forgiven, text is not."""
    end = f"{separatore}fine"  # its own line, unless a quote still open takes it in
    reader = csv.reader(chain(_from(lines, begin), [end]), delimiter=separatore)
    try:
        record = next(reader)
    except csv.Error as error:
        raise Rifiutato(
            f"alla riga {riga + begin} un campo supera {MAX_BYTE_RIGA >> 20} MB: "
            "controllare le virgolette."
        ) from error
    span = range(begin, begin + reader.line_num)
    if span.stop > len(lines):
        raise Aperte(riga + begin)
    mark = re.escape(separatore)
    text = "".join(lines[begin : span.stop]).replace(LONE_CR, " ")
    trimmed = re.sub(rf'"[^\S\n{mark}]+(?=[{mark}\n]|$)', '"', text)
    try:
        list(csv.reader(physical_lines(trimmed), delimiter=separatore, strict=True))
    except csv.Error:
        return span, None
    return span, record


def holds_rows(record: list[str], separatore: str, campi: int) -> bool:
    """Whether a quoted field takes in lines that are mostly whole rows: then its quotes are stray.

    A text with line breaks of its own would need, line by line, as many separators as a row has.
    """
    for place, field in enumerate(record):
        first, *others = field.split("\n")
        if others and separatore in field:
            marks = [place + first.count(separatore), *(o.count(separatore) for o in others)]
            marks[-1] += len(record) - place - 1
            if 2 * marks.count(campi - 1) > len(marks):
                return True
    return False
