"""What is looked at: a landing zone, a night over it, Dagster's page in front of what the night left.

Belongs here: the child processes and the environment they are given. Does not belong here: the browser
(browser.py), what should be seen on the page.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipelines.settings import ROOT, Luoghi
from tests.indicatori import piano, zona
from tests.warehouse.magazzini import GIORNO, blocchi, scrivi_anno

PAZIENZA = 180
"""Seconds that a child may take to answer or to end; reached only when something is broken."""

ESITO_STRANO = "<b>FINE</b> | *subito*"
"""A value of a file that would break a table, or be markup, were it shown as it is."""


@dataclass(frozen=True)
class Istanza:
    """A landing zone, an output and a Dagster home of their own."""

    luoghi: Luoghi
    casa: Path
    produzione: bool = False

    @property
    def ambiente(self) -> dict[str, str]:
        """The environment of the children: of this process's settings only that on PDFs reaches them."""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PIRA_", "DAGSTER_"))
        }
        return inherited | {
            "PIRA_RAW": str(self.luoghi.raw),
            "PIRA_WAREHOUSE": str(self.luoghi.warehouse),
            "PIRA_KEY": zona.CHIAVE,
            "PIRA_PRODUZIONE": "1" if self.produzione else "0",
            "PIRA_PDF": os.environ.get("PIRA_PDF", "1"),
            "DAGSTER_HOME": str(self.casa),
            "DAGSTER_DISABLE_TELEMETRY": "1",
            "PYTHONPATH": str(ROOT),
        }

    def notte(self) -> None:
        """The whole job, as `pira run` runs it."""
        day = ["--data-riferimento", GIORNO.isoformat()]
        done = subprocess.run(
            [sys.executable, "-m", "pipelines.cli", "run", *day],
            cwd=ROOT,
            env=self.ambiente,
            capture_output=True,
            text=True,
            timeout=PAZIENZA,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def con_difetti(base: Path) -> Istanza:
    """A small landing zone with one row in quarantine (AA 2020) and one extract absent (BB 2020)."""
    luoghi = Luoghi(base / "raw", base / "warehouse")
    for camera, esercizio in (("AA", 2019), ("AA", 2020), ("BB", 2020)):
        scrivi_anno(luoghi.raw, camera, esercizio)
    for camera in ("AA", "BB"):
        piano.scrivi(luoghi.raw, camera, 2020, blocchi())
    pratiche = [{}, {}, {"esito": ESITO_STRANO}]
    zona.scrivi(luoghi.raw, "AA", 2020, "registro_imprese/pratiche", pratiche)
    (luoghi.raw / zona.percorso("BB", 2020, "isr/studi")).unlink()
    return Istanza(luoghi, base / "dagster")


# --- Dagster's processes ----------------------------------------------------------------------------


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _child(
    istanza: Istanza, log: Path, program: str, *words: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A program of Dagster's, and all that it starts, gone at the end."""
    command = [str(Path(sys.executable).with_name(program)), *words]
    with log.open("wb") as output:
        # from the root, where Dagster finds which module to load and what to call it
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=istanza.ambiente,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    for signum, seconds in ((signal.SIGTERM, 20), (signal.SIGKILL, PAZIENZA)):
        try:
            os.killpg(process.pid, signum)
            process.wait(seconds)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


@contextmanager
def servi(istanza: Istanza, demone: bool = False) -> Iterator[str]:
    """Dagster's page over an instance, on loopback; yields its address once it answers."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    log = istanza.casa / "pagina.log"
    with ExitStack() as children:
        words = ("serve", "--senza-demone", "--port", str(port))
        page = children.enter_context(_child(istanza, log, "pira", *words))
        if demone:
            children.enter_context(
                _child(istanza, istanza.casa / "demone.log", "dagster-daemon", "run")
            )
        _wait(page, f"{address}/server_info", log)
        yield address


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    until = time.monotonic() + PAZIENZA
    while time.monotonic() < until:
        assert process.poll() is None, f"Dagster's page ended:\n{log.read_text()}"
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.2)
    raise AssertionError(f"Dagster's page does not answer:\n{log.read_text()}")
