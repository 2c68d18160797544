"""A landing zone in which someone turns names into links that lead out, while it is read.

Belongs here: the zone, who races, what was seen. Does not belong here: when it is tried (test_zona.py
tries a short race, `make faults` a long one).
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.landing.rifiutato import Rifiutato
from pipelines.landing.zone import list_deliveries, read_whole
from pipelines.partizione import Partizione

PARTIZIONE = Partizione("MS", 2020)
FILE = "MS/2020/isr/studi.csv"
LIVELLI = ("MS", "MS/2020", "MS/2020/isr", FILE)
"""The names that are turned into links, one after the other."""
DENTRO, FUORI = b"dentro", b"fuori"


def prepara(base: Path) -> Path:
    """A landing zone, and beside it a place that has the same names and another content."""
    for zona, content in (("raw", DENTRO), ("fuori", FUORI)):
        (base / zona / FILE).parent.mkdir(parents=True)
        (base / zona / FILE).write_bytes(content)
    (base / "fuori/MS/2020/isr/studi-segreto.csv").write_bytes(FUORI)
    return base / "raw"


def _scambia(raw: Path, ferma: threading.Event) -> None:
    turn = 0
    while not ferma.is_set():
        place = raw / LIVELLI[turn % len(LIVELLI)]
        aside = place.with_name(f".{place.name}")
        place.rename(aside)
        place.symlink_to(raw.parent / "fuori" / place.relative_to(raw))
        place.unlink()
        aside.rename(place)
        turn += 1


@contextmanager
def in_corsa(raw: Path) -> Iterator[None]:
    """Meanwhile every name on the way to the file is a link that leads out, again and again."""
    stop = threading.Event()
    racer = threading.Thread(target=_scambia, args=(raw, stop))
    racer.start()
    try:
        yield
    finally:
        stop.set()
        racer.join()


def corsa(raw: Path, letture: int) -> tuple[int, list[str]]:
    """Lists and reads so many times; how often the file was read, and what was seen from outside."""
    read, outside = 0, []
    with in_corsa(raw):
        for _ in range(letture):
            known, _unknown = list_deliveries(raw, PARTIZIONE)
            outside += [c.file for c in known["isr/studi"] if c.file != FILE]
            try:
                content = read_whole(raw, raw / FILE).content
            except Rifiutato:
                continue
            read += 1
            if content != DENTRO:
                outside.append(repr(content))
    return read, outside
