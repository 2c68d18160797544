"""One extract of one partition: its files read, judged and kept as Parquet in the store.

Belongs here: the way from delivered files to accepted rows, quarantine and the outcome of each file,
and which of it can be taken from the store because nothing changed. Does not belong here: how a
cell is read (cells.py, values.py), what is allowed (judge.py).

The store (`deposito`) holds, per extract, files named by a fingerprint of all that made them (file
name and content, key, the code and the contract that read it), so a file that did not change is not read
again, and a file in the store is never altered. Beside them a seal holds their hashes: where they differ,
what was delivered is read again.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import custodia
from pipelines.contract.pubblici import Ente, formats_of
from pipelines.contract.schema import Estratto
from pipelines.extracts import segnali
from pipelines.extracts.cells import FILE, MAX_BYTE_ESTRATTO, RIGA, Celle, Conto, Segnale
from pipelines.extracts.formats import read_cells
from pipelines.extracts.persone import MASKED, tells_nobody
from pipelines.extracts.pseudonyms import fingerprint, pseudonymise
from pipelines.extracts.riporto import Registro, filled, register_of
from pipelines.extracts.somiglianze import RADICI_SCHEMA, root
from pipelines.extracts.stato import Stato, state_of
from pipelines.extracts.totali import without_footer
from pipelines.extracts.values import POLARS_TYPE
from pipelines.fingerprints import reading_fingerprint
from pipelines.landing.handles import state
from pipelines.landing.mappe import MappaLetta, find_mapping
from pipelines.landing.rifiutato import Rifiutato
from pipelines.landing.zone import Consegna, InArrivo, Letto, Visto, read_whole
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
    escluse: int = 0
    altrui: int = 0
    formato: str | None = None


@dataclass(frozen=True)
class Contesto:
    """What decides, beside a file and its mapping, what its rows are: for whom a public file is read, and
    what another extract says of a column (riporto.py)."""

    ente: Ente | None = None
    registro: Registro | None = None

    def identity(self, estratto: Estratto) -> list[str]:
        """The same as texts; nothing for an extract that comes in no public format and takes nothing."""
        own = [repr(self.ente)] if self.ente and formats_of(estratto.codice) else []
        return own + ([self.registro.impronta] if self.registro else [])

    def eased(self, estratto: Estratto) -> Estratto:
        """The extract as a file must have it: a column that another extract fills may be lacking."""
        return estratto.eased([self.registro.colonna.nome]) if self.registro else estratto


SOLO_IL_FILE = Contesto()


def context_of(estratto: Estratto, ente: Ente, read: Sequence[Ingestione]) -> Contesto:
    """The same, out of the extracts that were read before. Of one that is not whole nothing is taken:
    what it lacks might say another thing."""
    for colonna in estratto.riportate:
        for other in read:
            if colonna.riporto and other.estratto == colonna.riporto.estratto:
                sound = other.stato == "PRESENTE"
                return Contesto(ente, register_of(colonna, other.righe) if sound else None)
    return Contesto(ente)


def rows_schema(estratto: Estratto) -> dict[str, pl.DataType]:
    """Columns and types of the accepted rows of an extract."""
    return {
        "camera": pl.String(),
        "esercizio": pl.Int32(),
        **{c.nome: POLARS_TYPE[c.tipo] for c in estratto.colonne},
        **_provenance_schema(estratto),
        FILE: pl.String(),
        RIGA: pl.Int64(),
    }


def _provenance_schema(estratto: Estratto) -> dict[str, pl.DataType]:
    kinds: tuple[pl.DataType, ...] = (pl.String(), pl.Int64(), pl.String())
    return {
        name: kind
        for c in estratto.riportate
        for name, kind in zip(c.provenienza, kinds, strict=True)
    }


def ingest_deliveries(
    raw: Path,
    partizione: Partizione,
    estratto: Estratto,
    consegne: list[Consegna],
    deposito: Path,
    key: bytes,
    warn: custodia.Avvisa = custodia.ignore,
    last: Callable[[], Ingestione | None] = lambda: None,
    contesto: Contesto = SOLO_IL_FILE,
) -> Ingestione:
    """Reads what was delivered of an extract, or takes it from the store when nothing changed.

    `raw` is the landing zone, `deposito` the store of this partition; `warn` is told what was damaged there.

    While one of them is still arriving, the extract stays what `last` knows of it, and says so; where it
    was not whole then either, it is incomplete.
    """
    mapping = find_mapping(raw, partizione, estratto)
    folder = deposito / estratto.tabella
    folder.mkdir(parents=True, exist_ok=True)
    seen = _look(raw, consegne)
    while True:
        arriving = [c.file for c, found in seen if isinstance(found, InArrivo)]
        before = last() if arriving else None
        if before is not None and before.stato == "PRESENTE":
            return _as_before(estratto, partizione, before, arriving, folder, key, warn)
        try:
            return _ingest(raw, partizione, estratto, seen, mapping, contesto, folder, key, warn)
        except _Cambiata as changed:  # one refusal more each time
            seen = [(c, changed.motivo if c == changed.consegna else found) for c, found in seen]


Viste = Sequence[tuple[Consegna, Visto | Letto | Rifiutato]]
"""The deliveries of an extract, each with what its content is, or why it is not read."""


class _Cambiata(Exception):
    """A file is no longer what it was when it was hashed."""

    def __init__(self, consegna: Consegna) -> None:
        self.consegna = consegna
        self.motivo = InArrivo(
            "è cambiato mentre l'estratto veniva letto: sarà ripreso quando è intero."
        )


_TENUTI = 64 << 20
"""Bytes that are kept as they were read; of larger deliveries one file at a time is in memory."""


def _look(raw: Path, consegne: list[Consegna]) -> Viste:
    """Hashes each file, and keeps the content of the first few."""
    seen: list[tuple[Consegna, Visto | Letto | Rifiutato]] = []
    total = 0
    for consegna in consegne:
        with suppress(OSError):  # reading it says why
            total += state(raw, consegna.percorso).st_size
        if len(consegne) > 1 and total > MAX_BYTE_ESTRATTO:
            seen.append((consegna, _too_much()))
        else:
            seen.append((consegna, _seen(raw, consegna, kept=total <= _TENUTI)))
    return seen


def _seen(raw: Path, consegna: Consegna, kept: bool) -> Visto | Letto | Rifiutato:
    try:
        found = read_whole(raw, consegna.percorso, consegna.visto)
    except Rifiutato as refusal:
        return refusal
    return found if kept else Visto(found.sha256, found.byte)


def _too_much() -> Rifiutato:
    return Rifiutato(
        f"con le parti che lo precedono supera {MAX_BYTE_ESTRATTO >> 20} MB, il limite di un estratto:"
        " consegnare solo le righe dell'esercizio e le colonne del contratto."
    )


def _ingest(
    raw: Path,
    partizione: Partizione,
    estratto: Estratto,
    seen: Viste,
    mapping: MappaLetta | None,
    contesto: Contesto,
    folder: Path,
    key: bytes,
    warn: custodia.Avvisa,
) -> Ingestione:
    """What is kept of these contents, made now if it is not. Raises `_Cambiata`."""
    mapped = mapping.sha256 if mapping else None
    contents = [(c.file, _content_identity(found, mapped)) for c, found in seen]
    beside = contesto.identity(estratto)
    contents += [("", one) for one in beside]
    identity = _fingerprint(estratto, partizione, key, contents)
    stem = folder / identity
    paths = _paths(stem, PARTI)
    if custodia.open_seal(stem, warn) is None:
        # A part by itself is known by its content alone.
        store = folder if len(seen) > 1 and not beside else None
        parts: list[_Parte] = []
        for consegna, found in seen:
            place = raw, estratto, partizione, consegna, found, mapping, contesto
            one = _part(*place, store, key, warn)
            if parts and sum(map(_weight, (*parts, one))) > MAX_BYTE_ESTRATTO:
                one = _refused(estratto, _too_much())
            parts.append(one)
        _keep(stem, _combine(estratto, partizione, seen, parts, mapped))
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
    key: bytes,
    warn: custodia.Avvisa,
) -> Ingestione:
    """An extract as it was last read; each of its files, and a signal, say what is still arriving."""
    note = f"{_DI_PRIMA} {', '.join(arriving)}"
    said = pl.col("motivo").str.replace(f"(; )?{_DI_PRIMA} .*$", "")
    frames = {part: pl.read_parquet(getattr(before, part), glob=False) for part in PARTI}
    frames["file"] = frames["file"].with_columns(
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
    signals = frames["segnali"].filter(pl.col("segnale") != "in_arrivo")
    frames["segnali"] = pl.concat([signals, pl.DataFrame(told, schema=SEGNALI_SCHEMA)])
    stem = folder / _fingerprint(estratto, partizione, key, [(note, frames["file"].write_json())])
    if custodia.open_seal(stem, warn) is None:
        _keep(stem, frames)
    kept = _paths(stem, PARTI)
    return Ingestione(
        before.estratto, before.stato, before.motivo, *(kept[part] for part in PARTI), di_prima=True
    )


_CELLA = 16
"""Bytes of a cell beside its text."""


def _weight(part: _Parte) -> int:
    """Bytes that a part takes in memory, the same whether it was read now or comes from the store."""
    frames = (part.righe, part.scarti)
    texts = sum(
        int(column.str.len_bytes().sum() or 0)
        for frame in frames
        for column in frame
        if column.dtype == pl.String
    )
    return texts + _CELLA * sum(frame.height * frame.width for frame in frames)


def _content_identity(found: Visto | Letto | Rifiutato, mapped: str | None) -> str:
    if isinstance(found, Rifiutato):
        return f"rifiutato: {found}"
    return read_as(found.sha256, mapped)


def read_as(sha256: str, mapped: str | None) -> str:
    """What a content and the mapping under which it is read are together."""
    return sha256 if mapped is None else f"{sha256}+{mapped}"


def _fingerprint(
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
    return folder / f"{PARTE}{_fingerprint(estratto, partizione, key, [(file, sha256)])}"


def _part(
    raw: Path,
    estratto: Estratto,
    partizione: Partizione,
    consegna: Consegna,
    found: Visto | Letto | Rifiutato,
    mapping: MappaLetta | None,
    contesto: Contesto,
    store: Path | None,
    key: bytes,
    warn: custodia.Avvisa,
) -> _Parte:
    """One file, judged by itself: from the store if its content is known, else read.

    Only extracts in several parts keep them in the store: a single part is the extract.
    """
    try:
        if isinstance(found, Rifiutato):
            raise found
        stem = None
        if store is not None:
            content = read_as(found.sha256, mapping.sha256 if mapping else None)
            stem = part_stem(store, estratto, partizione, key, consegna.file, content)
            if (known := _load_part(stem, warn)) is not None:
                return known
        # Nothing here holds the bytes while their cells are judged, nor the cells afterwards.
        cells, whence = _cells_of(raw, estratto, consegna, found, mapping, contesto)
        part = _judge_part(estratto, partizione, consegna, cells, key, whence)
        del cells
        if stem is not None:
            _store_part(stem, part)
        return part
    except Rifiutato as refusal:
        return _refused(estratto, refusal)


def _read_again(raw: Path, consegna: Consegna, sha256: str) -> Letto:
    """The content that was hashed. Raises `_Cambiata` where it is another one, or gone."""
    try:
        found = read_whole(raw, consegna.percorso, consegna.visto)
    except Rifiutato as refusal:
        raise _Cambiata(consegna) from refusal
    if found.sha256 != sha256:
        raise _Cambiata(consegna)
    return found


def _refused(estratto: Estratto, refusal: Rifiutato) -> _Parte:
    from pipelines.extracts import judge

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


def seal_of(ingestione: Ingestione) -> Path:
    """The seal of what is kept of an extract, as its stem (custodia.open_seal)."""
    return ingestione.righe.with_name(ingestione.righe.name.removesuffix(".righe.parquet"))


def _paths(stem: Path, names: tuple[str, ...]) -> dict[str, Path]:
    return {name: stem.with_name(f"{stem.name}.{name}.parquet") for name in names}


def _keep(stem: Path, frames: dict[str, pl.DataFrame], facts: object = None) -> None:
    """Writes frames and, last, the seal that vouches for them."""
    custodia.remove(custodia.seal_path(stem))
    paths = _paths(stem, tuple(frames))
    hashes = {path.name: _write_parquet(frames[name], path) for name, path in paths.items()}
    custodia.seal(stem, hashes, facts)


def _store_part(stem: Path, part: _Parte) -> None:
    conto = asdict(part.conto) if part.conto else None
    frames = {name: getattr(part, name) for name in _FRAMES}
    counts = [part.lette, part.escluse, part.altrui]
    _keep(stem, frames, [*counts, conto, part.codifica, part.motivo, part.formato])


def _load_part(stem: Path, warn: custodia.Avvisa) -> _Parte | None:
    seal = custodia.open_seal(stem, warn)
    if seal is None:
        return None
    lette, escluse, altrui, conto, codifica, motivo, formato = seal["fatti"]
    paths = _paths(stem, _FRAMES)
    frames: dict[str, Any] = {n: pl.read_parquet(p, glob=False) for n, p in paths.items()}
    return _Parte(
        **frames,
        lette=lette,
        escluse=escluse,
        altrui=altrui,
        conto=Conto(**conto),
        codifica=codifica,
        motivo=motivo,
        formato=formato,
    )


def _cells_of(
    raw: Path,
    estratto: Estratto,
    consegna: Consegna,
    found: Visto | Letto,
    mapping: MappaLetta | None,
    contesto: Contesto,
) -> tuple[Celle, pl.DataFrame | None]:
    """The cells of a file and, where a value was taken from another extract, the lines and whence."""
    mappa = mapping.of(estratto) if mapping else None
    whole = found if isinstance(found, Letto) else _read_again(raw, consegna, found.sha256)
    reading = contesto.eased(estratto)
    cells = read_cells(reading, consegna.formato, whole.content, mappa, contesto.ente)
    return filled(cells, contesto.registro) if contesto.registro else (cells, None)


def judge_alone(
    estratto: Estratto,
    partizione: Partizione,
    consegna: Consegna,
    found: Letto,
    cells: Celle,
    key: bytes,
) -> dict[str, pl.DataFrame]:
    """What would be kept of an extract of which this file is all, by `PARTI`; nothing is written."""
    part = _judge_part(estratto, partizione, consegna, cells, key)
    return _combine(estratto, partizione, [(consegna, found)], [part], None)


def _judge_part(
    estratto: Estratto,
    partizione: Partizione,
    consegna: Consegna,
    cells: Celle,
    key: bytes,
    whence: pl.DataFrame | None = None,
) -> _Parte:
    """`whence` has the lines whose value was taken from another extract, and where it stands there."""
    from pipelines.extracts import judge  # pandera takes longer to load than a year to look at

    judge.assert_validation_is_on()
    cells = without_footer(cells)
    lette = len(cells.frame) + cells.escluse + cells.altrui
    rows, wrong_fields = judge.judge_fields(cells.frame, cells.campi)
    typed = judge.type_cells(rows, estratto)
    data, totals = judge.judge_totals(typed, estratto)
    data, people = judge.judge_people(data, estratto)
    noticed = segnali.of_part(data, estratto)
    frame, wrong_values = judge.judge_values(data, estratto)
    frame, wrong_rows = judge.judge_rows(frame, estratto)
    wrong = pl.concat([totals, people, wrong_values, wrong_rows])
    importi = _amounts(typed, wrong, estratto)
    radici = _roots(frame, partizione, estratto, key)
    for colonna in estratto.colonne:
        if colonna.personale:
            hashed = pseudonymise(frame[colonna.nome], partizione.camera, key)
            frame = frame.with_columns(hashed.alias(colonna.nome))
    if estratto.riportate:
        schema = {RIGA: pl.Int64(), **_provenance_schema(estratto)}
        taken = pl.DataFrame(schema=schema) if whence is None else whence.select(list(schema))
        frame = frame.join(taken, on=RIGA, how="left", maintain_order="left")
    righe = frame.select(
        pl.lit(partizione.camera).alias("camera"),
        pl.lit(partizione.esercizio, pl.Int32).alias("esercizio"),
        *(c.nome for c in estratto.colonne),
        *_provenance_schema(estratto),
        pl.lit(consegna.file).alias(FILE),
        RIGA,
    )
    return _Parte(
        righe,
        pl.concat([wrong_fields, wrong]),
        importi,
        _signals(
            (
                *_unsaid(cells.segnali, estratto),
                *_out_of_place(people),
                *(s.segnale for s in noticed),
            )
        ),
        segnali.suspect_rows(noticed),
        radici,
        lette,
        cells.conto,
        cells.codifica,
        _remarks(cells.ignote, cells.note),
        escluse=cells.escluse,
        altrui=cells.altrui,
        formato=cells.formato,
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


def _unsaid(found: tuple[Segnale, ...], estratto: Estratto) -> Iterator[Segnale]:
    """What was noticed before anybody looked for people: a number as it was written may be one's."""
    for s in found:
        quoted = s.esempio is not None and s.segnale == "numeri_misti"
        told = not quoted or tells_nobody(pl.Series([s.esempio]), estratto).all()
        yield s if told else replace(s, esempio=MASKED)


