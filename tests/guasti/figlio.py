"""A run that harms itself at an exact place, so that each case can be had again.

Belongs here: counting the changes that Python makes in the output, and the harm at one of them. It
runs in a process of its own, started by scena.py; the product knows nothing of it. Changes that
DuckDB and Polars make by themselves lie between two of those counted.
"""

import errno
import fcntl
import json
import os
import resource
import shutil
import signal
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path

from pipelines.extracts import ingest
from pipelines.fingerprints import (
    list_formats,
    program_fingerprint,
    reading_fingerprint,
    writing_fingerprint,
)
from pipelines.landing import zone as landing
from pipelines.night import steps
from pipelines.publication import kept as publications
from pipelines.settings import Luoghi
from pipelines.warehouse.models import read_models

# As the imports above: done once, in the process from which the children are forked.
read_models()
for _format in list_formats():
    import_module(_format)
for _known in (reading_fingerprint, program_fingerprint, writing_fingerprint):
    _known()

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
CHANGES = {"os.rename", "os.symlink", "os.mkdir", "os.remove", "os.rmdir", "os.link"}
MAKING = {"open", "os.symlink", "os.mkdir", "os.link"}

Guasto = Callable[[str], None]
"""What happens at a change, given its kind."""


class Contatore:
    """Sees every change below a folder before it happens: opens, renames, removals, fsync, words."""

    def __init__(self, root: Path, quando: int, guasto: Guasto) -> None:
        self.root, self.quando, self.guasto = f"{root}/", quando, guasto
        self.eventi: list[str] = []
        self._busy = False

    def install(self) -> None:
        """From here on, for good: an audit hook cannot be taken away."""
        real = os.fsync

        def fsync(descriptor: int) -> None:
            self.see("os.fsync", Path(f"/proc/self/fd/{descriptor}").readlink())
            real(descriptor)
            _synced.add(_identity(os.fstat(descriptor)))

        os.fsync = fsync  # type: ignore[assignment]
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if isinstance(flags, int) and flags & WRITING:
                self.see(event, path)
        elif event in CHANGES:
            self.see(event, arguments[1] if event in ("os.rename", "os.symlink") else arguments[0])

    def see(self, event: str, path: object) -> None:
        """Counts a change, and lets the harm happen from the chosen one on."""
        if self._busy or not isinstance(path, str | os.PathLike):
            return
        name = os.fspath(path)
        if isinstance(name, bytes) or not (f"{name}/".startswith(self.root) or "/" not in name):
            return
        self.eventi.append(f"{event} {name.removeprefix(self.root)}")
        if len(self.eventi) > self.quando:
            self._busy = True
            try:
                self.guasto(event)
            finally:
                self._busy = False


_synced: set[tuple[int, int, int]] = set()


def _identity(facts: os.stat_result) -> tuple[int, int, int]:
    return facts.st_ino, facts.st_mtime_ns, facts.st_size


