"""The settings of the mail: off, right, or wrong with one sentence that says which and how."""

import pytest

from pipelines.mail.settings import Destinatario, Posta, PostaNonConfigurata

VARIABILI = ("HOST", "PORT", "TLS", "USER", "PASSWORD")


@pytest.fixture(autouse=True)
def posta(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting at all."""
    for name in [f"PIRA_SMTP_{v}" for v in VARIABILI] + ["PIRA_MAIL_FROM", "PIRA_MAIL_TO"]:
        monkeypatch.delenv(name, raising=False)


def scrivi(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    """The least that is right, and what a case changes of it."""
    least = {
        "PIRA_SMTP_HOST": "smtp.example.it",
        "PIRA_MAIL_FROM": "pira@example.it",
        "PIRA_MAIL_TO": "a@example.it",
    }
    for name, value in {**least, **values}.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("host", [None, "", "  "])
def test_the_mail_is_off_without_a_server(
    monkeypatch: pytest.MonkeyPatch, host: str | None
) -> None:
    scrivi(monkeypatch, PIRA_SMTP_HOST=host or "", PIRA_SMTP_PORT="wrong")
    if host is None:
        monkeypatch.delenv("PIRA_SMTP_HOST")
    assert Posta.from_environment() is None


def test_what_is_not_said_has_a_default(monkeypatch: pytest.MonkeyPatch) -> None:
    scrivi(monkeypatch)
    posta = Posta.from_environment()
    assert posta is not None
    assert (posta.host, posta.porta, posta.cifratura) == ("smtp.example.it", 25, "no")
    assert (posta.utente, posta.password) == (None, None)
    assert posta.mittente.addr_spec == "pira@example.it"
    assert posta.destinatari == (Destinatario("a@example.it"),)


def test_everything_said_is_read_and_the_password_is_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scrivi(
        monkeypatch,
        PIRA_SMTP_PORT="587",
        PIRA_SMTP_TLS="starttls",
        PIRA_SMTP_USER="pira",
        PIRA_SMTP_PASSWORD=" s3greta ",
        PIRA_MAIL_FROM="Piano d'ente <pira@example.it>",
    )
    posta = Posta.from_environment()
    assert posta is not None
    assert (posta.porta, posta.cifratura, posta.utente) == (587, "starttls", "pira")
    assert posta.password == " s3greta "
    assert "s3greta" not in repr(posta)
    assert posta.mittente.display_name == "Piano d'ente"


def test_a_recipient_is_one_whatever_its_chambers(monkeypatch: pytest.MonkeyPatch) -> None:
    scrivi(
        monkeypatch,
        PIRA_MAIL_TO="MS:uno@example.it, LU:Uno@example.it,due@example.it , PI:due@example.it,"
        "LU:tre@example.it,",
    )
    posta = Posta.from_environment()
    assert posta is not None
    assert posta.destinatari == (
        Destinatario("uno@example.it", ("LU", "MS")),
        Destinatario("due@example.it"),
        Destinatario("tre@example.it", ("LU",)),
    )


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("PIRA_SMTP_HOST", "smtp.example.it:25", "PIRA_SMTP_PORT"),
        ("PIRA_SMTP_HOST", "smtp example", "scrivere solo il nome"),
        ("PIRA_SMTP_PORT", "0", "1 a 65535"),
        ("PIRA_SMTP_PORT", "65536", "1 a 65535"),
        ("PIRA_SMTP_PORT", "smtp", "1 a 65535"),
        ("PIRA_SMTP_SECONDI", "0", "1 a 50"),
        ("PIRA_SMTP_SECONDI", "51", "1 a 50"),
        ("PIRA_SMTP_SECONDI", "un minuto", "1 a 50"),
        ("PIRA_SMTP_TLS", "ssl", "no, starttls, tls"),
        ("PIRA_SMTP_USER", "pira", "vanno insieme"),
        ("PIRA_SMTP_PASSWORD", "s3greta", "vanno insieme"),
        ("PIRA_MAIL_FROM", "", "pira@example.it"),
        ("PIRA_MAIL_FROM", "pira", "pira@example.it"),
        ("PIRA_MAIL_FROM", "pira\nBcc: tutti@example.it <pira@example.it>", "pira@example.it"),
        ("PIRA_MAIL_TO", "", "togliere PIRA_SMTP_HOST"),
        ("PIRA_MAIL_TO", " , ", "togliere PIRA_SMTP_HOST"),
        ("PIRA_MAIL_TO", "a@example.it b@example.it", "separarli con virgole"),
        ("PIRA_MAIL_TO", "lu:a@example.it", "sigla della Camera"),
        ("PIRA_MAIL_TO", "a@example.it\nBcc:b@example.it", "separarli con virgole"),
        ("PIRA_MAIL_TO", "perché@example.it", "prima della chiocciola"),
        ("PIRA_MAIL_FROM", "perché@example.it", "prima della chiocciola"),
        ("PIRA_MAIL_TO", "a@straße.example", "nella forma xn--"),
        ("PIRA_MAIL_TO", "a@à..example", "separarli con virgole"),
        ("PIRA_SMTP_HELO", "a b", "scriverne uno completo"),
        ("PIRA_MAIL_TO", "a@" + "b" * 260, "separarli con virgole"),
    ],
)
def test_a_wrong_setting_is_named_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, remedy: str
) -> None:
    scrivi(monkeypatch, **{name: value})
    with pytest.raises(PostaNonConfigurata) as refusal:
        Posta.from_environment()
    sentence = str(refusal.value)
    assert name in sentence and remedy in sentence
    assert "\n" not in sentence and sentence.endswith(".")
    assert "s3greta" not in sentence


@pytest.mark.parametrize(
    ("host", "cifratura", "allowed"),
    [
        ("smtp.example.it", "no", False),
        ("smtp.example.it", "starttls", True),
        ("smtp.example.it", "tls", True),
        ("10.0.0.1", "no", False),
        ("127.0.0.1", "no", True),
        ("::1", "no", True),
        ("localhost", "no", True),
    ],
)
def test_a_password_does_not_cross_a_network_in_clear(
    monkeypatch: pytest.MonkeyPatch, host: str, cifratura: str, allowed: bool
) -> None:
    scrivi(
        monkeypatch,
        PIRA_SMTP_HOST=host,
        PIRA_SMTP_TLS=cifratura,
        PIRA_SMTP_USER="pira",
        PIRA_SMTP_PASSWORD="s3greta",
    )
    if allowed:
        assert Posta.from_environment() is not None
        return
    with pytest.raises(PostaNonConfigurata, match=r"in chiaro.*PIRA_SMTP_TLS=starttls"):
        Posta.from_environment()
