"""The format `md`: lines of Markdown, the cells of pipe tables.

Belongs here: pipes, what marks a heading, a list or bold text. Does not belong here: what a line says
(disposizioni/). A cell that stands in a Markdown table cannot span rows.
"""

import re

from pipelines.plan.documento import Cella, Documento, Riga, check_size, riga_di
from pipelines.plan.righe import decode_any, tidy

_BARRA = re.compile(r"(?<!\\)\|")
_TITOLO = re.compile(r"^\s*#{1,6}\s+")
_ELENCO = re.compile(r"^\s*(?:[-*+]\s+|>\s?)(?=\S)")
_LINEA = re.compile(r"[\s:|\-]*-{2,}[\s:|\-]*|\s*(?:\*\s*){3,}|\s*(?:_\s*){3,}|\s*={3,}\s*")
_MARCHI = re.compile(
    r"(\*\*|__|~~|`)(?=\S)(.+?)(?<=\S)\1|(?<![\w*])(\*)(?=[^\s*])([^*]+?)(?<=[^\s*])\*(?![\w*])"
)
_A_CAPO = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:b|strong|i|em|u|span|p)\b[^<>]{0,200}>", re.IGNORECASE)
_PROTETTO = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")


def read(content: bytes) -> Documento:
    """A plan in Markdown."""
    righe = tuple(
        _row(n, linea) for n, linea in enumerate(decode_any(content).split("\n"), start=1)
    )
    check_size(len(righe), max(len(r.celle) for r in righe))
    return Documento("md", righe, fusioni=False)


def _row(numero: int, linea: str) -> Riga:
    linea = linea.rstrip("\r")
    if _LINEA.fullmatch(linea):
        return riga_di("", numero, [Cella("---")])
    nuda = linea.strip()
    if _BARRA.search(nuda):
        campi = _BARRA.split(nuda)
        if campi and not campi[0].strip():
            campi = campi[1:]
        if campi and not campi[-1].strip():
            campi = campi[:-1]
        return riga_di("", numero, (Cella(_clean(campo)) for campo in campi))
    return riga_di(
        "", numero, [Cella(_clean(_ELENCO.sub("", _TITOLO.sub("", linea, count=1), count=1)))]
    )


def _clean(testo: str) -> str:
    testo = _A_CAPO.sub("\n", testo)
    testo = _TAG.sub("", testo)
    for _ in range(3):  # marks within marks
        testo = _MARCHI.sub(lambda m: m[2] or m[4] or "", testo)
    return tidy(_PROTETTO.sub(r"\1", testo))
