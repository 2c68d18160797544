"""What was read of each partition, remembered beside it: taken again when nothing changed.

Belongs here: the state of a partition in the store (`deposito`), why one could not be read the last
time, the plan that lay there. Does not belong here: the Parquet files of an extract
(extracts/ingestione.py), reading (steps.py), which partitions are no longer there (presenza.py).
"""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import custodia
from pipelines.contract.estratti import ESTRATTI, PER_CODICE
from pipelines.custodia import Avvisa, Danno, Guasto
from pipelines.extracts.esercizio import Esercizio
from pipelines.extracts.ingestione import PARTI, SCHEMAS, Ingestione, rows_schema, seal_of
from pipelines.extracts.pseudonyms import IMPRONTA, ChiaveRifiutata, fingerprint, load_key, make_key
from pipelines.fingerprints import reading_fingerprint
from pipelines.landing.zone import IMPRONTA as SHA256
from pipelines.landing.zone import Letto, Sconosciuto, declared_fingerprint, plan_files
from pipelines.partizione import Partizione
from pipelines.settings import Luoghi

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
    custodia.write_record(deposito / _STATO, state)
    (deposito / _FERMA).unlink(missing_ok=True)


def recall(
    luoghi: Luoghi,
    partizione: Partizione,
    warn: Avvisa = custodia.ignore,
    anche_superata: bool = False,
) -> Esercizio | None:
    """A partition as it was last read, if it was, under the key and by the code and contract in use.

    None, too, where something of it is not as it was written: `warn` is told what. `anche_superata`
    takes what other code has read, too, where its tables are still those of today: what is no longer
    delivered cannot be read again.
    """
    found = _remembered(luoghi, partizione, warn, anche_superata)
    if found is None:
        return None
    sound = [custodia.open_seal(seal_of(i), warn) is not None for i in found.estratti]
    lost = _lost_seals(found, warn)
    if not all(sound) or lost or (anche_superata and not _fits(found)):
        return None
    return found


def recall_extract(
    luoghi: Luoghi, partizione: Partizione, codice: str, warn: Avvisa = custodia.ignore
) -> Ingestione | None:
    """An extract of a partition, likewise, whatever has become of the others."""
    found = _remembered(luoghi, partizione, warn)
    own = next((i for i in found.estratti if i.estratto == codice), None) if found else None
    return own if own and custodia.open_seal(seal_of(own), warn) is not None else None


def tell_lost(luoghi: Luoghi, partizione: Partizione, warn: Avvisa) -> None:
    """Tells what reading a partition again cannot see: a damaged state, a seal that is not there."""
    found = _remembered(luoghi, partizione, warn)
    if found is not None:
        _lost_seals(found, warn)


def _lost_seals(found: Esercizio, warn: Avvisa) -> list[Path]:
    seals = [custodia.seal_path(seal_of(i)) for i in found.estratti]
    lost = [seal for seal in seals if not seal.exists()]
    for seal in lost:
        warn(seal, custodia.MANCA)
    return lost


def _remembered(
    luoghi: Luoghi, partizione: Partizione, warn: Avvisa, anche_superata: bool = False
) -> Esercizio | None:
    """What the state says, if it was made under the key and by the code in use, or by any code."""
    deposito = luoghi.deposito(partizione)
    now = fingerprint(load_key()), reading_fingerprint()
    try:
        state = custodia.parse(deposito / _STATO)
        if not custodia.is_signed(state):
            if isinstance(state, dict) and state.get("lettura") != now[1]:
                return None  # of a version that did not sign, or of no use whatever it said
            raise Guasto(custodia.CAMBIATO)
    except FileNotFoundError:
        return None
    except Guasto as damage:
        warn(deposito / _STATO, str(damage))
        return None
    if state["chiave"] != now[0] or not (anche_superata or state["lettura"] == now[1]):
        return None
    try:
        return _restored(deposito, partizione, state)
    except (LookupError, TypeError, ValueError):
        return None  # of other code, which kept other facts


def _restored(deposito: Path, partizione: Partizione, state: dict[str, Any]) -> Esercizio:
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


def _fits(found: Esercizio) -> bool:
    """Whether all that is kept of a partition has the extracts, and the columns, of today."""
    if {i.estratto for i in found.estratti} != PER_CODICE.keys():
        return False
    for ingestione in found.estratti:
        schemas = {"righe": rows_schema(PER_CODICE[ingestione.estratto]), **SCHEMAS}
        for part, schema in schemas.items():
            path = getattr(ingestione, part)
            if not path.exists() or dict(pl.read_parquet_schema(path)) != schema:
                return False
    return True


def noting(
    luoghi: Luoghi,
    partizione: Partizione,
    danni: list[Danno],
    rimedio: str,
    say: Callable[[str], None],
) -> Avvisa:
    """Notes damaged files of a partition among `danni`, and says each once, with what is done about it."""
    tables = {estratto.tabella: estratto.codice for estratto in ESTRATTI}

    def note(path: Path, why: str) -> None:
        copy = path.relative_to(luoghi.uscita(partizione.camera)).as_posix()
        own = partizione.camera, partizione.esercizio, tables.get(path.parent.name)
        if copy not in {danno.copia for danno in danni}:
            danni.append(Danno(copy, why, rimedio, *own))
            say(str(danni[-1]))

    return note


