"""What may stand after an option: the words of a command line as values of the domain.

Belongs here: one function per kind of option, each of which says in Italian what it wants. Does not
belong here: which options there are (cli.py).
"""

import argparse
import re
from datetime import date


def camera(text: str) -> str:
    """A chamber's code. Raises `ArgumentTypeError`."""
    if not re.fullmatch("[A-Z]{2}", text):
        raise argparse.ArgumentTypeError(f"{text!r} non è una sigla di due lettere maiuscole (MS)")
    return text


def esercizio(text: str) -> int:
    """A year. Raises `ArgumentTypeError`."""
    if not re.fullmatch("(?!0000)[0-9]{4}", text):  # the calendar has no year 0
        raise argparse.ArgumentTypeError(f"{text!r} non è un anno di quattro cifre (2020)")
    return int(text)


def run(text: str) -> str:
    """The name of a run. Raises `ArgumentTypeError`."""
    if not re.fullmatch("[A-Za-z0-9-]{1,64}", text):
        raise argparse.ArgumentTypeError(f"{text!r} non è un nome di lettere, cifre e trattini")
    return text


def day(text: str) -> date:
    """A day. Raises `ArgumentTypeError`."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} non è una data (2020-12-31)") from None


def days(text: str) -> int:
    """How many days. Raises `ArgumentTypeError`."""
    if not re.fullmatch("[0-9]{1,4}", text) or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} non è un numero di giorni (90)")
    return int(text)


def number(text: str) -> int:
    """How many, or which one. Raises `ArgumentTypeError`."""
    if not re.fullmatch("[0-9]{1,9}", text):
        raise argparse.ArgumentTypeError(f"{text!r} non è un numero intero (20)")
    return int(text)


def how_many(text: str) -> int:
    """How many, at least one. Raises `ArgumentTypeError`."""
    if not re.fullmatch("[0-9]{1,9}", text) or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} non è un numero intero da 1 in su (25)")
    return int(text)


def quota(text: str) -> tuple[int, int]:
    """A slice of so many, `7/30`. Raises `ArgumentTypeError`."""
    found = re.fullmatch("([0-9]{1,4})/([0-9]{1,4})", text)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise argparse.ArgumentTypeError(f"{text!r} non è una fetta (7/30)")
    return int(found[1]), int(found[2])
