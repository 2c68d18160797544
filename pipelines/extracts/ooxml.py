"""The parts of a workbook, read as the format says: which sheets there are, texts, number formats.

Belongs here: the package (its parts are found without case, as spreadsheets do), relationships, the
transitional and the strict namespaces, shared strings, styles. Does not belong here: what makes an
archive safe to open (workbook.py), the cells of a sheet (sheet_xml.py). Only what changes the value of
a cell is read: fills, fonts, themes and properties may be as odd as they like.

Source: ECMA-376, parts 1 (strict) and 4 (transitional).
"""

import posixpath
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Protocol
from urllib.parse import unquote
from xml.parsers import expat

from pipelines.extracts.number_format import BUILTIN, Formato, read_format
from pipelines.landing.rifiutato import Rifiutato
from pipelines.testo import one_line

_MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
SALVARE = "aprirlo con Excel o LibreOffice e salvarlo di nuovo come xlsx"
"""What an office can do with a workbook that is damaged or of another kind."""


class _Source(Protocol):
    def read(self, size: int, /) -> bytes: ...


def element_names(*names: str) -> dict[str, str]:
    """Elements of spreadsheets as the parser names them, in either namespace: full -> bare."""
    return {f"{space} {name}": name for space in _MAIN for name in names}


class Lettore:
    """A parser of one part that calls back as elements begin and end, and keeps no tree.

    `start` gets the name and the attributes of an element, `end` its name and its own text.
    """

    def __init__(
        self,
        part: str,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str, str], None] | None = None,
    ) -> None:
        self._part = part
        self._parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.buffer_size = 1 << 16
        parser.StartDoctypeDeclHandler = _no_doctype
        if end is None:
            parser.StartElementHandler = start
            return
        text: list[str] = []
        parser.CharacterDataHandler = text.append

        def begins(name: str, attributes: dict[str, str]) -> None:
            text.clear()
            start(name, attributes)

        def ends(name: str) -> None:
            end(name, "".join(text))
            text.clear()

        parser.StartElementHandler = begins
        parser.EndElementHandler = ends

    def feed(self, piece: bytes) -> None:
        """Parses a piece; an empty one is the end. Raises `Rifiutato`."""
        try:
            self._parser.Parse(piece, not piece)
        except expat.ExpatError as error:
            raise Rifiutato(f"la sua parte {self._part} è guasta: {SALVARE}.") from error

    def read(self, source: _Source) -> None:
        """Parses all of a part."""
        while piece := source.read(1 << 16):
            self.feed(piece)
        self.feed(b"")


def _no_doctype(*_: object) -> None:
    raise Rifiutato(f"la cartella di lavoro dichiara un DTD, che non è ammesso: {SALVARE}.")


@dataclass(frozen=True)
class Relazione:
    """A relationship of a part: what it leads to, and where."""

    tipo: str
    parte: str | None
    """Name in the package; none for what is outside it."""


