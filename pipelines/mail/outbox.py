"""The mail of the nights: composed into an outbox on the disk, delivered when the server is there.

Belongs here: when a recipient is told what, and in which order things become durable. Does not belong
here: the facts (report.py), the words (compose.py), the files (store.py), the server (smtp.py).

A message is put together with the memory that it was, so that a crash neither loses nor repeats it; it
is removed after the server took it, so that a crash in between sends it again under the same
Message-ID. All three functions do nothing while `PIRA_SMTP_HOST` is not set, and raise
`PostaNonConfigurata` where a setting is wrong.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP

from pipelines.mail import store
from pipelines.mail.compose import Scritto, compose_failure, compose_morning, compose_over
from pipelines.mail.memory import Detto, Incidente, Memoria
from pipelines.mail.publication import Pubblicazione, open_publication
from pipelines.mail.report import Rapporto, read_report
from pipelines.mail.settings import Destinatario, Posta
from pipelines.mail.smtp import Interrotta, conversation, hand_over, has_time, recipient_of
from pipelines.settings import ROMA, Luoghi

SCRITTURA, CONSEGNA = "scrittura", "consegna"


@dataclass(frozen=True)
class Messaggio:
    """A message ready to be put: of a kind, to one recipient."""

    genere: str
    identita: str
    content: bytes


def tell_publication(luoghi: Luoghi, adesso: datetime, morning: bool = True) -> int:
    """Puts the morning message of every recipient not told yet tonight; returns how many were put.

    To be called after a run that went well, whether or not it published anything new: an open incident
    is then over, unless it failed after `adesso` (the end of that run, with its zone). "Tonight" is
    the date of `adesso` in Rome. Who was told already, or has nothing to be told, gets only the note
    that the incident is over, if they were told of it; and so does everybody when it is not `morning`:
    what a day publishes is told the next morning.
    """
    posta = Posta.from_environment()
    if posta is None:
        return 0
    with store.turn(luoghi, SCRITTURA), open_publication(luoghi) as pubblicazione:
        if pubblicazione is None:
            return 0
        memoria = store.recall(luoghi)
        finito = memoria.incidente
        if finito is not None and adesso <= finito.ultimo:
            finito = None
        messages, detti = [], dict(memoria.detti)
        for destinatario in posta.destinatari:
            who = _key(destinatario)
            told_of = finito if finito and who in finito.messaggi else None
            rapporto = _to_tell(pubblicazione, destinatario, memoria, adesso) if morning else None
            if rapporto is not None and not rapporto.novita:
                detti[who] = _unchanged(detti[who], rapporto)
                rapporto = None
            if rapporto is not None:
                testo = compose_morning(rapporto, told_of, adesso)
                detti[who] = _told(rapporto, adesso)
                kind = "mattino"
            elif told_of is not None:
                testo = compose_over(told_of, pubblicazione.pubblicato, adesso)
                kind = "fine"
            else:
                continue
            messages.append(_message(posta, destinatario, kind, testo, adesso, told_of))
        if messages or finito or detti != memoria.detti:
            remembered = replace(
                memoria, incidente=None if finito else memoria.incidente, detti=detti
            )
            _put(luoghi, remembered, messages)
        return len(messages)


def tell_failure(luoghi: Luoghi, motivo: str, adesso: datetime) -> int:
    """Opens an incident with one message per recipient; returns how many were put.

    While it is open a failure is only counted: the number is told when it is over. `motivo` is a
    sentence of ours; it goes to every recipient, of whichever chamber, since nobody was published.
    """
    posta = Posta.from_environment()
    if posta is None:
        return 0
    with store.turn(luoghi, SCRITTURA):
        memoria = store.recall(luoghi)
        known = memoria.incidente
        if known is not None:
            again = replace(
                known, fallimenti=known.fallimenti + 1, ultimo=max(known.ultimo, adesso)
            )
            _put(luoghi, replace(memoria, incidente=again), [])
            return 0
        with open_publication(luoghi) as pubblicazione:
            corrente = pubblicazione.pubblicato if pubblicazione else None
        testo = compose_failure(motivo, corrente, adesso)
        told: dict[str, str] = {}
        messages = []
        for destinatario in posta.destinatari:
            message = _message(posta, destinatario, "guasto", testo, adesso)
            told[_key(destinatario)] = message.identita
            messages.append(message)
        _put(luoghi, replace(memoria, incidente=Incidente(adesso, adesso, 1, told)), messages)
        return len(messages)


def deliver(luoghi: Luoghi) -> int:
    """Sends what waits, in order; returns how many were sent. A server that is down is no error.

    What the server refuses for ever is set aside with its answer; what it puts off waits, and with it
    what follows for the same recipient. Why something waits stands in `impedimento.txt`.
    """
    posta = Posta.from_environment()
    if posta is None:
        return 0
    sent = 0
    hindrances: list[str] = []
    waits: set[str | None] = set()
    with store.turn(luoghi, CONSEGNA):
        messages = store.waiting(luoghi)
        try:
            if messages:
                with conversation(posta) as server:
                    for path in messages:
                        content = path.read_bytes()
                        recipient = recipient_of(content)
                        if recipient in waits:
                            continue
                        if sent and not has_time(server, posta):
                            break  # the rest leaves at the next look, a minute from now
                        esito = hand_over(server, posta, content)
                        if esito.stato == "inviato":
                            store.remove(path)
                            sent += 1
                        elif esito.stato == "respinto":
                            store.set_aside(luoghi, path, esito.risposta)
                        else:
                            waits.add(recipient)
                            hindrances.append(f"{recipient}: {esito.risposta}")
        except Interrotta as interrupted:
            hindrances.append(str(interrupted))
        store.note_hindrance(luoghi, hindrances)
    return sent


# --- what to tell whom ------------------------------------------------------------------------------


def _key(destinatario: Destinatario) -> str:
    """By what a recipient is remembered: an address is one however it is spelt."""
    return destinatario.indirizzo.casefold()


def _to_tell(
    pubblicazione: Pubblicazione, destinatario: Destinatario, memoria: Memoria, adesso: datetime
) -> Rapporto | None:
    """What the morning message would say; None where the night is told, or nothing is theirs."""
    detto = memoria.detti.get(_key(destinatario))
    if detto is not None and detto.notte == adesso.astimezone(ROMA).date():
        return None
    rapporto = read_report(pubblicazione, destinatario.camere, detto, adesso)
    if destinatario.camere and not rapporto.partizioni:
        return None
    return rapporto


def _told(rapporto: Rapporto, adesso: datetime) -> Detto:
    return Detto(
        notte=adesso.astimezone(ROMA).date(),
        quando=adesso,
        esecuzione=rapporto.esecuzione,
        pubblicato=rapporto.pubblicato,
        fino_al=rapporto.fino_al,
        problemi=rapporto.problemi,
        tornata=rapporto.tornata or (rapporto.da_tornare and not rapporto.nuova),
    )


def _unchanged(detto: Detto, rapporto: Rapporto) -> Detto:
    """The memory after a night without news: a problem that is over is news when it comes again."""
    still = rapporto.problemi
    return replace(
        detto,
        esecuzione=rapporto.esecuzione,
        pubblicato=rapporto.pubblicato,
        problemi={
            key: min(cases, still[key]) for key, cases in detto.problemi.items() if key in still
        },
    )


# --- messages ---------------------------------------------------------------------------------------


def _put(luoghi: Luoghi, memoria: Memoria, messages: list[Messaggio]) -> None:
    store.commit(luoghi, memoria, [(message.genere, message.content) for message in messages])


def _message(
    posta: Posta,
    destinatario: Destinatario,
    genere: str,
    testo: Scritto,
    adesso: datetime,
    risponde: Incidente | None = None,
) -> Messaggio:
    """The message as it will travel, but for its sender, which is set when it leaves.

    Its Message-ID is made from what it says to whom, so that the same message always has the same.
    """
    parts = (genere, adesso.isoformat(), destinatario.indirizzo, testo.oggetto, testo.corpo)
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
    identita = f"<pira.{genere}.{digest}@{posta.mittente.domain}>"
    message = EmailMessage(policy=SMTP)
    message["Date"] = adesso.astimezone(ROMA)
    message["To"] = destinatario.indirizzo
    message["Subject"] = testo.oggetto
    message["Message-ID"] = identita
    if risponde is not None:
        message["In-Reply-To"] = message["References"] = _identity_of(
            risponde.messaggi, destinatario
        )
    # nobody's out-of-office note is wanted, and no list should take it for a person's
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(testo.corpo, cte="quoted-printable")
    return Messaggio(genere, identita, message.as_bytes())


def _identity_of(messaggi: Mapping[str, str], destinatario: Destinatario) -> str:
    return messaggi[_key(destinatario)]
