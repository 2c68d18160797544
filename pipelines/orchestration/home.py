"""Where Dagster keeps its own records, and how it is told to behave.

Belongs here: the folder that is Dagster's home and the `dagster.yaml` in it, made out of the
environment. Does not belong here: what Dagster runs (definitions.py), which of its records are removed
(retention.py). The file is ours, and follows the environment, as long as its first line says so.
"""

import json
import os
import re
from pathlib import Path

from pipelines import durable
from pipelines.settings import Luoghi, unusable

POSTGRES = "PIRA_DAGSTER_PG"
"""The variable that holds `postgresql://user:password@host/database`; without it, files."""

SETTINGS = "dagster.yaml"
MARK = "# Scritto da pira: cambia con l'ambiente. Per tenere le proprie modifiche, togliere questa riga."

_ALWAYS = """\
telemetry:
  enabled: false
nux:
  enabled: false

# One run at a time: the output has one writer, and a run that waits for it would only hold memory.
concurrency:
  runs:
    max_concurrent_runs: 1

# A run whose process was killed stays "started" for ever and would keep its place in the queue: our
# launcher knows it by the lock that nobody holds, and two minutes later the queue goes on. The night of a
# province takes minutes, so after four hours one that still holds it hangs.
run_launcher:
  module: pipelines.orchestration.launcher
  class: Lanciatore
run_monitoring:
  enabled: true
  start_timeout_seconds: 90
  cancel_timeout_seconds: 60
  max_runtime_seconds: 14400
  poll_interval_seconds: 20
  free_slots_after_run_end_seconds: 60

# A crash is tried once more; what fails by its own word (a gate, a refused file) would fail again.
run_retries:
  enabled: true
  max_retries: 1
  retry_on_asset_or_op_failure: false

# A mail server that is slow delays the mail, not the sensors that look at deliveries and runs.
sensors:
  use_threads: true
  num_workers: 4

# Ticks; runs and their logs are removed by `pira prune-runs`.
retention:
  schedule:
    purge_after_days: 90
  sensor:
    purge_after_days:
      skipped: 7
      started: 90
      success: 90
      failure: 90

compute_logs:
  module: dagster._core.storage.local_compute_log_manager
  class: LocalComputeLogManager
  config:
    base_dir: {logs}
"""

_FILES = """
# One file for the events of every run: half the writes of the default, which keeps two.
event_log_storage:
  module: pipelines.orchestration.events
  class: Eventi
  config:
    base_dir: {home}
"""

_DATABASE = """
# The address is read where it is used: its password stands in no file of ours.
storage:
  custom:
    module: pipelines.orchestration.storage
    class: Postgres
    config:
      postgres_url:
        env: {variable}
"""


NO_RETRY = {"dagster/max_retries": "0"}
"""The tag of a run that Dagster must not try again by itself."""

LOCKED = "database is locked"
"""What SQLite says when another process has held a file for longer than it waits."""


_MODELLO = re.compile(r"[\[*?]")
"""What makes of a path a pattern: by one Dagster looks for its settings, and goes without if none match."""


class AmbienteErrato(Exception):
    """A variable asks for something that cannot be; the message says which, and the remedy."""


def home_of(luoghi: Luoghi) -> Path:
    """Dagster's home: `DAGSTER_HOME`, else a folder of the output. Makes nothing."""
    return Path(os.environ.get("DAGSTER_HOME") or luoghi.warehouse / "dagster").absolute()


def in_database(home: Path) -> bool:
    """Whether the settings in this home are ours and keep Dagster's records in `PIRA_DAGSTER_PG`."""
    text = _settings(home)
    return text.startswith(MARK) and f"env: {POSTGRES}" in text


def has_records(home: Path) -> bool:
    """Whether Dagster can be asked for its records without making them."""
    text = _settings(home)
    elsewhere = bool(text) and (not text.startswith(MARK) or in_database(home))
    return elsewhere or (home / "history" / "runs.db").exists()


def _settings(home: Path) -> str:
    settings = home / SETTINGS
    return settings.read_text("utf-8") if settings.exists() else ""


def is_locked(error: BaseException | None) -> bool:
    """Whether an error comes of records that another process holds."""
    while error is not None:
        if LOCKED in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def settings_for(home: Path) -> str:
    """The `dagster.yaml` that this environment asks for. Raises `AmbienteErrato`."""
    address = os.environ.get(POSTGRES, "")
    if address and not address.startswith("postgresql://"):
        raise AmbienteErrato(
            f"{POSTGRES} non è un indirizzo di PostgreSQL: scriverlo come"
            " postgresql://utente:password@host/database, o toglierlo per usare dei file."
        )
    storage = _DATABASE if address else _FILES
    text = f"{MARK}\n{_ALWAYS}{storage}"
    return text.format(
        home=json.dumps(str(home)), logs=json.dumps(str(home / "compute_logs")), variable=POSTGRES
    )


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
    wanted = settings_for(home)
    found = _settings(home)
    if found != wanted and (not settings.exists() or found.startswith(MARK)):
        # several processes may start at once: none may read a file that is half written
        durable.write(wanted.encode(), settings)
    os.environ["DAGSTER_HOME"] = str(home)
    return home
