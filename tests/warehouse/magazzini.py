"""Published outputs that tests start from: made once, read by many, copied by who changes them.

Belongs here: a run of the whole night with what a test fixes of it (the clock, the rules); the two
outputs that the tests share. Does not belong here: what should be found in them.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import duckdb

from pipelines.connection import connect
from pipelines.contract.regolamento import RULES
from pipelines.night import steps
from pipelines.settings import ROMA, ROOT, Luoghi
from pipelines.warehouse.models import SQL
from tests.indicatori import piano, zona
from tests.indicatori.piano import Blocco, Voce

RAW = ROOT / "raw"
GIORNO = date(2021, 6, 30)
"""The day every shared run speaks for: the years of the extracts are over."""
ADESSO = datetime(2021, 7, 1, 4, 0, tzinfo=ROMA)
"""When the shared runs happen."""

CODICI = tuple(sorted(path.stem for path in (SQL / "indicatori/contributi").glob("*.sql")))
"""The indicators, by the names of their files alone: a list out of the system would lose what it loses."""

USCITA = Path("camera=ZZ/[2]*/warehouse")
"""Where the outputs lie that tests share or change: a path that is no pattern, and names no column."""

Riga = tuple[Any, ...]


def corri(
    luoghi: Luoghi,
    camera: str | None = None,
    esercizio: int | None = None,
    giorno: date = GIORNO,
    adesso: datetime | None = None,
    regole: Path = RULES,
    documenti: bool = True,
) -> Path:
    """The whole night without Dagster, at a given time and with given rules; without documents, where
    nobody looks at one."""
    new_run = steps.new_run

    def fixed(luoghi: Luoghi, giorno: date) -> steps.Esecuzione:
        return replace(new_run(luoghi, giorno, adesso=adesso), regole=regole)

    formats = nullcontext() if documenti else zona.senza_documenti()
    with mock.patch.object(steps, "new_run", fixed), formats:
        return steps.run(luoghi.raw, luoghi.warehouse, camera, esercizio, giorno)


def una_volta(base: Path, make: Callable[[Path], Luoghi]) -> Luoghi:
    """What `make` leaves in a folder, made by the first process that wants it; the others wait."""
    base.mkdir(exist_ok=True)
    with (base / ".lucchetto").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = base / ".fatto"
        if not done.exists():
            luoghi = make(base)
            done.write_text(f"{luoghi.raw}\n{luoghi.warehouse}")
        raw, warehouse = done.read_text().split("\n")
    return Luoghi(Path(raw), Path(warehouse))


def copia(luoghi: Luoghi, base: Path) -> Luoghi:
    """An output with its landing zone, to be changed, at a path that Dagster's own settings bear too."""
    shutil.copytree(luoghi.raw, base / "raw")
    shutil.copytree(luoghi.warehouse, base / "warehouse", symlinks=True)
    for path in (base / "warehouse").rglob("*"):
        if path.is_file() and not path.is_symlink():
            path.chmod(0o644)
    return Luoghi(base / "raw", base / "warehouse")


@contextmanager
def apri(luoghi: Luoghi) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published database, as an analyst opens it."""
    with closing(connect(luoghi.database)) as connection:
        yield connection


def chiedi(luoghi: Luoghi, query: str, *values: object) -> list[Riga]:
    """The rows of a query over the published database."""
    with apri(luoghi) as connection:
        return connection.execute(query, list(values)).fetchall()


def albero(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of every file and link below a folder: equal means untouched."""
    return {
        path.relative_to(folder).as_posix(): (found.st_size, found.st_mtime_ns)
        for path in folder.rglob("*")
        for found in [path.lstat()]
        if not path.is_dir() or path.is_symlink()
    }


def colonne_di(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Table or view -> column -> type, of all that is published."""
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in connection.execute(
        "select schema_name || '.' || table_name, column_name, data_type"
        " from duckdb_columns() where not internal order by all"
    ).fetchall():
        found.setdefault(table, {})[column] = kind
    return found


def pubblica_campione(base: Path) -> Luoghi:
    """The committed sample of Massa-Carrara, with its PDF; the second chamber's is in test_seconda.py."""
    luoghi = Luoghi(base / "raw", base / "warehouse")
    shutil.copytree(RAW / "MS", luoghi.raw / "MS")
    with mock.patch.dict(os.environ, {"PIRA_PDF": "1"}):
        corri(luoghi, adesso=ADESSO)
    return luoghi


# --- the small landing zone -------------------------------------------------------------------------

ULTIMI = {
    "ISR_STUDI": "2",
    "ATTIVITA_RILANCIO": "2",
    "RISORSE_INNOVAZIONE_PER_IMPRESA": "1,00",
    "INCIDENZA_GESTIONE_DIRETTA": "100,00%",
    "INCIDENZA_CONTRIBUTI_IMPRESE": "0,00%",
    "DOMANDE_PROPRIETA_INDUSTRIALE": "2",
    "CONCILIAZIONI_PER_FTE": "1,0",
    "VERIFICHE_METRICHE": "2",
    "TEMPO_MEDIO_PRATICHE_RI": "1,0",
    "DELIBERE": "2",
    "SEDUTE": "2",
    "INDICE_TRASPARENZA": "75%",
    "ACCESSI_NEI_TERMINI": "100%",
    "WELFARE": "100%",
    "FORMAZIONE": "100%",
    "INCIDENZA_CONSIP": "100,00%",
}
"""What each indicator of the small plan is where an extract has two rows, both of which count."""


def blocchi() -> list[Blocco]:
    """A plan of two objectives that has the indicators of the contract, with targets that are met."""
    voci = [Voce(codice, ultimo, (f"=>{ultimo}",) * 3) for codice, ultimo in ULTIMI.items()]
    return [Blocco("1.1", voci[:8], peso="60,00%"), Blocco("1.2", voci[8:], peso="40,00%")]


def scrivi_anno(raw: Path, camera: str, esercizio: int) -> None:
    """Every extract of a year, two rows each."""
    for estratto in zona.predefinite(esercizio, 0):
        zona.scrivi(raw, camera, esercizio, estratto, [{}, {}])


def pubblica_piccola(base: Path) -> Luoghi:
    """AA with the extracts of 2019 and 2020, BB with those of 2020; each with a plan for 2020."""
    luoghi = Luoghi(base / "raw", base / USCITA)
    for camera, esercizio in (("AA", 2019), ("AA", 2020), ("BB", 2020)):
        scrivi_anno(luoghi.raw, camera, esercizio)
    for camera in ("AA", "BB"):
        piano.scrivi(luoghi.raw, camera, 2020, blocchi())
    corri(luoghi, adesso=ADESSO)
    return luoghi