def _kill(_: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _stop(_: str) -> None:
    """Stands still until it is told to go on, or killed."""
    os.kill(os.getpid(), signal.SIGSTOP)


def _blackout(root: Path) -> Guasto:
    """The power goes: what was written since the start and never synced is empty afterwards."""
    before = {_identity(p.lstat()) for p in root.rglob("*") if p.is_file()}

    def harm(event: str) -> None:
        for path in root.rglob("*"):
            facts = path.lstat()
            if stat.S_ISREG(facts.st_mode) and _identity(facts) not in before | _synced:
                os.truncate(path, 0)
        _kill(event)

    return harm


def _refusing(code: int, kinds: set[str]) -> Guasto:
    def harm(event: str) -> None:
        if event in kinds:
            raise OSError(code, os.strerror(code))

    return harm


def _once(kinds: set[str], guasto: Guasto) -> Guasto:
    """The same harm, at the first change of these kinds only; all kinds if none is named."""
    done: list[str] = []

    def harm(event: str) -> None:
        if not done and event in (kinds or {event}):
            done.append(event)
            guasto(event)

    return harm


def _harms(root: Path) -> dict[str, Guasto]:
    return {
        "nessuno": lambda _: None,
        "uccisione": _kill,
        "fermo": _once(set(), _stop),
        "corrente elettrica": _blackout(root),
        "disco pieno": _refusing(errno.ENOSPC, MAKING),
        "sola lettura": _refusing(errno.EROFS, {*CHANGES, "open"}),
        "errore di scrittura": _once({"os.fsync"}, _refusing(errno.EIO, {"os.fsync"})),
    }


# --- what happens to a file of the landing zone while it is read --------------------------------------


def _grow(path: Path) -> None:
    """The file has one more line between the two looks that reading takes at its size."""
    real = os.fstat
    watched = path.stat().st_ino
    grown: list[int] = []

    def fstat(descriptor: int) -> os.stat_result:
        facts = real(descriptor)
        looked_at = fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_PATH  # not to be read from
        if facts.st_ino == watched and not looked_at and not grown:
            grown.append(descriptor)
            with path.open("ab") as stream:
                stream.write(b"S999;Studio in ritardo;RAPPORTO;30/03/2020;PUBBLICATO\n")
        return facts

    os.fstat = fstat  # type: ignore[assignment]


def _replace_after_reading(path: Path) -> None:
    """Another file takes the place of the one that was just read (it waits beside the zone)."""
    real = landing.read_whole

    def read_whole(raw: Path, wanted: Path, *visto: landing.Aspetto | None) -> object:
        found = real(raw, wanted, *visto)
        waiting = raw.parent / f"altro-{path.name}"
        if wanted == path and waiting.exists():
            waiting.replace(path)
        return found

    ingest.read_whole = read_whole  # type: ignore[attr-defined, assignment]


def _remove_at_opening(path: Path) -> None:
    """The file goes away after it was found and before it is opened."""

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and arguments[0] == path.name and path.exists():
            path.unlink()

    sys.addaudithook(hook)


def _say_and_remove(path: Path, quando: int) -> steps.Say:
    """Takes a file or a folder away when the run says its line number `quando`."""
    lines: list[str] = []

    def say(text: str) -> None:
        lines.append(text)
        if len(lines) == quando + 1:
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    return say


def _prepare(guasto: str, path: Path, quando: int) -> steps.Say | None:
    """Sets up a harm that is not at a change; returns how the run must speak, if that is the harm."""
    match guasto:
        case "limite":
            resource.setrlimit(resource.RLIMIT_FSIZE, (quando << 10, quando << 10))
        case "cresce":
            _grow(path)
        case "sostituito":
            _replace_after_reading(path)
        case "sparisce":
            _remove_at_opening(path)
        case "sparisce prima":
            return _say_and_remove(path, quando)
    return None


@dataclass(frozen=True)
class Ordini:
    """What a child does: a run, or a way back to `ritorno`, with `guasto` at change `quando`.

    `bersaglio` is the delivered file that the harm is about, where it is about one.
    """

    raw: str
    warehouse: str
    giorno: str
    guasto: str = "nessuno"
    quando: int = 0
    ritorno: str = ""
    bersaglio: str = ""


def esegui(ordini: Ordini) -> list[str]:
    """Runs under orders; returns the changes counted, if it gets to the end."""
    luoghi = Luoghi(Path(ordini.raw), Path(ordini.warehouse))
    say = _prepare(ordini.guasto, luoghi.raw / ordini.bersaglio, ordini.quando)
    harm = _harms(luoghi.warehouse).get(ordini.guasto, lambda _: None)
    counter = Contatore(luoghi.warehouse, ordini.quando, harm)

    def told(text: str) -> None:
        print(text, flush=True)
        counter.see("say", luoghi.warehouse / text)

    counter.install()
    if ordini.ritorno:
        publications.rollback(luoghi, ordini.ritorno, told)
    else:
        giorno = date.fromisoformat(ordini.giorno)
        steps.run(luoghi.raw, luoghi.warehouse, giorno=giorno, say=say or told)
    return counter.eventi


def nel_figlio(ordini: Ordini, voce: Path, ambiente: dict[str, str]) -> None:
    """The same in a forked process: words into the file `voce`, the changes as its last line."""
    with voce.open("w") as stream:
        os.dup2(stream.fileno(), 1)
        os.dup2(stream.fileno(), 2)
    os.environ.update(ambiente)
    print(json.dumps(esegui(ordini)), flush=True)


if __name__ == "__main__":
    print(json.dumps(esegui(Ordini(**json.loads(sys.argv[1])))))
