"""Many small chambers in one landing zone, published by one run, and what became of each.

Belongs here: laying deliveries out, running, reading back figures and checks. Does not belong here: what
a delivery holds (casi/, piantati.py), what is right of it (test_casi.py, test_piantati.py).
"""

from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pipelines.connection import connect
from pipelines.settings import Luoghi
from pipelines.warehouse.models import checks, read_models
from tests.indicatori import zona as indicatori
from tests.warehouse.magazzini import ADESSO, corri

ESERCIZIO = 2020


def sigle(quante: int) -> list[str]:
    """That many codes of chambers, none of them a real one's neighbour in a listing."""
    return indicatori.sigle()[:quante]


@dataclass(frozen=True)
class Camera:
    """What a publication says of a chamber in a year.

    `risultati` are the published values by code, None where there is none; `stati` their states;
    `casi` how many cases each check finds, by check and file (empty where it names none);
    `motivi` what is said of each file; `scarti` how many rows each rule refused.
    """

    risultati: Mapping[str, Decimal | None]
    stati: Mapping[str, str]
    casi: Counter[tuple[str, str]]
    motivi: Mapping[str, str]
    scarti: Counter[str]


def pubblica(luoghi: Luoghi) -> None:
    """The night over the landing zone, on the day of every shared run; figures need no documents."""
    with indicatori.senza_documenti():
        corri(luoghi, adesso=ADESSO)


def leggi(luoghi: Luoghi, esercizio: int = ESERCIZIO) -> dict[str, Camera]:
    """Every chamber of the publication, in a year."""
    with closing(connect(luoghi.database)) as connection:

        def righe(query: str) -> list[tuple[object, ...]]:
            return connection.execute(query.replace("$anno", str(esercizio))).fetchall()

        camere = [str(c) for (c,) in righe("select camera from esercizi.periodi group by 1")]
        valori = righe(
            "select camera, codice, valore, stato from indicatori.valori where esercizio = $anno"
        )
        file = righe(
            "select camera, _file, coalesce(motivo, '') from qualita.file where esercizio = $anno"
        )
        scarti = righe("select camera, regola from qualita.scarti where esercizio = $anno")
        casi: list[tuple[object, ...]] = []
        for check in checks(read_models()):
            vista = check.modello.tabella
            colonne = {d[0] for d in connection.execute(f"from {vista} limit 0").description or ()}
            if {"camera", "esercizio"} <= colonne:
                dove = "coalesce(_file, '')" if "_file" in colonne else "''"
                casi += [
                    (camera, check.nome, path)
                    for camera, path in righe(
                        f"select camera, {dove} from {vista} where esercizio = $anno"
                    )
                ]
    return {
        camera: Camera(
            {str(k): v for c, k, v, _ in valori if c == camera},  # type: ignore[misc]
            {str(k): str(s) for c, k, _, s in valori if c == camera},
            Counter((str(n), str(p)) for c, n, p in casi if c == camera),
            {str(p): str(m) for c, p, m in file if c == camera},
            Counter(str(r) for c, r in scarti if c == camera),
        )
        for camera in camere
    }


def silenzi(prima: Camera, dopo: Camera, cambiati: set[str]) -> list[str]:
    """The figures that a delivery changed in silence.

    A figure speaks when it is as before, has no value, or a check names one of the files that changed
    oftener than before.
    """
    detti = [
        f"{nome} su {path}"
        for (nome, path), quanti in dopo.casi.items()
        if path in cambiati and quanti > prima.casi[nome, path]
    ]
    if detti:
        return []
    return [
        f"{codice}: {prima.risultati[codice]} -> {valore}"
        for codice, valore in dopo.risultati.items()
        if valore is not None and valore != prima.risultati[codice]
    ]


def percorso(base: Path, camera: str, file: str) -> Path:
    """Where a file of a chamber lies in a landing zone."""
    return base / camera / str(ESERCIZIO) / file
