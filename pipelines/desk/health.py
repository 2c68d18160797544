"""The dead man: whether the nights still happen, asked from outside Dagster.

Belongs here: asking every look, each in its own thread and within a limit, and telling what they found in
one line: a file that is broken is a problem with a name, never a traceback nor a wait without end. Does
not belong here: what is looked at (looks.py).
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, SimpleQueue

from pipelines.desk.looks import (
    Referto,
    look_at_custody,
    look_at_daemon,
    look_at_disk,
    look_at_documents,
    look_at_figures,
    look_at_mail,
    look_at_publication,
    reason,
)
from pipelines.desk.metrics import Misura
from pipelines.settings import Luoghi
from pipelines.settings import now as clock

SECONDS = 30.0
"""How long a look may last."""


@dataclass(frozen=True)
class Salute:
    """Everything found."""

    problemi: tuple[str, ...]
    bene: tuple[str, ...]
    misure: tuple[Misura, ...]

    @property
    def sana(self) -> bool:
        return not self.problemi

    @property
    def riga(self) -> str:
        """All of it in one line."""
        parts = "; ".join(self.bene if self.sana else self.problemi)
        return " ".join(f"{'In salute' if self.sana else 'Da guardare'}: {parts}.".split())


Sguardo = Callable[[Luoghi, datetime], Referto]


def look(luoghi: Luoghi, now: datetime | None = None, seconds: float = SECONDS) -> Salute:
    """Looks at everything at once; each look that fails or takes longer than `seconds` is a problem."""
    when = now or clock()
    looks: dict[str, Sguardo] = {
        "l'ultima pubblicazione": look_at_publication,
        "il demone di Dagster": look_at_daemon,
        "il disco": look_at_disk,
        "ciò con cui si scrivono i documenti": look_at_documents,
        "la posta": look_at_mail,
        "ciò che è tenuto": look_at_custody,
        "il magazzino pubblicato": look_at_figures,
    }
    waiting = {name: _start(one, luoghi, when) for name, one in looks.items()}
    deadline = time.monotonic() + seconds
    found = []
    for name, answer in waiting.items():
        try:
            result = answer.get(timeout=max(0.0, deadline - time.monotonic()))
        except Empty:
            result = Referto((f"{name} non risponde entro {seconds:.0f} secondi",))
        if isinstance(result, Exception):
            result = Referto((f"{name} non si può guardare ({reason(result)})",))
        found.append(result)
    problems = tuple(p for f in found for p in f.problemi)
    figures = [m for f in found for m in f.misure]
    figures.append(Misura("pira_in_salute", 0 if problems else 1))
    return Salute(problems, tuple(b for f in found for b in f.bene), tuple(figures))


def _start(one: Sguardo, luoghi: Luoghi, now: datetime) -> "SimpleQueue[Referto | Exception]":
    """Looks in a thread that the end of the process does not wait for."""
    answer: SimpleQueue[Referto | Exception] = SimpleQueue()

    def work() -> None:
        try:
            answer.put(one(luoghi, now))
        except Exception as error:
            answer.put(error)

    threading.Thread(target=work, daemon=True).start()
    return answer
