"""Names that are near one of the contract's: a delivery that nobody would read, told from a stranger.

Belongs here: how near is near, and what the right name would be. Does not belong here: what lies in
the landing zone, and which names are right (zone.py).
"""

import re
from dataclasses import dataclass

from pipelines.contract.estratti import ESTRATTI
from pipelines.contract.schema import FORMATI, Estratto
from pipelines.testo import folded, letters_allowed, letters_apart

_PIANO = "allegato"
_DI_PASSAGGIO = ("~$", ".")
"""How the names begin of what programs put beside an open file: nobody delivers it."""


@dataclass(frozen=True)
class Somiglianza:
    """What a name is near to: an extract's code, an office or the plan; and the right name."""

    codice: str
    nome: str


def near_extract(name: str, ufficio: str | None = None) -> Somiglianza | None:
    """The extract whose name a file's is near: one of its office, or another's by its whole name."""
    if name.startswith(_DI_PASSAGGIO):
        return None
    stem = folded(name).partition(".")[0]
    own = [e for e in ESTRATTI if ufficio is None or e.ufficio == ufficio.casefold()]
    for is_near in (_is_whole, _is_named, _is_a_slip):
        for estratto in own if is_near is not _is_whole else [*own, *ESTRATTI]:
            if is_near(estratto.nome, stem):
                return _as_delivered(estratto)
    return None


def near_plan_or_extract(name: str) -> Somiglianza | None:
    """The plan or the extract whose name a file beside the plan is near."""
    stem = folded(name).partition(".")[0]
    if _is_named(_PIANO, stem) or _is_a_slip(_PIANO, stem):
        return Somiglianza(_PIANO, f"{_PIANO}.txt, o in uno degli altri formati del piano")
    return near_extract(name)


def near_office(name: str) -> Somiglianza | None:
    """The office whose folder's name is near."""
    for ufficio in dict.fromkeys(e.ufficio for e in ESTRATTI):
        if _is_whole(ufficio, folded(name)) or _is_a_slip(ufficio, folded(name)):
            return Somiglianza(ufficio, ufficio)
    return None


def _as_delivered(estratto: Estratto) -> Somiglianza:
    return Somiglianza(
        estratto.codice,
        f"{estratto.codice}.csv o {estratto.codice}-<parte>.csv, in uno dei formati {', '.join(FORMATI)}",
    )


def _letters(name: str) -> str:
    return re.sub("[^a-z]", "", name)


def _is_whole(nome: str, stem: str) -> bool:
    """The same letters: other marks, other numbers, another ending."""
    return _letters(stem) == _letters(nome)


def _is_named(nome: str, stem: str) -> bool:
    """The name among other words."""
    spelling = "[^a-z]*".join(nome.split("_"))
    return re.search(rf"(?<![a-z]){spelling}(?![a-z])", stem) is not None


def _is_a_slip(nome: str, stem: str) -> bool:
    """As many words as the name has, a slip or two from it."""
    words = "".join(re.findall("[a-z]+", stem)[: nome.count("_") + 1])
    most = letters_allowed(_letters(nome))
    return letters_apart(words, _letters(nome), most) <= most
