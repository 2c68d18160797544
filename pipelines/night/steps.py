"""The night, step by step, without Dagster: its turn, plans, extracts, the build, documents, the switch.

Belongs here: what each step takes and leaves, and the whole in order (`run`). The Dagster assets
(orchestration/assets.py) call the same in the same order. Does not belong here: how any of it is done.
"""

import secrets
import shutil
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

from pipelines.contract.estratti import ESTRATTI
from pipelines.contract.regolamento import RULES, Regolamento, RegoleErrate, load_rules
from pipelines.custodia import Danno
from pipelines.extracts import deposito as store
from pipelines.extracts.esercizio import Esercizio, reference_day
from pipelines.extracts.ingest import context_of, ingest_deliveries
from pipelines.extracts.ingestione import Ingestione
from pipelines.extracts.pseudonyms import ChiaveRifiutata, load_key
from pipelines.fingerprints import program_fingerprint
from pipelines.landing.deliveries import as_seen, look_before_reading
from pipelines.landing.inputs import arrivals, is_synthetic
from pipelines.landing.zone import Aspetto, Letto, list_deliveries, list_strangers, plans_in
from pipelines.night.orologio import doubt
from pipelines.night.presenza import (
    NESSUNO,
    Assenti,
    list_absent,
    list_there,
    still_there,
    why_stuck,
    why_withdrawn,
)
from pipelines.partizione import Partizione
from pipelines.plan.delivered import read_delivered
from pipelines.plan.frames import NESSUNA, no_plan, write_frames
from pipelines.publication import memoria, pubblicazioni, turno
from pipelines.publication import publish as publication
from pipelines.publication.kept import check_space
from pipelines.settings import Luoghi, now
from pipelines.warehouse.build import build
from pipelines.warehouse.checks import Esito
from pipelines.warehouse.load import Materiale

Say = Callable[[str], None]

Scelta = Callable[[tuple[Partizione, ...]], list[Partizione]]
"""Which partitions to read, among those that are there."""


def silent(_: str) -> None:
    """Says nothing."""


@dataclass(frozen=True)
class Esecuzione:
    """A run: where, when, the day it speaks for, by which program. `nome` is unique.

    Once it is its turn: the partitions that it found (`viste`), which of them it reads, what is published
    and was not found (`assenti`), and how each file was (`prima`) for long enough to be whole if it is
    still so; None if that is not asked. `orologio_giusto`: somebody answers for the clock. `danni` is
    where it notes what of ours it found damaged, to be told with what it publishes.
    """

    luoghi: Luoghi
    nome: str
    adesso: datetime
    giorno: date
    programma: str
    regole: Path = RULES
    orologio_giusto: bool = False
    viste: tuple[Partizione, ...] = ()
    da_leggere: tuple[Partizione, ...] = ()
    prima: Mapping[Path, Aspetto | None] | None = None
    assenti: Assenti = NESSUNO
    danni: list[Danno] = field(default_factory=list)

    @property
    def lavoro(self) -> Path:
        return self.luoghi.lavoro(self.nome)


def new_run(
    luoghi: Luoghi,
    giorno: date | None = None,
    nome: str | None = None,
    adesso: datetime | None = None,
) -> Esecuzione:
    """A run that speaks for `giorno`, or for today in Rome."""
    instant = adesso or now()
    name, day = nome or secrets.token_hex(8), giorno or instant.date()
    return Esecuzione(luoghi, name, instant, day, program_fingerprint())


# --- the turn ---------------------------------------------------------------------------------------


@contextmanager
def in_turn(run: Esecuzione, choose: Scelta, say: Say = silent) -> Iterator[Esecuzione]:
    """Holds the output for a run, as `turno.turn` does, and gives it back ready for its first step."""
    with ExitStack() as held:
        # in one order, so that no two runs wait for each other
        for output in run.luoghi.ciascuna():
            held.enter_context(turno.turn(output, run.nome, say))
        yield begin(run, choose, say)


