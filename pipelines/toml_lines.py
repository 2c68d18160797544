"""TOML whose entries are known by their line, so that whoever wrote it is told where.

Belongs here: reading it, the line of a key. Does not belong here: what a file may say
(contract/mappa_toml.py, plan/mappa.py).
"""

import re
import tomllib
from typing import Any


class NonToml(ValueError):
    """A text that is no TOML; `riga` is the line where it stops being any."""

    def __init__(self, riga: int) -> None:
        super().__init__(f"no TOML at line {riga}")
        self.riga = riga


def parse(text: str) -> dict[str, Any]:
    """The tables of a text. Raises `NonToml`."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"at line ([0-9]+)", str(error))
        raise NonToml(int(line[1]) if line else text.count("\n") + 1) from error


def line_of(text: str, tabella: str, chiave: str) -> int | None:
    """The line on which a key stands: below the heading of its table, else anywhere."""
    key = re.compile(rf"""(?:^|[\s{{,.\[])["']?{re.escape(chiave)}["']?\s*[=\].]""")
    below, found = not tabella, None
    for number, line in enumerate(text.splitlines(), 1):
        if heading := re.match(r"\s*\[+\s*([^\]#]*?)\s*\]", line):
            bare = re.sub(r"""["'\s]""", "", heading[1])
            below = bare == re.sub(r"""["'\s]""", "", tabella)
        if key.search(line):
            if below:
                return number
            found = found or number
    return found
