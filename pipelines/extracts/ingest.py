"""One extract of one partition: its files read, judged and kept as Parquet in the store.

Belongs here: the way from delivered files to what is kept of them, and which of it can be taken from the
store because nothing changed. Does not belong here: what becomes of a file's cells (parte.py), how what is
kept looks and is called (ingestione.py).

The store (`deposito`) holds, per extract, files named by a fingerprint of all that made them (file
name and content, key, the code and the contract that read it), so a file that did not change is not read
again, and a file in the store is never altered. Beside them a seal holds their hashes: where they differ,
what was delivered is read again.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines import custodia
from pipelines.contract.pubblici import Ente, formats_of
from pipelines.contract.schema import Estratto
from pipelines.extracts.cells import FILE, MAX_BYTE_ESTRATTO, RIGA, Celle
from pipelines.extracts.formats import read_cells
from pipelines.extracts.ingestione import (
    PARTI,
    SEGNALI_SCHEMA,
    Ingestione,
    identity_of,
    keep,
    part_stem,
    paths_of,
    read_as,
)
from pipelines.extracts.parte import (
    Parte,
    Viste,
    combine,
    judge_part,
    load_part,
    refused_part,
    store_part,
    weigh,
)
from pipelines.extracts.riporto import Registro, filled, register_of
from pipelines.extracts.stato import state_of
from pipelines.landing.handles import state
from pipelines.landing.mappe import MappaLetta, find_mapping
from pipelines.landing.rifiutato import Rifiutato
from pipelines.landing.zone import Consegna, InArrivo, Letto, Visto, read_whole
from pipelines.partizione import Partizione


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
    identity = identity_of(estratto, partizione, key, contents)
    stem = folder / identity
    paths = paths_of(stem, PARTI)
    if custodia.open_seal(stem, warn) is None:
        # A part by itself is known by its content alone.
        store = folder if len(seen) > 1 and not beside else None
        parts: list[Parte] = []
        for consegna, found in seen:
            place = raw, estratto, partizione, consegna, found, mapping, contesto
            one = _part(*place, store, key, warn)
            if parts and sum(map(weigh, (*parts, one))) > MAX_BYTE_ESTRATTO:
                one = refused_part(estratto, _too_much())
            parts.append(one)
        keep(stem, combine(estratto, partizione, seen, parts, mapped))
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
    stem = folder / identity_of(estratto, partizione, key, [(note, frames["file"].write_json())])
    if custodia.open_seal(stem, warn) is None:
        keep(stem, frames)
    kept = paths_of(stem, PARTI)
    return Ingestione(
        before.estratto, before.stato, before.motivo, *(kept[part] for part in PARTI), di_prima=True
    )


def _content_identity(found: Visto | Letto | Rifiutato, mapped: str | None) -> str:
    if isinstance(found, Rifiutato):
        return f"rifiutato: {found}"
    return read_as(found.sha256, mapped)


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
) -> Parte:
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
            if (known := load_part(stem, warn)) is not None:
                return known
        # Nothing here holds the bytes while their cells are judged, nor the cells afterwards.
        cells, whence = _cells_of(raw, estratto, consegna, found, mapping, contesto)
        part = judge_part(estratto, partizione, consegna, cells, key, whence)
        del cells
        if stem is not None:
            store_part(stem, part)
        return part
    except Rifiutato as refusal:
        return refused_part(estratto, refusal)


def _read_again(raw: Path, consegna: Consegna, sha256: str) -> Letto:
    """The content that was hashed. Raises `_Cambiata` where it is another one, or gone."""
    try:
        found = read_whole(raw, consegna.percorso, consegna.visto)
    except Rifiutato as refusal:
        raise _Cambiata(consegna) from refusal
    if found.sha256 != sha256:
        raise _Cambiata(consegna)
    return found


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
    part = judge_part(estratto, partizione, consegna, cells, key)
    return combine(estratto, partizione, [(consegna, found)], [part], None)
