"""The formats in which an extract may arrive.

Belongs here: who reads each. Does not belong here: how (delimited.py, native.py, workbook.py).
"""

from dataclasses import replace

from pipelines.contract.schema import Estratto
from pipelines.extracts.cells import CAMPI, RIGA, Celle
from pipelines.extracts.delimited import inflate, read_text
from pipelines.extracts.sandbox import heads_apart, read_apart
from pipelines.extracts.testata import heads
from pipelines.extracts.values import as_seen


def read_cells(estratto: Estratto, formato: str, content: bytes) -> Celle:
    """Cells of one file. `content` is its bytes, already read once and hashed.

    Raises `Rifiutato` when the file cannot be read as its type, lacks a required column, or has a
    contract column twice.
    """
    match formato:
        case "csv":
            return read_text(content, estratto)
        case "csv.gz":
            return read_text(inflate(content), estratto)
        case "xlsx" | "parquet":
            celle = read_apart(formato, estratto, content)
            return replace(celle, frame=as_seen(celle.frame, (RIGA, CAMPI)))
        case _:
            raise ValueError(formato)


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
        case _:
            raise ValueError(formato)