def begin(run: Esecuzione, choose: Scelta, say: Say = silent) -> Esecuzione:
    """A run as it takes its turn: what there is to read is seen now, however long it has waited.

    Where a file may still be arriving, waits as long as one must stand still to be read. What is published
    and not there stays as it is. Raises `NonPubblicabile` when the clock cannot be believed, the disk has
    no room for it, the rules make no sense, nothing is there nor can be kept, or the key of the pseudonyms
    is not the one of those in the store.
    """
    if not run.orologio_giusto and (why := doubt(run.luoghi, now())):
        raise pubblicazioni.NonPubblicabile(why)
    check_space(run.luoghi)
    found = tuple(list_there(run.luoghi))
    absent = list_absent(run.luoghi, found, _rules(run))
    if not found and not any(
        store.recall(run.luoghi, p, anche_superata=True) for p in absent.ferme
    ):
        raise pubblicazioni.NonPubblicabile(
            f"La zona di consegna {run.luoghi.raw} non ha partizioni: controllare che la cartella"
            " si legga e rilanciare."
        )
    try:
        for output in run.luoghi.ciascuna():
            store.settle_key(output)
        before = look_before_reading(run.luoghi.raw, found, say)
    except (ChiaveRifiutata, ValueError) as wrong:
        raise pubblicazioni.NonPubblicabile(str(wrong)) from wrong
    read = tuple(choose(found))
    return replace(run, viste=found, da_leggere=read, assenti=absent, prima=before)


def matching(camera: str | None, esercizio: int | None) -> Scelta:
    """Chooses the partitions of a chamber, of a year, or all. There may be none."""
    return lambda found: [
        p for p in found if camera in (None, p.camera) and esercizio in (None, p.esercizio)
    ]


def _still_there(run: Esecuzione) -> None:
    still_there(run.luoghi, [p.chiave for p in run.viste])


# --- plans ------------------------------------------------------------------------------------------

_RILETTO = "riletto dalla zona di consegna"


def read_plans(run: Esecuzione, warn: Say = silent) -> list[Path]:
    """Every allegato of the landing zone as Parquet frames, a folder each, an empty plan first.

    That of a partition which is no longer there is taken as it was last read. Raises `NonPubblicabile`
    when a partition went away meanwhile.
    """
    folders = [write_frames(_plan_folder(run, NESSUNA), no_plan(), NESSUNA, [])]
    delivered: list[tuple[Partizione, dict[Path, Letto]]] = []
    for partizione in run.viste:
        note = store.noting(run.luoghi, partizione, run.danni, _RILETTO, warn)
        store.tell_wrong_plan(run.luoghi, partizione, note)
        files: dict[Path, Letto] = {}
        if plans_in(run.luoghi.raw, partizione):
            folders.append(_plan_folder(run, partizione))
            files = read_delivered(folders[-1], partizione, run.luoghi.raw, run.prima)
        delivered.append((partizione, files))
    for partizione in run.assenti.ferme:
        kept, root = store.kept_plan(run.luoghi, partizione)
        if kept:
            folders.append(_plan_folder(run, partizione))
            read_delivered(folders[-1], partizione, root)
    _still_there(run)  # what is cut off reads as if it were empty
    store.keep_plans(run.luoghi, delivered)
    return folders


def _plan_folder(run: Esecuzione, partizione: Partizione) -> Path:
    return run.lavoro / "piani" / partizione.chiave


# --- extracts ---------------------------------------------------------------------------------------


