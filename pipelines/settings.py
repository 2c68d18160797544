"""Where things are: what the program brings with it, and the landing zone and output of its data.

Belongs here: the folders of the program, the two of the data, which the environment moves, and the layout
of the output. Nothing is written outside the output but Dagster's own home and the pseudonym key.
"""

import os
import re
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.partizione import Partizione

PACKAGE = Path(__file__).parent
ROOT = PACKAGE.parent
"""What the package is imported from: the repository, or where an installation put it."""
INSTALLED = (PACKAGE / "sql").is_dir()
"""Whether a wheel was installed: its build (pyproject.toml) puts sql/ and deploy/ into the package."""
RESOURCES = PACKAGE if INSTALLED else ROOT
"""What holds sql/ and deploy/."""


class InstallazioneMonca(Exception):
    """A part of the program is not where it should be; the message says which, and the remedy."""


ROMA = ZoneInfo("Europe/Rome")


def now() -> datetime:
    """The instant, in Rome: the one place where the clock is read."""
    return datetime.now(ROMA)


def program_version() -> str:
    """The version of pira, as pyproject.toml says and the installation keeps it."""
    from importlib import metadata

    try:
        return metadata.version("pira")
    except metadata.PackageNotFoundError:
        return "non installato"  # sources on the path, and nothing else


def unusable(folder: Path) -> str | None:
    """Why what is made cannot lie in a folder: the databases there would take a part of its name.

    To DuckDB and SQLite what follows a `?` are options, and to DuckDB a `\\` takes away what a mark means.
    """
    if not re.search(r"[?\\]", f"{folder} {folder.resolve()}"):
        return None
    return f"Il percorso {folder} contiene «?» o «\\»: scegliere una cartella che non li abbia"


def machine() -> dict[str, Any] | None:
    """Which start of this machine it is, and the seconds since: no clock that is set changes them."""
    try:
        return {
            "avvio": Path("/proc/sys/kernel/random/boot_id").read_text().strip(),
            "secondi": float(Path("/proc/uptime").read_text().split()[0]),
        }
    except (OSError, ValueError, IndexError):
        return None


@dataclass(frozen=True)
class Luoghi:
    """The landing zone (`raw`, only read) and the output (`warehouse`), of some chambers if it says which.

    Where the environment does not say, they are the repository's; an installation has none, and takes
    those of the folder that it is started from.
    """

    raw: Path
    warehouse: Path
    camere: tuple[str, ...] = ()

    @classmethod
    def from_environment(cls) -> "Luoghi":
        base = Path.cwd() if INSTALLED else ROOT
        return cls(
            Path(os.environ.get("PIRA_RAW") or base / "raw").absolute(),
            Path(os.environ.get("PIRA_WAREHOUSE") or base / "warehouse").absolute(),
        )

    def to_environment(self) -> dict[str, str]:
        """The variables by which another process, started anywhere, finds the same two folders."""
        return {"PIRA_RAW": str(self.raw), "PIRA_WAREHOUSE": str(self.warehouse)}

    def of(self, *camere: str) -> "Luoghi":
        """Where some chambers are computed without the others: each has an output of its own, which keeps
        what was read of it, and the first one's is that of the run."""
        asked = tuple(sorted(camere))
        return replace(self, warehouse=self._lago / asked[0], camere=asked)

    def ciascuna(self) -> "tuple[Luoghi, ...]":
        """The outputs that keep what is read: this one, or that of each of its chambers."""
        return tuple(self.of(camera) for camera in self.camere) or (self,)

    def stores(self) -> "tuple[Luoghi, ...]":
        """The outputs of this disk that keep what was read: this one, and those that chambers have."""
        return (self, *(self.of(path.name) for path in sorted(self._lago.glob("[A-Z][A-Z]"))))

    @property
    def _lago(self) -> Path:
        return self.warehouse.parent if self.camere else self.warehouse / "lago"

    def has(self, camera: str | None) -> bool:
        """Whether a chamber is among those that are computed here."""
        return not self.camere or camera in self.camere

    @property
    def database(self) -> Path:
        """What analysts open; always the current publication's."""
        return self.warehouse / "pira.duckdb"

    @property
    def corrente(self) -> Path:
        """The link whose switch is the publication."""
        return self.warehouse / "corrente"

    @property
    def turno(self) -> Path:
        """Locked by the one run that writes in the output, and by nobody else."""
        return self.warehouse / ".turno"

    @property
    def pubblicazioni(self) -> Path:
        return self.warehouse / "pubblicazioni"

    @property
    def posta(self) -> Path:
        """The mail that waits to leave, what was refused, and what was told to whom."""
        return self.warehouse / "posta"

    @property
    def origini(self) -> Path:
        """Where the columns of models come from, the same for every chamber: their outputs share it."""
        return (self._lago if self.camere else self.warehouse) / "origini.json"

    def uscita(self, camera: str) -> Path:
        """The output that keeps what is read of a chamber."""
        return self._lago / camera if self.camere else self.warehouse

    def deposito(self, partizione: Partizione) -> Path:
        """The store of what was read, per partition; a rebuild restores it."""
        store = self.uscita(partizione.camera) / "deposito"
        return store / partizione.camera / f"{partizione.esercizio:04d}"

    def lavoro(self, esecuzione: str) -> Path:
        """Where a run builds, out of everybody's sight."""
        return self.warehouse / "lavoro" / esecuzione
