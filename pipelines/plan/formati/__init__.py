"""The formats of documents: one small reader each, and none of them knows a layout.

Belongs here: which reader a format has, and which are read in the bounded child process. Does not belong
here: how each reads (the modules beside).
"""

from typing import Any

from pipelines.extracts.sandbox import guarded, plain_apart
from pipelines.landing.rifiutato import Rifiutato
from pipelines.plan.documento import MAX_BYTE, Documento, PianoIlleggibile, from_plain, to_plain
from pipelines.plan.formati import csv, md, txt

_QUI = {"txt": txt.read, "csv": csv.read, "md": md.read}

_VECCHI = {"doc": "docx", "xls": "xlsx", "odt": "docx"}


def open_document(content: bytes, formato: str) -> Documento:
    """A document as rows and cells. Raises PianoIlleggibile with one sentence and its remedy."""
    if len(content) > MAX_BYTE:
        raise PianoIlleggibile(
            f"Il piano supera {MAX_BYTE >> 20} MB, troppi per un allegato: consegnare il solo piano."
        )
    if formato in _VECCHI:
        raise PianoIlleggibile(
            f"Il piano è in un formato che non si legge (.{formato}): salvarlo come {_VECCHI[formato]}."
        )
    try:
        if formato in _QUI:
            return _QUI[formato](content)
        return from_plain(plain_apart(__name__, formato, content))  # answered by __main__.py
    except Rifiutato as refusal:
        raise PianoIlleggibile(_sentence(str(refusal))) from refusal


def _sentence(motivo: str) -> str:
    """A refusal, that follows the name of a file, as a sentence about the plan."""
    if motivo.startswith(("è ", "ha ", "non ", "supera ", "contiene ")):
        return f"Il piano {motivo}"
    return motivo[:1].upper() + motivo[1:]


def read_here(formato: str, content: bytes) -> Documento:
    """A document of a format that can harm who opens it, read in this process."""
    if formato == "xlsx":
        from pipelines.plan.formati import xlsx

        return xlsx.read(content)
    if formato == "docx":
        from pipelines.plan.formati import docx

        return docx.read(content)
    if formato == "html":
        from pipelines.plan.formati import html

        return html.read(content)
    from pipelines.plan.formati import pdf

    return pdf.read(content)


def answer(question: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    """What the child process answers."""

    def read() -> tuple[dict[str, Any], bytes]:
        try:
            return to_plain(read_here(question["formato"], content)), b""
        except PianoIlleggibile as refusal:
            return {"rifiutato": str(refusal)}, b""

    return guarded(read)
