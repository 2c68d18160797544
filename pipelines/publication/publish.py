"""From a private build to the publication, in one atomic switch; and the publications kept.

Belongs here: the gates, the manifest, the switch, the lock, which publications are kept, and what killed
runs left behind. Does not belong here: making the files; the copies of the memory (memoria.py); what an
operator asks about publications (kept.py). A publication is a folder that holds the database,
the scorecard files, the history and the manifest; `corrente` is a link to it, and replacing that link
changes all of them together. Nothing is removed, and nothing may fail the run, after that switch.
"""

import fcntl
import os
import platform
import re
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TextIO

import duckdb

from pipelines import custodia
from pipelines.connection import connect
from pipelines.durable import BOZZA, sync
from pipelines.landing.inputs import built_from
from pipelines.publication.memoria import (
    CONTROLLI,
    MANIFEST,
    MEMORIA,
    memory_folder,
    read_manifest,
    second_copies,
    write_chain,
)
from pipelines.settings import INSTALLED, ROOT, Luoghi, machine, now, unusable
from pipelines.warehouse.checks import Esito, run_checks, unaccounted
from pipelines.warehouse.models import read_models, unrepeatable

KEEP = 7
"""Publications kept, the current one included."""

DATABASE = "pira.duckdb"
SCORECARD = "scorecard"
PUBBLICATO = 0o444
"""The mode of a published file: nobody writes it again."""
LETTURA = "PIRA_LETTURA"
"""The variable that, if it says `tutti`, opens the output to every user of the machine."""

_TOOLS = ("duckdb", "polars", "pandera", "dagster")


class NonPubblicabile(Exception):
    """Nothing can be published; the message says which gate is broken, or what stands in the way."""


