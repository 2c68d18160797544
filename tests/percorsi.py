"""Outputs whose path means something to the programs that read below it.

Belongs here: the paths, and what must be so of a night in each. Does not belong here: when they are
tried (test_percorsi.py tries a few, `make faults` all).
"""

import os
from datetime import date
from pathlib import Path

from pipelines.publication.pubblicazioni import NonPubblicabile
from pipelines.publication.publish import table_hashes
from tests.indicatori import zona

OSTILI = (
    "camera=LU",
    "esercizio=1999/camera=LU",
    "camera=LU/_riga=7",
    "[2020]",
    "[!2]",
    "[",
    "]",
    "[]",
    "a*",
    "*",
    "**",
    "**/camera=LU",
    "{a,b}",
    "{}",
    "~",
    "%41%2F",
    "con spazio",
    'l\'Aquila "oggi"; drop table x',
    "s3:",
    "[2020]*/camera=LU/{a}",
    "a?b",
    "a\\*",
)
RIFIUTATI = ("?", "\\")
"""What the path of an output may not have in it."""


def prova(base: Path, nome: str) -> list[str]:
    """Two nights below a path; what is not as it would be below a plain one."""
    raw, here, plain = base / "raw", base / "qui" / nome, base / "piano"
    zona.scrivi(raw, "MS", 2020, "isr/studi", [{}, {}])
    zona.scrivi(raw, "LU", 2020, "isr/studi", [{}])
    try:
        for night in range(2):
            for output in (plain, here):
                zona.pubblica(raw, output, date(2021, 1, 31)).close()
            # where a pattern would match too, there are figures of another night
            _decoy(plain, here)
            zona.scrivi(raw, "MS", 2020, "isr/studi", [{}] * (3 + night))
    except NonPubblicabile as refusal:
        said = "scegliere una cartella che non li abbia" in str(refusal)
        return [] if said and any(mark in nome for mark in RIFIUTATI) else [str(refusal)]
    found = [_contents(output) for output in (here, plain)]
    return [] if found[0] == found[1] else [f"{nome}: {set(found[0]) ^ set(found[1])}"]


def _decoy(plain: Path, here: Path) -> None:
    for name in ("2", "ab", "a"):
        other = here.with_name(name)
        if not os.path.lexists(other):
            other.symlink_to(plain)


def _contents(warehouse: Path) -> list[tuple[str, object]]:
    from pipelines.connection import connect

    with connect(warehouse / "pira.duckdb") as connection:
        hashes = table_hashes(connection)
    return [
        (table, facts["contenuto"])
        for table, facts in sorted(hashes.items())
        if facts["ripetibile"] and not table.startswith("storico")
    ]
