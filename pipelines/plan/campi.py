"""The labelled fields of an objective: DESCRIZIONE, RISORSE FINANZIARIE A PREVENTIVO, PESO ...

Belongs here: which labels exist, and where the value of each stands, in the layout with one cell
per label and value and in the one with everything in one cell (`TITOLO: ... DESCRIZIONE: ...`).
Does not belong here: what the values mean (read.py).
"""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from pipelines.plan.documento import Cella, Riga
from pipelines.plan.righe import chiave, ritaglia
from pipelines.plan.ruoli import TAGLIO_MINIMO, role_of, spellings

CAMPI = (
    *("titolo", "descrizione", "stakeholder_esterni", "stakeholder_interni", "arco_temporale"),
    *("centro_responsabilita", "risorse_preventivo", "risorse_consuntivo", "spesa", "peso"),
    "peso_obiettivo",
)
"""The roles of labels (ruoli.py) that are fields of an objective."""

_PAROLE_MASSIME = 5

# A run of capitals before a colon. It starts where no capital precedes, so each is scanned once
# however long the line; it may begin inside the value before it (`TRIENNIO CENTRO DI ...:`).
_CAPITALE = r"[%A-ZÀ-ÖØ-Ý\u0300-\u036f'’` ]"
_MAIUSCOLE = re.compile(rf"(?<!{_CAPITALE})(?P<parole>{_CAPITALE}{{3,}}+):")


@dataclass(frozen=True)
class Campo:
    """A field found in a line.

    `cella` is its value, None where the line ends at the label; `indice` and `indice_etichetta` are
    the cells of value and label, None where both stand inside one cell.
    """

    nome: str
    etichetta: str
    riga: Riga
    cella: Cella | None
    indice: int | None
    indice_etichetta: int | None
    tagliata: bool

    @property
    def testo(self) -> str:
        return self.cella.testo if self.cella else ""


@dataclass
class Lettura:
    """What a line holds: its fields, the texts that are nobody's value, the labels nobody knows."""

    campi: list[Campo] = field(default_factory=list)
    resti: list[str] = field(default_factory=list)
    sconosciute: list[str] = field(default_factory=list)


def find_etichetta(testo: str, visti: AbstractSet[str]) -> tuple[str, bool] | None:
    """The field that a label announces, and whether the label is cut; None where it is no label.

    A cut label (`RISORSE FINANZIARIE A`) announces the first of its fields that is not among
    `visti`, those that the objective already has: the preventivo stands before the consuntivo.
    """
    nome = role_of(testo)
    if nome in CAMPI:
        return ("peso" if nome == "peso_obiettivo" else nome), False
    ridotta = chiave(testo)
    if len(ridotta) < TAGLIO_MINIMO or testo != testo.upper():
        return None
    candidati = [n for n in CAMPI for scritta in spellings(n) if scritta.startswith(ridotta)]
    if not candidati:
        return None
    return next((n for n in candidati if n not in visti), candidati[-1]), True


def read_campi(
    riga: Riga, visti: AbstractSet[str], celle: Sequence[tuple[int, Cella]] | None = None
) -> Lettura:
    """Every field of a line, or of the given numbered cells of it.

    The value of a label is the first full cell to its right and before the next label, else the
    empty cell next to it.
    """
    numerate = list(enumerate(riga.celle)) if celle is None else list(celle)
    lettura = Lettura()
    noti = set(visti)
    posizione = 0
    while posizione < len(numerate):
        indice, cella = numerate[posizione]
        posizione += 1
        if not cella.testo:
            continue
        etichetta = find_etichetta(cella.testo, noti)
        if etichetta:
            nome, tagliata = etichetta
            noti.add(nome)
            scelta = _valore(numerate, posizione, noti)
            valore = None if scelta is None else numerate[scelta]
            lettura.campi.append(
                Campo(
                    nome,
                    cella.testo,
                    riga,
                    valore[1] if valore else None,
                    valore[0] if valore else None,
                    indice,
                    tagliata,
                )
            )
            posizione = posizione if scelta is None else scelta + 1
            continue
        premessa, interni = read_cella(riga, cella, noti)
        if interni.campi and not premessa:
            noti.update(campo.nome for campo in interni.campi)
            lettura.campi += interni.campi
            lettura.sconosciute += interni.sconosciute
        else:
            lettura.resti.append(cella.testo)
    return lettura


def _valore(
    numerate: Sequence[tuple[int, Cella]], posizione: int, noti: AbstractSet[str]
) -> int | None:
    """The position of the value of the label that stands just before `posizione`."""
    for candidata in range(posizione, len(numerate)):
        cella = numerate[candidata][1]
        if cella.testo:
            if find_etichetta(cella.testo, noti):
                break
            return candidata
    # No value: the cell next to the label, unless that is a label itself.
    if posizione < len(numerate) and not numerate[posizione][1].testo:
        return posizione
    return None


def read_cella(riga: Riga, cella: Cella, visti: AbstractSet[str]) -> tuple[str, Lettura]:
    """The fields written inside one cell as `LABEL: value`, and the text before the first."""
    lettura = Lettura()
    noti = set(visti)
    testo = cella.testo
    trovate: list[tuple[int, int, str, bool]] = []
    for corsa in _MAIUSCOLE.finditer(testo):
        coda = _etichetta_in_coda(corsa["parole"], noti)
        if coda is None:
            lettura.sconosciute.append(corsa["parole"].strip())
            continue
        spostamento, nome, tagliata = coda
        noti.add(nome)
        trovate.append((corsa.start() + spostamento, corsa.end(), nome, tagliata))
    premessa = testo[: trovate[0][0]] if trovate else testo
    fini = [*(inizio for inizio, *_ in trovate[1:]), len(testo)]
    for (inizio, dopo, nome, tagliata), fine in zip(trovate, fini, strict=False):
        valore = ritaglia(testo, dopo, fine)
        if not valore.testo:
            # Room for a value: after the colon and its space, if another space then follows.
            punto = dopo if fine - dopo == 1 else min(dopo + 1, fine)
            valore = Cella("", punto, punto)
        posto = Cella(valore.testo, cella.inizio + valore.inizio, cella.inizio + valore.fine)
        etichetta = testo[inizio : dopo - 1].strip()
        lettura.campi.append(Campo(nome, etichetta, riga, posto, None, None, tagliata))
    return premessa.strip(), lettura


def _etichetta_in_coda(parole: str, visti: AbstractSet[str]) -> tuple[int, str, bool] | None:
    """The label that ends a run of capitals: where in it, its field, whether it is cut."""
    inizi = [parola.start() for parola in re.finditer(r"\S+", parole)][-_PAROLE_MASSIME:]
    trovate = ((inizio, find_etichetta(parole[inizio:].strip(), visti)) for inizio in inizi)
    return next(((inizio, *etichetta) for inizio, etichetta in trovate if etichetta), None)
