"""Runs that end without a word: killed, or cut off with the power, or stopped by an error of the disk.

Belongs here: ending a run at an exact change, at a line that it says, at a random moment. Does not
belong here: faults of the surroundings (ambiente.py).
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable

from pipelines.warehouse import publish as publication
from tests.guasti.giudice import (
    Contenuto,
    Vista,
    giudica_guasto,
    giudica_ordine,
    giudica_ripresa,
    pretendi,
    pulita,
)
from tests.guasti.scena import (
    ATTESA_MASSIMA,
    GIORNO,
    PIRA_RUN,
    Banco,
    Scena,
    avvia,
    comando_pira,
    corri,
    genera_figlio,
    visto,
)

Prova = Callable[..., None]
"""Tries a case by its number, or several on one bench, one after the other: `prova(scena, *casi)`."""

FUORI_DA_DAGSTER = """
import sys
from datetime import date
from pathlib import Path
from pipelines.steps import run

raw, warehouse, giorno = sys.argv[1:]
run(Path(raw), Path(warehouse), giorno=date.fromisoformat(giorno), say=lambda t: print(t, flush=True))
"""


def dopo_il_guasto(
    scena: Scena, banco: Banco, prima: Vista | None, nuovo: Contenuto | None = None
) -> Vista | None:
    """The old publication or the new one, and no other; returns which."""
    harmed = visto(banco)
    giudica_guasto(prima, harmed, nuovo or scena.attesa(banco.raw))
    return harmed


def ripresa(
    scena: Scena,
    banco: Banco,
    prima: Vista | None,
    riprendi: Callable[[Banco], list[str]] = corri,
) -> None:
    """The next run, without help, makes all well; `prima` is what was published before it."""
    expected = scena.attesa(banco.raw)
    harmed = visto(banco)
    said = riprendi(banco)
    pretendi(not [line for line in said if "attendo" in line], f"la ripresa ha atteso: {said}")
    after = pulita(visto(banco))
    pretendi(
        after.contenuto == expected, "la ripresa non pubblica ciò che pubblica chi è indisturbato"
    )
    giudica_ripresa(banco.luoghi, prima, harmed)
    giudica_ordine(banco.luoghi)


def al_confine(guasto: str, base: str, cifra: int) -> Prova:
    """A run that ends at its change number `caso`."""

    def prova(scena: Scena, *casi: int) -> None:
        banco = scena.banco(base, cifra)
        first = before = visto(banco)
        for caso in casi:
            child = genera_figlio(banco, guasto=guasto, quando=caso)
            pretendi(child.stato in (-signal.SIGKILL, 0), f"è finita da sé: {child.parole[-2000:]}")
            before = dopo_il_guasto(scena, banco, before)
        ripresa(scena, banco, first)

    return prova


def alla_potatura(scena: Scena, *casi: int) -> None:
    """A run that ends while it removes the oldest publication, or later."""
    events = scena.conta("piena", Scena.SECONDA)
    first = next(n for n, e in enumerate(events) if e.endswith(publication.MANIFEST))
    al_confine("uccisione", "piena", Scena.SECONDA)(scena, *(first + caso for caso in casi))


def quante_alla_potatura(scena: Scena) -> int:
    """How many changes a run makes from its manifest on, when there is something to prune."""
    events = scena.conta("piena", Scena.SECONDA)
    return len(events) - next(n for n, e in enumerate(events) if e.endswith(publication.MANIFEST))


def al_ritorno(scena: Scena, caso: int) -> None:
    """A way back that is killed: here or there, and the history knows all that was known."""
    banco = scena.banco("due", Scena.SECONDA)
    before = pulita(visto(banco))
    first = publication.list_publications(banco.luoghi)[0].name
    child = genera_figlio(banco, guasto="uccisione", quando=caso, ritorno=first)
    pretendi(child.stato in (-signal.SIGKILL, 0), f"è finito da sé: {child.parole[-2000:]}")
    harmed = pulita(visto(banco))
    pretendi(harmed.cifra in (Scena.PRIMA, Scena.SECONDA), f"si vede {harmed.cifra}")
    pretendi(len(publication.list_publications(banco.luoghi)) == 2, "una pubblicazione è sparita")
    corri(banco)
    after = pulita(visto(banco))
    pretendi(after.contenuto == scena.attesa(banco.raw), "la ripresa pubblica altro")
    giudica_ripresa(banco.luoghi, before, harmed)
    giudica_ordine(banco.luoghi)


def quante_al_ritorno(scena: Scena) -> int:
    """How many changes a way back makes."""
    first = publication.list_publications(scena.banco("due", Scena.SECONDA).luoghi)[0].name
    return len(scena.conta("due", Scena.SECONDA, first))


def con_errore(guasto: str, base: str, cifra: int) -> Prova:
    """A run to which the disk says no: it fails aloud and leaves all as it was, or it publishes."""

    def prova(scena: Scena, *casi: int) -> None:
        banco = scena.banco(base, cifra)
        first = before = visto(banco)
        for caso in casi:
            child = genera_figlio(banco, guasto=guasto, quando=caso)
            giudica_stato(banco, before, child.stato == 0, child.parole)
            before = dopo_il_guasto(scena, banco, before)
        ripresa(scena, banco, first)

    return prova


def giudica_stato(banco: Banco, prima: Vista | None, riuscita: bool, parole: str) -> None:
    """A run that says it failed has published nothing; one that says nothing has published."""
    after = visto(banco)
    if riuscita:
        pretendi(after != prima, "dice di avere pubblicato, e non è vero")
    else:
        pretendi(after == prima, f"dice di non avere pubblicato, e ha pubblicato: {parole[-2000:]}")
        pretendi(parole.strip(), "fallisce senza dire perché")


def a_caso(scena: Scena, *casi: int) -> None:
    """A run that is killed from outside at any moment, native code included."""
    base, cifra = (("una", Scena.SECONDA), ("vuoto", Scena.PRIMA))[casi[0] % 2]
    banco = scena.banco(base, cifra)
    first = before = visto(banco)
    for caso in casi:
        moment = random.Random(caso).uniform(0, 1.05) * scena.dura(base, cifra)
        genera_figlio(banco, colpo=moment)
        before = dopo_il_guasto(scena, banco, before)
    ripresa(scena, banco, first)


def _uccidi(child: subprocess.Popen[str], caso: int) -> None:
    """A little after the line just read, so that not only the beginning of a step is struck."""
    time.sleep(random.Random(caso).uniform(0, 0.2))
    os.kill(child.pid, signal.SIGKILL)
    child.communicate(timeout=ATTESA_MASSIMA)


RIGHE_DI_PIRA = 6
"""Lines that `pira run` says on its way to the publication."""


def pira_run(scena: Scena, caso: int) -> None:
    """The whole command, killed after one of its lines, Dagster included; then run again."""
    banco = scena.banco("una", Scena.SECONDA)
    before = visto(banco)
    child = avvia(*comando_pira(banco, *PIRA_RUN))
    assert child.stderr is not None
    for _ in range(caso % RIGHE_DI_PIRA + 1):
        child.stderr.readline()
    _uccidi(child, caso)
    dopo_il_guasto(scena, banco, before)
    ripresa(scena, banco, before, riprendi=_riprendi_con_pira)


def _riprendi_con_pira(banco: Banco) -> list[str]:
    child = avvia(*comando_pira(banco, *PIRA_RUN))
    output, words = child.communicate(timeout=ATTESA_MASSIMA)
    pretendi(child.returncode == 0, f"pira run dopo l'uccisione: {words[-2000:]}")
    return [*output.splitlines(), *words.splitlines()]


def _fuori_da_dagster(banco: Banco) -> subprocess.Popen[str]:
    places = [str(banco.raw), str(banco.warehouse), GIORNO.isoformat()]
    return avvia([sys.executable, "-c", FUORI_DA_DAGSTER, *places])


def _pira_run(banco: Banco) -> subprocess.Popen[str]:
    return avvia(*comando_pira(banco, *PIRA_RUN))


def alla_parola(scena: Scena, caso: int) -> None:
    """A run that is killed from outside when it says its line number `caso`."""
    banco = scena.banco("una", Scena.SECONDA)
    before = visto(banco)
    child = _fuori_da_dagster(banco)
    assert child.stdout is not None
    for _ in range(caso + 1):
        child.stdout.readline()
    _uccidi(child, caso)
    dopo_il_guasto(scena, banco, before)
    ripresa(scena, banco, before)


def quante_parole(scena: Scena) -> int:
    """How many lines a run says."""
    return sum(e.startswith("say ") for e in scena.conta("una", Scena.SECONDA))
