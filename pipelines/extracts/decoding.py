"""Bytes to text: which encoding a delivered text is in, and what is said when it is in none.

Belongs here: encodings, bytes that no encoding explains. Does not belong here: what the text holds
(delimited.py). The order is the contract's; nothing is decoded by guess.
"""

import codecs
import re
from contextlib import suppress

from pipelines.contract.mappa import DA_SE, Apertura
from pipelines.landing.rifiutato import Rifiutato

_ALTRO = {
    b"PK\x03\x04": "una cartella di lavoro: darle il nome che finisce in .xlsx",
    b"\xd0\xcf\x11\xe0": "una cartella di lavoro .xls: salvarla come .xlsx o come CSV",
    b"PAR1": "un file Parquet: dargli il nome che finisce in .parquet",
    b"\x1f\x8b": "un file compresso: dargli il nome che finisce in .csv.gz",
    b"%PDF": "un documento PDF: esportare i dati come CSV",
}
"""How files that are often delivered under the name of a text begin."""
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PIECE = 1 << 20
UNDECODABLE = "\x00x"
"""Stands before the two digits of a byte that is no text. No text of a delivered file can hold NUL."""


def decode(content: bytes, apertura: Apertura = DA_SE) -> tuple[bytes, str]:
    """The text, as UTF-8, and the encoding it had: the one that is stated, strictly; else UTF-16 where its
    mark says so; else UTF-8, strictly but for a line in a thousand at most; else Windows-1252, strictly.
    """
    for begin, remedy in _ALTRO.items():
        if content.startswith(begin):
            raise Rifiutato(f"non è un testo, è {remedy}.")
    if apertura.codifica is not None:
        return _decode_as(content, apertura.codifica.lower(), apertura), apertura.codifica.lower()
    if content.startswith(_UTF_16):
        return _decode_utf_16(content).encode(), "utf-16"
    if (place := content.find(b"\x00")) >= 0:
        raise _holds_nul(_line_of(content, place))
    with suppress(UnicodeDecodeError):
        _assert_utf_8(content)
        return content.removeprefix(codecs.BOM_UTF8), "utf-8"
    if (text := _mostly_utf_8(content)) is not None:
        return text.encode(), "utf-8"
    try:
        return content.decode("cp1252").encode(), "windows-1252"
    except UnicodeDecodeError as error:
        raise Rifiutato(
            f"alla riga {_line_of(content, error.start)} il byte {content[error.start]:#04x} non è né "
            "UTF-8 né Windows-1252: esportarlo di nuovo come CSV UTF-8."
        ) from error


def _decode_as(content: bytes, codifica: str, apertura: Apertura) -> bytes:
    try:
        text = content.decode("utf-8-sig" if codifica == "utf-8" else codifica)
    except UnicodeDecodeError as error:
        why = f"il file non è {codifica}: scrivere la sua, o togliere la voce."
        raise Rifiutato(apertura.wrong("codifica", why)) from error
    if (place := text.find("\x00")) >= 0:
        raise _holds_nul(text.count("\n", 0, place) + 1)
    return text.encode()


def _assert_utf_8(content: bytes) -> None:
    """Raises `UnicodeDecodeError`. The text is not made: it would take as much memory again."""
    decoder, view = codecs.getincrementaldecoder("utf-8")(), memoryview(content)
    for place in range(0, len(view), _PIECE):
        decoder.decode(view[place : place + _PIECE])
    decoder.decode(b"", final=True)


def _line_of(content: bytes, place: int) -> int:
    return content.count(b"\n", 0, place) + 1


def _holds_nul(riga: int) -> Rifiutato:
    return Rifiutato(
        f"alla riga {riga} contiene un byte NUL, quindi non è un testo: "
        "esportarlo di nuovo come CSV UTF-8."
    )


def _decode_utf_16(content: bytes) -> str:
    try:
        text = content.decode("utf-16")
    except UnicodeDecodeError as error:
        raise Rifiutato(
            "comincia come UTF-16 ma non lo è fino in fondo: esportarlo di nuovo come CSV UTF-8."
        ) from error
    if (place := text.find("\x00")) >= 0:
        raise _holds_nul(text.count("\n", 0, place) + 1)
    return text


def _mostly_utf_8(content: bytes) -> str | None:
    """The text of UTF-8 with fewer than one wrong line in a thousand, its wrong bytes marked.

    Lines of plain ASCII speak for no encoding: without a letter that only UTF-8 writes so, None.
    """
    lines = content.count(b"\n") + (not content.endswith(b"\n"))
    view = memoryview(content)
    begin, wrong, pieces, sound = 0, 0, [], content.startswith(codecs.BOM_UTF8)
    while True:
        try:
            pieces.append(codecs.utf_8_decode(view[begin:], "strict", True)[0])
            break
        except UnicodeDecodeError as error:
            wrong += 1
            if wrong * 1000 >= lines:
                return None
            line = content.rfind(b"\n", begin, begin + error.start) + 1 or begin
            end = content.find(b"\n", begin + error.start)
            end = len(content) if end < 0 else end
            pieces.append(codecs.utf_8_decode(view[begin:line], "strict", True)[0])
            sound |= not pieces[-1].isascii()
            pieces.append(_mark_undecodable(content[line:end]))
            begin = end
    if not (sound or not pieces[-1].isascii()):
        return None
    return "".join(pieces).removeprefix("\ufeff")


def _mark_undecodable(line: bytes) -> str:
    text = line.decode("utf-8", "surrogateescape")
    return re.sub("[\udc80-\udcff]", lambda m: f"{UNDECODABLE}{ord(m[0]) & 0xFF:02x}", text)
