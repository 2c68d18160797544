"""A server of a test as a process of its own group: started, killed, started again over the same files.

Belongs here: how a part lives and dies. Does not belong here: what a part is (postgres.py, lago/servers.py).
"""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ATTESA = 60
"""Seconds that a part has to be ready, or to end."""


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody listens on; no two are one."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def listens(port: int) -> bool:
    """Whether somebody answers on a port of loopback."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass
class Parte:
    """What is started; `pronta` says whether it answers."""

    comando: Sequence[str | Path]
    cartella: Path
    pronta: Callable[[], bool]
    ambiente: Mapping[str, str] = field(default_factory=dict)
    utente: str | None = None
    processo: "subprocess.Popen[bytes] | None" = None

    @property
    def diario(self) -> Path:
        return self.cartella / "diario"

    def avvia(self) -> None:
        """Starts it, and waits until it answers."""
        with self.diario.open("a") as log:
            self.processo = subprocess.Popen(
                self.comando,
                cwd=self.cartella,
                env={**os.environ, **self.ambiente},
                user=self.utente,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        for _ in range(ATTESA * 10):
            assert self.processo.poll() is None, self.diario.read_text()
            if self.pronta():
                return
            time.sleep(0.1)
        raise AssertionError(self.diario.read_text())

    def uccidi(self) -> None:
        """Ends it and all that it started, without a word."""
        if self.processo is not None and self.processo.poll() is None:
            os.killpg(self.processo.pid, signal.SIGKILL)
            self.processo.wait()

    def ferma(self, how: int = signal.SIGTERM) -> None:
        """Asks it to end, and kills it if it does not."""
        if self.processo is not None and self.processo.poll() is None:
            self.processo.send_signal(how)
            try:
                self.processo.wait(timeout=ATTESA)
            except subprocess.TimeoutExpired:
                self.uccidi()