def _out_of_place(people: pl.DataFrame) -> Iterator[Segnale]:
    """The columns in which people stand, of which nothing is repeated."""
    columns = people.group_by("colonna").agg(pl.len(), pl.col(RIGA).min()).sort("colonna")
    for colonna, casi, riga in columns.iter_rows():
        yield Segnale("persone_fuori_posto", colonna, casi, riga, None)


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
    read: Viste,
    parts: list[_Parte],
    mapped: str | None,
) -> dict[str, pl.DataFrame]:
    """The rules over all the parts together, and the frames of the extract (`PARTI`)."""
    from pipelines.extracts import judge

    judge.assert_validation_is_on()
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
    sospette = pl.concat([suspects, *by_file("sospette")], how="diagonal")
    if not sospette.is_empty():  # or all the rows are sought in vain
        sospette = sospette.join(righe, on=[FILE, RIGA], how="semi")
    sospette = sospette.select(*place, pl.all())
    accepted = dict(righe.group_by(FILE).len().iter_rows())
    refused = dict(scarti.group_by(FILE).agg(pl.col(RIGA).n_unique()).iter_rows())
    lines = [
        {
            "camera": partizione.camera,
            "esercizio": partizione.esercizio,
            "estratto": estratto.codice,
            FILE: consegna.file,
            "sha256": None if isinstance(found, Rifiutato) else found.sha256,
            "byte": None if isinstance(found, Rifiutato) else found.byte,
            "codifica": part.codifica,
            "righe_lette": part.lette,
            "righe_accettate": accepted.get(consegna.file, 0),
            "righe_scartate": refused.get(consegna.file, 0),
            "righe_escluse": part.escluse,
            "righe_altrui": part.altrui,
            **_counted(part.conto),
            "esito": "RIFIUTATO" if part.rifiutata else "ACCETTATO",
            "motivo": part.motivo,
            "somiglia": None,
            "mappa": mapped,
            "formato": part.formato,
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
    read: Viste,
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


_GRUPPO = 245_760
"""Rows of a Parquet row group: two of DuckDB's own, or it copies them together while it takes them in."""


def _write_parquet(frame: pl.DataFrame, path: Path) -> str:
    """Writes a frame; returns its hash, taken in memory: the disk has no part in it."""
    content = BytesIO()
    frame.write_parquet(content, compression="lz4", row_group_size=_GRUPPO)
    return custodia.write(content.getbuffer(), path)
