"""The format `txt`: lines of text, cells between tabs.

Belongs here: from bytes to the shape. Does not belong here: what a line says (disposizioni/).
"""

from pipelines.plan.documento import Documento, check_size
from pipelines.plan.righe import decode, read_riga, split_righe


def read(content: bytes) -> Documento:
    """A plan in text; its lines are kept, since results are written back into them."""
    testo, codifica = decode(content)
    linee = split_righe(testo)
    righe = tuple(read_riga(numero, linea) for numero, linea in enumerate(linee, 1))
    check_size(len(righe), max((len(r.celle) for r in righe), default=0))
    return Documento("txt", righe, fusioni=False, codifica=codifica, linee=linee)