class Pacchetto:
    """An archive of parts, found by name without case, `\\` as `/` and `%20` as a space."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names: dict[str, str] = {}
        for name in archive.namelist():
            known = self._names.setdefault(_folded(name), name)
            if known is not name:
                raise Rifiutato(f"contiene due volte la parte {shown(name)}: {SALVARE}.")

    def __contains__(self, part: str) -> bool:
        return self._found(part) is not None

    def open(self, part: str) -> IO[bytes]:
        """A part, as a stream. Raises `Rifiutato` where it is missing."""
        found = self._found(part)
        if found is None:
            raise Rifiutato(f"manca la sua parte {shown(part)}: {SALVARE}.")
        return self._archive.open(found)

    def _found(self, part: str) -> str | None:
        folded = _folded(part)
        return self._names.get(folded) or self._names.get(unquote(folded))

    def parse(
        self,
        part: str,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str, str], None] | None = None,
    ) -> None:
        """Reads all of a part by its elements. Raises `Rifiutato`."""
        with self.open(part) as source:
            Lettore(shown(part), start, end).read(source)

    def relations(self, part: str) -> dict[str, Relazione]:
        """The relationships of a part (the package's own for an empty name) by identifier."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, Relazione] = {}

        def start(element: str, attributes: dict[str, str]) -> None:
            if element == f"{_PACKAGE} Relationship":
                target = attributes.get("Target", "").replace("\\", "/")
                place = posixpath.normpath(posixpath.join("/", folder, target))
                inside = attributes.get("TargetMode", "").lower() != "external"
                tipo = attributes.get("Type", "").rpartition("/")[2]
                found[attributes.get("Id", "")] = Relazione(
                    tipo, place.lstrip("/") if inside else None
                )

        if rels in self:
            self.parse(rels, start)
        return found


def _folded(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


def shown(name: str) -> str:
    """A name from inside a workbook, short and on one line."""
    return one_line(name[:60], "?")


@dataclass(frozen=True)
class Voce:
    """A sheet as the workbook lists it; `relazione` says where it is and of which kind."""

    nome: str
    nascosta: bool
    relazione: Relazione | None


@dataclass(frozen=True)
class Libro:
    """A workbook: its sheets in order, the parts that they share, how its days are counted."""

    fogli: tuple[Voce, ...]
    parti: dict[str, str]
    """By kind: `styles`, `sharedStrings`."""
    dal_1904: bool


def read_book(package: Pacchetto) -> Libro:
    """The workbook of a package. Raises `Rifiutato`."""
    main = next(
        (r.parte for r in package.relations("").values() if r.tipo == "officeDocument" and r.parte),
        "xl/workbook.xml",
    )
    relations = package.relations(main)
    names = element_names("sheet", "workbookPr")
    sheets: list[Voce] = []
    dal_1904 = False

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal dal_1904
        match names.get(element):
            case "sheet":
                identifier = next((v for k, v in attributes.items() if k.endswith(" id")), "")
                sheets.append(
                    Voce(
                        attributes.get("name", ""),
                        attributes.get("state", "visible") in ("hidden", "veryHidden"),
                        relations.get(identifier),
                    )
                )
            case "workbookPr":
                dal_1904 = attributes.get("date1904", "0").lower() in ("1", "true", "on")

    package.parse(main, start)
    parts = {r.tipo: r.parte for r in relations.values() if r.parte}
    return Libro(tuple(sheets), parts, dal_1904)


def read_strings(package: Pacchetto, part: str) -> list[str]:
    """The shared strings, without what helps to pronounce them."""
    names = element_names("si", "t", "rPh")
    strings: list[str] = []
    pieces: list[str] = []
    phonetic = False

    def start(element: str, _: dict[str, str]) -> None:
        nonlocal phonetic
        if names.get(element) == "rPh":
            phonetic = True

    def end(element: str, text: str) -> None:
        nonlocal phonetic
        match names.get(element):
            case "t" if not phonetic:
                pieces.append(text)
            case "rPh":
                phonetic = False
            case "si":
                strings.append(unescaped("".join(pieces)))
                pieces.clear()

    package.parse(part, start, end)
    return strings


_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
    """Text with `_x000D_` as the character that it stands for.

    What XML cannot hold otherwise stays as written: control characters are our own marks
    (cells.py), and half of a pair is no character.
    """
    return _ESCAPE.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    forbidden = (code < 0x20 and code not in (9, 10, 13)) or 0xD800 <= code < 0xE000
    return found[0] if forbidden else chr(code)


def read_formats(package: Pacchetto, part: str) -> list[Formato | None]:
    """What the number format of each cell style says; none where it says nothing of the value."""
    return [read_format(code) for code in read_codes(package, part)]


def read_codes(package: Pacchetto, part: str) -> list[str]:
    """The number format of each cell style, as it is written."""
    names = element_names("numFmts", "numFmt", "cellXfs", "xf")
    codes: dict[str, str] = {str(number): code for number, code in BUILTIN.items()}
    used: list[str] = []
    within = {"numFmts": False, "cellXfs": False}

    def start(element: str, attributes: dict[str, str]) -> None:
        match names.get(element):
            case "numFmts" | "cellXfs" as group:
                within[group] = True
            case "numFmt" if within["numFmts"]:
                codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
            case "xf" if within["cellXfs"]:
                used.append(attributes.get("numFmtId", "0"))

    def end(element: str, _: str) -> None:
        if (group := names.get(element)) in within:
            within[group] = False

    package.parse(part, start, end)
    return [unescaped(codes.get(number, "")) for number in used]
