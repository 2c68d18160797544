"""A conversation with the mail server: open it, hand a message over, say what the server made of it.

Belongs here: SMTP, and which answer means that the message, the recipient or the whole server is the
trouble. Does not belong here: which messages there are and what becomes of them (outbox.py).
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import SMTP
from typing import Literal

from pipelines.mail.settings import INDIRIZZO, Posta

SECONDI = 20
"""How long the server may take for one answer."""

_SENZA_ACCESSO = {530, 535, 538}
"""Answers that speak of our login, whichever command they come after."""

TROPPO = 421
"""The answer of a server that closes the conversation."""


class Interrotta(Exception):
    """The server cannot be talked to now, and no message is at fault; the text says why."""


@dataclass(frozen=True)
class Esito:
    """What became of a message: `inviato`, `attende` (refused for now), `respinto` (for ever)."""

    stato: Literal["inviato", "attende", "respinto"]
    risposta: str


@contextmanager
def conversation(posta: Posta) -> Iterator[smtplib.SMTP]:
    """An open conversation, encrypted and logged in as the settings say. Raises `Interrotta`."""
    try:
        server = _connect(posta)
    except OSError as error:  # every SMTPException is one
        raise Interrotta(_reason(error, posta)) from None
    try:
        yield server
    finally:
        with suppress(OSError):
            server.quit()
        server.close()


def _connect(posta: Posta) -> smtplib.SMTP:
    tls = ssl.create_default_context()
    if posta.cifratura == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            posta.host, posta.porta, timeout=SECONDI, context=tls
        )
    else:
        server = smtplib.SMTP(posta.host, posta.porta, timeout=SECONDI)
    try:
        if posta.cifratura == "starttls":
            server.starttls(context=tls)
        if posta.utente is not None and posta.password is not None:
            server.login(posta.utente, posta.password)
    except BaseException:
        server.close()
        raise
    return server


def hand_over(server: smtplib.SMTP, posta: Posta, content: bytes) -> Esito:
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
        return _refused(code, answer, posta)
    except smtplib.SMTPDataError as error:
        return _refused(error.smtp_code, error.smtp_error, posta)
    except OSError as error:
        raise Interrotta(_reason(error, posta)) from None
    return Esito("inviato", "")


def recipient_of(content: bytes) -> str | None:
    """Who a stored message is for."""
    message = message_from_bytes(content, policy=SMTP)
    recipient = str(message["To"] or "")
    return recipient if INDIRIZZO.fullmatch(recipient) else None


def _refused(code: int, answer: bytes | str, posta: Posta) -> Esito:
    if code == TROPPO or code in _SENZA_ACCESSO:
        raise Interrotta(f"{posta.host}:{posta.porta} risponde {_answer(code, answer, posta)}")
    return Esito("respinto" if 500 <= code <= 599 else "attende", _answer(code, answer, posta))


def _reason(error: Exception, posta: Posta) -> str:
    server = f"{posta.host}:{posta.porta}"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        # the answer is left out: some servers repeat what they were told
        return (
            f"{server} non accetta l'accesso ({error.smtp_code}): controllare PIRA_SMTP_USER e"
            " PIRA_SMTP_PASSWORD."
        )
    if isinstance(error, smtplib.SMTPSenderRefused):
        return (
            f"{server} non accetta il mittente {posta.mittente.addr_spec}"
            f" ({_answer(error.smtp_code, error.smtp_error, posta)}): controllare PIRA_MAIL_FROM."
        )
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{server} risponde {_answer(error.smtp_code, error.smtp_error, posta)}"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"{server} non offre ciò che PIRA_SMTP_TLS e PIRA_SMTP_USER chiedono: {error}"
    return f"{server} non è raggiungibile: {error or type(error).__name__}"


def _answer(code: int, answer: bytes | str, posta: Posta) -> str:
    """The server's answer in one line, without the password should it be in it."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    if posta.password:
        text = text.replace(posta.password, "***")
    return " ".join(f"{code} {text}".split())
