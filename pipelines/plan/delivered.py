"""A plan as it was delivered: its files read, and what became of them.

Belongs here: from the files of a partition to the frames that a build takes, a refusal included, and the
plan read again from what was kept of them. Does not belong here: which plans there are (steps.py), how one
is read (read.py).
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pipelines.landing.deliveries import as_seen
from pipelines.landing.rifiutato import Rifiutato
from pipelines.landing.zone import (
    FORMATI_PIANO,
    Aspetto,
    Letto,
    mappings_of,
    plan_format,
    plans_in,
    read_whole,
)
from pipelines.partizione import Partizione
from pipelines.plan.frames import no_plan, write_frames
from pipelines.plan.mappa import NESSUNA, Mappa, read_mappings
from pipelines.plan.model import Anomalia, Piano
from pipelines.plan.read import PianoIlleggibile, read_plan
from pipelines.plan.regole import anomalia

_CORRISPONDENZE = "corrispondenze"
"""Folder of the mapping files that a plan was read with, in their order."""


def read_delivered(
    folder: Path,
    partizione: Partizione,
    root: Path,
    before: Mapping[Path, Aspetto | None] | None = None,
) -> dict[Path, Letto]:
    """Leaves in `folder` the frames of the plan of a partition that lies below `root`, and its files where
    it could be read.

    Each must be as it was `before`, where somebody looked. Returns what could be read whole, if the plan
    was one. A plan that cannot be read leaves its reason in the frames `piani` and `anomalie`; of two, none
    is read.
    """
    plans, mappings = plans_in(root, partizione), mappings_of(root, partizione)
    read: dict[Path, Letto] = {}
    refused: dict[Path, str] = {}
    for path in [*plans, *mappings]:
        try:
            read[path] = read_whole(root, path, as_seen(before, path))
        except Rifiutato as refusal:
            refused[path] = str(refusal)
    names = [path.relative_to(root).as_posix() for path in plans]
    plan = plans[0]
    mappa = read_mappings([(_name(root, p), read[p].content) for p in mappings if p in read])
    if len(plans) > 1:
        several = anomalia(
            "piu_allegati",
            None,
            f"la partizione ha {len(plans)} allegati ({', '.join(names)}) e non se ne legge nessuno",
            "lasciare quello buono",
        )
        refused.update(
            dict.fromkeys(plans, f"La partizione ha {len(plans)} allegati: lasciare quello buono.")
        )
        records = no_plan(several)
    elif plan in refused:
        records = _refused(names[0], refused[plan])
    else:
        try:
            records = read_plan(read[plan].content, plan_format(plan), partizione.esercizio, mappa)
            _keep(folder, plan, [read[p] for p in mappings if p in read], read[plan])
        except PianoIlleggibile as refusal:
            refused[plan] = str(refusal)
            records = _refused(names[0], refused[plan])
    unread = tuple(_unread(_name(root, p), refused[p]) for p in mappings if p in refused)
    records = replace(records, anomalie=(*unread, *records.anomalie))
    lines = [
        _line(partizione, _name(root, p), read.get(p), refused.get(p)) for p in [*plans, *mappings]
    ]
    write_frames(folder, records, partizione, lines)
    return read if len(plans) == 1 and plan in read else {}


def _name(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()


def _unread(file: str, motivo: str) -> Anomalia:
    """The finding about a mapping file that could not even be opened."""
    return anomalia(
        "mappa_errata",
        None,
        f"il file delle corrispondenze {file} non si legge ({motivo.rstrip('.')})",
        "consegnarlo di nuovo; intanto il piano si legge senza",
    )


def _refused(file: str, motivo: str) -> Piano:
    return no_plan(Anomalia("piano_illeggibile", None, f"{file}: {motivo}", grave=True))


def _line(
    partizione: Partizione, file: str, found: Letto | None, motivo: str | None
) -> dict[str, object]:
    return {
        "camera": partizione.camera,
        "esercizio": partizione.esercizio,
        "_file": file,
        "sha256": found.sha256 if found else None,
        "esito": "RIFIUTATO" if motivo else "ACCETTATO",
        "motivo": motivo,
    }


def _keep(folder: Path, plan: Path, mappings: list[Letto], found: Letto) -> None:
    (folder / _CORRISPONDENZE).mkdir(parents=True, exist_ok=True)
    (folder / f"allegato.{plan_format(plan)}").write_bytes(found.content)
    for number, mapping in enumerate(mappings):
        (folder / _CORRISPONDENZE / f"{number}.toml").write_bytes(mapping.content)


def read_again(folder: Path) -> Piano:
    """The plan that `read_delivered` left in a folder named as its partition."""
    plan = next(p for f in FORMATI_PIANO if (p := folder / f"allegato.{f}").exists())
    kept = sorted((folder / _CORRISPONDENZE).glob("*.toml"))
    mappa: Mappa = read_mappings([(p.name, p.read_bytes()) for p in kept]) if kept else NESSUNA
    esercizio = int(folder.name.rpartition("-")[2])
    return read_plan(plan.read_bytes(), plan_format(plan), esercizio, mappa)
