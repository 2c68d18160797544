"""What there is to do: the landing zone and the calendar compared with what is published.

Belongs here: which partitions must be computed, and why, in a sentence. Does not belong here: doing
it. Nothing is remembered between two looks: a night missed, a daemon that was down for days, a file
with an old date lose nothing, for what is missing is seen by whoever looks next.
"""

import json
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipelines.extracts.contract import CADENZE
from pipelines.inputs import (
    landing_arrivals,
    landing_fingerprint,
    program_fingerprint,
    strangers_fingerprint,
)
from pipelines.landing import Partizione, list_partitions
from pipelines.rules import RULES, load_rules
from pipelines.settings import Luoghi
from pipelines.steps import is_readable, reference_day
from pipelines.warehouse.publish import MANIFEST, current


@dataclass(frozen=True)
class Novita:
    """A partition that must be computed, and why; without a partition, the warehouse as a whole."""

    partizione: Partizione | None
    motivo: str

    def __str__(self) -> str:
        return f"{self.partizione.chiave if self.partizione else 'tutto'}: {self.motivo}"


def pending(luoghi: Luoghi, giorno: date) -> list[Novita]:
    """What a run on `giorno` would change; nothing when the publication is what it would make."""
    published = _manifest(luoghi)
    partizioni = list_partitions(luoghi.raw)
    if published is None:
        return [Novita(p, "mai pubblicata") for p in partizioni]
    if published.get("programma") != program_fingerprint():
        return [Novita(p, "il programma o le regole sono cambiati") for p in partizioni]
    known = published["partizioni"]
    found = [
        Novita(p, why)
        for p in partizioni
        if (why := _reason(luoghi, p, known.get(p.chiave), giorno)) is not None
    ]
    present = {p.chiave for p in partizioni}
    found += [
        Novita(None, f"{gone} non è più nella zona di consegna")
        for gone in known
        if gone not in present
    ]
    if published["estranei"] != strangers_fingerprint(luoghi.raw):
        found.append(Novita(None, "sono cambiati i file che il contratto non conosce"))
    return found


def _manifest(luoghi: Luoghi) -> dict[str, Any] | None:
    folder = current(luoghi)
    if folder is None:
        return None
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    return manifest


def _reason(
    luoghi: Luoghi,
    partizione: Partizione,
    known: dict[str, str] | None,
    giorno: date,
) -> str | None:
    """Why a partition must be computed, if it must."""
    if known is None:
        return "partizione nuova"
    if not is_readable(luoghi, partizione):
        return "ciò che ne era stato letto non c'è più, o era letto con un'altra chiave"
    if known["ingressi"] != landing_fingerprint(luoghi.raw, partizione):
        return "file consegnati, cambiati o ritirati"
    before = date.fromisoformat(known["giorno"])
    closed_from = load_rules(RULES).of(partizione.camera).closed_from(partizione.esercizio)
    if before >= closed_from:
        return None
    if known["data_riferimento"] != reference_day(partizione.esercizio, giorno).isoformat():
        return f"l'anno è in corso e i dati passano al {giorno:%d/%m/%Y}"
    if closed_from <= giorno:
        return "l'esercizio si chiude"
    if known["arrivi"] != landing_arrivals(luoghi.raw, partizione):
        return "file consegnati di nuovo, uguali a prima"
    passed = range(before.toordinal(), giorno.toordinal())
    if any(due in passed for due in _due_dates(partizione.esercizio)):
        return "è passato il giorno in cui una consegna era attesa"
    return None


def _due_dates(esercizio: int) -> set[int]:
    """The days, as ordinals, by which deliveries of a year are expected (sql/esercizi/attese.sql)."""
    return {
        min(date.max.toordinal(), last + cadenza.tolleranza_giorni)
        for cadenza in CADENZE.values()
        for month in range(cadenza.mesi, 13, cadenza.mesi)
        for last in [date(esercizio, month, monthrange(esercizio, month)[1]).toordinal()]
    }
