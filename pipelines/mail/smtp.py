"""A conversation with the mail server: open it, hand a message over, say what the server made of it.

Belongs here: SMTP, and which answer means that the message, the recipient or the whole server is the
trouble. Does not belong here: which messages there are and what becomes of them (outbox.py).
"""

import re
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import SMTP
from typing import Literal

from pipelines.mail.settings import INDIRIZZO, Posta

SECONDI = 20
"""How long the server may keep silent. One that drips never does: the whole conversation has an end."""

_SENZA_ACCESSO = {530, 535, 538}
"""Answers that speak of our login, whichever command they come after."""

TROPPO = 421
"""The answer of a server that closes the conversation."""

_ESTESO = re.compile(r"(?<![\d.])5\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
"""An enhanced status code (RFC 3463), wherever in its answer a server writes it."""

_NOME = re.compile(r"\b(?:helo|ehlo)\b", re.IGNORECASE)
_INOLTRO = re.compile(r"relay|rcpthosts", re.IGNORECASE)
_MITTENTE = re.compile(r"\b5\.1\.[78]\b")
_COMANDI = {500, 501, 502, 503, 504}
"""Answers to a command that the server does not take as it stands, whatever the message."""


class _Server(smtplib.SMTP):
    """A server, of which the conversation is cut at `scadenza`; a class because smtplib wants one.

    Socket timeouts begin again with each byte. So another thread shuts the connection, by a handle of
    its own, since the socket's is taken over when encryption begins; whoever is reading finds its end.
    """

    def __init__(self, posta: Posta, scadenza: float, tls: ssl.SSLContext | None) -> None:
        self.scadenza = scadenza
        self._tls = tls
        self._handle: socket.socket | None = None
        self._guard: threading.Timer | None = None
        super().__init__(posta.host, posta.porta, posta.nome, timeout=SECONDI)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        places = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        each = max(0.1, (self.scadenza - time.monotonic()) / len(places))
        plain = socket.create_connection((host, port), min(timeout, each))
        plain.settimeout(timeout)
        self._handle = plain.dup()
        self._guard = threading.Timer(self.scadenza - time.monotonic(), _cut, (self._handle,))
        self._guard.daemon = True
        self._guard.start()
        return self._tls.wrap_socket(plain, server_hostname=host) if self._tls else plain

    def close(self) -> None:
        """Closes the connection, and the watch over it."""
        super().close()
        if self._guard is not None and self._handle is not None:
            self._guard.cancel()
            self._handle.close()


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


class Interrotta(Exception):
    """The server cannot be talked to now, and no message is at fault; the text says why."""


@dataclass(frozen=True)
class Esito:
    """What became of a message: `inviato`, `attende` (put off), `respinto` (for ever)."""

    stato: Literal["inviato", "attende", "respinto"]
    risposta: str


@contextmanager
def conversation(posta: Posta) -> Iterator[_Server]:
    """An open conversation, encrypted and logged in as the settings say. Raises `Interrotta`.

    From its first word to its last it takes no longer than `posta.secondi`, whatever the server does.
    """
    scadenza = time.monotonic() + posta.secondi
    try:
        server = _connect(posta, scadenza)
    except OSError as error:  # every SMTPException is one
        raise Interrotta(_reason(error, posta, scadenza)) from None
    try:
        yield server
    finally:
        with suppress(OSError):
            server.quit()
        server.close()


def _connect(posta: Posta, scadenza: float) -> _Server:
    tls = ssl.create_default_context()
    server = _Server(posta, scadenza, tls if posta.cifratura == "tls" else None)
    try:
        if posta.cifratura == "starttls":
            server.starttls(context=tls)
        if posta.utente is not None and posta.password is not None:
            server.login(posta.utente, posta.password)
    except BaseException:
        server.close()
        raise
    return server


def has_time(server: _Server, posta: Posta) -> bool:
    """Whether another message may begin: one that is cut after its text would arrive twice."""
    return server.scadenza - time.monotonic() > posta.secondi / 2


def hand_over(server: _Server, posta: Posta, content: bytes) -> Esito:
    """Offers a stored message to the server. Raises `Interrotta` when the others need not be tried.

    The sender is today's, whoever it was when the message was put: a wrong one can be mended.
    """
    message = message_from_bytes(content, policy=SMTP)
    recipient = recipient_of(content)
    if recipient is None:
        return Esito("respinto", "Il messaggio non ha un destinatario: è stato cambiato a mano.")
    del message["From"]
    message["From"] = posta.mittente
    try:
        server.sendmail(posta.mittente.addr_spec, [recipient], message.as_bytes())
    except smtplib.SMTPRecipientsRefused as refused:
        code, answer = refused.recipients[recipient]
        return _refused(code, answer, posta, of_recipient=True)
    except smtplib.SMTPDataError as error:
        return _refused(error.smtp_code, error.smtp_error, posta, of_recipient=False)
    except OSError as error:
        raise Interrotta(_reason(error, posta, server.scadenza)) from None
    return Esito("inviato", "")


def recipient_of(content: bytes) -> str | None:
    """Who a stored message is for."""
    message = message_from_bytes(content, policy=SMTP)
    recipient = str(message["To"] or "")
    return recipient if INDIRIZZO.fullmatch(recipient) else None


def _refused(code: int, answer: bytes | str, posta: Posta, of_recipient: bool) -> Esito:
    """What an answer to the recipient, or to the text, makes of a message.

    One that blames this machine, and not the message, ends no message: it is a condition to be mended.
    """
    told = _answer(code, answer, posta)
    if code == TROPPO or code in _SENZA_ACCESSO:
        raise Interrotta(f"{posta.host}:{posta.porta} risponde {told}{_remedy(code, told)}")
    if not 500 <= code <= 599:
        return Esito("attende", told)
    if _blames_machine(code, told, of_recipient):
        return Esito("attende", told + _remedy(code, told))
    return Esito("respinto", told)


def _blames_machine(code: int, told: str, of_recipient: bool) -> bool:
    """Whether a refusal for ever would be the same for another message of ours.

    The enhanced code decides where there is one: 5.1 and 5.2 are the recipient's, but for 5.1.7 and
    5.1.8, the sender's; 5.3 is the server's, but for 5.3.4, a text too long; 5.5 the conversation's,
    5.7 a rule's. Without one, 554 in answer to a recipient is a refusal to work for us.
    """
    extended = _ESTESO.search(told)
    if extended and int(extended[1]):
        subject, detail = int(extended[1]), int(extended[2])
        exceptions = {(1, 7): True, (1, 8): True, (3, 4): False}
        return exceptions.get((subject, detail), subject in (3, 5, 7))
    speaks_of_us = code in _COMANDI or _NOME.search(told) or _INOLTRO.search(told)
    return bool(speaks_of_us) or (of_recipient and code == 554)


def _remedy(code: int, told: str) -> str:
    """What whoever looks after this machine can do about an answer, after its words."""
    if code < 500:
        return ""
    if code in _SENZA_ACCESSO:
        return ": il server vuole un accesso, indicarlo in PIRA_SMTP_USER e PIRA_SMTP_PASSWORD."
    if _MITTENTE.search(told):
        return ": il server non accetta il mittente, controllare PIRA_MAIL_FROM."
    if _NOME.search(told) or code in _COMANDI:
        return (
            ": il server non accetta il nome con cui questa macchina si presenta,"
            " indicarne uno completo (pira.camera.example.it) in PIRA_SMTP_HELO."
        )
    if _INOLTRO.search(told):
        return (
            ": il server non inoltra la posta di questa macchina, indicare PIRA_SMTP_USER e"
            " PIRA_SMTP_PASSWORD o chiedere a chi lo cura di ammetterla."
        )
    return ": il server rifiuta per una sua regola, chiedere a chi lo cura di ammettere pira."


def _reason(error: Exception, posta: Posta, scadenza: float) -> str:
    server = f"{posta.host}:{posta.porta}"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        # the answer is left out: some servers repeat what they were told
        return (
            f"{server} non accetta l'accesso ({error.smtp_code}): controllare PIRA_SMTP_USER e"
            " PIRA_SMTP_PASSWORD."
        )
    if isinstance(error, smtplib.SMTPSenderRefused) and not _speaks_of_machine(error):
        return (
            f"{server} non accetta il mittente {posta.mittente.addr_spec}"
            f" ({_answer(error.smtp_code, error.smtp_error, posta)}): controllare PIRA_MAIL_FROM."
        )
    if isinstance(error, smtplib.SMTPResponseException):
        told = _answer(error.smtp_code, error.smtp_error, posta)
        if isinstance(error, smtplib.SMTPHeloError):
            told = f"{told} (HELO)"
        return f"{server} risponde {told}{_remedy(error.smtp_code, told)}"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"{server} non offre ciò che PIRA_SMTP_TLS e PIRA_SMTP_USER chiedono: {error}"
    if time.monotonic() >= scadenza:
        return (
            f"{server} non ha finito entro {posta.secondi} secondi, e si ritenta: se accade a ogni"
            " tentativo, chiedere a chi lo cura perché è lento."
        )
    return f"{server} non è raggiungibile: {error or type(error).__name__}"


def _speaks_of_machine(error: smtplib.SMTPSenderRefused) -> bool:
    """Whether a refusal that came after the sender's address is not about the sender."""
    told = str(error.smtp_error)
    about_us = _NOME.search(told) or _INOLTRO.search(told)
    return error.smtp_code in _SENZA_ACCESSO | _COMANDI or bool(about_us)


def _answer(code: int, answer: bytes | str, posta: Posta) -> str:
    """The server's answer in one line, without the password should it be in it."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    if posta.password:
        text = text.replace(posta.password, "***")
    return " ".join(f"{code} {text}".split())
