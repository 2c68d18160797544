"""Write the sample into a landing zone.

Belongs here: from facts to files on disk. Does not belong here: what they hold. The plan of a
chamber is a public act: it is never written, or touched, here.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from pipelines.contract.estratti import PER_CODICE
from pipelines.landing.zone import SINTETICO, folder_of
from pipelines.partizione import Partizione
from tests.sample.consegna import Consegna, consegne
from tests.sample.dialetto import scrivi
from tests.sample.fatti import fatti_di
from tests.sample.modello import Contesto

ESERCIZI = (2018, 2019, 2020)
SEED = 2020
PRATICHE = 25_000
AVVERTENZA = "Gli estratti di questa cartella sono sintetici: nessuna riga viene da un ufficio.\n"


def generate(
    raw: Path,
    camera: str = "MS",
    esercizi: Iterable[int] = ESERCIZI,
    seed: int = SEED,
    pratiche: int = PRATICHE,
    sporco: bool = True,
) -> list[Path]:
    """Write every extract of a chamber for some years; return the files, in order.

    The same arguments give the same content on any machine. `pratiche` is about how many the
    Registro Imprese gets in a year; `sporco` adds lines that the contract refuses, which change no
    indicator. Massa-Carrara carries public figures; any other code makes up a chamber of its own.
    """
    written = []
    for esercizio in esercizi:
        for consegna in prepare(camera, esercizio, seed, pratiche, sporco):
            written.append(_scrivi(raw, consegna))
        (folder_of(raw, Partizione(camera, esercizio)) / SINTETICO).write_text(AVVERTENZA, "utf-8")
    return written


def prepare(
    camera: str,
    esercizio: int,
    seed: int = SEED,
    pratiche: int = PRATICHE,
    sporco: bool = True,
) -> Iterator[Consegna]:
    """The same files before they are written: each knows how many rows must be refused, and why."""
    fatti = fatti_di(camera, esercizio, seed)
    return consegne(Contesto(camera, esercizio, seed, fatti, pratiche), sporco)


def _scrivi(raw: Path, consegna: Consegna) -> Path:
    percorso = raw / consegna.percorso
    percorso.parent.mkdir(parents=True, exist_ok=True)
    percorso.write_bytes(scrivi(PER_CODICE[consegna.estratto], consegna.dialetto, consegna.voci))
    return percorso
