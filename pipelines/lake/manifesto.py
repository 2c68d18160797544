"""What a publication of the lake says of itself: its registers and its manifest, written.

Belongs here: what they say after a commit. Does not belong here: what the registers are (registro.py), what
goes and what comes (commit.py).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines import custodia
from pipelines.connection import text_literal
from pipelines.fingerprints import program_fingerprint
from pipelines.lake import catalogo, secchio
from pipelines.lake.consegne import Consegna
from pipelines.lake.luogo import Lago
from pipelines.lake.parti import Parte, Posto, add_files
from pipelines.lake.registro import SCHEMA, Documento, Stato, write_register
from pipelines.lake.secchio import PUBBLICAZIONI, Secchio
from pipelines.lake.stage import record_of
from pipelines.publication.memoria import MANIFEST
from pipelines.settings import Luoghi
from pipelines.warehouse.models import unrepeatable


@dataclass(frozen=True)
class Cambio:
    """A publication while it is made: the lake, what it goes on from, where it works, its name and time."""

    lago: Lago
    bucket: Secchio
    luoghi: Luoghi
    stato: Stato
    lavoro: Path
    nome: str
    adesso: datetime

    @property
    def cartella(self) -> str:
        """Its folder in the bucket."""
        return f"{PUBBLICAZIONI}/{self.nome}"


def register(
    connection: duckdb.DuckDBPyConnection,
    change: Cambio,
    last: Mapping[str, Consegna],
    new: Sequence[Consegna],
    parts: Mapping[Posto, Parte],
    partitions: Iterable[tuple[str, int]],
    tables: Iterable[str],
) -> None:
    """Writes manifest and registers, as files and into the open transaction."""
    stato, bucket = change.stato, change.bucket
    documents: list[Documento] = [d for d in stato.documenti if d[0] not in last]
    for camera, record in last.items():
        documents += [(camera, name, *where) for name, where in record["documenti"].items()]
    manifest = custodia.sign(_manifest(change, last, parts, documents, tables))
    text = (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()
    bucket.put(f"{change.cartella}/{MANIFEST}", text)
    digest = hashlib.sha256(text).hexdigest()
    own = (
        *(stato.numero + 1, change.nome, change.adesso.replace(tzinfo=None)),
        *(manifest["esecuzione"], manifest["programma"], change.cartella, digest),
    )
    came = [(r["consegna"], r["camera"], r["impronta"], change.nome) for r in new]
    rows: dict[str, list[tuple[object, ...]]] = {
        "pubblicazioni": [own],
        "consegne": [*came],
        "parti": [tuple(p.as_record().values())[:-1] for p in parts.values()],
        "documenti": [*documents],
        "partizioni": sorted(partitions),
    }
    for name in ("parti", "documenti", "partizioni"):  # of the current publication alone
        connection.execute(f"delete from {SCHEMA}.{name}")
    files = {}
    for name, some in rows.items():
        if some:
            files[name] = change.lavoro / f"{SCHEMA}.{name}.parquet"
            write_register(connection, name, some, files[name])
    secchio.put_files(bucket, [(p, f"{change.cartella}/{p.name}") for p in files.values()])
    for name, path in files.items():
        where = f"[{text_literal(change.lago.below(f'{change.cartella}/{path.name}'))}]"
        add_files(connection, f"{SCHEMA}.{name}", where, divided=False)
    connection.execute(
        f"call {catalogo.NOME}.set_commit_message('pira', {text_literal(change.nome)})"
    )


def _manifest(
    change: Cambio,
    last: Mapping[str, Consegna],
    parts: Mapping[Posto, Parte],
    documents: Iterable[Documento],
    tables: Iterable[str],
) -> dict[str, Any]:
    """What vouches for the publication: as that of one machine does, and where it came from."""
    totals = {table: [0, 0] for table in tables}
    for part in parts.values():
        totals[part.tabella][0] += part.righe
        totals[part.tabella][1] += int(part.contenuto, 16)
    return {
        "esecuzione": ", ".join(sorted({r["esecuzione"] for r in last.values()})) or change.nome,
        "pubblicato": change.adesso.isoformat(),
        "programma": program_fingerprint(),
        "consegne": {
            camera: record_of(r["consegna"], camera) for camera, r in sorted(last.items())
        },
        "tabelle": {
            table: {
                "righe": rows,
                "contenuto": f"{total:x}",
                "ripetibile": table not in unrepeatable(),
            }
            for table, (rows, total) in sorted(totals.items())
        },
        "file": {f"{camera}/{name}": digest for camera, name, _, digest in documents},
    }