def _duplicate_keys(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Tables whose declared key does not tell their rows apart."""
    broken = []
    for model in read_models():
        if model.vista or not model.chiave:
            continue
        (twice,) = connection.execute(
            f"select count(*) from (select 1 from {model.tabella}"
            f" group by {', '.join(model.chiave)} having count(*) > 1)"
        ).fetchone() or (0,)
        if twice:
            broken.append(model.tabella)
    return broken


def table_hashes(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, object]]:
    """Rows and content of every table, read whole; independent of the order of rows."""
    hashes: dict[str, dict[str, object]] = {}
    for schema, table in connection.execute(
        "select schema_name, table_name from duckdb_tables() where not internal order by all"
    ).fetchall():
        name = f"{schema}.{table}"
        rows, total = connection.execute(
            f"select count(*), coalesce(sum(hash(t)::hugeint), 0) from {name} as t"
        ).fetchone() or (0, 0)
        hashes[name] = {
            "righe": rows,
            "contenuto": f"{total:x}",
            "ripetibile": name not in unrepeatable(),
        }
    return hashes


def verify(database: Path) -> tuple[dict[str, dict[str, object]], tuple[Esito, ...]]:
    """Reads a closed build whole, anew, and returns its hashes and checks.

    Raises `NonPubblicabile` when a gate is broken.
    """
    connection = connect(database)
    try:
        hashes = table_hashes(connection)
        outcomes = run_checks(connection)
        broken = [o for o in outcomes if o.blocca and not o.superato]
        keys = _duplicate_keys(connection)
        lost = unaccounted(connection)
    finally:
        connection.close()
    if broken or keys or lost:
        reasons = [f"{o.nome}: {o.casi} casi, il primo {o.primo}" for o in broken]
        reasons += [f"chiavi ripetute in {table}" for table in keys]
        reasons += [f"righe perse o ripetute in {table}" for table in lost]
        raise NonPubblicabile("Non si pubblica, perché i conti non tornano. " + "; ".join(reasons))
    return hashes, outcomes


# --- the switch -------------------------------------------------------------------------------------


def _revision() -> str | None:
    """The code's git revision, with a mark when the tree differs from it; none outside git."""
    if INSTALLED:
        return None  # whatever repository an environment may lie in is not ours
    try:
        found = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=40"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return found.stdout.strip()


def _sync_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        if not path.is_symlink():
            sync(path)
    sync(folder)


def _draft(path: Path) -> Path:
    """Where something is made before it takes its name; one that is left over is swept."""
    return path.with_name(f".{path.name}{BOZZA}")


def _draft_link(target: str, draft: Path) -> Path:
    draft.unlink(missing_ok=True)
    draft.symlink_to(target)
    return draft


def _target(luoghi: Luoghi, folder: Path) -> str:
    return f"{luoghi.pubblicazioni.name}/{folder.name}"


def file_hashes(folder: Path) -> dict[str, str]:
    """The sha256 of every file of a publication but its manifest; the database must be closed."""
    hashes = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path != folder / MANIFEST:
            hashes[path.relative_to(folder).as_posix()] = custodia.hash_of(path)
    return hashes


def publish(
    luoghi: Luoghi, lavoro: Path, esecuzione: str, adesso: datetime
) -> tuple[Path, tuple[Esito, ...]]:
    """Verifies the build in `lavoro` by itself, then makes it the publication.

    `lavoro` holds the database, the history and the scorecard folder. Raises `NonPubblicabile` and
    leaves the previous publication as it was.
    """
    if not all((lavoro / part).exists() for part in (DATABASE, SCORECARD, *MEMORIA)):
        raise NonPubblicabile(
            "Questa esecuzione non ha costruito il magazzino: lanciare l'intero lavoro."
        )
    try:
        hashes, outcomes = verify(lavoro / DATABASE)
    except NonPubblicabile:
        _remember_checks(luoghi, lavoro, esecuzione, adesso)
        raise
    write_chain(luoghi, lavoro, esecuzione, adesso)
    files = file_hashes(lavoro)
    replaced = current(luoghi)
    if replaced is not None and not _says_the_same(replaced, hashes, files):
        replaced = None
    manifest = {
        "esecuzione": esecuzione,
        "pubblicato": adesso.isoformat(),
        "macchina": machine(),
        "sostituisce": replaced.name if replaced else None,
        "revisione": _revision(),
        "strumenti": {"python": platform.python_version(), **{t: version(t) for t in _TOOLS}},
        **_origins(lavoro / DATABASE),
        "tabelle": hashes,
        "file": files,
        "controlli": {o.nome: o.casi for o in outcomes},
    }
    custodia.write_record(lavoro / MANIFEST, manifest)
    prune(luoghi, KEEP if replaced else KEEP - 1)
    return _install(luoghi, lavoro, _next_name(luoghi, esecuzione, adesso)), outcomes


def _origins(database: Path) -> dict[str, object]:
    """What the build was made from: every file with its hash, and what the next look compares."""
    connection = connect(database)
    try:
        files = connection.execute(
            "select _file, sha256 from qualita.file where sha256 is not null order by all"
        ).fetchall()
        rules = connection.execute("select camera, versione from regole.parametri order by all")
        return {
            "ingressi": dict(files),
            "regole": dict(rules.fetchall()),
            **built_from(connection),
        }
    finally:
        connection.close()


def _says_the_same(
    published: Path, hashes: dict[str, dict[str, object]], files: dict[str, str]
) -> bool:
    """Whether a publication holds the same figures and scorecards, and knows as much, as a build."""
    manifest = read_manifest(published)
    story = {model.tabella for model in read_models() if model.storia}
    told, known = (
        {
            name: facts["contenuto"]
            for name, facts in tables.items()
            if facts["ripetibile"] or name in story
        }
        for tables in (manifest.get("tabelle", {}), hashes)
    )
    shown, written = (
        {name: digest for name, digest in found.items() if name.startswith(f"{SCORECARD}/")}
        for found in (manifest.get("file", {}), files)
    )
    return told == known and shown == written


def _remember_checks(luoghi: Luoghi, lavoro: Path, esecuzione: str, adesso: datetime) -> None:
    """What a build that may not be published failed on is known for ever, too."""
    memory_folder(luoghi).mkdir(exist_ok=True)
    write_chain(luoghi, lavoro, esecuzione, adesso, only=CONTROLLI)
    for source, second in second_copies(luoghi, lavoro):
        if second.name in (MANIFEST, CONTROLLI):
            os.replace(_draft_copy(source, second), second)
    sync(memory_folder(luoghi))


def _install(luoghi: Luoghi, lavoro: Path, name: str) -> Path:
    """Puts a verified build among the publications and switches to it.

    The link that will become `corrente` is made first, beside it: until the switch consumes it, it
    tells the next run that the folder it points to was never published.
    """
    folder = luoghi.pubblicazioni / name
    luoghi.pubblicazioni.mkdir(exist_ok=True)
    for path in lavoro.rglob("*"):
        if path.is_file():
            path.chmod(PUBBLICATO)
    _sync_tree(lavoro)
    _place_fixed_names(luoghi)
    announced = _draft_link(_target(luoghi, folder), _draft(luoghi.corrente))
    sync(luoghi.warehouse)
    os.replace(lavoro, folder)
    sync(luoghi.pubblicazioni)
    drafts = _draft_memory(luoghi, folder)
    os.replace(announced, luoghi.corrente)
    # Published. An error from here on must not make the run say the contrary: the next one mends.
    with suppress(OSError):
        sync(luoghi.warehouse)
        for draft, second in drafts.items():
            os.replace(draft, second)
        sync(memory_folder(luoghi))
    return folder


def _place_fixed_names(luoghi: Luoghi) -> None:
    """The names that analysts open go through `corrente`, so they come before the first switch."""
    for link, target in _fixed_names(luoghi).items():
        if not link.is_symlink():
            os.replace(_draft_link(target, _draft(link)), link)


def _fixed_names(luoghi: Luoghi) -> dict[Path, str]:
    return {
        luoghi.warehouse / name: f"{luoghi.corrente.name}/{name}"
        for name in (DATABASE, SCORECARD, MANIFEST)
    }


def _draft_memory(luoghi: Luoghi, folder: Path) -> dict[Path, Path]:
    """Durable copies of what cannot be computed again; after the switch each takes its name, in order."""
    memory_folder(luoghi).mkdir(exist_ok=True)
    return {_draft_copy(source, second): second for source, second in second_copies(luoghi, folder)}


def _draft_copy(source: Path, second: Path) -> Path:
    draft = _draft(second)
    shutil.copyfile(source, draft)
    sync(draft)
    return draft


def switch_back(luoghi: Luoghi, folder: Path) -> None:
    """Makes a kept publication the current one again. Under the lock.

    The second copy of the memory stays: it knows more than the publication gone back to.
    """
    draft = luoghi.warehouse / f".ritorno{BOZZA}"
    os.replace(_draft_link(_target(luoghi, folder), draft), luoghi.corrente)
    sync(luoghi.warehouse)


# --- the publications kept --------------------------------------------------------------------------


def _number(folder: Path) -> int:
    """The place of a publication in their order; 0 for a folder that is not one."""
    leading = re.match(r"[0-9]+", folder.name)
    return int(leading[0]) if leading else 0


def _next_name(luoghi: Luoghi, esecuzione: str, adesso: datetime) -> str:
    """Numbered, because a clock can go back; the time is there for who reads the name."""
    last = max((_number(folder) for folder in luoghi.pubblicazioni.glob("*")), default=0)
    return f"{last + 1:06d}-{adesso:%Y%m%dT%H%M%S}-{esecuzione[:8]}"


def list_publications(luoghi: Luoghi) -> list[Path]:
    """Publications kept, oldest first; one whose place another took is not kept."""
    replaced = replaced_ones(luoghi)
    return [folder for folder in _published(luoghi) if folder not in replaced]


def _published(luoghi: Luoghi) -> list[Path]:
    """Every publication there is: not one whose switch has not happened yet."""
    found = {path.parent for path in luoghi.pubblicazioni.glob(f"*/{MANIFEST}")}
    return sorted(found - {_announced(luoghi)}, key=lambda folder: (_number(folder), folder.name))


def replaced_ones(luoghi: Luoghi) -> set[Path]:
    """Publications whose place one of the same content took: there for who still reads in them."""
    names = {read_manifest(folder).get("sostituisce") for folder in _published(luoghi)}
    return {luoghi.pubblicazioni / name for name in names if name} - {current(luoghi)}


def current(luoghi: Luoghi) -> Path | None:
    """The folder of the current publication."""
    link = luoghi.corrente
    return luoghi.pubblicazioni / link.readlink().name if link.is_symlink() else None


def _announced(luoghi: Luoghi) -> Path | None:
    """The folder of a publication whose switch has not happened yet."""
    link = _draft(luoghi.corrente)
    return luoghi.pubblicazioni / link.readlink().name if link.is_symlink() else None


def prune(luoghi: Luoghi, keep: int) -> None:
    """Removes the replaced publications, then the oldest until `keep` are left, never the current one.

    Happens before a switch, never after: who has just resolved `corrente` can still read there.
    """
    for folder in replaced_ones(luoghi):
        if folder.exists():
            _discard(luoghi, folder)
    kept = list_publications(luoghi)
    removable = [folder for folder in kept if folder != current(luoghi)]
    for folder in removable[: max(0, len(kept) - keep)]:
        _discard(luoghi, folder)


def _discard(luoghi: Luoghi, folder: Path) -> None:
    """Moves a publication out of sight before removing it: what is listed is always whole."""
    doomed = luoghi.lavoro(folder.name)
    doomed.parent.mkdir(exist_ok=True)
    os.replace(folder, doomed)
    shutil.rmtree(doomed, ignore_errors=True)


# --- one run at a time --------------------------------------------------------------------------------


@contextmanager
def turn(luoghi: Luoghi, esecuzione: str, say: Callable[[str], None]) -> Iterator[None]:
    """Holds the output for one run, cleared of what killed runs left; a second run waits.

    The lock is the operating system's: it goes with the process, however that ends. Raises
    `NonPubblicabile` when the output cannot be written or something else stands in its places.
    """
    with _open_turn(luoghi) as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stream.seek(0)
            say(f"Un'altra esecuzione tiene il magazzino ({stream.read().strip()}): attendo.")
            fcntl.flock(stream, fcntl.LOCK_EX)
        stream.seek(0)
        stream.truncate()
        since = f"{now():%d/%m/%Y %H:%M}"
        stream.write(f"esecuzione {esecuzione}, processo {os.getpid()}, dal {since}")
        stream.flush()
        _check_places(luoghi)
        sweep(luoghi, esecuzione)
        yield


def _open_turn(luoghi: Luoghi) -> TextIO:
    if why := unusable(luoghi.warehouse):
        raise NonPubblicabile(f"{why} e indicarla con PIRA_WAREHOUSE.")
    try:
        luoghi.warehouse.mkdir(parents=True, exist_ok=True)
        _close_to_others(luoghi.warehouse)
        return luoghi.turno.open("a+")
    except OSError as error:
        raise NonPubblicabile(
            f"Nella cartella {luoghi.warehouse} non si può scrivere ({error.strerror}): renderla"
            " scrivibile o indicarne un'altra con PIRA_WAREHOUSE."
        ) from error


def _close_to_others(folder: Path) -> None:
    """Of those who are neither its owner nor of its group, only whom the operator lets in may enter.

    The folder is the door of all that lies in it.
    """
    mode = stat.S_IMODE(folder.stat().st_mode)
    wanted = mode | 0o005 if os.environ.get(LETTURA) == "tutti" else mode & ~0o007
    if wanted != mode:
        with suppress(PermissionError):  # the folder is somebody else's, who decides
            folder.chmod(wanted)


def _check_places(luoghi: Luoghi) -> None:
    """Refuses, before any work, an output where something that is not ours has our names."""
    links = {luoghi.corrente: f"{luoghi.pubblicazioni.name}/", **_fixed_names(luoghi)}
    for link, target in links.items():
        taken = link.is_symlink() or link.exists()
        if taken and not (link.is_symlink() and str(link.readlink()).startswith(target)):
            raise NonPubblicabile(
                f"{link} non è il collegamento che pira mette lì: spostarlo altrove e rilanciare."
            )
    for name in ("pubblicazioni", "lavoro", "deposito", "storico"):
        folder = luoghi.warehouse / name
        if folder.exists() and not folder.is_dir():
            raise NonPubblicabile(f"{folder} non è una cartella: spostarlo altrove e rilanciare.")


def sweep(luoghi: Luoghi, esecuzione: str) -> None:
    """Removes what killed runs left: builds, drafts, a publication that was never switched to.

    Only under the lock, when no other run is at work; what this run has built so far stays.
    """
    orphan = _announced(luoghi)
    if orphan is not None and orphan.exists() and orphan != current(luoghi):
        _discard(luoghi, orphan)
    for draft in (
        *luoghi.warehouse.glob(f".*{BOZZA}"),
        *memory_folder(luoghi).glob(f".*{BOZZA}"),
        *luoghi.pubblicazioni.glob(f"*/**/.*{BOZZA}"),
        *(luoghi.warehouse / "deposito").rglob(f"*{BOZZA}"),
    ):
        draft.unlink()
    for abandoned in luoghi.lavoro(esecuzione).parent.glob("*"):
        if abandoned.name != esecuzione:
            shutil.rmtree(abandoned, ignore_errors=True)
