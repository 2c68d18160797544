"""The peer values that a note cites: `Dato 2018 UNRM Sistema Integrato - CCIAA piccole dato medio 1,58`.

Belongs here: how they are written. Does not belong here: what is done with them (sql/).
"""

import re

from pipelines.plan.model import Confronto
from pipelines.plan.valori import read_valore

_DATO = re.compile(r"(?<!ultimo )\bdat[oi]\s+(?:anno\s+)?((?:19|20)[0-9]{2})\b", re.IGNORECASE)
_CONFRONTO = re.compile(
    r"\s*(?P<fonte>\S.*?)\s+[-–]\s+(?P<ambito>[^0-9]+?)\s*"
    r"(?:\b(?:dato|valore) medio\b|\bmedia\b)?\s*:?\s*(?P<valore>-?[0-9][0-9.,]*)\s*(?P<segno>%)?",
    re.IGNORECASE,
)
_CITAZIONE_MASSIMA = 500
"""Characters in which a peer value must follow its year; the pattern is slow on endless notes."""


def read_confronti(note: str) -> tuple[tuple[Confronto, ...], tuple[str, ...]]:
    """The peer values that a note cites (`Dato 2018 FONTE - AMBITO dato medio 1,58`), and the
    citations in which no value can be read."""
    confronti = []
    illeggibili = []
    citazioni = list(_DATO.finditer(note))
    fini = [*(citazione.start() for citazione in citazioni[1:]), len(note)]
    for citazione, fine in zip(citazioni, fini, strict=False):
        limite = min(fine, citazione.end() + _CITAZIONE_MASSIMA)
        trovato = _CONFRONTO.match(note, citazione.end(), limite)
        valore = read_valore(trovato["valore"].rstrip(".,")) if trovato else None
        if trovato is None or valore is None:
            illeggibili.append(note[citazione.start() : fine].strip())
            continue
        confronti.append(
            Confronto(
                fonte=trovato["fonte"],
                ambito=trovato["ambito"].strip(" -–:"),
                anno=int(citazione[1]),
                valore=valore.numero,
                percentuale=trovato["segno"] is not None,
            )
        )
    return tuple(confronti), tuple(illeggibili)
