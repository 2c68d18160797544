"""Why a run failed, out of the errors that Dagster kept of it: the one place where they are read.

Belongs here: which words of an error may be told, in a terminal, in a message and on the page alike.
Does not belong here: who is told (mail/, desk/run.py), what is refused (the steps).
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pipelines.publication.pubblicazioni import NonPubblicabile

if TYPE_CHECKING:
    from dagster import DagsterEvent

REFUSALS = (NonPubblicabile.__name__, "NonNelLago")
"""What is raised with a sentence of ours; the lake's by name: its module is loaded only where one is."""

LOCKED = "database is locked"
"""What SQLite says when another process has held a file for longer than it waits."""


def failure_of(error: Any) -> str:
    """Why a run failed, from the error that Dagster kept of it (None where its process was killed).

    A refusal is a sentence of ours. The text of any other error may hold what a file holds, people
    included, so that only its kind is told.
    """
    kind = None
    while error is not None:
        kind = error.cls_name
        if kind in REFUSALS:
            return str(error.message).strip().partition(": ")[2]
        error = error.cause
    if kind is None:
        return (
            "L'esecuzione si è interrotta prima della fine: i suoi registri in Dagster dicono dove."
        )
    return f"Errore imprevisto ({kind}): i registri dell'esecuzione in Dagster dicono dove."


def errors_of(events: Iterable["DagsterEvent"]) -> list[Any]:
    """The errors of a run, whether of a step or before the first."""
    found = [getattr(e.event_specific_data, "error", None) for e in events if e.is_failure]
    return [error for error in found if error is not None]


def is_locked(error: Any) -> bool:
    """Whether an error, raised or kept by Dagster, comes of records that another process holds."""
    while error is not None:
        if LOCKED in str(getattr(error, "message", error)):
            return True
        raised = isinstance(error, BaseException)
        error = error.__cause__ or error.__context__ if raised else error.cause
    return False
