"""From a private build to the publication, in one atomic switch; and the publications kept.

Belongs here: the gates, the manifest, the switch, the history's second copy, going back, the lock.
Does not belong here: making the files. A publication is a folder that holds the database, the
scorecard files, the history and the manifest; `corrente` is a link to it, and replacing that link
changes all of them together.
"""

import fcntl
import hashlib
import json
import os
import platform
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import duckdb

from pipelines.settings import ROOT, Luoghi
from pipelines.warehouse.connection import connect
from pipelines.warehouse.models import checks, read_models

KEEP = 7
"""Publications kept, the current one included: a week of nights."""

DATABASE = "pira.duckdb"
SCORECARD = "scorecard"
STORICO = "storico.parquet"
MANIFEST = "manifest.json"

_TOOLS = ("duckdb", "polars", "pandera", "dagster")
_UNREPEATABLE = {"storico.esecuzione", "storico.precedenti", "storico.valori"}
"""Tables that tell when something was known: they differ between two machines by their nature."""


class NonPubblicabile(Exception):
    """A build that may not be published; the message says which gate it breaks."""


@dataclass(frozen=True)
class Esito:
    """The outcome of a check: how many cases, and the first of them as rows."""

    nome: str
    descrizione: str
    riguarda: str
    blocca: bool
    casi: int
    colonne: tuple[str, ...]
    esempi: tuple[tuple[object, ...], ...]

    @property
    def superato(self) -> bool:
        return self.casi == 0


def run_checks(connection: duckdb.DuckDBPyConnection, examples: int = 20) -> tuple[Esito, ...]:
    """Every check of sql/controlli over an open build."""
    outcomes = []
    for check in checks(read_models()):
        cursor = connection.execute(f"from {check.modello.tabella}")
        columns = tuple(d[0] for d in cursor.description or ())
        rows = cursor.fetchall()
        outcomes.append(
            Esito(
                check.nome,
                check.modello.descrizione,
                check.riguarda,
                check.blocca,
                len(rows),
                columns,
                tuple(rows[:examples]),
            )
        )
    return tuple(outcomes)


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
            "ripetibile": name not in _UNREPEATABLE,
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
    finally:
        connection.close()
    if broken or keys:
        reasons = [f"{o.nome}: {o.casi} casi, il primo {o.esempi[0]}" for o in broken]
        reasons += [f"chiavi ripetute in {table}" for table in keys]
        raise NonPubblicabile("Non si pubblica, perché i conti non tornano. " + "; ".join(reasons))
    return hashes, outcomes


# --- the switch -------------------------------------------------------------------------------------


def history_paths(luoghi: Luoghi) -> list[Path]:
    """Every copy of the history that publications left: together they know all that was known."""
    copies = sorted(luoghi.pubblicazioni.glob(f"*/{STORICO}"))
    second = luoghi.warehouse / "storico" / STORICO
    return [*copies, *([second] if second.exists() else [])]


def _revision() -> str | None:
    """The code's git revision, with a mark when the tree differs from it; none outside git."""
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


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        if not path.is_symlink():
            _sync(path)
    _sync(folder)


def _link(target: str, link: Path) -> None:
    """Points a link to a target, atomically, whatever stood there."""
    draft = link.with_name(f".{link.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    draft.symlink_to(target)
    os.replace(draft, link)
    _sync(link.parent)


def _file_hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def publish(
    luoghi: Luoghi, lavoro: Path, esecuzione: str, adesso: datetime
) -> tuple[Path, tuple[Esito, ...]]:
    """Verifies the build in `lavoro` by itself, then makes it the publication.

    `lavoro` holds the database and the scorecard folder. Raises `NonPubblicabile` and leaves the
    previous publication as it was.
    """
    database = lavoro / DATABASE
    if not all((lavoro / part).exists() for part in (DATABASE, STORICO, SCORECARD)):
        raise NonPubblicabile(
            "Questa esecuzione non ha costruito il magazzino: lanciare l'intero lavoro."
        )
    hashes, outcomes = verify(database)
    manifest = {
        "esecuzione": esecuzione,
        "pubblicato": adesso.isoformat(),
        "revisione": _revision(),
        "strumenti": {"python": platform.python_version(), **{t: version(t) for t in _TOOLS}},
        "ingressi": _inputs(database),
        "tabelle": hashes,
        "scorecard": _file_hashes(lavoro / SCORECARD),
        "controlli": {o.nome: o.casi for o in outcomes},
    }
    (lavoro / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
    folder = luoghi.pubblicazioni / f"{adesso:%Y%m%dT%H%M%S}-{esecuzione[:8]}"
    luoghi.pubblicazioni.mkdir(parents=True, exist_ok=True)
    _sync_tree(lavoro)
    os.replace(lavoro, folder)
    _sync(luoghi.pubblicazioni)
    switch(luoghi, folder)
    return folder, outcomes


def _inputs(database: Path) -> dict[str, str]:
    connection = connect(database)
    try:
        return dict(
            connection.execute(
                "select _file, sha256 from qualita.file where sha256 is not null order by all"
            ).fetchall()
        )
    finally:
        connection.close()


def switch(luoghi: Luoghi, folder: Path) -> None:
    """Makes a publication the current one; then the fixed names and the history's second copy."""
    _link(f"{luoghi.pubblicazioni.name}/{folder.name}", luoghi.corrente)
    for name in (DATABASE, SCORECARD, MANIFEST):
        link = luoghi.warehouse / name
        if not link.is_symlink():
            _link(f"{luoghi.corrente.name}/{name}", link)
    second = luoghi.warehouse / "storico" / STORICO
    second.parent.mkdir(exist_ok=True)
    draft = second.with_name(f".{second.name}.{os.getpid()}")
    shutil.copyfile(folder / STORICO, draft)
    _sync(draft)
    os.replace(draft, second)


def list_publications(luoghi: Luoghi) -> list[Path]:
    """Publications kept, oldest first."""
    return sorted(path.parent for path in luoghi.pubblicazioni.glob(f"*/{MANIFEST}"))


def current(luoghi: Luoghi) -> Path | None:
    return luoghi.corrente.resolve() if luoghi.corrente.is_symlink() else None


def prune(luoghi: Luoghi, keep: int = KEEP) -> None:
    """Removes publications beyond the last `keep` (never the current one) and abandoned builds."""
    for folder in list_publications(luoghi)[:-keep]:
        if folder != current(luoghi):
            shutil.rmtree(folder)
    for abandoned in (luoghi.warehouse / "lavoro").glob("*"):
        shutil.rmtree(abandoned, ignore_errors=True)


# --- one run at a time --------------------------------------------------------------------------------


@contextmanager
def turn(luoghi: Luoghi, esecuzione: str, say: Callable[[str], None]) -> Iterator[None]:
    """Holds the output for one run; a second run says who holds it, and waits.

    The lock is the operating system's: it goes with the process, however that ends.
    """
    luoghi.warehouse.mkdir(parents=True, exist_ok=True)
    path = luoghi.warehouse / ".turno"
    with path.open("a+") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stream.seek(0)
            say(f"Un'altra esecuzione tiene il magazzino ({stream.read().strip()}): attendo.")
            fcntl.flock(stream, fcntl.LOCK_EX)
        stream.seek(0)
        stream.truncate()
        stream.write(f"esecuzione {esecuzione}, processo {os.getpid()}")
        stream.flush()
        yield
