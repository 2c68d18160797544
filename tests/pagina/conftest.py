"""One instance and one browser for all that is looked at; without a browser, nothing is."""

import os
from collections.abc import Iterator

import pytest

from tests.pagina.browser import Occhio, guarda, trova
from tests.pagina.istanza import Istanza, con_difetti, servi


@pytest.fixture(scope="session", autouse=True)
def browser_there() -> None:
    """Without a browser nothing is looked at."""
    if trova() is None:
        if os.environ.get("CI"):
            pytest.fail("no browser on this machine: install Chromium")
        pytest.skip("no browser on this machine")


@pytest.fixture(scope="module")
def istanza(tmp_path_factory: pytest.TempPathFactory) -> Istanza:
    """A small landing zone with its faults, after a night."""
    made = con_difetti(tmp_path_factory.mktemp("pagina"))
    made.notte()
    return made


@pytest.fixture(scope="module")
def aperto(istanza: Istanza) -> Iterator[Occhio]:
    """The browser in front of the instance's page."""
    with servi(istanza) as address, guarda(address) as occhio:
        yield occhio


@pytest.fixture
def occhio(aperto: Occhio) -> Iterator[Occhio]:
    """The browser; at the end of each test no page has complained or asked for another machine."""
    yield aperto
    for page in aperto.contesto.pages:
        page.close()
    assert (aperto.fuori, aperto.guai) == ([], [])
