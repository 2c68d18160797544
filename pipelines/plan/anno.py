"""The year that a plan is of: by its headers, else by its title.

Belongs here: where the year is said, and headers that speak of another. Does not belong here: the year of a
column (intestazione.py), that of the folder (read.py).
"""

import re

from pipelines.plan.documento import Documento
from pipelines.plan.intestazione import Intestazione
from pipelines.plan.raccolta import Stato
from pipelines.plan.ruoli import year_of

_TITOLO_CON_ANNO = re.compile(
    r"\b(?:piano|p\.?i\.?r\.?a|indicatori|preventivo|bilancio|budget|triennio|esercizio|anno)\b",
    re.IGNORECASE,
)
_TRIENNIO = re.compile(r"(?<![0-9])(20[0-9]{2})\s*[-–/]\s*(?:20)?[0-9]{2}(?![0-9])")


def year_of_headers(stato: Stato) -> int | None:
    """The year of the first `Risultato` column, else of the first target, as headers and cells say it."""
    risultati = [i.anno_risultato for i in stato.intestazioni if i.anno_risultato is not None]
    if risultati:
        return risultati[0]
    if stato.contesto.anno is not None:
        return stato.contesto.anno
    traguardi = [anno for i in stato.intestazioni for anno in i.anni()]
    if not traguardi:
        traguardi = [t.anno for i in stato.indicatori for t in i.traguardi]
    return min(traguardi, default=None)


def year_of_title(documento: Documento) -> int | None:
    """The first year of `2020-2022`, or the one year, of a title at the head of the document."""
    titoli = [riga.testo for riga in documento.righe[:30] if len(riga.piene()) == 1]
    for testo in titoli:
        if _TITOLO_CON_ANNO.search(testo) and (trovato := _TRIENNIO.search(testo)):
            return int(trovato[1])
    detti = (year_of(t) for t in titoli if _TITOLO_CON_ANNO.search(t) and "delib" not in t.lower())
    return next((anno for anno in detti if anno is not None), None)


def check_year(stato: Stato, intestazione: Intestazione, anno: int | None) -> None:
    if intestazione.anno_risultato in (None, anno):
        return
    stato.report(
        "anno_discorde",
        intestazione.riga,
        f"l'intestazione parla dei risultati del {intestazione.anno_risultato} in un piano del "
        f"{anno}",
        "correggere l'anno nel piano",
    )
