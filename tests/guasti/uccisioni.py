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
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pipelines.publication import pubblicazioni
from pipelines.publication.memoria import MANIFEST
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

Prova = Callable[[Scena, int], None]
"""Tries a case of a fault by its number."""

FUORI_DA_DAGSTER = """
import sys
from datetime import date
from pathlib import Path
from pipelines.night.steps import run

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
    guasta: Vista | None,
    riprendi: Callable[[Banco], list[str]] = corri,
    pubblicate: Iterable[str] = (),
) -> None:
    """The next run, without help, makes all well.

    `prima` is what was published before the fault, `guasta` what is now; `pubblicate` are the runs
    published in between, which need not be kept any more.
    """
    expected = scena.attesa(banco.raw)
    said = riprendi(banco)
    pretendi(not [line for line in said if "attendo" in line], f"la ripresa ha atteso: {said}")
    after = pulita(visto(banco))
    pretendi(
        after.contenuto == expected, "la ripresa non pubblica ciò che pubblica chi è indisturbato"
    )
    giudica_ripresa(banco.luoghi, prima, guasta, after, pubblicate)
    giudica_ordine(banco.luoghi)


@dataclass(frozen=True)
class Confini:
    """The changes of a run from a base at which a harm is tried, in order.

    `generi` are the kinds of change that the harm strikes, all if none is named. Of the changes in
    the store, which are the same for each extract, one in `passo` is tried.
    """

    base: str
    cifra: int
    generi: frozenset[str] = frozenset()
    passo: int = 1

    def trova(self, scena: Scena) -> list[int]:
        """Their numbers among all the changes of the run."""
        events = list(enumerate(scena.conta(self.base, self.cifra)))
        struck = [(n, e) for n, e in events if not self.generi or e.split()[0] in self.generi]
        store = [n for n, e in struck if " deposito/" in e]
        return sorted({n for n, _ in struck} - set(store) | set(store[:: self.passo]))

    def quanti(self, scena: Scena) -> int:
        return len(self.trova(scena))


def al_confine(guasto: str, confini: Confini) -> Prova:
    """A run that is killed at a change."""

    def prova(scena: Scena, caso: int) -> None:
        _uccidi_al(scena, guasto, confini.base, confini.cifra, confini.trova(scena)[caso])

    return prova


def _uccidi_al(scena: Scena, guasto: str, base: str, cifra: int, quando: int) -> None:
    banco = scena.banco(base, cifra)
    before = scena.vista(base)
    child = genera_figlio(banco, guasto=guasto, quando=quando)
    pretendi(child.stato == -signal.SIGKILL, f"è finita da sé: {child.parole[-2000:]}")
    harmed = dopo_il_guasto(scena, banco, before)
    ripresa(scena, banco, before, harmed)


def _alla_potatura(scena: Scena) -> list[int]:
    return _dal_manifesto(scena.conta("piena", Scena.SECONDA))


def _dal_manifesto(events: list[str]) -> list[int]:
    first = next(n for n, e in enumerate(events) if e.endswith(MANIFEST))
    return list(range(first, len(events)))


def alla_potatura(scena: Scena, caso: int) -> None:
    """A run that is killed while it removes the oldest publication, or later."""
    _uccidi_al(scena, "uccisione", "piena", Scena.SECONDA, _alla_potatura(scena)[caso])


def quante_alla_potatura(scena: Scena) -> int:
    """How many changes a run makes from its manifest on, when there is something to prune."""
    return len(_alla_potatura(scena))


def alla_sostituzione(scena: Scena, caso: int) -> None:
    """A run that is killed while what it publishes takes the place of the same: no other is pushed out."""
    banco = scena.banco("piena", Scena.PRIMA)
    before = pulita(visto(banco))
    kept = pubblicazioni.list_publications(banco.luoghi)
    child = genera_figlio(banco, guasto="uccisione", quando=_alla_sostituzione(scena)[caso])
    pretendi(child.stato == -signal.SIGKILL, f"è finita da sé: {child.parole[-2000:]}")
    harmed = dopo_il_guasto(scena, banco, before)
    ripresa(scena, banco, before, harmed)
    after = pubblicazioni.list_publications(banco.luoghi)
    pretendi(after[:-1] == kept[:-1], f"di {kept} restano {after}")
    pretendi(pulita(visto(banco)).storico == before.storico, "la storia sa qualcosa in più")


def _alla_sostituzione(scena: Scena) -> list[int]:
    return _dal_manifesto(scena.conta("piena", Scena.PRIMA))


def quante_alla_sostituzione(scena: Scena) -> int:
    """How many changes a run makes from its manifest on, when it publishes what is published."""
    return len(_alla_sostituzione(scena))


def al_ritorno(scena: Scena, caso: int) -> None:
    """A way back that is killed: here or there, and the history knows all that was known."""
    banco = scena.banco("due", Scena.SECONDA)
    before = pulita(visto(banco))
    first = pubblicazioni.list_publications(banco.luoghi)[0].name
    child = genera_figlio(banco, guasto="uccisione", quando=caso, ritorno=first)
    pretendi(child.stato == -signal.SIGKILL, f"è finito da sé: {child.parole[-2000:]}")
    harmed = pulita(visto(banco))
    pretendi(harmed.cifra in (Scena.PRIMA, Scena.SECONDA), f"si vede {harmed.cifra}")
    pretendi(len(pubblicazioni.list_publications(banco.luoghi)) == 2, "una pubblicazione è sparita")
    corri(banco)
    after = pulita(visto(banco))
    pretendi(after.contenuto == scena.attesa(banco.raw), "la ripresa pubblica altro")
    giudica_ripresa(banco.luoghi, before, harmed, after)
    giudica_ordine(banco.luoghi)


def quante_al_ritorno(scena: Scena) -> int:
    """How many changes a way back makes."""
    first = pubblicazioni.list_publications(scena.banco("due", Scena.SECONDA).luoghi)[0].name
    return len(scena.conta("due", Scena.SECONDA, first))


def con_errore(guasto: str, confini: Confini) -> Prova:
    """A run to which the disk says no: it fails aloud and leaves all as it was, or it publishes."""

    def prova(scena: Scena, caso: int) -> None:
        banco = scena.banco(confini.base, confini.cifra)
        before = scena.vista(confini.base)
        child = genera_figlio(banco, guasto=guasto, quando=confini.trova(scena)[caso])
        giudica_stato(banco, before, child.stato == 0, child.parole)
        harmed = dopo_il_guasto(scena, banco, before)
        ripresa(scena, banco, before, harmed)

    return prova


def giudica_stato(banco: Banco, prima: Vista | None, riuscita: bool, parole: str) -> None:
    """A run that says it failed has published nothing; one that says nothing has published."""
    after = visto(banco)
    if riuscita:
        pretendi(after != prima, "dice di avere pubblicato, e non è vero")
    else:
        pretendi(after == prima, f"dice di non avere pubblicato, e ha pubblicato: {parole[-2000:]}")
        pretendi(parole.strip(), "fallisce senza dire perché")


DI_SEGUITO, POCHE = 10, 3
"""Kills in a row on one bench, and as many in the short form: what several killed runs leave must not add up
either."""


def a_caso(scena: Scena, caso: int, quante: int = DI_SEGUITO) -> None:
    """Runs killed from outside at any moment, native code included, one after the other."""
    base, cifra = (("vuoto", Scena.PRIMA), ("una", Scena.SECONDA))[caso % 2]
    banco = scena.banco(base, cifra)
    first = before = visto(banco)
    moments = random.Random(caso)
    published: set[str] = set()
    for _ in range(quante):
        moment = moments.uniform(0, scena.dura(base, cifra))
        while (child := genera_figlio(banco, colpo=moment)).stato == 0:
            before = dopo_il_guasto(scena, banco, before)  # it was faster than the blow
            published.add(pulita(before).esecuzione)
            moment /= 2
        pretendi(child.stato == -signal.SIGKILL, f"è finita da sé: {child.parole[-2000:]}")
        before = dopo_il_guasto(scena, banco, before)
        published |= {before.esecuzione} if before else set()
    ripresa(scena, banco, first, before, pubblicate=published)


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
    harmed = dopo_il_guasto(scena, banco, before)
    ripresa(scena, banco, before, harmed, riprendi=_riprendi_con_pira)


def _riprendi_con_pira(banco: Banco) -> list[str]:
    child = avvia(*comando_pira(banco, *PIRA_RUN))
    output, words = child.communicate(timeout=ATTESA_MASSIMA)
    pretendi(child.returncode == 0, f"pira run dopo l'uccisione: {words[-2000:]}")
    return [*output.splitlines(), *words.splitlines()]


def _fuori_da_dagster(banco: Banco) -> subprocess.Popen[str]:
    places = [str(banco.raw), str(banco.warehouse), GIORNO.isoformat()]
    return avvia([sys.executable, "-c", FUORI_DA_DAGSTER, *places])


def alla_parola(scena: Scena, caso: int) -> None:
    """A run that is killed from outside when it says its line number `caso`."""
    banco = scena.banco("una", Scena.SECONDA)
    before = visto(banco)
    child = _fuori_da_dagster(banco)
    assert child.stdout is not None
    for _ in range(caso + 1):
        child.stdout.readline()
    _uccidi(child, caso)
    harmed = dopo_il_guasto(scena, banco, before)
    ripresa(scena, banco, before, harmed)


def quante_parole(scena: Scena) -> int:
    """How many lines a run says."""
    return sum(e.startswith("say ") for e in scena.conta("una", Scena.SECONDA))