def was_read(luoghi: Luoghi, partizione: Partizione) -> bool:
    """Whether a partition was ever read, under whichever key and by whichever code; not its plan alone."""
    folder = luoghi.deposito(partizione)
    return folder.is_dir() and any(path.name != _PIANO for path in folder.iterdir())


# --- the key ----------------------------------------------------------------------------------------


def settle_key(luoghi: Luoghi) -> None:
    """Makes the key where nobody has a pseudonym yet; elsewhere it must be the one of those there are.

    Raises `ChiaveRifiutata`: with another key everybody would be somebody else, and nothing would say so.
    """
    known = _known_keys(luoghi)
    if not known:
        make_key()
        return
    store = luoghi.warehouse / "deposito"
    remedy = (
        f"rimettere quella di prima; se è perduta, o va cambiata davvero, togliere {store}"
        " (si rifà dalle consegne, con altri pseudonimi) e rilanciare."
    )
    try:
        key = load_key()
    except ChiaveRifiutata as refusal:
        raise ChiaveRifiutata(
            f"{refusal} In {store} ci sono pseudonimi fatti con la chiave di prima: {remedy}"
        ) from refusal
    if fingerprint(key) not in known:
        raise ChiaveRifiutata(
            f"La chiave degli pseudonimi non è quella con cui sono fatti quelli di {store}: {remedy}"
        )


def list_states(luoghi: Luoghi) -> list[Path]:
    """Where the state of each partition of the store is."""
    stores = [output.warehouse / "deposito" for output in luoghi.ciascuna()]
    return [path for store in stores for path in sorted(store.glob(f"*/*/{_STATO}"))]


def _known_keys(luoghi: Luoghi) -> set[str]:
    """The fingerprints of the keys of all that was read; a state that says none knows none."""
    found = set()
    for path in list_states(luoghi):
        with suppress(OSError, Guasto, LookupError):  # a damaged one is read again, and says so
            found.add(str(custodia.read_record(path)["chiave"]))
    return {key for key in found if key.startswith(IMPRONTA)}


# --- what could not be read -------------------------------------------------------------------------


def mark_stuck(luoghi: Luoghi, partizione: Partizione, motivo: str) -> None:
    """Remembers why a partition could not be read, until it can."""
    luoghi.deposito(partizione).mkdir(parents=True, exist_ok=True)
    (luoghi.deposito(partizione) / _FERMA).write_text(motivo)


def stuck_because(luoghi: Luoghi, partizione: Partizione) -> str | None:
    """Why a partition could not be read the last time, if it could not."""
    why = luoghi.deposito(partizione) / _FERMA
    return why.read_text("utf-8", "replace") if why.exists() else None


def list_read(luoghi: Luoghi) -> Iterator[Partizione]:
    """Every partition of the store that was read."""
    for output in luoghi.ciascuna():
        for folder in sorted((output.warehouse / "deposito").glob("[A-Z][A-Z]/[0-9]*")):
            partizione = Partizione(folder.parent.name, int(folder.name))
            if was_read(output, partizione):
                yield partizione


# --- the plan ---------------------------------------------------------------------------------------


def keep_plans(luoghi: Luoghi, plans: Iterable[tuple[Partizione, Mapping[Path, Letto]]]) -> None:
    """Keeps the bytes of plans and of their mapping files, by their names below the landing zone, each with
    its sha256 beside it.

    What is no longer delivered is no longer kept.
    """
    for partizione, files in plans:
        folder = luoghi.deposito(partizione) / _PIANO
        wanted = {folder / path.relative_to(luoghi.raw): read for path, read in files.items()}
        there = {p for p in folder.rglob("*") if p.is_file() and p.suffix != SHA256}
        if there == wanted.keys() and not any(
            declared_fingerprint(folder, kept) != read.sha256 or custodia.wrong(kept, read.sha256)
            for kept, read in wanted.items()
        ):
            continue
        shutil.rmtree(folder, ignore_errors=True)
        for kept, read in wanted.items():
            kept.parent.mkdir(parents=True, exist_ok=True)
            # read_whole compares the two: a plan that is not as it was kept is refused
            custodia.write(f"{read.sha256}\n".encode(), kept.with_name(kept.name + SHA256))
            custodia.write(read.content, kept)


def kept_plan(luoghi: Luoghi, partizione: Partizione) -> tuple[list[Path], Path]:
    """The files of the plan as it was last read, its mappings too; and the folder that stands for the
    landing zone."""
    root = luoghi.deposito(partizione) / _PIANO
    return plan_files(root, partizione), root


def tell_wrong_plan(luoghi: Luoghi, partizione: Partizione, warn: Avvisa) -> None:
    """Tells of what is damaged of a kept plan."""
    files, root = kept_plan(luoghi, partizione)
    for path in files:
        if why := wrong_plan(root, path):
            warn(path, why)


def wrong_plan(root: Path, path: Path) -> str | None:
    """What is wrong with a file of a kept plan, if it is not as it was written: reading it refuses it."""
    return custodia.wrong(path, declared_fingerprint(root, path) or "") if path.exists() else None
