"""What the words after `pira` may be.

Belongs here: the types of options and arguments, and what is said of a word that is not one. Does not
belong here: which commands take them (cli.py).
"""

import argparse
import re
from datetime import date


def camera(text: str) -> str:
    """A chamber: two capital letters."""
    if not re.fullmatch("[A-Z]{2}", text):
        raise argparse.ArgumentTypeError(f"{text!r} non è una sigla di due lettere maiuscole (MS)")
    return text


def esercizio(text: str) -> int:
    """A year of four digits."""
    if not re.fullmatch("(?!0000)[0-9]{4}", text):  # the calendar has no year 0
        raise argparse.ArgumentTypeError(f"{text!r} non è un anno di quattro cifre (2020)")
    return int(text)


def day(text: str) -> date:
    """A day as ISO 8601 writes it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} non è una data (2020-12-31)") from None


def days(text: str) -> int:
    """A number of days, at least one."""
    if not re.fullmatch("[0-9]{1,4}", text) or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} non è un numero di giorni (90)")
    return int(text)


def quota(text: str) -> tuple[int, int]:
    """Slice n of m, both from 1 on."""
    found = re.fullmatch("([0-9]{1,4})/([0-9]{1,4})", text)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise argparse.ArgumentTypeError(f"{text!r} non è una fetta (7/30)")
    return int(found[1]), int(found[2])
