"""One extract of one partition: its files read, judged and kept as Parquet in the store.

Belongs here: the way from delivered files to accepted rows, quarantine and the outcome of each file,
and which of it can be taken from the store because nothing changed. Does not belong here: how a
cell is read (cells.py, values.py), what is allowed (judge.py).

The store (`deposito`) holds, per extract, files named by a fingerprint of all that made them (file
name and content, key, the code and the contract that read it), so a file that did not change is not read
again, and a file in the store is never altered.
"""

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.durable import take_name
from pipelines.extracts import judge, segnali
from pipelines.extracts.cells import RIGA, Celle, Conto, Rifiutato, Segnale
from pipelines.extracts.contract import Estratto
from pipelines.extracts.formats import read_cells
from pipelines.extracts.judge import FILE
from pipelines.extracts.pseudonyms import fingerprint, pseudonymise
from pipelines.extracts.somiglianze import RADICI_SCHEMA, root
from pipelines.extracts.stato import Stato, state_of
from pipelines.extracts.values import POLARS_TYPE
from pipelines.fingerprints import reading_fingerprint
from pipelines.landing import Consegna, InArrivo, Letto, Partizione, list_deliveries, read_whole

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
    "righe_file": pl.Int64(),
    "righe_intestazione": pl.Int64(),
    "righe_vuote": pl.Int64(),
    "righe_proseguite": pl.Int64(),
    "esito": pl.String(),
    "motivo": pl.String(),
    "somiglia": pl.String(),
}


_SOMMA = pl.Decimal(38, 2)

IMPORTI_SCHEMA: dict[str, pl.DataType] = {
    "camera": pl.String(),
    "esercizio": pl.Int32(),
    "estratto": pl.String(),
    FILE: pl.String(),
    "colonna": pl.String(),
    "letto": _SOMMA,
    "scartato": _SOMMA,
}

_PART_IMPORTI_SCHEMA = {"colonna": pl.String(), "letto": _SOMMA, "scartato": _SOMMA}