def read_extracts(
    run: Esecuzione, partizione: Partizione, say: Say = silent, warn: Say = silent
) -> Esercizio:
    """Every extract of a partition, read or taken from the store, and the state that remembers it.

    What the store has damaged is read again, and `warn` is told. Raises `NonPubblicabile` when a
    partition went away meanwhile: nothing is remembered of it.
    """
    key = load_key()
    deposito = run.luoghi.deposito(partizione)
    deposito.mkdir(parents=True, exist_ok=True)
    consegne, sconosciuti = list_deliveries(run.luoghi.raw, partizione)
    found: list[Ingestione] = []
    note = store.noting(run.luoghi, partizione, run.danni, _RILETTO, warn)
    store.tell_lost(run.luoghi, partizione, note)
    ente = _rules(run).of(partizione.camera).ente(partizione)
    for estratto in ESTRATTI:
        say(f"{partizione.chiave} {estratto.codice}")
        own = [replace(c, visto=as_seen(run.prima, c.percorso)) for c in consegne[estratto.codice]]
        place = run.luoghi.raw, partizione, estratto, own, deposito
        last = partial(store.recall_extract, run.luoghi, partizione, estratto.codice, note)
        found.append(ingest_deliveries(*place, key, note, last, context_of(estratto, ente, found)))
    kept = {i.estratto for i in found if i.di_prima}
    esercizio = Esercizio(
        partizione,
        reference_day(partizione.esercizio, run.giorno),
        run.giorno,
        run.programma,
        is_synthetic(run.luoghi.raw, partizione),
        tuple(found),
        arrivals({c: parts for c, parts in consegne.items() if c not in kept}),
        tuple(sconosciuti),
    )
    _still_there(run)  # what is cut off reads as if it were empty
    store.remember(deposito, esercizio, key)
    return esercizio


def read_or_keep(
    run: Esecuzione, partizione: Partizione, say: Say = silent, warn: Say = silent
) -> Esercizio | None:
    """As `read_extracts`; where that fails in a way that nobody foresaw, what was read before.

    One chamber must not stop another: the partition is published as it was, or not at all, and a
    check says so. What concerns the machine (disk, memory) stops the run.
    """
    try:
        return read_extracts(run, partizione, say=say, warn=warn)
    except (OSError, MemoryError, pubblicazioni.NonPubblicabile):
        raise
    except Exception as error:
        # The text of an unforeseen error may hold what a file holds, people included.
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__}, {Path(last.filename).name} riga {last.lineno}"
        warn(f"{partizione.chiave}: la lettura si è interrotta ({where})")
        kept = store.recall(run.luoghi, partizione)
        store.mark_stuck(
            run.luoghi,
            partizione,
            f"La lettura si è interrotta per un errore imprevisto ({where}): "
            + ("restano i dati letti prima." if kept else "la partizione manca.")
            + " Segnalarlo a chi cura il programma.",
        )
        return kept


# --- build, write back, publish ---------------------------------------------------------------------


def build_warehouse(
    run: Esecuzione, plans: list[Path], say: Say = silent, warn: Say = silent
) -> Path:
    """A fresh database in the run's private place, from every partition read so far.

    Raises `NonPubblicabile` when a partition went away meanwhile, or no copy of the history is sound.
    """
    recalled = [_as_last_read(run, p, warn) for p in run.viste]
    recalled += [_as_it_was(run, p, warn) for p in run.assenti.ferme]
    memory = _memory(run, warn)
    strangers = tuple(s for s in list_strangers(run.luoghi.raw) if run.luoghi.has(s.camera))
    rules = _rules(run)
    _still_there(run)
    material = Materiale(
        esercizi=tuple(e for e in recalled if e is not None),
        piani=tuple(plans),
        stranieri=strangers,
        storici=memory[memoria.STORICO],
        registri=memory[memoria.CONSEGNE],
        esami=memory[memoria.CONTROLLI],
        regole=rules,
        esecuzione=run.nome,
        adesso=run.adesso,
        ferme=tuple(why_stuck(run.luoghi, run.viste, run.assenti)),
        ritirate=tuple(why_withdrawn(run.viste, run.assenti, rules)),
        danni=tuple(run.danni),
    )
    database = run.lavoro / pubblicazioni.DATABASE
    kept = {
        "storico.valori": run.lavoro / memoria.STORICO,
        "storico.consegne": run.lavoro / memoria.CONSEGNE,
        "storico.controlli": run.lavoro / memoria.CONTROLLI,
    }
    build(database, kept, material, say)
    return database


def _as_last_read(run: Esecuzione, partizione: Partizione, warn: Say) -> Esercizio | None:
    """A partition out of the store. One that was read under another key, or by other code, or is
    damaged, is read again."""
    if not store.was_read(run.luoghi, partizione):
        return None
    return store.recall(run.luoghi, partizione) or read_or_keep(run, partizione, warn=warn)


