"""A delivered workbook: whether it is safe to open, what it is, and which of its sheets is read.

Belongs here: the bounds on the archive, the words for what is no xlsx, the first visible sheet. Does
not belong here: its parts (ooxml.py), its cells (sheet_xml.py), what they mean (sheet.py), and the
bounds on memory and time of whoever opens it (sandbox.py). A workbook is a zip from outside: 500 KB
can unpack to gigabytes, so its members are counted and inflated against a bound before any parser
sees them.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.contract.mappa import DA_SE, Apertura
from pipelines.extracts.ooxml import (
    SALVARE,
    Libro,
    Pacchetto,
    read_book,
    read_formats,
    read_strings,
    shown,
)
from pipelines.extracts.sheet_xml import Cella, Comune, read_rows
from pipelines.landing.rifiutato import Rifiutato
from pipelines.testo import folded, quoted

MAX_MEMBERS = 1_000
MAX_UNPACKED = 512 << 20

_MEMBER = b"PK\x01\x02"
"""Begins each entry of a zip's directory."""
_DTD = tuple("<!DOCTYPE".encode(codec) for codec in ("ascii", "utf-16-le", "utf-16-be"))


@dataclass(frozen=True)
class Foglio:
    """The sheet that is read: its rows that hold something, by number, and what stands beside it."""

    nome: str
    nascosti: tuple[str, ...]
    """Sheets that are hidden, which nobody looks at: never read."""
    dal_1904: bool
    righe: Iterator[tuple[int, list[Cella]]]


def open_sheet(content: bytes, apertura: Apertura = DA_SE) -> Foglio:
    """The sheet of a workbook that is stated, or the first visible one.

    Raises `Rifiutato` when the workbook is not safe to open, is of another kind, or is damaged.
    """
    inspect(content)
    package = Pacchetto(zipfile.ZipFile(io.BytesIO(content)))
    check_kind(package)
    book = read_book(package)
    sheets = [s for s in book.fogli if s.relazione is not None and s.relazione.tipo == "worksheet"]
    hidden = tuple(shown(s.nome) for s in sheets if s.nascosta)
    visible = [s for s in sheets if not s.nascosta]
    if not visible:
        raise Rifiutato(
            f"ha solo fogli nascosti ({', '.join(hidden[:20])}): rendere visibile quello con i dati."
            if hidden
            else f"non ha fogli di celle: {SALVARE}."
        )
    sheet = visible[0]
    if apertura.foglio is not None:
        named = [s for s in visible if folded(s.nome) == folded(apertura.foglio)]
        if len(named) != 1:
            names = ", ".join(f"«{shown(s.nome)}»" for s in visible[:20])
            why = f"i fogli visibili sono {names}: scrivere il nome di uno di questi."
            raise Rifiutato(apertura.wrong("foglio", why))
        (sheet,) = named
    part = sheet.relazione.parte if sheet.relazione else None
    if part is None:
        raise Rifiutato(
            f"il foglio «{shown(sheet.nome)}» sta in un altro file: copiare i dati in questo."
        )
    rows = read_rows(package.open(part), shown(part), _common(package, book))
    return Foglio(shown(sheet.nome), hidden, book.dal_1904, rows)


def _common(package: Pacchetto, book: Libro) -> Comune:
    strings, styles = book.parti.get("sharedStrings"), book.parti.get("styles")
    return Comune(
        read_strings(package, strings) if strings else [],
        # Spreadsheets open a workbook that lost its styles, and show its numbers bare.
        read_formats(package, styles) if styles and styles in package else [],
        book.dal_1904,
    )


# --- what is no xlsx ------------------------------------------------------------------------------


def check_kind(package: Pacchetto) -> None:
    """Refuses the archives that are something else, by what they hold."""
    if "xl/workbook.bin" in package:
        raise Rifiutato(f"è una cartella di lavoro binaria (.xlsb): {SALVARE}.")
    if "content.xml" in package and "mimetype" in package:
        with package.open("mimetype") as source:
            kind = source.read(100)
        if b"opendocument.spreadsheet" in kind:
            raise Rifiutato(f"è un foglio OpenDocument (.ods): {SALVARE}.")
        raise Rifiutato(
            "è un documento OpenDocument, non un foglio di calcolo: consegnare una cartella di lavoro"
            " xlsx."
        )
    if "word/document.xml" in package:
        raise Rifiutato("è un documento Word: consegnare una cartella di lavoro xlsx.")
    if "[Content_Types].xml" not in package:
        raise Rifiutato("è un archivio zip senza una cartella di lavoro: consegnare il file xlsx.")


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_SHEETS = tuple(bytes([9, version]) for version in (0, 2, 4, 8))
_HTML = re.compile(rb"<(?:!doctype html|html|head|body|table|meta|style|div)\b", re.IGNORECASE)
_PAGE = 4_096


