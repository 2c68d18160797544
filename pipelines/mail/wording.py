"""How a message is worded, whatever it says: width, lists, counts, instants, texts from outside.

Belongs here: the forms that every section uses. Does not belong here: the sections (compose.py).
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from textwrap import wrap
from typing import TypeVar

from pipelines.italiano import format_numero
from pipelines.partizione import Partizione
from pipelines.settings import ROMA
from pipelines.testo import one_line

LARGHEZZA = 72
"""Characters in a line."""

VOCI = 12
"""Entries that a list shows before it says how many others there are."""

T = TypeVar("T")


def as_body(sections: Iterable[list[str]]) -> str:
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def as_items(things: Iterable[T], say: Callable[[T], str], others: str) -> list[str]:
    """A list of entries, each wrapped under its dash; a long one ends with how many others."""
    every = list(things)
    shown = every if len(every) <= VOCI + 1 else every[:VOCI]
    entries = [say(one) for one in shown]
    if len(every) > len(shown):
        entries.append(f"... e {others.format(len(every) - len(shown))}")
    return [line for entry in entries for line in as_prose(entry, "- ", "  ")]


def as_list(names: list[str]) -> str:
    rest = f" e altri {len(names) - VOCI}" if len(names) > VOCI else ""
    return ", ".join(names[:VOCI]) + rest


def as_prose(text: str, first: str = "", then: str = "") -> list[str]:
    return wrap(
        text,
        LARGHEZZA,
        initial_indent=first,
        subsequent_indent=then,
        break_on_hyphens=False,
    )


def clean(text: str) -> str:
    """A text from outside as one line of printable characters, whatever it holds."""
    return one_line(text, "\N{REPLACEMENT CHARACTER}")


def shorten(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def name_of(partizione: Partizione) -> str:
    return f"{clean(partizione.camera)} {partizione.esercizio:04d}"


def count_of(how_many: int, one: str, many: str) -> str:
    """`1 caso`, `12 casi`; nothing for none."""
    number = format_numero(Decimal(how_many), 0)
    return f"{number} {one if how_many == 1 else many}" if how_many else ""


def at_instant(moment: datetime) -> str:
    return f"{moment.astimezone(ROMA):%d/%m/%Y alle %H:%M}"


def duration_of(since: datetime, until: datetime) -> str:
    """How long, in the two largest units. Through UTC: a night of the clock has 23 or 25 hours."""
    minutes = int((until.astimezone(UTC) - since.astimezone(UTC)).total_seconds()) // 60
    units = (
        count_of(minutes // 1440, "giorno", "giorni"),
        count_of(minutes // 60 % 24, "ora", "ore"),
        count_of(minutes % 60, "minuto", "minuti"),
    )
    return " e ".join([unit for unit in units if unit][:2]) or "meno di un minuto"