def _as_it_was(run: Esecuzione, partizione: Partizione, warn: Say) -> Esercizio | None:
    """A partition that is not in the landing zone: what the store has of it, if that is sound."""
    remedy = "la zona di consegna non lo ha più, manca finché la cartella non vi torna"
    if partizione.camera in run.assenti.chiuse:
        remedy = "la cartella della Camera non si può aprire, manca finché non si può"
    note = store.noting(run.luoghi, partizione, run.danni, remedy, warn)
    store.tell_wrong_plan(run.luoghi, partizione, note)
    return store.recall(run.luoghi, partizione, note, anche_superata=True)


def _memory(run: Esecuzione, warn: Say) -> dict[str, tuple[Path, ...]]:
    """Every copy of the history that its manifest vouches for, by name; what is damaged is noted, and
    what of the current publication is."""
    try:
        copies, damaged = memoria.sound_copies(run.luoghi)
    except memoria.StoricoPerduto as lost:
        raise pubblicazioni.NonPubblicabile(str(lost)) from lost
    if (folder := pubblicazioni.current(run.luoghi)) is not None:
        for name, why in memoria.damaged_files(folder).items():
            copy = memoria.below(run.luoghi, folder / name)
            damaged.append(Danno(copy, why, "rifatto da questa esecuzione"))
    for danno in damaged:
        warn(str(danno))
    run.danni.extend(damaged)
    return copies


def _rules(run: Esecuzione) -> Regolamento:
    try:
        return load_rules(run.regole)
    except RegoleErrate as wrong:
        raise pubblicazioni.NonPubblicabile(str(wrong)) from wrong


def plans_of(run: Esecuzione) -> list[Path]:
    """The folders that `read_plans` left in this run."""
    return sorted((run.lavoro / "piani").iterdir())


def write_scorecards(run: Esecuzione, say: Say = silent) -> list[Path]:
    """The scorecard files of every partition that has a plan, beside the database.

    Those of which nothing is news are taken over from the current publication.
    """
    from pipelines.night.ripresi import write_documents

    return write_documents(run.luoghi, run.lavoro, say)


def changed_plans(run: Esecuzione) -> list[str]:
    """The txt files, just written, that are no longer the plan as approved when they are read."""
    from pipelines.scorecard.write import list_changed

    return list_changed(run.lavoro / "piani", run.lavoro / pubblicazioni.SCORECARD)


def look_again(run: Esecuzione) -> None:
    """Raises `NonPubblicabile` where what was written is not the plan, or the landing zone is not there.

    That is asked for the last time: it was read whole, but who cut it off may have been at work while it was.
    """
    _still_there(run)
    if changed := changed_plans(run):
        raise pubblicazioni.NonPubblicabile(
            f"Non si pubblica, perché {', '.join(changed)} non è più il piano approvato."
        )


def publish(run: Esecuzione) -> tuple[Path, tuple[Esito, ...]]:
    """The switch. Raises `NonPubblicabile`, and the previous publication stays as it was."""
    look_again(run)
    # nothing there: publishing says what to do
    shutil.rmtree(run.lavoro / "piani", ignore_errors=True)
    return publication.publish(run.luoghi, run.lavoro, run.nome, run.adesso)


def run(
    raw: Path,
    warehouse: Path,
    camera: str | None = None,
    esercizio: int | None = None,
    giorno: date | None = None,
    say: Say = silent,
) -> Path:
    """The whole night without Dagster, by who answers for the clock. Returns the publication's folder."""
    luoghi = Luoghi(raw.absolute(), warehouse.absolute())
    told = replace(new_run(luoghi, giorno), orologio_giusto=True)
    with in_turn(told, matching(camera, esercizio), say) as night:
        plans = read_plans(night, warn=say)
        for partizione in night.da_leggere:
            read_or_keep(night, partizione, say, warn=say)
        build_warehouse(night, plans, say, warn=say)
        write_scorecards(night, say)
        return publish(night)[0]
