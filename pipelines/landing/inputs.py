"""What a publication is made from, as fingerprints: the files of each partition, and what read them.

Belongs here: the fingerprints, taken of the landing zone and of a build in the same way, so that the
two can be compared. Does not belong here: those of the code (fingerprints.py), what follows when they
differ (pending.py).
"""

import hashlib
import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.contract.estratti import PER_CODICE
from pipelines.landing.mappe import find_mapping
from pipelines.landing.rifiutato import Rifiutato
from pipelines.landing.zone import (
    SINTETICO,
    Consegna,
    folder_of,
    in_any_case,
    list_deliveries,
    list_strangers,
    plan_files,
    read_whole,
)
from pipelines.partizione import Partizione
from pipelines.settings import ROMA

Voce = tuple[str, str | None]
"""A file and the sha256 of its content; where it has none, why it was not read."""


_SINTETICO: Voce = (SINTETICO, None)
"""Counts as an input by being there."""


_MAPPA = "mappa di "
"""Begins the name of an input that is a mapping, before that of its extract."""


def _digest(entries: Iterable[object]) -> str:
    return hashlib.sha256(json.dumps(sorted(map(repr, entries))).encode()).hexdigest()


def _content(raw: Path, path: Path) -> str:
    try:
        return read_whole(raw, path).sha256
    except Rifiutato as refusal:
        return str(refusal)


def landing_fingerprint(raw: Path, partizione: Partizione) -> str:
    """The fingerprint of a partition as it lies in the landing zone: every name and every content."""
    known, unknown = list_deliveries(raw, partizione)
    entries: list[Voce] = [(u.file, u.motivo) for u in unknown]
    for consegna in (c for parts in known.values() for c in parts):
        entries.append((consegna.file, _content(raw, consegna.percorso)))
    for codice, parts in known.items():
        if parts and (mapping := find_mapping(raw, partizione, PER_CODICE[codice])):
            entries.append((f"{_MAPPA}{codice}", mapping.sha256))
    for path in plan_files(raw, partizione):
        entries.append((path.relative_to(raw).as_posix(), _content(raw, path)))
    if is_synthetic(raw, partizione):
        entries.append(_SINTETICO)
    return _digest(entries)


def is_synthetic(raw: Path, partizione: Partizione) -> bool:
    """Whether the landing zone says that the extracts of a partition are not an office's own."""
    return os.path.isfile(in_any_case(folder_of(raw, partizione) / SINTETICO))  # noqa: PTH113 - never raises


def strangers_fingerprint(raw: Path) -> str:
    """The fingerprint of what lies outside the partitions and nobody knows."""
    return _digest((u.file, u.motivo) for u in list_strangers(raw))


def arrivals(consegne: dict[str, list[Consegna]]) -> dict[str, datetime]:
    """By extract, when its latest part was put where it lies; an extract without parts has none."""
    found: dict[str, datetime] = {}
    for codice, parts in consegne.items():
        for consegna in parts:
            try:
                modified = consegna.percorso.stat().st_mtime
                arrived = datetime.fromtimestamp(modified, ROMA)
            except (OSError, ValueError, OverflowError):  # gone, or a time that no calendar has
                continue
            found[codice] = max(found.get(codice, arrived), arrived)
    return found


def built_from(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """What an open build was made from, for its manifest: each partition, and each plan."""
    files: dict[str, list[Voce]] = {}
    strangers: list[Voce] = []
    for camera, esercizio, file, content in connection.execute(
        "select camera, esercizio, _file, coalesce(sha256, motivo) from qualita.file"
    ).fetchall():
        if esercizio is None:
            strangers.append((file, content))
        else:
            files.setdefault(Partizione(camera, esercizio).chiave, []).append((file, content))
    for camera, esercizio, estratto, mapping in connection.execute(
        "select distinct camera, esercizio, estratto, mappa from qualita.file where mappa is not null"
    ).fetchall():
        key = Partizione(camera, esercizio).chiave
        files[key].append((f"{_MAPPA}{estratto}", mapping))
    absent = connection.execute(
        "select camera, esercizio from qualita.ferme where assente order by all"
    ).fetchall()
    return {
        "estranei": _digest(strangers),
        "assenti": [Partizione(*one).chiave for one in absent],
        "partizioni": {
            key: {
                "giorno": day.isoformat(),
                "programma": program,
                "impronta": _digest([*files.get(key, []), *([_SINTETICO] if synthetic else [])]),
            }
            for camera, esercizio, day, program, synthetic in connection.execute(
                "select camera, esercizio, giorno, versione_programma, sintetico from esercizi.periodi"
                " inner join esercizi.giorni using (camera, esercizio) order by all"
            ).fetchall()
            for key in [Partizione(camera, esercizio).chiave]
        },
        "piani": {
            Partizione(camera, esercizio).chiave: content
            for camera, esercizio, content in connection.execute(
                "select camera, esercizio, coalesce(sha256, motivo) from lettura.piani order by all"
            ).fetchall()
        },
    }
