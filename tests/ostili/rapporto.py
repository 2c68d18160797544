"""The corpus tried in a process of its own, so that its memory can be told from everybody else's.

Belongs here: the parts in which the cases are tried, and what each part says when it is over. Does
not belong here: what is tried (corpus.py) and how (corsa.py, insieme.py).
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from tests.ostili import corpus
from tests.ostili.caso import Caso
from tests.ostili.corsa import cartella_di_prova, memoria_massima, prova
from tests.ostili.insieme import danni, in_gruppo, notte
from tests.un_filo import UN_SOLO_FILO

MAX_ATTESA = 900
"""Seconds after which a part is given up, and whatever it waits for with it."""


@dataclass(frozen=True)
class Rapporto:
    """What became of a part: by case, what went wrong. `vicini` is what others suffered."""

    provati: int
    errori: dict[str, list[str]]
    vicini: list[str]
    megabyte: int
    secondi: float


def insieme(base: Path, uno_ogni: int = 1) -> Rapporto:
    """All that can lie together, in one night; case by case if the night itself does not end well."""
    inizio = time.monotonic()
    casi = [c for c in corpus.casi() if in_gruppo(c)][::uno_ogni]
    prima, _ = notte(base / "prima", [])
    try:
        dopo, errori = notte(base / "dopo", casi)
        vicini = danni(prima, dopo)
    except Exception as errore:
        errori = _uno_per_uno(casi, base / "soli")
        vicini = [f"la notte non finisce: {type(errore).__name__}: {str(errore)[:500]}"]
    return _rapporto(casi, errori, vicini, inizio)


def soli(base: Path) -> Rapporto:
    """The cheap cases that need a landing zone or a reader of their own."""
    inizio = time.monotonic()
    casi = [c for c in corpus.casi() if not in_gruppo(c) and not c.pesante]
    return _rapporto(casi, _uno_per_uno(casi, base), [], inizio)


def pesanti(base: Path) -> Rapporto:
    """The cases that are meant to fill memory or time."""
    inizio = time.monotonic()
    casi = [c for c in corpus.casi() if c.pesante]
    return _rapporto(casi, _uno_per_uno(casi, base), [], inizio)


def _uno_per_uno(casi: list[Caso], base: Path) -> dict[str, list[str]]:
    errori = {}
    for numero, caso in enumerate(casi):
        with cartella_di_prova(base, str(numero)) as cartella:
            if sbagli := prova(caso, cartella):
                errori[caso.nome] = sbagli
    return errori


def _rapporto(
    casi: list[Caso], errori: dict[str, list[str]], vicini: list[str], inizio: float
) -> Rapporto:
    durata = time.monotonic() - inizio
    return Rapporto(len(casi), errori, vicini, memoria_massima(), durata)


PARTI: dict[str, Callable[[Path], Rapporto]] = {
    "insieme": insieme,
    "soli": soli,
    "pesanti": pesanti,
}
BREVI: dict[str, Callable[[Path], Rapporto]] = {"alcuni insieme": partial(insieme, uno_ogni=4)}
"""What the suite tries in place of the whole."""


def in_un_processo(parte: str, base: Path) -> Rapporto:
    """Tries a part in a process of its own. Raises where it dies or does not end."""
    risposta = base / f"{parte}.json"
    subprocess.run(
        [sys.executable, "-m", "tests.ostili.rapporto", parte, str(risposta)],
        cwd=Path(__file__).parents[2],
        env={"PIRA_KEY": "0123456789abcdef" * 4, **os.environ, **UN_SOLO_FILO},
        timeout=MAX_ATTESA,
        check=True,
    )
    return Rapporto(**json.loads(risposta.read_text()))


def main(parte: str, risposta: str) -> None:
    """Tries a part here and leaves its report in a file."""
    with tempfile.TemporaryDirectory(prefix="pira-ostili-") as base:
        Path(risposta).write_text(json.dumps(asdict((PARTI | BREVI)[parte](Path(base)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
