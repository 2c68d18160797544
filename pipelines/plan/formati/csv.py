"""The format `csv`: records of fields, each at the line where it begins.

Belongs here: encoding, separator, quoted fields that span lines. Does not belong here: what a record says
(disposizioni/).
"""

import csv
import io

from pipelines.plan.documento import Cella, Documento, PianoIlleggibile, Riga, check_size, riga_di
from pipelines.plan.righe import decode_any, tidy

_SEPARATORI = (";", ",", "\t", "|")
_CAMPO_MASSIMO = 1 << 20


def read(content: bytes) -> Documento:
    """A plan in delimited text; the separator is the one that splits most lines alike."""
    testo = decode_any(content)
    prima, _, resto = testo.partition("\n")
    dichiarato = prima.strip().lower()
    salta = 0
    separatore = None
    if dichiarato.startswith("sep=") and len(dichiarato) == 5:
        separatore, testo, salta = dichiarato[4], resto, 1
    separatore = separatore or max(
        _SEPARATORI, key=lambda s: (_splits(testo, s), -_SEPARATORI.index(s))
    )
    csv.field_size_limit(_CAMPO_MASSIMO)
    lettore = csv.reader(io.StringIO(testo, newline=""), delimiter=separatore, strict=True)
    righe: list[Riga] = []
    inizio = 1
    try:
        for campi in lettore:
            check_size(len(righe) + 1, len(campi))
            righe.append(riga_di("", inizio + salta, (Cella(tidy(campo)) for campo in campi)))
            inizio = lettore.line_num + 1
    except csv.Error as errore:
        raise PianoIlleggibile(
            f"Il piano non è un csv leggibile (riga {inizio + salta}): controllare le virgolette e "
            "salvarlo di nuovo come csv."
        ) from errore
    return Documento("csv", tuple(righe), fusioni=False)


def _splits(testo: str, separatore: str) -> int:
    """How many fields a separator makes, over the lines that it splits."""
    return sum(linea.count(separatore) for linea in testo.split("\n")[:2_000])
