"""The trial of planted faults: clean deliveries published, then each with one fault, published again.

Belongs here: so many chambers in one landing zone, two nights, and what the second changed in silence.
Does not belong here: the kinds (piantati.py), what a figure in silence is (zona.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.contract.estratti import PER_CODICE
from pipelines.settings import Luoghi
from tests.indicatori.piano import ALLEGATO_2020
from tests.sample.casuale import flusso
from tests.sample.dialetto import scrivi
from tests.sample.genera import prepare
from tests.uffici import zona
from tests.uffici.piantati import GUASTI, Guasto, Pulita
from tests.uffici.zona import ESERCIZIO

PRATICHE = 150
SOLO_DI_SERIE = {
    "righe_accettate",
    "estratti_puntuali",
    "ultimo_valore_osservato",
    "esercizi_chiusi_fermi",
}
"""Checks that look at the plan or at the calendar: the plan of these chambers is another's."""


@dataclass(frozen=True)
class Verdetto:
    """What became of a planted fault: nothing in `persi` when no figure changed in silence."""

    guasto: str
    camera: str
    persi: tuple[str, ...]


def consegna_pulita(camera: str, esercizio: int, seme: int) -> Pulita:
    """A clean random delivery of a chamber and year."""
    return Pulita(
        camera, esercizio, tuple(prepare(camera, esercizio, seme, PRATICHE, sporco=False))
    )


def _scrivi(raw: Path, file: dict[str, bytes | None]) -> None:
    for path, content in file.items():
        (raw / path).parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            (raw / path).unlink()
        else:
            (raw / path).write_bytes(content)


def _stendi(raw: Path, pulita: Pulita) -> None:
    _scrivi(
        raw,
        {c.percorso: scrivi(PER_CODICE[c.estratto], c.dialetto, c.voci) for c in pulita.consegne},
    )


def prova(base: Path, guasti: Sequence[Guasto], seme: int) -> tuple[list[Verdetto], list[str]]:
    """Tries each fault on a chamber of its own; returns the verdicts, and the false alarms of the clean
    night: the checks that name a file in which nothing is wrong."""
    luoghi = Luoghi(base / "raw", base / "warehouse")
    sigle = zona.sigle(len(guasti))
    pulite = {camera: consegna_pulita(camera, ESERCIZIO, seme) for camera in sigle}
    for camera, pulita in pulite.items():
        _stendi(luoghi.raw, consegna_pulita(camera, ESERCIZIO - 1, seme))
        _stendi(luoghi.raw, pulita)
        (luoghi.raw / camera / str(ESERCIZIO) / "allegato.txt").write_bytes(
            ALLEGATO_2020.read_bytes()
        )
    zona.pubblica(luoghi)
    prima = zona.leggi(luoghi)
    allarmi = [
        f"{camera}: {nome} su {path}"
        for camera in sigle
        for nome, path in prima[camera].casi
        if nome not in SOLO_DI_SERIE
    ]
    cambiati = {}
    for camera, guasto in zip(sigle, guasti, strict=True):
        file = guasto(flusso(seme, camera, guasto.__name__), pulite[camera])
        _scrivi(luoghi.raw, file)
        cambiati[camera] = set(file)
    zona.pubblica(luoghi)
    dopo = zona.leggi(luoghi)
    return [
        Verdetto(
            guasto.__name__,
            camera,
            tuple(zona.silenzi(prima[camera], dopo[camera], cambiati[camera])),
        )
        for camera, guasto in zip(sigle, guasti, strict=True)
    ], allarmi


def in_turno(quanti: int, dal: int = 0) -> list[Guasto]:
    """That many kinds, each in its turn."""
    return [GUASTI[n % len(GUASTI)] for n in range(dal, dal + quanti)]
