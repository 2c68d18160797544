"""From a private build to the publication, in one atomic switch.

Belongs here: the gates, the manifest, the switch and the way back. Does not belong here: making the files;
the copies of the memory (memoria.py); the folders of publications (pubblicazioni.py); the lock (turno.py).
Nothing is removed, and nothing may fail the run, after the switch.
"""

import os
import platform
import shutil
import subprocess
from contextlib import suppress
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

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
from pipelines.publication.pubblicazioni import (
    DATABASE,
    SCORECARD,
    NonPubblicabile,
    current,
    draft_of,
    fixed_names,
    next_name,
    prune,
)
from pipelines.settings import INSTALLED, ROOT, Luoghi, machine
from pipelines.warehouse.checks import Esito, run_checks, unaccounted
from pipelines.warehouse.models import read_models, unrepeatable

KEEP = 7
"""Publications kept, the current one included."""
PUBBLICATO = 0o444
"""The mode of a published file: nobody writes it again."""
CONTENUTO = "coalesce(sum(hash(t)::hugeint), 0)"
"""What the rows `t` of a table are, in whatever order; of parts of them it is the sum."""
_TOOLS = ("duckdb", "polars", "pandera", "dagster")


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
            f"select count(*), {CONTENUTO} from {name} as t"
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
        **origins_of(lavoro / DATABASE),
        "tabelle": hashes,
        "file": files,
        "controlli": {o.nome: o.casi for o in outcomes},
    }
    custodia.write_record(lavoro / MANIFEST, manifest)
    prune(luoghi, KEEP if replaced else KEEP - 1)
    return _install(luoghi, lavoro, next_name(luoghi, esecuzione, adesso)), outcomes


def origins_of(database: Path) -> dict[str, Any]:
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


def file_hashes(folder: Path) -> dict[str, str]:
    """The sha256 of every file of a publication but its manifest; the database must be closed."""
    hashes = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path != folder / MANIFEST:
            hashes[path.relative_to(folder).as_posix()] = custodia.hash_of(path)
    return hashes


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
    announced = _draft_link(_target(luoghi, folder), draft_of(luoghi.corrente))
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


def _sync_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        if not path.is_symlink():
            sync(path)
    sync(folder)


def _draft_link(target: str, draft: Path) -> Path:
    draft.unlink(missing_ok=True)
    draft.symlink_to(target)
    return draft


def _target(luoghi: Luoghi, folder: Path) -> str:
    return f"{luoghi.pubblicazioni.name}/{folder.name}"


def _place_fixed_names(luoghi: Luoghi) -> None:
    """The names that analysts open go through `corrente`, so they come before the first switch."""
    for link, target in fixed_names(luoghi).items():
        if not link.is_symlink():
            os.replace(_draft_link(target, draft_of(link)), link)


def _draft_memory(luoghi: Luoghi, folder: Path) -> dict[Path, Path]:
    """Durable copies of what cannot be computed again; after the switch each takes its name, in order."""
    memory_folder(luoghi).mkdir(exist_ok=True)
    return {_draft_copy(source, second): second for source, second in second_copies(luoghi, folder)}


def _draft_copy(source: Path, second: Path) -> Path:
    draft = draft_of(second)
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
