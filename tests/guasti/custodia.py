"""Single bits flipped in what is kept, at random, before a night.

Belongs here: which files are struck, and that each is named and none changes a figure. Does not belong
here: each kind of damage by itself (tests/warehouse/test_custodia.py).

The night comes first and `pira verify` after it, or the other way round. Of each file of the memory one
copy is struck: where all are, there is nothing that knows better.
"""

import random
from pathlib import Path

from pipelines.landing.zone import IMPRONTA
from pipelines.night.pending import pending
from pipelines.night.verify import verify
from pipelines.publication import pubblicazioni
from pipelines.publication.memoria import CATENA, MANIFEST, MEMORIA, memory_folder
from pipelines.settings import now
from tests.guasti.giudice import pretendi, pulita
from tests.guasti.scena import GIORNO, Banco, Scena, ambiente, corri, visto
from tests.guasti.uccisioni import ripresa

NOTTI, BIT = 40, 10
"""Nights of the long form, and the bits that are flipped before each, in as many files."""


def _rovescia(path: Path, dado: random.Random) -> None:
    """Flips a bit in a file of its own: outputs share files with those they were copied from."""
    content = bytearray(path.read_bytes())
    bit = dado.randrange(len(content) * 8)
    content[bit // 8] ^= 1 << bit % 8
    path.unlink()
    path.write_bytes(content)


def _da_colpire(banco: Banco, dado: random.Random) -> list[Path]:
    """Four files of the store, two of the memory, the rest of the publications."""
    luoghi = banco.luoghi
    store = sorted(p for p in (luoghi.warehouse / "deposito").rglob("*.*") if p.is_file())
    kept = pubblicazioni.list_publications(luoghi)
    # A publication without its manifest vouches for no copy of the memory either, so it is the second
    # copies that are spared then; where one of those is struck, the newest publication must have its own.
    newest = kept[-1]
    mute = dado.choice([None, newest])
    second = [] if mute else [memory_folder(luoghi)]
    copies = [[folder / n for folder in (*kept, *second)] for n in MEMORIA]
    memory = [dado.choice(places) for places in dado.sample(copies, 2)]
    touched = {path.parent for path in memory}
    spared = set(kept) - {mute} if mute or touched & set(kept) else {newest}
    shown = [
        path
        for folder in kept
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in (*MEMORIA, CATENA)
        if path.name != MANIFEST or path.parent not in spared
    ]
    return [*dado.sample(store, 4), *memory, *dado.sample(shown, BIT - 6)]


def _garanti(path: Path) -> list[Path]:
    """What may vouch for a file: where that is damaged, too, nobody can tell, and it is what is named."""
    beside = (path.name.split(".")[0] + ".json", path.name + IMPRONTA)
    above = (folder / MANIFEST for folder in path.parents)
    return [p for p in (*map(path.with_name, beside), *above) if p != path]


def _racconta(banco: Banco) -> list[str]:
    with ambiente():
        return list(verify(banco.luoghi, now(), say=lambda _: None).righe)


def rovesciati(scena: Scena, caso: int) -> None:
    """Ten bits: the look at the landing zone sees them, a night publishes what is right, all are named."""
    dado = random.Random(caso)
    banco = scena.banco("due", Scena.SECONDA)
    before = visto(banco)
    struck = _da_colpire(banco, dado)
    for path in struck:
        _rovescia(path, dado)
    with ambiente():
        pretendi(pending(banco.luoghi, GIORNO), "la notte senza novità non se ne accorge")
    said = _racconta(banco) + corri(banco) if caso % 2 else corri(banco) + _racconta(banco)
    alone = [path for path in struck if not set(_garanti(path)) & set(struck)]
    names = [path.relative_to(banco.warehouse).as_posix() for path in alone]
    unsaid = [name for name in names if not any(line.startswith(name) for line in said)]
    pretendi(not unsaid, f"nessuno nomina {unsaid}")
    after = pulita(visto(banco))
    pretendi(after.contenuto == scena.attesa(banco.raw), "pubblica una cifra sbagliata")
    pretendi(after.storico >= pulita(before).storico, "lo storico ha dimenticato")
    ripresa(scena, banco, before, after)
