"""The published outputs that the tests look at, made once and given again with one model changed.

Belongs here: keeping what a run published under what it was made from; whether a changed model says
anything else there; putting it in its place. Does not belong here: the mutants, which test sees them.
"""

import hashlib
import shutil
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import duckdb

from pipelines.connection import connect
from pipelines.night import steps
from pipelines.publication.pubblicazioni import NonPubblicabile
from pipelines.settings import Luoghi
from pipelines.warehouse.checks import unaccounted
from pipelines.warehouse.models import CONTRIBUTI, TUTTI, Modello, checks, read_models
from tests.warehouse.rifatti import DAI_CONTROLLI, rifai

Cambia = Callable[[duckdb.DuckDBPyConnection], None]


class Mondi:
    """Stands in the place of `steps.run`: an output that was made before is given again, changed.

    One that was never made is made, and kept in `folder`. `visti` are the outputs that were given.
    """

    def __init__(self, folder: Path, cambia: Cambia | None = None) -> None:
        self.folder = folder
        self.cambia = cambia
        self.visti: list[str] = []
        self.vero = steps.run

    def run(
        self,
        raw: Path,
        warehouse: Path,
        camera: str | None = None,
        esercizio: int | None = None,
        giorno: date | None = None,
        say: steps.Say = steps.silent,
    ) -> Path:
        luoghi = Luoghi(raw.absolute(), warehouse.absolute())
        key = _key(luoghi, camera, esercizio, giorno)
        self.visti.append(key)
        kept = self.folder / key
        if kept.exists():
            shutil.rmtree(warehouse, ignore_errors=True)
            shutil.copytree(kept, warehouse, symlinks=True)
        else:
            self.vero(raw, warehouse, camera, esercizio, giorno, say)
            draft = kept.with_suffix(".bozza")
            shutil.rmtree(draft, ignore_errors=True)
            shutil.copytree(warehouse, draft, symlinks=True)
            draft.rename(kept)
        database = luoghi.database.resolve()
        if self.cambia is not None:
            database.chmod(0o644)
            with closing(connect(database, read_only=False)) as connection:
                connection.execute("begin")
                self.cambia(connection)
                connection.execute("commit")
                _refuse(connection)
        return database.parent


def _key(luoghi: Luoghi, camera: str | None, esercizio: int | None, giorno: date | None) -> str:
    """What a run is made from, and how many came before it."""
    run = steps.new_run(luoghi, giorno)
    digest = hashlib.sha256()
    for path in sorted(p for p in luoghi.raw.rglob("*") if p.is_file()):
        digest.update(path.relative_to(luoghi.raw).as_posix().encode() + b"\0")
        digest.update(path.read_bytes())
    earlier = len(list(luoghi.pubblicazioni.glob("*")))
    rules = run.regole.read_text("utf-8")
    asked = (camera, esercizio, run.giorno, run.adesso.date(), rules, earlier)
    digest.update(repr(asked).encode())
    return digest.hexdigest()[:16]


def _refuse(connection: duckdb.DuckDBPyConnection) -> None:
    """Raises `NonPubblicabile` where publishing would: a gate has cases."""
    for check in checks(read_models()):
        table = check.modello.tabella
        if check.blocca and connection.execute(f"from {table} limit 1").fetchone():
            raise NonPubblicabile(check.nome)
    if lost := unaccounted(connection):
        raise NonPubblicabile(", ".join(lost))


def metti(connection: duckdb.DuckDBPyConnection, modello: Modello) -> None:
    """Makes a model again in a database, with all that follows from it."""
    touched, after = {modello.tabella}, []
    for model in read_models():
        reads = set(model.dipende)
        if (TUTTI in reads and modello.schema == CONTRIBUTI) or reads & set(DAI_CONTROLLI):
            reads.add(modello.tabella)
        if model.tabella in touched or reads & touched:
            touched.add(model.tabella)
            after.append(model)
    rifai(connection, tuple(after))


def dice_altro(database: Path, una: str, altra: str) -> bool:
    """Whether two queries give different rows. Raises `duckdb.Error` if one gives none."""
    with closing(connect(database)) as connection:
        (other,) = connection.execute(
            f"with una as materialized ({una}), altra as materialized ({altra}) select exists ("
            "(from una except all from altra) union all (from altra except all from una))"
        ).fetchone() or (None,)
    return bool(other)
