"""The bytes of an allegato as lines and cells, each with its place.

Belongs here: decoding, line ends, fields between tabs, trimming. Does not belong here: what a cell
means (campi.py, tabella.py, read.py).
"""

import re
import unicodedata

from pipelines.plan.documento import MAX_BYTE, Cella, PianoIlleggibile, Riga
from pipelines.plan.model import Luogo
from pipelines.testo import clean

_ALTRI = (
    (b"%pdf", "un PDF"),
    (b"pk\x03\x04", "un documento compresso (docx o xlsx)"),
    (b"<!doctype html", "una pagina HTML"),
    (b"<html", "una pagina HTML"),
)
_BOM = b"\xef\xbb\xbf"
_RIGA = re.compile(r"[^\n]*\n|[^\n]+")
_MARCATURA = re.compile(r"</?(?:b|strong)>", re.IGNORECASE)
_MARCATURA_ASTERISCHI = re.compile(rf"{_MARCATURA.pattern}|\*\*", re.IGNORECASE)


def decode(content: bytes, pagina: bool = False) -> tuple[str, str]:
    """The text and the codec that encodes it back to the same bytes.

    UTF-8 is tried first, strictly, then Windows-1252, strictly; else PianoIlleggibile. `pagina`: it may
    be an HTML page.
    """
    if len(content) > MAX_BYTE:
        raise PianoIlleggibile(
            f"Il piano supera {MAX_BYTE >> 20} MB, troppi per il testo di un allegato: "
            "consegnare il solo testo."
        )
    if b"\x00" in content:
        raise PianoIlleggibile(
            "Il piano contiene byte NUL, quindi non è un testo: salvarlo di nuovo come testo UTF-8."
        )
    for inizio, cosa in _ALTRI[: 2 if pagina else None]:
        if content[:1024].lstrip().lower().startswith(inizio):
            raise PianoIlleggibile(
                f"Il piano è {cosa} con il nome di un testo: dargli l'estensione giusta."
            )
    codifica = "utf-8-sig" if content.startswith(_BOM) else "utf-8"
    try:
        return content.decode(codifica), codifica
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252"), "cp1252"
    except UnicodeDecodeError as errore:
        raise PianoIlleggibile(
            "Il piano non è testo UTF-8 né Windows-1252 "
            f"(byte 0x{content[errore.start]:02x} in posizione {errore.start}): "
            "salvarlo di nuovo come testo UTF-8."
        ) from errore


def decode_any(content: bytes, pagina: bool = False) -> str:
    """The text of a file that is only read, never written back: UTF-16 with its mark too.

    `pagina`: it may be an HTML page.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as errore:
            raise PianoIlleggibile(
                "Il piano non è testo UTF-16 leggibile: salvarlo di nuovo come testo UTF-8."
            ) from errore
    return decode(content, pagina)[0]


def tidy(testo: str) -> str:
    """The text of a cell: every space a plain one, and a line break within it a space."""
    return re.sub(r"\s+", " ", clean(testo)).strip()


def split_righe(testo: str) -> tuple[str, ...]:
    """The lines, line ends included: only LF ends a line, and a CR before it belongs to the end."""
    return tuple(_RIGA.findall(testo))


def read_riga(numero: int, testo: str) -> Riga:
    """A line with its cells; `testo` may carry its line end."""
    nudo = testo.removesuffix("\n").removesuffix("\r")
    # Asterisks are mark-up in a line that begins with them; elsewhere they may refer to a note.
    marcatura = _MARCATURA_ASTERISCHI if nudo.lstrip().startswith("**") else _MARCATURA
    # Mark-up becomes as many spaces, so every place still counts characters of the line itself.
    pulito = marcatura.sub(lambda m: " " * len(m[0]), nudo)
    celle = []
    inizio = 0
    for campo in pulito.split("\t"):
        celle.append(ritaglia(pulito, inizio, inizio + len(campo)))
        inizio += len(campo) + 1
    return Riga(Luogo(numero), nudo, tuple(celle))


def ritaglia(testo: str, inizio: int, fine: int) -> Cella:
    """The characters [inizio, fine) of a line as a cell, trimmed unless they are blank."""
    campo = testo[inizio:fine]
    trimmed = campo.strip()
    if not trimmed:
        return Cella("", inizio, fine)
    sinistra = inizio + len(campo) - len(campo.lstrip())
    return Cella(trimmed, sinistra, sinistra + len(trimmed))


def chiave(testo: str) -> str:
    """A label or a header reduced to what identifies it: upper case, no accents, single spaces."""
    lettere = unicodedata.normalize("NFKD", testo).upper()
    senza_accenti = "".join(c for c in lettere if not unicodedata.combining(c))
    return re.sub(r"\s+", " ", senza_accenti.replace("% ", "%")).strip(" :'’`")
