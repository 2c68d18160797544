"""What was read of each partition, remembered beside it: taken again when nothing changed.

Belongs here: the state of a partition in the store (`deposito`), why one could not be read the last
time, the plan that lay there. Does not belong here: the Parquet files of an extract
(extracts/ingest.py), reading (steps.py), which partitions are no longer there (presenza.py).
"""

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.durable import take_name
from pipelines.extracts.contract import PER_CODICE
from pipelines.extracts.ingest import PARTI, SCHEMAS, Ingestione, rows_schema
from pipelines.extracts.pseudonyms import fingerprint, load_key
from pipelines.fingerprints import reading_fingerprint
from pipelines.landing import (
    IMPRONTA,
    Letto,
    Partizione,
    Sconosciuto,
    declared_fingerprint,
    plan_of,
)
from pipelines.settings import Luoghi
from pipelines.warehouse.load import Esercizio

_STATO = "stato.json"
_PIANO = "piano"
_FERMA = "ferma.txt"
"""Beside it while a partition could not be read the last time: why. Gone when it can."""


def remember(deposito: Path, esercizio: Esercizio, key: bytes) -> None:
    """A partition as it has just been read, under a key."""
    state = {
        "chiave": fingerprint(key),
        "lettura": reading_fingerprint(),
        "data_riferimento": esercizio.data_riferimento.isoformat(),
        "giorno": esercizio.giorno.isoformat(),
        "programma": esercizio.programma,
        "sintetico": esercizio.sintetico,
        "estratti": [
            {
                name: value.relative_to(deposito).as_posix() if isinstance(value, Path) else value
                for name, value in asdict(found).items()
            }
            for found in esercizio.estratti
        ],
        "arrivi": {codice: quando.isoformat() for codice, quando in esercizio.arrivi.items()},
        "sconosciuti": [asdict(u) for u in esercizio.sconosciuti],
    }
    draft = deposito / f".{_STATO}.{os.getpid()}"
    draft.write_text(json.dumps(state, ensure_ascii=False, indent=1) + "\n")
    take_name(draft, deposito / _STATO)
    (deposito / _FERMA).unlink(missing_ok=True)


def recall(
    luoghi: Luoghi, partizione: Partizione, anche_superata: bool = False
) -> Esercizio | None:
    """A partition as it was last read, if it was, under the key and by the code and contract in use.

    `anche_superata` takes what other code has read, too, where its tables are still those of today:
    what is no longer delivered cannot be read again.
    """
    deposito = luoghi.deposito(partizione)
    try:
        state = json.loads((deposito / _STATO).read_text())
    except FileNotFoundError:
        return None
    if state["chiave"] != fingerprint(load_key()):
        return None
    of_today = state.get("lettura") == reading_fingerprint()
    if not of_today and not (anche_superata and _fits(deposito, state)):
        return None
    return Esercizio(
        partizione,
        date.fromisoformat(state["data_riferimento"]),
        date.fromisoformat(state["giorno"]),
        state["programma"],
        state["sintetico"],
        tuple(
            Ingestione(
                e["estratto"],
                e["stato"],
                e["motivo"],
                *(deposito / e[part] for part in PARTI),
            )
            for e in state["estratti"]
        ),
        {codice: datetime.fromisoformat(quando) for codice, quando in state["arrivi"].items()},
        tuple(Sconosciuto(**u) for u in state["sconosciuti"]),
    )


def _fits(deposito: Path, state: dict[str, Any]) -> bool:
    """Whether all that is kept of a partition has the extracts, and the columns, of today."""
    kept = {e["estratto"]: e for e in state["estratti"]}
    if kept.keys() != PER_CODICE.keys():
        return False
    for codice, found in kept.items():
        schemas = {"righe": rows_schema(PER_CODICE[codice]), **SCHEMAS}
        for part, schema in schemas.items():
            path = deposito / found.get(part, "?")
            if not path.exists() or dict(pl.read_parquet_schema(path)) != schema:
                return False
    return True


def is_readable(luoghi: Luoghi, partizione: Partizione) -> bool:
    """Whether a build can take a partition from the store, as it was last read."""
    found = recall(luoghi, partizione)
    return found is not None and all(
        getattr(ingestione, part).exists() for ingestione in found.estratti for part in PARTI
    )


def was_read(luoghi: Luoghi, partizione: Partizione) -> bool:
    """Whether a partition was ever read, under whichever key and by whichever code."""
    return (luoghi.deposito(partizione) / _STATO).exists()


# --- what could not be read -------------------------------------------------------------------------


def mark_stuck(luoghi: Luoghi, partizione: Partizione, motivo: str) -> None:
    """Remembers why a partition could not be read, until it can."""
    luoghi.deposito(partizione).mkdir(parents=True, exist_ok=True)
    (luoghi.deposito(partizione) / _FERMA).write_text(motivo)


def stuck_because(luoghi: Luoghi, partizione: Partizione) -> str | None:
    """Why a partition could not be read the last time, if it could not."""
    why = luoghi.deposito(partizione) / _FERMA
    return why.read_text() if why.exists() else None


def list_read(luoghi: Luoghi) -> Iterator[Partizione]:
    """Every partition of the store."""
    for folder in sorted((luoghi.warehouse / "deposito").glob("[A-Z][A-Z]/[0-9]*")):
        yield Partizione(folder.parent.name, int(folder.name))


# --- the plan ---------------------------------------------------------------------------------------


def keep_plans(luoghi: Luoghi, plans: Iterable[tuple[Partizione, Path, Letto | None]]) -> None:
    """Keeps the bytes of plans, by their name below the landing zone, with their sha256 beside them.

    What is no longer delivered is no longer kept.
    """
    for partizione, path, plan in plans:
        folder = luoghi.deposito(partizione) / _PIANO
        kept = folder / path.relative_to(luoghi.raw)
        if plan is None:
            shutil.rmtree(folder, ignore_errors=True)
        elif not kept.exists() or declared_fingerprint(kept) != plan.sha256:
            shutil.rmtree(folder, ignore_errors=True)
            _keep_plan(kept, plan)


def _keep_plan(kept: Path, plan: Letto) -> None:
    kept.parent.mkdir(parents=True)
    kept.with_name(kept.name + IMPRONTA).write_text(plan.sha256 + "\n")
    draft = kept.with_name(f".{kept.name}{os.getpid()}")
    draft.write_bytes(plan.content)
    take_name(draft, kept)


def kept_plan(luoghi: Luoghi, partizione: Partizione) -> tuple[Path, Path]:
    """The plan as it was last read, or where it would be; and the folder that stands for the landing zone."""
    root = luoghi.deposito(partizione) / _PIANO
    return plan_of(root, partizione), root
