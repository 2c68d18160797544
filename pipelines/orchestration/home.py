"""Where Dagster keeps its own records, and how it is told to behave.

Belongs here: the folder that is Dagster's home and the `dagster.yaml` in it, made out of the
environment. Does not belong here: what Dagster is told (dagster.yaml beside this, copied as it is),
what it runs (definitions.py), which of its records are removed (retention.py). The copy is ours, and
follows the environment, as long as its first line says so.
"""

import os
import re
from pathlib import Path

from pipelines import durable
from pipelines.settings import Luoghi, unusable

POSTGRES = "PIRA_DAGSTER_PG"
"""The variable that holds `postgresql://user:password@host/database`; without it, files."""

LAGO = "PIRA_LAGO"
"""The variable that says where a lake is; with it, runs start on workers."""

INSIEME, AL_PIU = "PIRA_INSIEME", 10
"""The variable that says how many chambers at most a run of a lake computes together, and what it says if
nothing."""

SETTINGS = "dagster.yaml"
_OURS, _MACHINE, _LAKE, _FILES, _DATABASE = (
    Path(__file__).with_name(f"{name}.yaml").read_text("utf-8")
    for name in (
        "dagster",
        "dagster-macchina",
        "dagster-lake",
        "dagster-file",
        "dagster-postgresql",
    )
)
"""The settings as they are copied: these for any home, and after them where runs go and where its records
stand."""

LOGS = "storage"
"""Where Dagster keeps what runs print, in its home, unless it is told."""

MARK = _OURS.partition("\n")[0]
"""The first line of settings that are ours."""

NO_RETRY = {"dagster/max_retries": "0"}
"""The tag of a run that Dagster must not try again by itself."""

_MODELLO = re.compile(r"[\[*?]")
"""What makes of a path a pattern: by one Dagster looks for its settings, and goes without if none match."""


class AmbienteErrato(Exception):
    """A variable asks for something that cannot be; the message says which, and the remedy."""


def home_of(luoghi: Luoghi) -> Path:
    """Dagster's home: `DAGSTER_HOME`, else a folder of the output. Makes nothing."""
    return Path(os.environ.get("DAGSTER_HOME") or luoghi.warehouse / "dagster").absolute()


def is_ours(home: Path) -> bool:
    """Whether the settings in this home are ours: no operator wrote them."""
    return _settings(home).startswith(MARK)


def in_lake() -> bool:
    """Whether nights are of some chambers each and end in a lake."""
    return bool(os.environ.get(LAGO))


def chambers_a_run() -> int:
    """How many chambers a run of a lake computes together, at most. Raises `AmbienteErrato`."""
    text = os.environ.get(INSIEME) or str(AL_PIU)
    if not re.fullmatch(r"[1-9][0-9]{0,2}", text):
        raise AmbienteErrato(
            f"{INSIEME} è {text!r}: scrivervi quante Camere calcolare insieme in un'esecuzione ({AL_PIU}),"
            " o toglierla."
        )
    return int(text)


def in_database(home: Path) -> bool:
    """Whether the settings in this home are ours and keep Dagster's records in `PIRA_DAGSTER_PG`."""
    return is_ours(home) and f"env: {POSTGRES}" in _settings(home)


def has_records(home: Path) -> bool:
    """Whether Dagster can be asked for its records without making them."""
    text = _settings(home)
    elsewhere = bool(text) and (not text.startswith(MARK) or in_database(home))
    return elsewhere or (home / "history" / "runs.db").exists()


def _settings(home: Path) -> str:
    settings = home / SETTINGS
    return settings.read_text("utf-8") if settings.exists() else ""


def _wanted() -> str:
    """The `dagster.yaml` that this environment asks for. Raises `AmbienteErrato`."""
    address = os.environ.get(POSTGRES, "")
    if address and not address.startswith("postgresql://"):
        raise AmbienteErrato(
            f"{POSTGRES} non è un indirizzo di PostgreSQL: scriverlo come"
            " postgresql://utente:password@host/database, o toglierlo per usare dei file."
        )
    if in_lake() and not address:
        raise AmbienteErrato(
            f"{LAGO} vuole anche {POSTGRES}: gli operai di un lago scrivono insieme nei registri di"
            " Dagster, e dei file non lo reggono."
        )
    if in_lake():
        chambers_a_run()  # said now, and not by the first night
    return _OURS + (_LAKE if in_lake() else _MACHINE) + (_DATABASE if address else _FILES)


def dagster_home(luoghi: Luoghi) -> Path:
    """Makes Dagster's home ready and points this process to it.

    Settings that the operator wrote (no mark on the first line) are left as they are. Raises
    `AmbienteErrato`.
    """
    home = home_of(luoghi)
    if why := unusable(home):
        variable = "DAGSTER_HOME" if os.environ.get("DAGSTER_HOME") else "PIRA_WAREHOUSE"
        raise AmbienteErrato(f"{why} e indicarla con {variable}.")
    if marks := _MODELLO.search(str(home)):
        raise AmbienteErrato(
            f"Il percorso della cartella di Dagster ({home}) contiene «{marks[0]}», e Dagster non vi"
            " troverebbe le sue impostazioni: indicare con DAGSTER_HOME una cartella il cui percorso"
            " non abbia [, * e ?; quello dei risultati può restare com'è."
        )
    home.mkdir(parents=True, exist_ok=True)
    settings = home / SETTINGS
    wanted = _wanted()
    found = _settings(home)
    if found != wanted and (not settings.exists() or found.startswith(MARK)):
        # several processes may start at once: none may read a file that is half written
        durable.write(wanted.encode(), settings)
        before = home / "compute_logs"  # where settings of ours once put what runs print
        if before.is_dir() and not (home / LOGS).exists():
            before.rename(home / LOGS)
    os.environ["DAGSTER_HOME"] = str(home)
    return home
