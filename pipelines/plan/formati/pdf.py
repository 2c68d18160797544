"""The format `pdf`: every page is a part, the ruled tables of a page row by row, then its lines of text.

Belongs here: which words stand in which ruled cell, and in what order the rows are read. Does not belong
here: what a row says (disposizioni/). A table without rules is lines of text: no column is guessed.
"""

import io
import re
from collections import Counter
from typing import Any

import pdfplumber
from pdfplumber.utils.exceptions import PdfminerException

from pipelines.plan.documento import (
    Cella,
    Documento,
    PianoIlleggibile,
    Riga,
    check_size,
    riga_di,
)
from pipelines.plan.righe import tidy

_VICINO = 2.0
"""Points within which two rules, or two words of a line, are at the same height."""

Riquadro = tuple[float, float, float, float]


def read(content: bytes) -> Documento:
    """The pages of a document with a text layer. Raises PianoIlleggibile."""
    if b"%PDF" not in content[:1024]:
        raise PianoIlleggibile(
            "Il piano non è un PDF, come il suo nome dice: dargli l'estensione giusta."
        )
    try:
        with pdfplumber.open(io.BytesIO(content)) as documento:
            check_size(0, 0, len(documento.pages))
            pagine = []
            for numero, pagina in enumerate(documento.pages, start=1):
                pagine.append(_page(numero, pagina))
                pagina.close()
    except PdfminerException as errore:
        causa = errore.args[0] if errore.args else None
        if type(causa).__name__ == "PDFPasswordIncorrect":
            raise PianoIlleggibile(
                "Il piano è protetto da una password: toglierla e consegnarlo di nuovo."
            ) from errore
        raise PianoIlleggibile(
            "Il piano è un PDF guasto: esportarlo di nuovo dal programma che lo ha scritto."
        ) from errore
    if not any(pagine):
        raise PianoIlleggibile(
            "Il piano è un'immagine: serve il PDF esportato dal programma, non la scansione."
        )
    righe = [riga for pagina in _without_repeats(pagine) for _, riga in pagina]
    check_size(len(righe))
    return Documento("pdf", tuple(righe), fusioni=False)


def _page(numero: int, pagina: Any) -> list[tuple[float, Riga]]:
    """The rows of a page from the top, each with its height; tables are numbered first."""
    parole = pagina.extract_words(x_tolerance=1.5, y_tolerance=2, keep_blank_chars=False)
    if not parole:
        return []
    parte = f"pagina {numero}"
    trovate: list[tuple[float, Riga]] = []
    usate: set[int] = set()
    for tabella in sorted(pagina.find_tables(), key=lambda t: (t.bbox[1], t.bbox[0])):
        for alto, celle in _table(tabella.cells, parole, usate):
            trovate.append((alto, riga_di(parte, len(trovate) + 1, celle)))
    quante = len(trovate)
    libere = [p for n, p in enumerate(parole) if n not in usate]
    for dopo, linea in enumerate(_lines(libere), start=1):
        testo = tidy(" ".join(p["text"] for p in linea))
        trovate.append((linea[0]["top"], riga_di(parte, quante + dopo, [Cella(testo)])))
    return sorted(trovate, key=lambda t: (t[0], int(t[1].numero)))


def _table(
    riquadri: list[Riquadro], parole: list[dict[str, Any]], usate: set[int]
) -> list[tuple[float, list[Cella]]]:
    """The rows of a ruled table: the height of each, and its cells."""
    verticali = _edges([x for r in riquadri for x in (r[0], r[2])])
    orizzontali = _edges([y for r in riquadri for y in (r[1], r[3])])
    check_size(len(orizzontali), len(verticali))
    if len(verticali) < 3 and len(orizzontali) < 3:
        return []  # a frame around text is no table
    griglia = [[Cella("") for _ in verticali[1:]] for _ in orizzontali[1:]]
    for x0, alto, x1, basso in riquadri:
        c0, c1 = _index(verticali, x0), _index(verticali, x1)
        r0, r1 = _index(orizzontali, alto), _index(orizzontali, basso)
        dentro = []
        for n, parola in enumerate(parole):
            x = (parola["x0"] + parola["x1"]) / 2
            y = (parola["top"] + parola["bottom"]) / 2
            if n not in usate and x0 <= x <= x1 and alto <= y <= basso:
                usate.add(n)
                dentro.append(parola)
        testo = join_lines([" ".join(p["text"] for p in linea) for linea in _lines(dentro)])
        griglia[r0][c0] = Cella(testo, righe=max(r1 - r0, 1), colonne=max(c1 - c0, 1))
    return list(zip(orizzontali, griglia, strict=False))


def _edges(valori: list[float]) -> list[float]:
    distinti: list[float] = []
    for valore in sorted(valori):
        if not distinti or valore - distinti[-1] > _VICINO:
            distinti.append(valore)
    return distinti


def _index(lati: list[float], valore: float) -> int:
    return min(range(len(lati)), key=lambda n: abs(lati[n] - valore))


def _lines(parole: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Words as lines, from the top and from the left."""
    linee: list[list[dict[str, Any]]] = []
    for parola in sorted(parole, key=lambda p: (p["top"], p["x0"])):
        if linee and abs(linee[-1][0]["top"] - parola["top"]) <= _VICINO:
            linee[-1].append(parola)
        else:
            linee.append([parola])
    return [sorted(linea, key=lambda p: p["x0"]) for linea in linee]


def join_lines(linee: list[str]) -> str:
    """The lines of a cell as one text; a word cut at a line's end is whole before a small letter."""
    testo = ""
    for linea in linee:
        if re.search(r"\w-\Z", testo) and linea[:1].islower():
            testo = testo[:-1] + linea
        else:
            testo = f"{testo} {linea}"
    return tidy(testo)


def _without_repeats(pagine: list[list[tuple[float, Riga]]]) -> list[list[tuple[float, Riga]]]:
    """The pages without the headers and footers that stand at the same height of several."""

    def mark(alto: float, riga: Riga) -> tuple[int, str] | None:
        if len(riga.celle) != 1:
            return None
        return round(alto / 4), re.sub(r"[0-9]+", "#", riga.testo)

    conti = Counter(m for p in pagine for m in {mark(*r) for r in p} if m)
    visti: set[tuple[int, str]] = set()
    nuove = []
    for pagina in pagine:
        tenute = []
        for alto, riga in pagina:
            segno = mark(alto, riga)
            ripetuta = segno is not None and conti[segno] > 1 and segno in visti
            if segno is not None:
                visti.add(segno)
            if not ripetuta:
                tenute.append((alto, riga))
        nuove.append(tenute)
    return nuove
