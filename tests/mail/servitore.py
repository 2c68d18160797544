"""A real mail server on loopback, that answers as a test wants and keeps what it took.

Belongs here: starting and stopping it, its certificate, its refusals. Does not belong here: what the
mail does with its answers.
"""

import asyncio
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

_RICHIESTA = (
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    " -subj /CN=pira -addext subjectAltName=IP:127.0.0.1"
)

UTENTE, PASSWORD = "pira", "segretissima-4711"


def porta_libera() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Cassetta:
    """What the server took, and what it answers: recipient -> answer, once the address is given."""

    risposte: dict[str, str] = field(default_factory=dict)
    al_mittente: str | None = None
    ai_dati: str | None = None
    al_saluto: str | None = None
    nomi: list[str] = field(default_factory=list)
    lentezza: float = 0
    buste: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    accessi: list[bytes] = field(default_factory=list)
    cifrate: list[bool] = field(default_factory=list)

    async def handle_EHLO(  # noqa: N802
        self,
        _server: SMTP,
        session: Session,
        _envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        self.nomi.append(hostname)
        session.host_name = hostname
        return [self.al_saluto] if self.al_saluto else responses

    async def handle_HELO(  # noqa: N802
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str
    ) -> str:
        session.host_name = hostname
        return self.al_saluto or "250 OK"

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.al_mittente:
            return self.al_mittente
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.risposte:
            return self.risposte[address]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        await asyncio.sleep(self.lentezza)
        if self.ai_dati:
            return self.ai_dati
        content = envelope.original_content or b""
        self.buste.append((str(envelope.mail_from), list(envelope.rcpt_tos), content))
        self.cifrate.append(session.ssl is not None)
        return "250 OK"

    def accesso(
        self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: LoginPassword
    ) -> AuthResult:
        """Whether a login is the one; what was given is kept."""
        self.accessi.append(data.password)
        good = (data.login, data.password) == (UTENTE.encode(), PASSWORD.encode())
        return AuthResult(success=good, handled=False)

    @property
    def messaggi(self) -> list[EmailMessage]:
        """What arrived, as a mail program reads it."""
        return [leggi(content) for _, _, content in self.buste]

    @property
    def destinatari(self) -> list[str]:
        return [to for _, (to,), _ in self.buste]


def leggi(content: bytes) -> EmailMessage:
    """A message as a mail program reads it."""
    message = message_from_bytes(content, policy=POLICY)
    assert isinstance(message, EmailMessage)
    return message


@contextmanager
def acceso(cassetta: Cassetta, porta: int, **options: Any) -> Iterator[None]:
    """The server, up on a port of loopback."""
    controller = Controller(cassetta, hostname="127.0.0.1", port=porta, **options)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


@contextmanager
def scostante(porta: int, parole: str) -> Iterator[None]:
    """A server that says its words to whoever connects, and closes."""
    with socket.create_server(("127.0.0.1", porta)) as listener:

        def answer() -> None:
            with suppress(OSError):
                while True:
                    caller, _ = listener.accept()
                    with caller:
                        caller.sendall(f"{parole}\r\n".encode())

        threading.Thread(target=answer, daemon=True).start()
        yield
        listener.shutdown(socket.SHUT_RDWR)


@contextmanager
def gocciolante(porta: int, battute: Sequence[bytes], goccia: bytes) -> Iterator[threading.Event]:
    """A server that gives its answers, each to what it hears, and then drips without end.

    It speaks to one caller at a time; yields what is set once it drips.
    """
    drips, over = threading.Event(), threading.Event()

    def talk(caller: socket.socket) -> None:
        for answer in battute:
            caller.sendall(answer)
            caller.recv(65536)
        caller.sendall(goccia)
        while not over.wait(0.05):
            drips.set()
            caller.sendall(goccia[-1:] if goccia.startswith(b"\x16") else goccia)

    with socket.create_server(("127.0.0.1", porta)) as listener:

        def answer() -> None:
            while not over.is_set():
                with suppress(OSError), listener.accept()[0] as caller:
                    talk(caller)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield drips
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def certificato(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that nobody vouches for, and the server's side of it."""
    key, pem = folder / "chiave.pem", folder / "certificato.pem"
    subprocess.run(
        [*_RICHIESTA.split(), "-keyout", str(key), "-out", str(pem)],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    return pem, context
