"""What there is to do: the landing zone and the calendar compared with what is published.

Belongs here: which partitions must be computed, and why, in a sentence. Does not belong here: doing
it. Nothing is remembered between two looks: a night missed, a daemon that was down for days, a file
with an old date lose nothing, for what is missing is seen by whoever looks next.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.contract.regolamento import Regolamento, RegoleErrate, load_rules
from pipelines.custodia import Avvisa
from pipelines.extracts.deposito import recall
from pipelines.fingerprints import program_fingerprint
from pipelines.landing.inputs import landing_fingerprint, strangers_fingerprint
from pipelines.night.presenza import list_absent, list_there
from pipelines.partizione import Partizione
from pipelines.publication.memoria import damaged_files, read_manifest
from pipelines.publication.pubblicazioni import current
from pipelines.settings import Luoghi


@dataclass(frozen=True)
class Novita:
    """A partition that must be computed, and why; without a partition, the warehouse as a whole.

    `calendario`: nothing was delivered, a day has passed.
    """

    partizione: Partizione | None
    motivo: str
    calendario: bool = False

    def __str__(self) -> str:
        return f"{self.partizione.chiave if self.partizione else 'tutto'}: {self.motivo}"


def pending(luoghi: Luoghi, giorno: date) -> list[Novita]:
    """What a run on `giorno` would change; nothing when the publication is what it would make."""
    folder = current(luoghi)
    published = read_manifest(folder) if folder else {}
    partizioni = list_there(luoghi)
    if "partizioni" not in published:
        there = folder is not None and folder.exists()
        why = "il manifesto della pubblicazione corrente è guasto" if there else "mai pubblicata"
        return [Novita(p, why) for p in partizioni]
    try:
        rules = load_rules()
    except RegoleErrate as wrong:
        return [Novita(None, str(wrong))]  # the run will say so, and publish nothing
    known = published["partizioni"]
    program = program_fingerprint()
    found = [
        news
        for p in partizioni
        if (news := _news(luoghi, p, known.get(p.chiave), program, rules, giorno)) is not None
    ]
    absent = list_absent(luoghi, partizioni, rules)
    missed = published.get("assenti", ())
    found += [
        Novita(None, f"{gone.chiave} non è più nella zona di consegna")
        for gone in absent.ferme
        if gone.chiave not in missed and gone.camera not in absent.chiuse
    ]
    found += [Novita(None, f"{gone.chiave} è dichiarata ritirata") for gone, _ in absent.ritirate]
    found += [
        Novita(p, "è tornata nella zona di consegna")
        for p in partizioni
        if p.chiave in missed and p not in {n.partizione for n in found}
    ]
    if folder is not None and (damaged := damaged_files(folder)):
        found.append(Novita(None, "la pubblicazione corrente è guasta: " + _told(damaged)))
    if published["estranei"] != strangers_fingerprint(luoghi.raw):
        found.append(Novita(None, "sono cambiati i file che il contratto non conosce"))
    return found


def _told(damaged: dict[str, str]) -> str:
    """The first of some damaged files, and how many others there are."""
    name, why = next(iter(damaged.items()))
    others = len(damaged) - 1
    return f"{name} {why}" + (f", e altri {others}" if others else "")


def _news(
    luoghi: Luoghi,
    partizione: Partizione,
    known: dict[str, str] | None,
    program: str,
    rules: Regolamento,
    giorno: date,
) -> Novita | None:
    """Why a partition must be computed, if it must."""
    if known is None:
        return Novita(partizione, "partizione nuova")
    if known.get("programma") != program:
        return Novita(partizione, "il programma o le regole sono cambiati")
    try:
        damaged: dict[str, str] = {}
        if recall(luoghi, partizione, _noting(luoghi, damaged)) is None:
            why = "ciò che ne era stato letto non c'è più, o era letto con un'altra chiave"
            return Novita(partizione, _told(damaged) if damaged else why)
        if known["impronta"] != landing_fingerprint(luoghi.raw, partizione):
            return Novita(partizione, "file consegnati, cambiati o ritirati")
    except Exception as error:  # one partition that cannot be looked at must not stop the others
        return Novita(partizione, f"non si è potuta confrontare ({type(error).__name__})")
    return _by_the_calendar(partizione, date.fromisoformat(known["giorno"]), rules, giorno)


def _noting(luoghi: Luoghi, damaged: dict[str, str]) -> Avvisa:
    def note(path: Path, why: str) -> None:
        damaged[path.relative_to(luoghi.warehouse).as_posix()] = why

    return note


def _by_the_calendar(
    partizione: Partizione, before: date, rules: Regolamento, giorno: date
) -> Novita | None:
    """An open year is looked at every day: its data, what is late, which deadline is near."""
    closed_from = rules.of(partizione.camera).closed_from(partizione.esercizio)
    if before > giorno:
        why = f"era calcolata per un giorno che deve venire, il {before:%d/%m/%Y}"
    elif before == giorno or before >= closed_from:
        return None
    elif giorno >= closed_from:
        why = "l'esercizio si chiude"
    else:
        why = f"l'esercizio è aperto e si passa al {giorno:%d/%m/%Y}"
    return Novita(partizione, why, calendario=True)
