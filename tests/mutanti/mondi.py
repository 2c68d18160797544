"""The published outputs that the tests look at, made once and given again with one model changed.

Belongs here: keeping what a run published under what it was made from; whether a changed model says
anything else there; putting it in its place. Does not belong here: the mutants, which test sees them.
"""

import hashlib
import json
import shutil
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from pipelines.connection import connect
from pipelines.night import steps
from pipelines.publication import memoria
from pipelines.publication.pubblicazioni import NonPubblicabile
from pipelines.settings import Luoghi
from pipelines.warehouse import build
from pipelines.warehouse.build import _create
from pipelines.warehouse.checks import _columns_of, _note_cases
from pipelines.warehouse.models import (
    CONTRIBUTI,
    ESITI,
    TUTTI,
    Modello,
    _dependencies,
    checks,
    read_models,
    union_of_contributions,
)
from tests.warehouse.rifatti import DAI_CONTROLLI, rifai

PAZIENZA = 60
"""Seconds that a query may take. A recursion of which a condition is left out goes on for ever."""

CARICA = vars(build)["load"]
"""What loads the extracts: a test that puts another in its place changes the program, and no kept output
is what that makes."""

Cambia = Callable[[duckdb.DuckDBPyConnection], set[str]]
"""Changes a published database, and gives the tables that say something else since then."""


class Mondi:
    """Stands in the place of `steps.run`: an output that was made before is given again, changed.

    One that was never made is made, and kept in `folder`. What a change makes of one is made once, and
    kept in `cambiati`. `visti` are the outputs that were given.
    """

    def __init__(self, folder: Path, cambia: Cambia | None = None) -> None:
        self.folder = folder
        self.cambia = cambia
        self.visti: list[str] = []
        self.vero = steps.run
        self._cambiati: dict[str, Path | NonPubblicabile] = {}

    def run(
        self,
        raw: Path,
        warehouse: Path,
        camera: str | None = None,
        esercizio: int | None = None,
        giorno: date | None = None,
        say: steps.Say = steps.silent,
    ) -> Path:
        if vars(build)["load"] is not CARICA:
            return self.vero(raw, warehouse, camera, esercizio, giorno, say)
        luoghi = Luoghi(raw.absolute(), warehouse.absolute())
        key = _key(luoghi, camera, esercizio, giorno)
        self.visti.append(key)
        kept = self.folder / key
        if kept.exists():
            shutil.rmtree(warehouse, ignore_errors=True)
            shutil.copytree(kept, warehouse, symlinks=True)
        elif self.cambia is not None:  # kept, it would pass for what a sound program makes
            return self.vero(raw, warehouse, camera, esercizio, giorno, say)
        else:
            self.vero(raw, warehouse, camera, esercizio, giorno, say)
            draft = kept.with_suffix(".bozza")
            shutil.rmtree(draft, ignore_errors=True)
            shutil.copytree(warehouse, draft, symlinks=True)
            draft.rename(kept)
        database = luoghi.database.resolve()
        if self.cambia is not None:
            self._change(key, database)
        return database.parent

    def _change(self, key: str, database: Path) -> None:
        """Changes a database, or puts what was made of its like before in its place."""
        before = self._cambiati.get(key)
        if isinstance(before, NonPubblicabile):
            raise before
        database.chmod(0o644)
        if before is not None and before.exists():
            shutil.copyfile(before, database)
            return
        with closing(connect(database, read_only=False)) as connection:
            connection.execute("begin")
            try:
                _refuse(connection, self.cambia(connection) if self.cambia else set())
            except NonPubblicabile as refused:
                self._cambiati[key] = refused
                raise
            connection.execute("commit")
        self._cambiati[key] = database


def _key(luoghi: Luoghi, camera: str | None, esercizio: int | None, giorno: date | None) -> str:
    """What a run is made from: how many were published before it and on which nights something was learnt,
    too, since a run that was refused is known to the next."""
    run = steps.new_run(luoghi, giorno)
    digest = hashlib.sha256()
    for path in sorted(p for p in luoghi.raw.rglob("*") if p.is_file()):
        digest.update(path.relative_to(luoghi.raw).as_posix().encode() + b"\0")
        digest.update(path.read_bytes())
    earlier = len(list(luoghi.pubblicazioni.glob("*")))
    chain = luoghi.warehouse / "storico" / memoria.MANIFEST
    nights = (
        [link["quando"][:10] for link in json.loads(chain.read_text())] if chain.exists() else []
    )
    rules = run.regole.read_text("utf-8")
    asked = (camera, esercizio, run.giorno, run.adesso.date(), rules, earlier, nights)
    digest.update(repr(asked).encode())
    return digest.hexdigest()[:16]


