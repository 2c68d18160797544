"""The formats in which an extract may arrive, and who reads each.

Belongs here: the choice of the reader, with a mapping or without. Does not belong here: how a format is
opened (delimited.py, sheet.py, native.py, pubblici.py), what a mapping makes of the cells (mappe.py).
"""

from dataclasses import replace

from pipelines.contract.mappa import DA_SE, Mappatura
from pipelines.contract.pubblici import Ente
from pipelines.contract.schema import Estratto
from pipelines.extracts.cells import CAMPI, RIGA, Celle
from pipelines.extracts.delimited import inflate, read_text
from pipelines.extracts.mappe import applied, source_of
from pipelines.extracts.pubblici import read_public
from pipelines.extracts.sandbox import heads_apart, read_apart
from pipelines.extracts.testata import heads
from pipelines.extracts.values import as_seen


def read_cells(
    estratto: Estratto,
    formato: str,
    content: bytes,
    mappa: Mappatura | None = None,
    ente: Ente | None = None,
) -> Celle:
    """Cells of one file, in the columns of the contract. `content` is its bytes, already read once and
    hashed; `mappa` says how its own columns become those. Without it, a file in a public format is read
    as such for an `ente`.

    Raises `Rifiutato` when the file cannot be read as its type, lacks a required column, or has a
    contract column twice.
    """
    source = source_of(mappa, estratto) if mappa else estratto
    apertura = mappa.apertura if mappa else DA_SE
    if formato == "csv.gz":
        formato, content = "csv", inflate(content)
    if formato in ("csv", "xlsx", "xml") and mappa is None and ente is not None:
        public = read_public(estratto, formato, content, ente)
        if public is not None:
            return public
    match formato:
        case "csv":
            cells = read_text(content, source, apertura)
        case "xlsx" | "parquet":
            cells = read_apart(formato, estratto, content, mappa)
            cells = replace(cells, frame=as_seen(cells.frame, (RIGA, CAMPI)))
        case _:
            raise ValueError(formato)
    return applied(mappa, estratto, cells, formato) if mappa else cells


def read_heads(formato: str, content: bytes) -> list[list[str]]:
    """The first lines of a file as fields, by every separator that they may have: somewhere among them
    are its headings. Raises `Rifiutato` when the file cannot be read as its type."""
    match formato:
        case "csv":
            return heads(content)
        case "csv.gz":
            return heads(inflate(content))
        case "xlsx" | "parquet":
            return heads_apart(formato, content)
        case "xml":
            return []  # elements have no headings: its name alone tells
        case _:
            raise ValueError(formato)
