"""What is kept of an extract that was read: its frames, and how their files are called.

Belongs here: the frames (`PARTI`) with their columns and types, by what a content is known in the store, how
frames are written under a seal. Does not belong here: what is in them (parte.py), when they are made anew
(ingest.py), what is remembered of a partition (deposito.py).
"""

import hashlib
import json
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import polars as pl

from pipelines import custodia
from pipelines.contract.schema import Estratto
from pipelines.extracts.cells import FILE, RIGA
from pipelines.extracts.pseudonyms import fingerprint
from pipelines.extracts.stato import Stato
from pipelines.extracts.values import POLARS_TYPE
from pipelines.fingerprints import reading_fingerprint
from pipelines.partizione import Partizione

SCARTI_SCHEMA: dict[str, pl.DataType] = {
    "camera": pl.String(),
    "esercizio": pl.Int32(),
    "estratto": pl.String(),
    FILE: pl.String(),
    RIGA: pl.Int64(),
    "colonna": pl.String(),
    "regola": pl.String(),
    "valore": pl.String(),
}

FILE_SCHEMA: dict[str, pl.DataType] = {
    "camera": pl.String(),
    "esercizio": pl.Int32(),
    "estratto": pl.String(),
    FILE: pl.String(),
    "sha256": pl.String(),
    "byte": pl.Int64(),
    "codifica": pl.String(),
    "righe_lette": pl.Int64(),
    "righe_accettate": pl.Int64(),
    "righe_scartate": pl.Int64(),
    "righe_escluse": pl.Int64(),
    "righe_altrui": pl.Int64(),
    "righe_file": pl.Int64(),
    "righe_intestazione": pl.Int64(),
    "righe_vuote": pl.Int64(),
    "righe_proseguite": pl.Int64(),
    "esito": pl.String(),
    "motivo": pl.String(),
    "somiglia": pl.String(),
    "mappa": pl.String(),
    "formato": pl.String(),
}

SOMMA = pl.Decimal(38, 2)

IMPORTI_SCHEMA: dict[str, pl.DataType] = {
    "camera": pl.String(),
    "esercizio": pl.Int32(),
    "estratto": pl.String(),
    FILE: pl.String(),
    "colonna": pl.String(),
    "letto": SOMMA,
    "scartato": SOMMA,
}

PART_SEGNALI_SCHEMA = {
    "segnale": pl.String(),
    "colonna": pl.String(),
    "casi": pl.Int64(),
    RIGA: pl.Int64(),
    "esempio": pl.String(),
}

SEGNALI_SCHEMA: dict[str, pl.DataType] = {
    "camera": pl.String(),
    "esercizio": pl.Int32(),
    "estratto": pl.String(),
    FILE: pl.String(),
    **PART_SEGNALI_SCHEMA,
}

SOSPETTE_SCHEMA: dict[str, pl.DataType] = {
    "camera": pl.String(),
    "esercizio": pl.Int32(),
    "estratto": pl.String(),
    FILE: pl.String(),
    RIGA: pl.Int64(),
    "segnale": pl.String(),
}

SCHEMAS = {
    "scarti": SCARTI_SCHEMA,
    "file": FILE_SCHEMA,
    "importi": IMPORTI_SCHEMA,
    "segnali": SEGNALI_SCHEMA,
    "righe_sospette": SOSPETTE_SCHEMA,
}
"""What is kept of an extract beside its rows; each becomes a table of the same name in `qualita`."""

PARTI = ("righe", *SCHEMAS)


@dataclass(frozen=True)
class Ingestione:
    """What became of an extract: a Parquet file for each of `PARTI`, and its state.

    `righe` are the accepted rows (contract columns + camera, esercizio, _file, _riga), `scarti` one
    line per broken rule, `file` one line per file, `importi` one line per file and column of
    amounts: what could be read, and how much of it is in quarantine; `segnali` what was noticed and no
    rule says (cells.Segnale), `righe_sospette` the accepted rows that it speaks of. `motivo` says why
    an extract is not usable; `di_prima` that it stands as it was, while a file of it is still arriving.
    """

    estratto: str
    stato: Stato
    motivo: str | None
    righe: Path
    scarti: Path
    file: Path
    importi: Path
    segnali: Path
    righe_sospette: Path
    di_prima: bool = field(default=False, kw_only=True)


def rows_schema(estratto: Estratto) -> dict[str, pl.DataType]:
    """Columns and types of the accepted rows of an extract."""
    return {
        "camera": pl.String(),
        "esercizio": pl.Int32(),
        **{c.nome: POLARS_TYPE[c.tipo] for c in estratto.colonne},
        **provenance_schema(estratto),
        FILE: pl.String(),
        RIGA: pl.Int64(),
    }


def provenance_schema(estratto: Estratto) -> dict[str, pl.DataType]:
    kinds: tuple[pl.DataType, ...] = (pl.String(), pl.Int64(), pl.String())
    return {
        name: kind
        for c in estratto.riportate
        for name, kind in zip(c.provenienza, kinds, strict=True)
    }


def read_as(sha256: str, mapped: str | None) -> str:
    """What a content and the mapping under which it is read are together."""
    return sha256 if mapped is None else f"{sha256}+{mapped}"


def identity_of(
    estratto: Estratto, partizione: Partizione, key: bytes, files: list[tuple[str, str]]
) -> str:
    made_by = [reading_fingerprint(), fingerprint(key)]
    identity = json.dumps([*made_by, partizione.chiave, estratto.codice, files])
    return hashlib.sha256(identity.encode()).hexdigest()[:32]


PARTE = "parte-"
"""How the files begin of parts that are kept by themselves."""


def part_stem(
    folder: Path, estratto: Estratto, partizione: Partizione, key: bytes, file: str, sha256: str
) -> Path:
    """What the files of a part are called, but for what each is."""
    return folder / f"{PARTE}{identity_of(estratto, partizione, key, [(file, sha256)])}"


def seal_of(ingestione: Ingestione) -> Path:
    """The seal of what is kept of an extract, as its stem (custodia.open_seal)."""
    return ingestione.righe.with_name(ingestione.righe.name.removesuffix(".righe.parquet"))


def paths_of(stem: Path, names: tuple[str, ...]) -> dict[str, Path]:
    return {name: stem.with_name(f"{stem.name}.{name}.parquet") for name in names}


def keep(stem: Path, frames: dict[str, pl.DataFrame], facts: object = None) -> None:
    """Writes frames and, last, the seal that vouches for them."""
    custodia.remove(custodia.seal_path(stem))
    paths = paths_of(stem, tuple(frames))
    hashes = {path.name: _write_parquet(frames[name], path) for name, path in paths.items()}
    custodia.seal(stem, hashes, facts)


_GRUPPO = 245_760
"""Rows of a Parquet row group: two of DuckDB's own, or it copies them together while it takes them in."""


def _write_parquet(frame: pl.DataFrame, path: Path) -> str:
    """Writes a frame; returns its hash, taken in memory: the disk has no part in it."""
    content = BytesIO()
    frame.write_parquet(content, compression="lz4", row_group_size=_GRUPPO)
    return custodia.write(content.getbuffer(), path)
