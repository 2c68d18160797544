"""Everything kept, read again: each file against its hash, what depends on it, whether it can be mended.

Belongs here: what `pira verify` and the daily job do, what they leave for `pira health`. Does
not belong here: the hashes themselves (custodia.py), what a run does about damage (steps.py,
publication/memoria.py).
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from pipelines import custodia
from pipelines.contract.estratti import ESTRATTI
from pipelines.custodia import Guasto
from pipelines.extracts.deposito import keep_plans, kept_plan, recall, tell_lost, wrong_plan
from pipelines.landing.rifiutato import Rifiutato
from pipelines.landing.zone import list_partitions, plan_files, read_whole
from pipelines.partizione import Partizione
from pipelines.publication import memoria
from pipelines.publication.memoria import MANIFEST, MEMORIA, below, read_manifest
from pipelines.publication.pubblicazioni import DATABASE, current, list_publications
from pipelines.publication.turno import turn
from pipelines.settings import Luoghi
from pipelines.warehouse.models import catalogue, read_models

ESITO = "custodia.json"
"""Left in the output by the last verification: when, and what is damaged and could not be mended."""

FETTE = 30
"""Days in which the daily job has read everything again."""

Quota = tuple[int, int]
"""Slice n of m, both from 1 on."""

RIFARE = "rifarla con `pira run`"


@dataclass(frozen=True)
class Difetto:
    """A damaged file: its path below the output, what is wrong, what depends on it, what is done."""

    file: str
    trovato: str
    serve: str
    rimedio: str
    rimesso: bool

    def __str__(self) -> str:
        return f"{self.file} {self.trovato}; ne dipende {self.serve}: {self.rimedio}"


@dataclass(frozen=True)
class Verifica:
    """What a verification found, over how many files."""

    guardati: int
    difetti: tuple[Difetto, ...]

    @property
    def guasti(self) -> tuple[Difetto, ...]:
        """Those that could not be mended."""
        return tuple(d for d in self.difetti if not d.rimesso)

    @property
    def righe(self) -> tuple[str, ...]:
        return tuple(map(str, self.difetti))

    @property
    def riassunto(self) -> str:
        mended = len(self.difetti) - len(self.guasti)
        return (
            f"File riletti: {self.guardati}; guasti: {len(self.difetti)}, di cui rimessi: {mended}."
        )


@dataclass(frozen=True)
class _Voce:
    """A kept file: how it is looked at, what depends on it, how it is mended."""

    percorso: Path
    guarda: Callable[[], str | None]
    serve: str
    rimetti: Callable[[], str | None]
    rimedio: str
    altrimenti: str


def slice_of_day(day: date) -> Quota:
    """The slice of a day: each in turn, whoever asks."""
    return day.toordinal() % FETTE + 1, FETTE


def read_last(luoghi: Luoghi) -> dict[str, Any]:
    """What the last verification left; nothing where there was none, or it is damaged."""
    try:
        return custodia.read_record(luoghi.warehouse / ESITO)
    except (FileNotFoundError, Guasto):
        return {}


def verify(
    luoghi: Luoghi, adesso: datetime, quota: Quota = (1, 1), say: Callable[[str], None] = print
) -> Verifica:
    """Reads a slice of what is kept, and what was damaged the last time, and mends what it can.

    The history is looked at whole, however small the slice. Waits for its turn as a run does. Raises
    `NonPubblicabile` where the output cannot be written.
    """
    with turn(luoghi, "verifica", say):
        known = {d["file"] for d in read_last(luoghi).get("guasti", ())}
        looked, defects = _history(luoghi)
        chosen = [
            voce
            for voce in (*_publications(luoghi), *_store(luoghi))
            for name in [below(luoghi, voce.percorso)]
            if name in known or _is_in(name, quota)
        ]
        # All are looked at before any is mended: reading a partition again mends all that is its.
        damaged = [(voce, why) for voce in chosen if (why := voce.guarda()) is not None]
        for voce, why in damaged:
            mended = voce.rimetti() is None
            remedy = voce.rimedio if mended else voce.altrimenti
            name = below(luoghi, voce.percorso)
            defects.append(Difetto(name, why, voce.serve, remedy, mended))
        found = Verifica(looked + len(chosen), tuple(defects))
        custodia.write_record(
            luoghi.warehouse / ESITO,
            {"quando": adesso.isoformat(), "guasti": [asdict(d) for d in found.guasti]},
        )
    return found


def accept(luoghi: Luoghi, adesso: datetime, say: Callable[[str], None]) -> list[str]:
    """Takes the history as it is (memoria.accept_history); a line for each copy."""
    with turn(luoghi, "verifica", say):
        return [
            f"{where}: {what}" for where, what in memoria.accept_history(luoghi, adesso).items()
        ]


def _is_in(name: str, quota: Quota) -> bool:
    which, slices = quota
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % slices == which - 1


# --- the history ------------------------------------------------------------------------------------


def _history(luoghi: Luoghi) -> tuple[int, list[Difetto]]:
    serve = "da quando si sa ogni valore"
    try:
        good, damaged = memoria.sound_copies(luoghi)
    except memoria.StoricoPerduto as lost:
        name = below(luoghi, memoria.memory_folder(luoghi))
        return 1, [Difetto(name, "non ha copie integre", serve, str(lost), False)]
    defects = [
        Difetto(d.copia, d.trovato, serve, d.rimedio, d.rimedio.startswith(memoria.RIMESSO))
        for d in damaged
    ]
    return sum(map(len, good.values())) + len(damaged), defects


# --- publications -----------------------------------------------------------------------------------


def _publications(luoghi: Luoghi) -> Iterator[_Voce]:
    now = current(luoghi)
    for folder in list_publications(luoghi):
        mine = folder == now
        serve = "ciò che tutti leggono" if mine else f"il ritorno a {folder.name}"
        otherwise = (
            RIFARE if mine else f"non si rifà, `pira rollback` la rifiuta: togliere {folder}"
        )
        manifest = read_manifest(folder)
        if not manifest:
            yield _Voce(
                folder / MANIFEST,
                lambda: custodia.CAMBIATO,
                serve,
                lambda: custodia.CAMBIATO,
                "",
                otherwise,
            )
        for name, expected in manifest.get("file", {}).items():
            if name in MEMORIA:
                continue  # with the history
            path = folder / name
            look = partial(custodia.wrong, path, expected)
            yield _Voce(
                path,
                look,
                "il magazzino pubblicato" if mine and name == DATABASE else serve,
                partial(_from_a_copy, luoghi, path, expected, look),
                f"{memoria.RIMESSO} da un'altra pubblicazione",
                otherwise,
            )


def _from_a_copy(
    luoghi: Luoghi, path: Path, expected: str, look: Callable[[], str | None]
) -> str | None:
    """Restores a file of a publication from one of the same hash in another."""
    for folder in list_publications(luoghi):
        for name, digest in read_manifest(folder).get("file", {}).items():
            source = folder / name
            if digest == expected and source != path and custodia.wrong(source, digest) is None:
                custodia.write(source.read_bytes(), path)
                return look()
    return look()


# --- the store --------------------------------------------------------------------------------------


def _store(luoghi: Luoghi) -> Iterator[_Voce]:
    present = set(list_partitions(luoghi.raw))
    for folder in sorted((luoghi.warehouse / "deposito").glob("[A-Z][A-Z]/[0-9]*")):
        partizione = Partizione(folder.parent.name, int(folder.name))
        entry = partial(_entry, luoghi, partizione, partizione in present)
        lost: dict[Path, str] = {}
        tell_lost(luoghi, partizione, lost.__setitem__)
        for path in lost:
            yield entry(path, partial(_is_lost, luoghi, partizione, path))
        for seal in sorted(folder.glob("*/*.json")):
            if seal not in lost:
                yield entry(seal, partial(_record, seal))
            for name, expected in _sealed(seal).items():
                path = seal.with_name(name)
                yield entry(path, partial(custodia.wrong, path, expected))
        kept, root = kept_plan(luoghi, partizione)
        again = partial(_keep_again, luoghi, partizione)
        for plan in kept:
            yield replace(entry(plan, partial(wrong_plan, root, plan)), rimetti=again)


def _entry(
    luoghi: Luoghi,
    partizione: Partizione,
    present: bool,
    path: Path,
    look: Callable[[], str | None],
) -> _Voce:
    codes = _uses().get(path.parent.name, ["tutta"])
    return _Voce(
        path,
        look,
        f"{partizione.chiave} ({', '.join(codes)})",
        partial(_reread, luoghi, partizione, present, look, path),
        "riletto dalla zona di consegna",
        "la zona di consegna non lo ha più, resta ciò che è pubblicato",
    )


def _keep_again(luoghi: Luoghi, partizione: Partizione) -> str | None:
    """Keeps the plan that the landing zone has, if it has one that can be read."""
    try:
        files = {p: read_whole(luoghi.raw, p) for p in plan_files(luoghi.raw, partizione)}
    except Rifiutato as refusal:
        return str(refusal)
    if not files:
        return "non c'è più nella zona di consegna"
    keep_plans(luoghi, [(partizione, files)])
    return None


@cache
def _uses() -> dict[str, list[str]]:
    """The indicators that each extract serves, by the name of its folder in the store."""
    found: dict[str, list[str]] = {}
    tables = {estratto.codice: estratto.tabella for estratto in ESTRATTI}
    for entry in catalogue(read_models()):
        for estratto in entry.estratti:
            found.setdefault(tables[estratto], []).append(entry.codice)
    return found


def _is_lost(luoghi: Luoghi, partizione: Partizione, path: Path) -> str | None:
    lost: dict[Path, str] = {}
    tell_lost(luoghi, partizione, lost.__setitem__)
    return lost.get(path)


def _record(path: Path) -> str | None:
    try:
        custodia.read_record(path)
    except FileNotFoundError:
        return None  # taken away since it was listed
    except Guasto as damage:
        return str(damage)
    return None


def _sealed(seal: Path) -> dict[str, str]:
    try:
        files: dict[str, str] = custodia.read_record(seal)["file"]
    except (FileNotFoundError, Guasto):
        return {}
    return files


def _reread(
    luoghi: Luoghi,
    partizione: Partizione,
    present: bool,
    look: Callable[[], str | None],
    path: Path,
) -> str | None:
    """Reads a partition again; what nobody needs any more is taken away with its seal."""
    if not present:
        return custodia.MANCA
    if recall(luoghi, partizione) is None:
        from pipelines.night.steps import new_run, read_or_keep

        read_or_keep(new_run(luoghi), partizione)
        if recall(luoghi, partizione) is None:
            return custodia.MANCA
    if look() is not None:
        for one in (path, custodia.seal_path(path.with_name(path.name.split(".")[0]))):
            custodia.remove(one)
    return None
