"""The steps of the night as places where a harm can strike, whoever runs them.

Belongs here: what the steps are called, and the harm before one of them. It strikes in this process, or
in one that Dagster starts, which finds its orders in the environment (innesto/sitecustomize.py). The
product knows nothing of it.
"""

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

PASSI = ("begin", "read_plans", "read_or_keep", "build_warehouse", "write_scorecards", "publish")
"""What a run calls of pipelines/night/steps.py, in order; `begin` is its turn."""

ORDINI = "PROVA_TRA_I_PASSI"
"""The variable that holds the orders of `ordina`."""


def innesta(
    steps: ModuleType,
    prima: Callable[[str], None],
    metti: Callable[[ModuleType, str, object], None] = setattr,
) -> None:
    """From here on `prima` is told the name of each step before the step begins."""

    def avvisato(name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            prima(name)
            return step(*arguments, **named)

        return call

    for name in PASSI:
        metti(steps, name, avvisato(name, getattr(steps, name)))


def togli(raw: Path, vuota: bool) -> None:
    """The landing zone is elsewhere; `vuota` leaves its name, as a disk does that is no longer mounted."""
    raw.rename(raw.with_name("altrove"))
    if vuota:
        raw.mkdir()


def rimetti(raw: Path) -> None:
    """The landing zone is where it was."""
    if raw.exists():
        raw.rmdir()
    raw.with_name("altrove").rename(raw)


def ordina(guasto: str, passo: str) -> dict[str, str]:
    """The environment in which a run harms itself before a step."""
    return {ORDINI: json.dumps([guasto, passo])}


def obbedisci(steps: ModuleType) -> None:
    """Prepares the harm that the environment orders."""
    guasto, passo = json.loads(os.environ[ORDINI])

    def harm(name: str) -> None:
        if name != passo:
            return
        if guasto == "uccisione":
            os.kill(os.getpid(), signal.SIGKILL)
        togli(Path(os.environ["PIRA_RAW"]), guasto == "zona vuota")

    innesta(steps, harm)