def _other_kind(content: bytes) -> str:
    """What a file that is no archive is, by its content, and what to do about it."""
    if not content:
        return "è vuoto: esportarlo di nuovo."
    beginning = content[:_PAGE]
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            return "è protetto da una password: toglierla e salvarlo di nuovo come xlsx."
        return f"è una cartella di lavoro del vecchio formato .xls: {SALVARE}."
    if beginning.startswith(_OLD_SHEETS):
        return f"è una cartella di lavoro del vecchio formato .xls: {SALVARE}."
    if b"urn:schemas-microsoft-com:office:spreadsheet" in beginning:
        return f"è un foglio XML del 2003, non xlsx: {SALVARE}."
    if b"office:document" in beginning and b"opendocument" in beginning:
        return f"è un foglio OpenDocument (.fods): {SALVARE}."
    if _HTML.search(beginning.replace(b"\0", b"")):
        return f"è una pagina HTML con il nome di un xlsx: {SALVARE}."
    if beginning.startswith(b"PAR1"):
        return "è un file Parquet con il nome di un xlsx: dargli l'estensione .parquet."
    if beginning.startswith(b"\x1f\x8b"):
        return "è un file compresso (gzip) con il nome di un xlsx: dargli l'estensione .csv.gz."
    if beginning.startswith(b"%PDF"):
        return "è un PDF: consegnare la cartella di lavoro xlsx."
    if beginning.startswith(b"PK"):
        return "è una cartella di lavoro incompleta o guasta: copiarla di nuovo dall'originale."
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")) or not re.search(
        rb"[\x00-\x08\x0e-\x1f]", beginning
    ):
        return "è testo (csv) con il nome di un xlsx: dargli l'estensione .csv."
    return f"non è una cartella di lavoro xlsx leggibile: {SALVARE}."


# --- what is not safe -----------------------------------------------------------------------------


def inspect(content: bytes, at_most: int | None = None) -> None:
    """Refuses archives that are bombs, hold macros, leave their folder or declare a DTD."""
    if content.count(_MEMBER) > MAX_MEMBERS:
        raise Rifiutato(
            f"la cartella di lavoro ha più di {MAX_MEMBERS} parti interne: copiare il foglio dei dati in"
            " una cartella di lavoro nuova."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            budget = at_most = at_most or MAX_UNPACKED
            for member in archive.infolist():
                _check_name(member.filename)
                if member.flag_bits & 1:
                    raise Rifiutato("è cifrato: togliere la password e salvarlo di nuovo.")
                if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise Rifiutato(
                        f"la cartella di lavoro non è compressa come xlsx prevede: {SALVARE}."
                    )
                budget = _inflate(archive, member, budget, at_most)
    except Rifiutato:
        raise
    except Exception as error:
        raise Rifiutato(_other_kind(content)) from error


def _check_name(name: str) -> None:
    if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name:
        raise Rifiutato(
            f"la cartella di lavoro ha una parte dal nome non ammesso, {quoted(name)}: {SALVARE}."
        )
    if name.lower().endswith("vbaproject.bin"):
        raise Rifiutato(
            "la cartella di lavoro contiene macro: salvarla come xlsx, il formato che non ne ha."
        )


def _inflate(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: int, at_most: int) -> int:
    """What is left of the budget after inflating a member, a piece at a time."""
    tail = b""
    with archive.open(member) as stream:
        while piece := stream.read(1 << 20):
            budget -= len(piece)
            if budget < 0:
                raise Rifiutato(
                    f"una volta aperta la cartella di lavoro supera {at_most >> 20} MB: "
                    "esportare solo le colonne del contratto."
                )
            if any(mark in tail + piece for mark in _DTD):
                raise Rifiutato(
                    f"la cartella di lavoro dichiara un DTD, che non è ammesso: {SALVARE}."
                )
            tail = piece[-32:]
    return budget