def _refuse(connection: duckdb.DuckDBPyConnection, changed: set[str]) -> None:
    """Raises `NonPubblicabile` where publishing would: a gate has cases, or rows are lost."""
    models, asked = read_models(), dict[str, str]()
    for check in checks(models):
        if check.blocca and check.modello.tabella in changed:
            asked[check.nome] = f"from {check.modello.tabella} limit 1"
    for model in models:
        if model.perse is not None and changed & {model.tabella, *_dependencies(model.perse)}:
            asked[model.tabella] = model.perse
    for name, query in asked.items():
        if connection.execute(query).fetchone():
            raise NonPubblicabile(name)


def metti(connection: duckdb.DuckDBPyConnection, *modelli: Modello) -> set[str]:
    """Makes models again in a database, and what follows from them as far as the rows are others."""
    models = read_models()
    changed: set[str] = set()
    noted = False
    for model in models:
        reads = set(model.dipende)
        if reads & set(DAI_CONTROLLI) and not noted:
            changed |= _note(connection, changed)
            noted = True
        if model not in modelli and not reads & changed:
            continue
        if model.vista:
            rifai(connection, (model,))
            changed.add(model.tabella)
        elif _put(connection, model):
            changed.add(model.tabella)
        if model.schema == CONTRIBUTI:
            connection.execute(
                f"create or replace view {TUTTI} as {union_of_contributions(models)}"
            )
            changed.add(TUTTI)
    return changed


def _put(connection: duckdb.DuckDBPyConnection, model: Modello) -> bool:
    """Makes a table again, where its rows or their types become others; whether they do."""
    draft = f"{model.schema}.bozza"
    _create(connection, replace(model, nome="bozza"))
    old, new = (
        connection.execute(f"select column_name, column_type from (describe {t})").fetchall()
        for t in (model.tabella, draft)
    )
    if (
        old == new
        and not connection.execute(
            f"(from {draft} except all from {model.tabella}) union all"
            f" (from {model.tabella} except all from {draft}) limit 1"
        ).fetchone()
    ):
        connection.execute(f"drop table {draft}")
        return False
    connection.execute(f"drop table {model.tabella}")
    connection.execute(f"alter table {draft} rename to {model.nome}")
    return True


def _note(connection: duckdb.DuckDBPyConnection, changed: set[str]) -> set[str]:
    """Notes again the cases of the checks that changed; gives the tables of outcomes that are others."""
    columns = _columns_of(connection)
    told = (ESITI, "qualita.evidenze")
    for table in told:
        connection.execute(f"create temp table prima_{table.split('.')[1]} as from {table}")
    for check in checks(read_models()):
        if check.modello.tabella in changed:
            for table in told:
                connection.execute(f"delete from {table} where controllo = ?", [check.nome])
            connection.execute(f"create temp table casi as from {check.modello.tabella}")
            if connection.execute("from casi limit 1").fetchone():
                _note_cases(connection, check, set(columns[check.nome]))
            connection.execute("drop table casi")
    other = set()
    for table in told:
        before = f"prima_{table.split('.')[1]}"
        if connection.execute(
            f"(from {before} except all from {table}) union all"
            f" (from {table} except all from {before}) limit 1"
        ).fetchone():
            other.add(table)
        connection.execute(f"drop table {before}")
    return other


def dice_altro(connection: duckdb.DuckDBPyConnection, una: str, altra: str) -> bool:
    """Whether two queries give different rows. Raises `duckdb.Error` if one gives none, or never ends."""
    late = threading.Timer(PAZIENZA, connection.interrupt)
    late.start()
    try:
        (other,) = connection.execute(
            f"with una as materialized ({una}), altra as materialized ({altra}) select exists ("
            "(from una except all from altra) union all (from altra except all from una))"
        ).fetchone() or (None,)
    finally:
        late.cancel()
    return bool(other)
