"""What waits leaves, in order, once; whatever the server does, nothing is lost.

Belongs here: the way to a real server on loopback and its answers. Does not belong here: what is put in
the outbox, and when (test_outbox.py).
"""

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from pipelines.mail import store
from pipelines.mail.outbox import deliver, tell_failure, tell_publication
from pipelines.mail.settings import Posta
from pipelines.settings import Luoghi
from tests.mail.conftest import CONTROLLO
from tests.mail.processi import insieme
from tests.mail.pubblicazioni import ora, prima_notte, seconda_notte
from tests.mail.servitore import PASSWORD, UTENTE, Cassetta, acceso, certificato, scostante

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

TRE = "a@example.it, b@example.it, c@example.it"


def nomi(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def in_attesa(luoghi: Luoghi) -> list[str]:
    return nomi(luoghi.posta / "uscita")


def impedimento(luoghi: Luoghi) -> str:
    place = luoghi.posta / "impedimento.txt"
    return place.read_text() if place.exists() else ""


@pytest.fixture
def tre(luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch) -> Luoghi:
    """Three recipients, two messages waiting for each."""
    monkeypatch.setenv("PIRA_MAIL_TO", TRE)
    prima_notte(luoghi)
    tell_publication(luoghi, ora(1, 4, 2))
    seconda_notte(luoghi)
    tell_publication(luoghi, ora(2, 4, 2))
    assert len(in_attesa(luoghi)) == 6
    return luoghi


# --- a server that is there -------------------------------------------------------------------------


def test_what_waits_is_sent_once_and_arrives_as_it_was_composed(
    luoghi: Luoghi, cassetta: Cassetta, porta: int
) -> None:
    prima_notte(luoghi)
    tell_publication(luoghi, ora(1, 4, 2))
    (stored,) = (luoghi.posta / "uscita").iterdir()
    content = stored.read_bytes()
    with acceso(cassetta, porta):
        assert deliver(luoghi) == 1
        assert deliver(luoghi) == 0
    ((sender, recipients, received),) = cassetta.buste
    assert (sender, recipients) == ("pira@camera.example.it", [CONTROLLO])
    assert in_attesa(luoghi) == [] and impedimento(luoghi) == ""
    (message,) = cassetta.messaggi
    assert message["From"] == "pira <pira@camera.example.it>"
    assert message["Subject"] == "pira: MS 2020 pubblicata, 3 celle nuove"
    assert "realizzazione 87,35%" in message.get_content()
    head, body = content.split(b"\r\n\r\n", 1)
    assert received.split(b"\r\n\r\n", 1)[1] == body
    assert set(head.split(b"\r\n")) < set(received.split(b"\r\n\r\n", 1)[0].split(b"\r\n"))


def test_the_longest_address_is_one_line_of_the_conversation(
    luoghi: Luoghi, cassetta: Cassetta, porta: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"{'a' * 60}@{'.'.join(['b' * 60] * 3)}.it"
    monkeypatch.setenv("PIRA_MAIL_TO", address)
    tell_failure(luoghi, "x", ora(1))
    with acceso(cassetta, porta):
        assert deliver(luoghi) == 1
    assert cassetta.destinatari == [address]


def test_nothing_waiting_asks_nothing_of_the_server(luoghi: Luoghi) -> None:
    assert deliver(luoghi) == 0 and impedimento(luoghi) == ""


# --- a server that is down --------------------------------------------------------------------------


def test_a_server_that_is_down_loses_nothing_and_the_order_is_kept(
    luoghi: Luoghi, cassetta: Cassetta, porta: int
) -> None:
    prima_notte(luoghi)
    tell_publication(luoghi, ora(1, 4, 2))
    assert deliver(luoghi) == 0
    tell_failure(luoghi, "I conti non tornano.", ora(2, 4, 10))
    assert deliver(luoghi) == 0
    seconda_notte(luoghi)
    tell_publication(luoghi, ora(2, 9))
    assert deliver(luoghi) == 0
    assert len(in_attesa(luoghi)) == 3
    assert f"127.0.0.1:{porta} non è raggiungibile" in impedimento(luoghi)
    with acceso(cassetta, porta):
        assert deliver(luoghi) == 3
    assert [str(m["Subject"])[:14] for m in cassetta.messaggi] == [
        "pira: MS 2020 ",
        "pira: esecuzio",
        "pira: guasto f",
    ]
    assert in_attesa(luoghi) == [] and impedimento(luoghi) == ""


class Brusco(Cassetta):
    """Breaks the conversation at the second message, once it has its text and before it answers."""

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if len(self.buste) == 1:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            await asyncio.sleep(0)
        return await super().handle_DATA(server, session, envelope)


def test_a_conversation_that_breaks_keeps_what_was_not_answered(tre: Luoghi, porta: int) -> None:
    brusco = Brusco()
    with acceso(brusco, porta):
        assert deliver(tre) == 1
    assert in_attesa(tre)[0].startswith("00000002") and len(in_attesa(tre)) == 5
    assert impedimento(tre)
    after = Cassetta()
    with acceso(after, porta):
        assert deliver(tre) == 5
    assert after.destinatari == [f"{x}@example.it" for x in "bcabc"]


@pytest.mark.parametrize("answer", ["421 torno subito", "530 5.7.0 prima l'accesso"])
def test_an_answer_that_is_about_the_server_keeps_everything(
    tre: Luoghi, cassetta: Cassetta, porta: int, answer: str
) -> None:
    cassetta.risposte["b@example.it"] = answer
    with acceso(cassetta, porta):
        assert deliver(tre) == 1
    assert len(in_attesa(tre)) == 5 and nomi(tre.posta / "respinta") == []
    assert impedimento(tre).startswith(f"127.0.0.1:{porta} risponde {answer}")
    assert ("PIRA_SMTP_USER" in impedimento(tre)) == answer.startswith("530")


@pytest.mark.parametrize(
    ("answer", "remedy"),
    [
        (
            "504 5.5.2 <a1b2>: Helo command rejected: need fully-qualified hostname",
            "PIRA_SMTP_HELO",
        ),
        ("504 unrecognized", "PIRA_SMTP_HELO"),
        ("554 5.7.1 <b@example.it>: Relay access denied", "PIRA_SMTP_USER"),
        ("550 relay not permitted", "PIRA_SMTP_USER"),
        ("553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", "PIRA_SMTP_USER"),
        ("550 5.7.1 Service unavailable; client host [192.0.2.1] blocked", "chi lo cura"),
        ("554 no", "chi lo cura"),
        ("550 5.1.8 sender's domain not found", "PIRA_MAIL_FROM"),
    ],
)
def test_an_answer_that_blames_this_machine_ends_no_message(
    tre: Luoghi, cassetta: Cassetta, porta: int, answer: str, remedy: str
) -> None:
    cassetta.risposte["b@example.it"] = answer
    with acceso(cassetta, porta):
        assert deliver(tre) == 4, "what the server takes is sent all the same"
        assert in_attesa(tre) == ["00000002-mattino.eml", "00000005-mattino.eml"]
        assert nomi(tre.posta / "respinta") == []
        (sentence,) = impedimento(tre).splitlines()
        assert sentence.startswith(f"b@example.it: {answer}: ") and sentence.endswith(".")
        assert remedy in sentence
        cassetta.risposte.clear()
        assert deliver(tre) == 2
    assert in_attesa(tre) == [] and impedimento(tre) == ""


@pytest.mark.parametrize(
    "answer",
    [
        "550 5.1.1 <b@example.it>: User unknown in relay recipient table",
        "501 5.1.3 bad recipient address syntax",
        "550 Unrouteable address",
        "552 5.2.2 mailbox full",
    ],
)
def test_a_refusal_of_a_recipient_ends_only_theirs(
    tre: Luoghi, cassetta: Cassetta, porta: int, answer: str
) -> None:
    cassetta.risposte["b@example.it"] = answer
    with acceso(cassetta, porta):
        assert deliver(tre) == 4
    assert in_attesa(tre) == [] and impedimento(tre) == ""
    assert (tre.posta / "respinta" / "00000005-mattino.txt").read_text() == f"{answer}\n"


def test_a_greeting_that_is_refused_keeps_everything_until_the_name_is_mended(
    tre: Luoghi, cassetta: Cassetta, porta: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    cassetta.al_saluto = "504 5.5.2 need fully-qualified hostname"
    with acceso(cassetta, porta):
        assert deliver(tre) == 0
        assert len(in_attesa(tre)) == 6 and nomi(tre.posta / "respinta") == []
        assert "fully-qualified" in impedimento(tre) and "PIRA_SMTP_HELO" in impedimento(tre)
        cassetta.al_saluto = None
        monkeypatch.setenv("PIRA_SMTP_HELO", "pira.camera.example.it")
        assert deliver(tre) == 6
    assert cassetta.nomi[-1] == "pira.camera.example.it"


def test_a_server_that_refuses_the_connection_keeps_everything(tre: Luoghi, porta: int) -> None:
    with scostante(porta, "554 5.7.1 no mail from 192.0.2.1"):
        assert deliver(tre) == 0
    assert len(in_attesa(tre)) == 6 and nomi(tre.posta / "respinta") == []
    assert "554 5.7.1" in impedimento(tre) and "chi lo cura" in impedimento(tre)


def test_a_sender_that_is_not_logged_in_is_told_of_the_login(
    tre: Luoghi, cassetta: Cassetta, porta: int
) -> None:
    cassetta.al_mittente = "530 5.7.0 Authentication required"
    with acceso(cassetta, porta):
        assert deliver(tre) == 0
    assert "PIRA_SMTP_USER" in impedimento(tre) and "PIRA_MAIL_FROM" not in impedimento(tre)


def test_an_address_of_an_international_domain_travels_as_every_server_takes_it(
    luoghi: Luoghi, cassetta: Cassetta, porta: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIRA_MAIL_TO", "controllo@à.example, Controllo@À.example")
    monkeypatch.setenv("PIRA_MAIL_FROM", "pira <pira@città.example>")
    tell_failure(luoghi, "x", ora(1))
    with acceso(cassetta, porta):
        assert deliver(luoghi) == 1
    ((sender, recipients, _),) = cassetta.buste
    assert (sender, recipients) == ("pira@xn--citt-3na.example", ["controllo@xn--0ca.example"])
    (message,) = cassetta.messaggi
    assert message["To"] == "controllo@xn--0ca.example"
    assert message["From"] == "pira <pira@xn--citt-3na.example>"


# --- a server that refuses --------------------------------------------------------------------------


def test_a_recipient_refused_for_ever_is_set_aside_and_the_others_are_sent(
    tre: Luoghi, cassetta: Cassetta, porta: int
) -> None:
    cassetta.risposte["b@example.it"] = "550 5.1.1 non esiste"
    with acceso(cassetta, porta):
        assert deliver(tre) == 4
        assert deliver(tre) == 0
    assert cassetta.destinatari == [f"{x}@example.it" for x in "acac"]
    assert in_attesa(tre) == [] and impedimento(tre) == ""
    assert nomi(tre.posta / "respinta") == [
        "00000002-mattino.eml",
        "00000002-mattino.txt",
        "00000005-mattino.eml",
        "00000005-mattino.txt",
    ]
    answer = tre.posta / "respinta" / "00000002-mattino.txt"
    assert answer.read_text() == "550 5.1.1 non esiste\n"


def test_what_was_set_aside_leaves_when_it_is_put_back(
    tre: Luoghi, cassetta: Cassetta, porta: int
) -> None:
    cassetta.risposte["b@example.it"] = "550 5.1.1 non esiste"
    with acceso(cassetta, porta):
        deliver(tre)
        cassetta.risposte.clear()
        aside = tre.posta / "respinta" / "00000002-mattino.eml"
        aside.rename(tre.posta / "uscita" / aside.name)
        assert deliver(tre) == 1
    assert cassetta.destinatari[-1] == "b@example.it"


def test_a_recipient_refused_for_now_waits_in_order_and_the_others_are_sent(
    tre: Luoghi, cassetta: Cassetta, porta: int
) -> None:
    cassetta.risposte["b@example.it"] = "450 4.2.0 greylisting"
    with acceso(cassetta, porta):
        assert deliver(tre) == 4
        assert in_attesa(tre) == ["00000002-mattino.eml", "00000005-mattino.eml"]
        assert impedimento(tre) == "b@example.it: 450 4.2.0 greylisting\n"
        cassetta.risposte.clear()
        assert deliver(tre) == 2
    dates = [str(m["Date"])[5:7] for m in cassetta.messaggi if m["To"] == "b@example.it"]
    assert dates == ["01", "02"]
    assert impedimento(tre) == ""


@pytest.mark.parametrize(
    ("answer", "waits", "aside"),
    [
        ("554 5.6.0 contenuto", 0, 6),
        ("552 5.3.4 troppo lungo", 0, 6),
        ("554 rifiutato", 0, 6),
        ("451 4.3.0 disco", 6, 0),
        ("550 5.7.26 unauthenticated", 6, 0),
    ],
)
def test_a_text_that_is_refused(
    tre: Luoghi, cassetta: Cassetta, porta: int, answer: str, waits: int, aside: int
) -> None:
    cassetta.ai_dati = answer
    with acceso(cassetta, porta):
        assert deliver(tre) == 0
    assert len(in_attesa(tre)) == waits
    assert len(list((tre.posta / "respinta").glob("*.eml"))) == aside


def test_a_sender_that_is_refused_is_no_fault_of_the_messages_and_can_be_mended(
    tre: Luoghi, cassetta: Cassetta, porta: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    cassetta.al_mittente = "550 5.7.1 mittente ignoto"
    with acceso(cassetta, porta):
        assert deliver(tre) == 0
        assert len(in_attesa(tre)) == 6
        assert "PIRA_MAIL_FROM" in impedimento(tre) and "mittente ignoto" in impedimento(tre)
        cassetta.al_mittente = None
        monkeypatch.setenv("PIRA_MAIL_FROM", "giusto@example.it")
        assert deliver(tre) == 6
    assert {sender for sender, _, _ in cassetta.buste} == {"giusto@example.it"}
    assert {str(m["From"]) for m in cassetta.messaggi} == {"giusto@example.it"}


def test_a_message_changed_by_hand_stops_nobody(
    tre: Luoghi, cassetta: Cassetta, porta: int
) -> None:
    spoilt = tre.posta / "uscita" / in_attesa(tre)[0]
    spoilt.write_bytes(b"\xff\xfe")
    with acceso(cassetta, porta):
        assert deliver(tre) == 5
    assert nomi(tre.posta / "respinta") == ["00000001-mattino.eml", "00000001-mattino.txt"]


# --- encryption and login ---------------------------------------------------------------------------


@pytest.fixture
def con_accesso(monkeypatch: pytest.MonkeyPatch) -> None:
    """The right user and password."""
    monkeypatch.setenv("PIRA_SMTP_USER", UTENTE)
    monkeypatch.setenv("PIRA_SMTP_PASSWORD", PASSWORD)


def options(cassetta: Cassetta, **others: Any) -> dict[str, Any]:
    """A server that wants a login."""
    return {"authenticator": cassetta.accesso, "auth_required": True, **others}


@pytest.mark.usefixtures("con_accesso")
@pytest.mark.parametrize("cifratura", ["starttls", "tls"])
def test_encrypted_and_logged_in(
    tre: Luoghi,
    cassetta: Cassetta,
    porta: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    cifratura: str,
) -> None:
    pem, context = certificato(tmp_path)
    monkeypatch.setenv("PIRA_SMTP_TLS", cifratura)
    if cifratura == "starttls":
        server = options(cassetta, tls_context=context, require_starttls=True)
    else:
        server = options(cassetta, ssl_context=context, auth_require_tls=False)
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))  # for the server's own look at itself
    with acceso(cassetta, porta, **server):
        monkeypatch.delenv("SSL_CERT_FILE", raising=False)
        assert deliver(tre) == 0  # nobody vouches for the certificate
        assert cassetta.accessi == [] and "certificate verify failed" in impedimento(tre)
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        assert deliver(tre) == 6
    assert cassetta.accessi == [PASSWORD.encode()]
    if cifratura == "starttls":  # with the other, the server speaks nothing else
        assert cassetta.cifrate == [True] * 6


@pytest.mark.usefixtures("con_accesso")
def test_a_wrong_password_keeps_everything_and_is_written_nowhere(
    tre: Luoghi,
    cassetta: Cassetta,
    porta: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    wrong = "sbagliata-0815"
    monkeypatch.setenv("PIRA_SMTP_PASSWORD", wrong)
    with (
        caplog.at_level(logging.WARNING),
        acceso(cassetta, porta, **options(cassetta, auth_require_tls=False)),
    ):
        assert deliver(tre) == 0
    assert cassetta.accessi and set(cassetta.accessi) == {wrong.encode()}
    assert len(in_attesa(tre)) == 6
    assert "PIRA_SMTP_USER e PIRA_SMTP_PASSWORD" in impedimento(tre)
    printed = capfd.readouterr()
    written = [path.read_bytes() for path in tre.posta.rglob("*") if path.is_file()]
    assert not any(wrong.encode() in content for content in written)
    assert wrong not in printed.out + printed.err + caplog.text


def test_a_server_that_wants_a_login_keeps_everything(
    tre: Luoghi, cassetta: Cassetta, porta: int
) -> None:
    with acceso(cassetta, porta, **options(cassetta, auth_require_tls=False)):
        assert deliver(tre) == 0
    assert len(in_attesa(tre)) == 6 and "530" in impedimento(tre)


def test_a_server_without_starttls_gets_nothing_in_clear(
    tre: Luoghi, cassetta: Cassetta, porta: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIRA_SMTP_TLS", "starttls")
    with acceso(cassetta, porta):
        assert deliver(tre) == 0
    assert cassetta.buste == [] and "non offre" in impedimento(tre)


def test_an_answer_that_repeats_the_password_is_kept_without_it(
    tre: Luoghi, cassetta: Cassetta, porta: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIRA_SMTP_USER", UTENTE)
    monkeypatch.setenv("PIRA_SMTP_PASSWORD", PASSWORD)
    cassetta.risposte["b@example.it"] = f"550 {PASSWORD} no"
    with acceso(cassetta, porta, **options(cassetta, auth_require_tls=False)):
        assert deliver(tre) == 4
    answer = (tre.posta / "respinta" / "00000002-mattino.txt").read_text()
    assert answer == "550 *** no\n"
    assert PASSWORD not in repr(Posta.from_environment())


# --- at once, and half-way --------------------------------------------------------------------------


def test_several_processes_at_once_send_each_message_once(
    tre: Luoghi, cassetta: Cassetta, porta: int
) -> None:
    cassetta.lentezza = 0.05
    with acceso(cassetta, porta):
        counts = insieme(tre, "deliver", 3)
    assert sum(counts) == 6
    identities = [str(m["Message-ID"]) for m in cassetta.messaggi]
    assert len(identities) == len(set(identities)) == 6


def test_a_crash_after_the_server_has_it_sends_it_again_recognisably(
    tre: Luoghi, cassetta: Cassetta, porta: int
) -> None:
    with acceso(cassetta, porta):
        assert insieme(tre, "dies", 1) == [-1]
        assert deliver(tre) == 6
        assert deliver(tre) == 0
    first, again, *others = (str(m["Message-ID"]) for m in cassetta.messaggi)
    assert first == again and len({first, *others}) == 6
    assert cassetta.buste[0] == cassetta.buste[1]


def test_a_message_can_be_put_while_another_is_being_sent(luoghi: Luoghi) -> None:
    with store.turn(luoghi, "consegna"):
        assert tell_failure(luoghi, "x", ora(1)) == 1
