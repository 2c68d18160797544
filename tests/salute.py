"""What the tests of the dead man do to a publication, and read of what it found."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import dagster as dg
from dagster._daemon.types import DaemonHeartbeat

from pipelines.desk.health import Salute
from pipelines.publication.kept import VERIFICA
from pipelines.publication.pubblicazioni import current
from pipelines.settings import Luoghi
from tests.warehouse.magazzini import ADESSO

SUBITO = ADESSO + timedelta(hours=1)
"""An hour after the shared publications were made."""


def value(found: Salute, name: str, **labels: str) -> float:
    (measure,) = [m for m in found.misure if m.nome == name and dict(m.etichette) == labels]
    return measure.valore


def the(luoghi: Luoghi, name: str) -> Path:
    folder = current(luoghi)
    assert folder is not None
    return folder / name


def set_field(path: Path, field: str, text: object) -> None:
    fields = json.loads(path.read_text())
    fields[field] = text
    path.write_text(json.dumps(fields))


def confirm(luoghi: Luoghi, when: datetime, name: str | None = None) -> None:
    folder = current(luoghi)
    assert folder is not None
    text = json.dumps({"quando": when.isoformat(), "pubblicazione": name or folder.name})
    (luoghi.warehouse / VERIFICA).write_text(text)


def beat(instance: dg.DagsterInstance, when: datetime, *but: str) -> list[str]:
    """A sign of life of every part of the daemon; returns their names."""
    names = list(instance.get_required_daemon_types())
    for name in names:
        if name not in but:
            instance.add_daemon_heartbeat(DaemonHeartbeat(when.timestamp(), name, "uno", []))
    return names
