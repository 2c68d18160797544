"""A time of the tests' own, for whole nights.

Belongs here: a clock that shows what a test says, on a machine that counts the same hours. Does not belong
here: what happens at that time.
"""

from datetime import datetime
from typing import Any, ClassVar

import pytest

from pipelines import settings
from pipelines.night import orologio
from pipelines.publication import kept as publications
from pipelines.publication import publish


class Orologio(datetime):
    """A clock that shows what a test says."""

    istante: ClassVar[datetime]

    @classmethod
    def now(cls, tz: Any = None) -> Any:
        """The instant of the test."""
        return cls.istante.astimezone(tz)


def segna(patch: pytest.MonkeyPatch) -> None:
    """From here on the clock is that one, and the machine has been on all the while."""
    patch.setattr(settings, "datetime", Orologio)
    for module in (orologio, publications, publish):
        patch.setattr(
            module, "machine", lambda: {"avvio": "1", "secondi": settings.now().timestamp()}
        )
