"""What the labels and headers of a plan announce: the roles of sql/piano.toml, and the years they name.

Belongs here: which role a label has, whole or cut, and which year. Does not belong here: where the value of
a label stands (campi.py), what a column of a table holds (tabella.py).
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache

from pipelines.plan.righe import chiave
from pipelines.settings import RESOURCES

TAGLIO_MINIMO = 6
"""Letters that a label cut at its end must still have."""

_ANNO = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_CON_ANNO = re.compile(
    r"(?:\b(?:ANNO|ESERCIZIO|NELL'ANNO|PER L'ANNO|AL|NEL|DEL|DAL|PER IL)\s+)?(?:31[/.-]12[/.-])?"
    r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])(?:\s*[-–/]\s*(?:(?:19|20)?[0-9]{2})(?![0-9]))?"
)
_ORDINALE = re.compile(
    r"\b(?:(PRIMO|SECONDO|TERZO|QUARTO)|([1-4])\s*[°ºO^]?)\s+ANNO\b|\bANNO\s+([1-4])\b(?!\s*[°ºO])"
)
_QUALE = {"PRIMO": 0, "SECONDO": 1, "TERZO": 2, "QUARTO": 3}
_PRECEDENTE = re.compile(r"\b(?:ESERCIZIO|ANNO) PRECEDENTE\b")


@lru_cache(maxsize=1 << 15)
def reduced(testo: str) -> str:
    """A label without case, accents, what stands in brackets, years and the endings of its words."""
    senza = re.sub(r"\([^()]*\)", " ", chiave(testo))
    senza = _ORDINALE.sub(" ", _CON_ANNO.sub(" ", senza))
    parole = re.findall(r"[A-Z0-9]+|%", senza)
    return " ".join(p.rstrip("AEIO") if len(p) > 3 else p for p in parole)


@cache
def _forme() -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """The reduced spellings with their role; and those that only begin a label, the longest first."""
    intere: dict[str, str] = {}
    inizi: list[tuple[str, str]] = []
    for scritto, ruolo in _scritte():
        forma = reduced(scritto)
        intere.setdefault(forma, ruolo)
        if scritto.endswith("*"):
            inizi.append((forma + " ", ruolo))
    return intere, tuple(sorted(inizi, key=lambda i: -len(i[0])))


def role_of(testo: str, altri: Mapping[str, str] | None = None) -> str | None:
    """The role of a label; None where it has none. `altri` are labels that a mapping file names."""
    if not testo or len(testo) > 120:
        return None
    if altri and (ruolo := altri.get(reduced(testo))):
        return ruolo
    intere, inizi = _forme()
    forma = reduced(testo)
    if not forma:
        return "traguardo" if _ORDINALE.search(chiave(testo)) else None
    if ruolo := intere.get(forma):
        return ruolo
    return next((r for inizio, r in inizi if forma.startswith(inizio)), None)


def cut_role(testo: str) -> str | None:
    """The one role of which a label is the beginning; None where there is none, or more than one."""
    forma = chiave(testo)
    if len(re.sub(r"[^A-Z]", "", forma)) < TAGLIO_MINIMO or role_of(testo):
        return None
    ruoli = {ruolo for scritto, ruolo in _scritte() if scritto.startswith(forma)}
    return ruoli.pop() if len(ruoli) == 1 else None


_LIVELLI = {"STRATEGIC": 0, "SPECIFIC": 2, "OPERATIV": 3}


def level_of(etichetta: str) -> int:
    """How low an objective stands by its label: from 0, strategic, to 3, operative; 1 where it is bare."""
    return next((_LIVELLI[p] for p in reduced(etichetta).split() if p in _LIVELLI), 1)


@cache
def _scritte() -> tuple[tuple[str, str], ...]:
    """The spellings as they are written, with their role; a `*` ends those that only begin a label."""
    facts = tomllib.loads((RESOURCES / "sql" / "piano.toml").read_text("utf-8"))["ruoli"]
    return tuple((chiave(s), ruolo) for ruolo, scritti in facts.items() for s in scritti)


@cache
def role_names() -> frozenset[str]:
    """The roles that there are."""
    return frozenset(_forme()[0].values())


def spellings(ruolo: str) -> tuple[str, ...]:
    """How a role is written, in capitals, in the order of sql/piano.toml."""
    return tuple(scritta for scritta, di in _scritte() if di == ruolo)


def year_of(testo: str) -> int | None:
    """The year that a label names; None where it names none, or more than one."""
    anni = set(_ANNO.findall(testo))
    return int(anni.pop()) if len(anni) == 1 else None


def year_from(testo: str, anno: int | None) -> int | None:
    """The year that a label names, counting from the plan's where it says `1° anno` or `precedente`."""
    if (detto := year_of(testo)) is not None or anno is None:
        return detto
    forma = chiave(testo)
    if trovato := _ORDINALE.search(forma):
        numero = trovato[2] or trovato[3]
        return anno + (_QUALE[trovato[1]] if trovato[1] else int(numero) - 1)
    return anno - 1 if _PRECEDENTE.search(forma) else None
