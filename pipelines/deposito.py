"""What was read of each partition, remembered beside it: taken again when nothing changed.

Belongs here: the state of a partition in the store (`deposito`), why one could not be read the last
time, which partitions are out of reach. Does not belong here: the Parquet files of an extract
(extracts/ingest.py), reading (steps.py).
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

from pipelines.durable import take_name
from pipelines.extracts.ingest import PARTI, Ingestione
from pipelines.extracts.pseudonyms import fingerprint, load_key
from pipelines.fingerprints import reading_fingerprint
from pipelines.landing import Partizione, Sconosciuto, list_closed
from pipelines.settings import Luoghi
from pipelines.warehouse.load import Esercizio

_STATO = "stato.json"
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


def recall(luoghi: Luoghi, partizione: Partizione) -> Esercizio | None:
    """A partition as it was last read, if it was, under the key and by the code and contract in use."""
    deposito = luoghi.deposito(partizione)
    try:
        state = json.loads((deposito / _STATO).read_text())
    except FileNotFoundError:
        return None
    if (state["chiave"], state.get("lettura")) != (fingerprint(load_key()), reading_fingerprint()):
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


def recall_extract(luoghi: Luoghi, partizione: Partizione, codice: str) -> Ingestione | None:
    """An extract of a partition, likewise."""
    before = recall(luoghi, partizione)
    return next((i for i in before.estratti if i.estratto == codice), None) if before else None


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


def list_stuck(luoghi: Luoghi, partizioni: Iterable[Partizione]) -> list[tuple[str, int, str]]:
    """The partitions that could not be read the last time, with why; and those out of reach."""
    found = [(p, luoghi.deposito(p) / _FERMA) for p in partizioni]
    stuck = [(p.camera, p.esercizio, f.read_text()) for p, f in found if f.exists()]
    return stuck + [(p.camera, p.esercizio, _out_of_reach(luoghi, p)) for p in beyond_reach(luoghi)]


def _out_of_reach(luoghi: Luoghi, partizione: Partizione) -> str:
    left = "restano i dati letti prima" if recall(luoghi, partizione) else "la partizione manca"
    return f"La cartella della Camera non si può aprire: {left}. Controllare i permessi."


def beyond_reach(luoghi: Luoghi) -> Iterator[Partizione]:
    """Partitions in the store whose chamber's folder is there but closed: nobody says they are gone."""
    for camera in sorted(list_closed(luoghi.raw)):
        for folder in sorted((luoghi.warehouse / "deposito" / camera).glob("[0-9]*")):
            yield Partizione(camera, int(folder.name))
