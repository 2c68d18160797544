"""The fixture through which the tests run the system, and the profile for a long run.

`pytest tests/extracts --hypothesis-profile=lungo` tries many more examples.
"""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.extracts.sistema import Ingerisci, Ingestito, ingerisci_in

settings.register_profile(
    "lungo", max_examples=500, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(scope="session")
def ingerisci() -> Iterator[Ingerisci]:
    """Ingest in a fresh folder, each call its own."""
    radice = Path(tempfile.mkdtemp(prefix="pira-ingest-"))

    def chiama(codice: str, contenuti: Mapping[str, bytes], **altro: object) -> Ingestito:
        cartella = Path(tempfile.mkdtemp(dir=radice))
        try:
            return ingerisci_in(cartella, codice, contenuti, **altro)  # type: ignore[arg-type]
        finally:
            shutil.rmtree(cartella)

    yield chiama
    shutil.rmtree(radice)
