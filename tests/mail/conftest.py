"""An output of its own for every test, and a mail that is on, at a port where a server may listen."""

from pathlib import Path

import pytest

from pipelines.settings import Luoghi
from tests.mail.servitore import Cassetta, porta_libera

CONTROLLO = "controllo@example.it"


@pytest.fixture
def luoghi(tmp_path: Path) -> Luoghi:
    """A landing zone and an output, empty."""
    return Luoghi(tmp_path / "raw", tmp_path / "warehouse")


@pytest.fixture
def porta() -> int:
    """A port of loopback."""
    return porta_libera()


@pytest.fixture
def cassetta() -> Cassetta:
    """What the server will take."""
    return Cassetta()


@pytest.fixture(autouse=True)
def posta(monkeypatch: pytest.MonkeyPatch, porta: int) -> None:
    """The mail on, to one recipient, at a server that is not there yet."""
    for name in ("TLS", "USER", "PASSWORD"):
        monkeypatch.delenv(f"PIRA_SMTP_{name}", raising=False)
    monkeypatch.setenv("PIRA_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("PIRA_SMTP_PORT", str(porta))
    monkeypatch.setenv("PIRA_MAIL_FROM", "pira <pira@camera.example.it>")
    monkeypatch.setenv("PIRA_MAIL_TO", CONTROLLO)