_PART_SEGNALI_SCHEMA = {
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
    **_PART_SEGNALI_SCHEMA,
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


@dataclass(frozen=True)
class _Parte:
    """A file judged by itself: rows accepted so far, quarantine, rows read; or a refusal."""

    righe: pl.DataFrame
    scarti: pl.DataFrame
    importi: pl.DataFrame
    segnali: pl.DataFrame
    sospette: pl.DataFrame
    radici: pl.DataFrame
    lette: int = 0
    conto: Conto | None = None
    codifica: str | None = None
    motivo: str | None = None
    rifiutata: bool = False


def rows_schema(estratto: Estratto) -> dict[str, pl.DataType]:
    """Columns and types of the accepted rows of an extract."""
    return {
        "camera": pl.String(),
        "esercizio": pl.Int32(),
        **{c.nome: POLARS_TYPE[c.tipo] for c in estratto.colonne},
        FILE: pl.String(),
        RIGA: pl.Int64(),
    }


def ingest_extract(
    raw: Path, camera: str, esercizio: int, estratto: Estratto, deposito: Path, key: bytes
) -> Ingestione:
    """Reads what was delivered of an extract, or takes it from the store when nothing changed.

    `raw` is the landing zone, `deposito` the store of this chamber and year.
    """
    partizione = Partizione(camera, esercizio)
    consegne, _ = list_deliveries(raw, partizione)
    return ingest_deliveries(raw, partizione, estratto, consegne[estratto.codice], deposito, key)


def ingest_deliveries(
    raw: Path,
    partizione: Partizione,
    estratto: Estratto,
    consegne: list[Consegna],
    deposito: Path,
    key: bytes,
    last: Callable[[], Ingestione | None] = lambda: None,
) -> Ingestione:
    """As `ingest_extract`, for deliveries already listed.

    While one of them is still arriving, the extract stays what `last` knows of it, and says so; where it
    was not whole then either, it is incomplete.
    """
    judge.assert_validation_is_on()
    folder = deposito / estratto.tabella
    folder.mkdir(parents=True, exist_ok=True)
    read: list[tuple[Consegna, Letto | Rifiutato]] = []
    for consegna in consegne:
        try:
            read.append((consegna, read_whole(raw, consegna.percorso, consegna.visto)))
        except Rifiutato as refusal:
            read.append((consegna, refusal))
    arriving = [c.file for c, found in read if isinstance(found, InArrivo)]
    before = last() if arriving else None
    if before is not None and before.stato == "PRESENTE":
        return _as_before(estratto, partizione, before, arriving, folder)
    identity = _fingerprint(
        estratto, partizione, key, [(c.file, _content_identity(found)) for c, found in read]
    )
    paths = {part: folder / f"{identity}.{part}.parquet" for part in PARTI}
    if not all(path.exists() for path in paths.values()):
        store = folder if len(read) > 1 else None
        parts = [_part(estratto, partizione, c, found, store, key) for c, found in read]
        for part, frame in _combine(estratto, partizione, read, parts).items():
            write_parquet(frame, paths[part])
    stato, motivo = state_of(
        pl.read_parquet(paths["file"], glob=False), pl.scan_parquet(paths["scarti"], glob=False)
    )
    return Ingestione(estratto.codice, stato, motivo, *(paths[part] for part in PARTI))


_DI_PRIMA = "resta ciò che se ne era letto prima, perché sta ancora arrivando"


def _as_before(
    estratto: Estratto,
    partizione: Partizione,
    before: Ingestione,
    arriving: list[str],
    folder: Path,
) -> Ingestione:
    """An extract as it was last read; each of its files, and a signal, say what is still arriving."""
    note = f"{_DI_PRIMA} {', '.join(arriving)}"
    said = pl.col("motivo").str.replace(f"(; )?{_DI_PRIMA} .*$", "")
    file = pl.read_parquet(before.file, glob=False).with_columns(
        motivo=pl.concat_str(
            pl.when(said != "").then(said), pl.lit(note), separator="; ", ignore_nulls=True
        )
    )
    signal = {"segnale": "in_arrivo", "colonna": None, "casi": 1, RIGA: None, "esempio": None}
    place = {
        "camera": partizione.camera,
        "esercizio": partizione.esercizio,
        "estratto": estratto.codice,
    }
    told = [{**place, FILE: name, **signal} for name in arriving]
    signals = pl.read_parquet(before.segnali, glob=False).filter(pl.col("segnale") != "in_arrivo")
    identity = hashlib.sha256(json.dumps([before.file.name, note]).encode()).hexdigest()[:32]
    paths = {part: folder / f"{identity}.{part}.parquet" for part in ("file", "segnali")}
    write_parquet(file, paths["file"])
    write_parquet(pl.concat([signals, pl.DataFrame(told, schema=SEGNALI_SCHEMA)]), paths["segnali"])
    return replace(before, di_prima=True, file=paths["file"], segnali=paths["segnali"])


def _content_identity(found: Letto | Rifiutato) -> str:
    return found.sha256 if isinstance(found, Letto) else f"rifiutato: {found}"


def _fingerprint(
    estratto: Estratto, partizione: Partizione, key: bytes, files: list[tuple[str, str]]
) -> str:
    made_by = [reading_fingerprint(), fingerprint(key)]
    identity = json.dumps([*made_by, partizione.chiave, estratto.codice, files])
    return hashlib.sha256(identity.encode()).hexdigest()[:32]


def _part(
    estratto: Estratto,
    partizione: Partizione,
    consegna: Consegna,
    found: Letto | Rifiutato,
    store: Path | None,
    key: bytes,
) -> _Parte:
    """One file, judged by itself: from the store if its content is known, else read.

    Only extracts in several parts keep them in the store: a single part is the extract.
    """
    try:
        if isinstance(found, Rifiutato):
            raise found
        if store is None:
            return _read_part(estratto, partizione, consegna, found, key)
        identity = _fingerprint(estratto, partizione, key, [(consegna.file, found.sha256)])
        stem = store / f"parte-{identity}"
        if (known := _load_part(stem)) is None:
            known = _read_part(estratto, partizione, consegna, found, key)
            _store_part(stem, known)
        return known
    except Rifiutato as refusal:
        return _Parte(
            pl.DataFrame(schema=rows_schema(estratto)),
            pl.DataFrame(schema=judge.SCARTI_SCHEMA),
            pl.DataFrame(schema=_PART_IMPORTI_SCHEMA),
            pl.DataFrame(schema=_PART_SEGNALI_SCHEMA),
            pl.DataFrame(schema=segnali.RIGHE_SCHEMA),
            pl.DataFrame(schema=RADICI_SCHEMA),
            motivo=str(refusal),
            rifiutata=True,
        )


_FRAMES = ("righe", "importi", "segnali", "sospette", "radici", "scarti")
"""The frames of a part, in the order in which they are written: the quarantine goes last and carries
the rest, so a part without it is not there."""


def _part_paths(stem: Path) -> dict[str, Path]:
    return {name: stem.with_suffix(f".{name}.parquet") for name in _FRAMES}


def _store_part(stem: Path, part: _Parte) -> None:
    conto = asdict(part.conto) if part.conto else None
    facts = json.dumps([part.lette, conto, part.codifica, part.motivo])
    for name, path in _part_paths(stem).items():
        metadata = {"parte": facts} if name == _FRAMES[-1] else None
        write_parquet(getattr(part, name), path, metadata)


def _load_part(stem: Path) -> _Parte | None:
    paths = _part_paths(stem)
    if not paths[_FRAMES[-1]].exists():
        return None
    facts = json.loads(pl.read_parquet_metadata(paths[_FRAMES[-1]])["parte"])
    lette, conto, codifica, motivo = facts
    frames: dict[str, Any] = {n: pl.read_parquet(p, glob=False) for n, p in paths.items()}
    return _Parte(**frames, lette=lette, conto=Conto(**conto), codifica=codifica, motivo=motivo)


def _read_part(
    estratto: Estratto, partizione: Partizione, consegna: Consegna, found: Letto, key: bytes
) -> _Parte:
    cells = read_cells(estratto, consegna.formato, found.content)
    return _judge_part(estratto, partizione, consegna, cells, key)


def judge_alone(
    estratto: Estratto,
    partizione: Partizione,
    consegna: Consegna,
    found: Letto,
    cells: Celle,
    key: bytes,
) -> dict[str, pl.DataFrame]:
    """What would be kept of an extract of which this file is all, by `PARTI`; nothing is written."""
    judge.assert_validation_is_on()
    part = _judge_part(estratto, partizione, consegna, cells, key)
    return _combine(estratto, partizione, [(consegna, found)], [part])


def _judge_part(
    estratto: Estratto, partizione: Partizione, consegna: Consegna, cells: Celle, key: bytes
) -> _Parte:
    lette = len(cells.frame)
    rows, wrong_fields = judge.judge_fields(cells.frame, cells.campi)
    typed = judge.type_cells(rows, estratto)
    data, totals = judge.judge_totals(typed, estratto)
    noticed = segnali.of_part(data, estratto)
    frame, wrong_values = judge.judge_values(data, estratto)
    frame, wrong_rows = judge.judge_rows(frame, estratto)
    wrong = pl.concat([totals, wrong_values, wrong_rows])
    importi = _amounts(typed, wrong, estratto)
    radici = _roots(frame, partizione, estratto, key)
    for colonna in estratto.colonne:
        if colonna.personale:
            hashed = pseudonymise(frame[colonna.nome], partizione.camera, key)
            frame = frame.with_columns(hashed.alias(colonna.nome))
    righe = frame.select(
        pl.lit(partizione.camera).alias("camera"),
        pl.lit(partizione.esercizio, pl.Int32).alias("esercizio"),
        *(c.nome for c in estratto.colonne),
        pl.lit(consegna.file).alias(FILE),
        RIGA,
    )
    return _Parte(
        righe,
        pl.concat([wrong_fields, wrong]),
        importi,
        _signals((*cells.segnali, *(s.segnale for s in noticed))),
        segnali.suspect_rows(noticed),
        radici,
        lette,
        cells.conto,
        cells.codifica,
        _remarks(cells.ignote, cells.note),
    )


def _roots(
    frame: pl.DataFrame, partizione: Partizione, estratto: Estratto, key: bytes
) -> pl.DataFrame:
    """Of each person of the key, the pseudonym beside that of the bare matricola (somiglianze.root)."""
    found = [pl.DataFrame(schema=RADICI_SCHEMA)]
    for colonna in estratto.colonne:
        if colonna.personale and colonna.nome in estratto.chiave:
            people = frame.select(pl.col(colonna.nome).unique(maintain_order=True)).to_series()
            found.append(
                pl.DataFrame(
                    {
                        "colonna": pl.repeat(colonna.nome, len(people), eager=True),
                        "valore": pseudonymise(people, partizione.camera, key),
                        "radice": pseudonymise(root(people), partizione.camera, key),
                    },
                    schema=RADICI_SCHEMA,
                )
            )
    return pl.concat(found)


def _remarks(ignote: tuple[str, ...], note: tuple[str, ...]) -> str | None:
    """What is to be said of a file that was read: columns and parts that were not."""
    names = [name[:40] for name in ignote[:20]]
    said = [f"colonne fuori contratto, non lette: {', '.join(names)}"] if names else []
    return "; ".join([*said, *note]) or None


def _signals(found: tuple[Segnale, ...]) -> pl.DataFrame:
    rows = [(s.segnale, s.colonna, s.casi, s.riga, s.esempio) for s in found]
    return pl.DataFrame(rows, schema=_PART_SEGNALI_SCHEMA, orient="row")


def _amounts(typed: pl.DataFrame, wrong: pl.DataFrame, estratto: Estratto) -> pl.DataFrame:
    """Per column of amounts (EUR): what could be read, and how much of it is in quarantine."""
    refused = typed.filter(pl.col(RIGA).is_in(wrong[RIGA].unique().to_list()))
    return pl.DataFrame(
        [
            (c.nome, _total(typed[c.nome]), _total(refused[c.nome]))
            for c in estratto.colonne
            if c.tipo == "importo"
        ],
        schema=_PART_IMPORTI_SCHEMA,
        orient="row",
    )


def _total(amounts: pl.Series) -> Decimal:
    return Decimal(amounts.cast(_SOMMA).sum() or 0)


def _combine(
    estratto: Estratto,
    partizione: Partizione,
    read: list[tuple[Consegna, Letto | Rifiutato]],
    parts: list[_Parte],
) -> dict[str, pl.DataFrame]:
    """The rules over all the parts together, and the frames of the extract (`PARTI`)."""
    righe = pl.concat([pl.DataFrame(schema=rows_schema(estratto)), *(part.righe for part in parts)])
    judged, wrong_keys = judge.judge_keys(righe, estratto)
    judged, wrong_sums = judge.judge_sums(judged, estratto)
    together = pl.concat([wrong_keys, wrong_sums])
    radici = pl.concat([pl.DataFrame(schema=RADICI_SCHEMA), *(part.radici for part in parts)])
    told, suspects = segnali.of_extract(righe, estratto, radici.unique())
    importi = _combine_amounts(estratto, partizione, read, parts, righe, together)
    righe = judged
    place = (
        pl.lit(partizione.camera).alias("camera"),
        pl.lit(partizione.esercizio, pl.Int32).alias("esercizio"),
        pl.lit(estratto.codice).alias("estratto"),
    )

    def by_file(name: str) -> list[pl.DataFrame]:
        return [
            getattr(part, name).select(pl.lit(consegna.file).alias(FILE), pl.all())
            for (consegna, _), part in zip(read, parts, strict=True)
        ]

    scarti = pl.concat([*by_file("scarti"), together]).select(*place, pl.all())
    signals = pl.concat([told, *by_file("segnali")], how="diagonal").select(*place, pl.all())
    sospette = (
        pl.concat([suspects, *by_file("sospette")], how="diagonal")
        .join(righe, on=[FILE, RIGA], how="semi")
        .select(*place, pl.all())
    )
    accepted = dict(righe.group_by(FILE).len().iter_rows())
    refused = dict(scarti.group_by(FILE).agg(pl.col(RIGA).n_unique()).iter_rows())
    lines = [
        {
            "camera": partizione.camera,
            "esercizio": partizione.esercizio,
            "estratto": estratto.codice,
            FILE: consegna.file,
            "sha256": found.sha256 if isinstance(found, Letto) else None,
            "byte": len(found.content) if isinstance(found, Letto) else None,
            "codifica": part.codifica,
            "righe_lette": part.lette,
            "righe_accettate": accepted.get(consegna.file, 0),
            "righe_scartate": refused.get(consegna.file, 0),
            **_counted(part.conto),
            "esito": "RIFIUTATO" if part.rifiutata else "ACCETTATO",
            "motivo": part.motivo,
            "somiglia": None,
        }
        for (consegna, found), part in zip(read, parts, strict=True)
    ]
    return {
        "righe": righe,
        "scarti": scarti,
        "file": pl.DataFrame(lines, schema=FILE_SCHEMA),
        "importi": importi,
        "segnali": signals,
        "righe_sospette": sospette,
    }


def _counted(conto: Conto | None) -> dict[str, int | None]:
    return {
        "righe_file": conto.file if conto else None,
        "righe_intestazione": conto.intestazione if conto else None,
        "righe_vuote": conto.vuote if conto else None,
        "righe_proseguite": conto.proseguite if conto else None,
    }


def _combine_amounts(
    estratto: Estratto,
    partizione: Partizione,
    read: list[tuple[Consegna, Letto | Rifiutato]],
    parts: list[_Parte],
    righe: pl.DataFrame,
    wrong: pl.DataFrame,
) -> pl.DataFrame:
    """The amounts of every file, with those that the rules over all the parts put in quarantine."""
    refused = righe.join(wrong.select(FILE, RIGA).unique(), on=[FILE, RIGA], how="semi")
    lines = [
        (
            partizione.camera,
            partizione.esercizio,
            estratto.codice,
            consegna.file,
            colonna,
            letto,
            scartato + _total(refused.filter(pl.col(FILE) == consegna.file)[colonna]),
        )
        for (consegna, _), part in zip(read, parts, strict=True)
        for colonna, letto, scartato in part.importi.iter_rows()
    ]
    return pl.DataFrame(lines, schema=IMPORTI_SCHEMA, orient="row")


def write_parquet(frame: pl.DataFrame, path: Path, metadata: dict[str, str] | None = None) -> None:
    """Writes beside and renames: a file in the store is whole or is not there, after a power cut too."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.bozza")
    frame.write_parquet(draft, compression="lz4", metadata=metadata)
    take_name(draft, path)
