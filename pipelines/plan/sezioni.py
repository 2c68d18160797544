"""The headings under which objectives stand: MISSIONE and PROGRAMMA, however they are written.

Belongs here: which line is a heading, which is prose that begins with the same word, and the code and
title of a heading. Does not belong here: what stands below it (read.py).
"""

import re
from dataclasses import dataclass

from pipelines.plan.documento import Riga

_PAROLA = re.compile(r"(MISSIONE|PROGRAMMA)\b\s*[-–—:.]?\s*(.*)", re.IGNORECASE | re.DOTALL)
_CODICE = re.compile(
    r"(?:(?:CODICE|COD\.?|NR?[.°º]?)\s*)?[(]?(?P<codice>[0-9]{1,3})\b[)]?\s*"
    r"(?P<tratto>[-–—:]|\.(?![0-9]))?\s*(?P<titolo>.*)",
    re.IGNORECASE | re.DOTALL,
)
_ALTRA = re.compile(r"\b(?:MISSIONE|PROGRAMMA)\b\W*[0-9]", re.IGNORECASE)
_PROSA = re.compile(r"\W*(?:(?:19|20)[0-9]{2}\b|(?:[0-9]+\s+)?[a-zß-ÿ])")
_GRASSETTO = ("**", "<b>", "<strong>")


@dataclass(frozen=True)
class Sezione:
    """A heading: `codice` has three digits and is None where none can be read, `titolo` is what
    follows it, `resti` are the texts of other cells."""

    nome: str
    codice: str | None
    titolo: str
    resti: tuple[str, ...]


def read_sezione(riga: Riga) -> Sezione | None:
    """The heading that a line is; None where it is none.

    In small letters the word may begin prose (`Programma 2020 delle attività`): it is a heading with
    a code, or when what follows begins as a title does. A heading that is taken for prose would leave
    what follows under the one before, so doubt makes it a heading without a code.
    """
    testi = [riga.celle[indice].testo for indice in riga.piene()]
    parola = _PAROLA.fullmatch(testi[0]) if testi else None
    if parola is None:
        return None
    nome, resto = parola[1].upper(), parola[2]
    altri = testi[1:]
    if not resto and altri:
        resto = altri.pop(0)
    certa = parola[1].isupper() or riga.testo.lstrip().lower().startswith(_GRASSETTO)
    letto = _CODICE.fullmatch(resto)
    if letto and not (certa or letto["tratto"] or _is_titolo(letto["codice"], letto["titolo"])):
        letto = None
    if letto and not _ALTRA.search(" ".join([letto["titolo"], *altri])):
        titolo = letto["titolo"]
        if not titolo and altri:
            titolo = altri.pop(0).lstrip("-–—: ")
        if letto["tratto"] or not titolo.startswith(("/", *"0123456789")):
            return Sezione(nome, letto["codice"].zfill(3), titolo, tuple(altri))
    if not certa and _PROSA.match(resto):
        return None
    return Sezione(nome, None, resto, tuple(altri))


def _is_titolo(codice: str, titolo: str) -> bool:
    """Whether what follows a number without a dash is the title of the section with that code."""
    return not titolo or codice.startswith("0") or (len(codice) < 3 and titolo[:1].isupper())


def read_codice(nome: str, testo: str) -> tuple[str, str] | None:
    """The code, of three digits, and the title that a cell below MISSIONE or PROGRAMMA holds."""
    parola = _PAROLA.fullmatch(testo)
    letto = _CODICE.fullmatch(parola[2] if parola and parola[1].upper() == nome else testo)
    if letto is None or _ALTRA.search(letto["titolo"]):
        return None
    titolo = letto["titolo"]
    if titolo.startswith(("/", *"0123456789")) and not letto["tratto"]:
        return None
    return letto["codice"].zfill(3), titolo
