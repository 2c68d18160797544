"""Analysts who read while the warehouse is published: nobody waits for anybody.

Belongs here: many readers and many publications at once. Does not belong here: how one reads
(lettore.py). That no run waits for a reader is proved by the one that holds its cursor open from
before the first publication until after the last.
"""

import json
import subprocess
import sys
from collections.abc import Callable

from pipelines.publication import kept as publications
from pipelines.publication import pubblicazioni
from tests.guasti.giudice import giudica_ordine, pretendi, pulita
from tests.guasti.scena import ATTESA_MASSIMA, Banco, Scena, avvia, corri, scrivi_studi, visto

MODI = ("cursore", "magazzino", "cartella")


def _lettori(banco: Banco, quanti: int) -> list[subprocess.Popen[str]]:
    """Readers, one of which holds its cursor; each has already had an answer."""
    modes = [MODI[0], *(MODI[1 + i % 2] for i in range(quanti - 1))]
    readers = [
        avvia([sys.executable, "-m", "tests.guasti.lettore", mode, str(banco.warehouse)])
        for mode in modes
    ]
    for reader in readers:
        assert reader.stdout is not None
        reader.stdout.readline()
    return readers


def _annuncia(banco: Banco, cifra: int) -> None:
    """Tells the readers what is published by now; by a rename, so that they never read a half."""
    draft = banco.warehouse.parent / ".pubblicata"
    draft.write_text(str(cifra))
    draft.replace(banco.warehouse.parent / "pubblicata")


def _con_lettori(banco: Banco, quanti: int, pubblica: Callable[[], set[tuple[str, int]]]) -> int:
    """Publishes before the eyes of readers; returns how many questions had their answer."""
    first = pulita(visto(banco))
    readers = _lettori(banco, quanti)
    try:
        published = pubblica() | {(first.esecuzione, first.cifra)}
    finally:
        (banco.warehouse.parent / "fine").touch()
        told = [reader.communicate(timeout=ATTESA_MASSIMA) for reader in readers]
    asked = 0
    for output, words in told:
        pretendi(output.strip(), f"un lettore è finito male: {words[-2000:]}")
        found = json.loads(output.strip().splitlines()[-1])
        pretendi(not found["errori"], f"un lettore: {found['errori']}")
        seen = {(run, figure) for run, figure in found["viste"]}
        pretendi(
            seen <= published, f"una risposta non è di nessuna pubblicazione: {seen - published}"
        )
        asked += found["domande"]
    return asked


def lettori(scena: Scena, quanti: int, pubblicazioni: int) -> int:
    """So many readers over so many publications, each with a figure of its own."""
    banco = scena.banco("una", Scena.PRIMA)
    _annuncia(banco, Scena.PRIMA)

    def pubblica() -> set[tuple[str, int]]:
        made = set()
        for figure in range(Scena.PRIMA + 1, Scena.PRIMA + 1 + pubblicazioni):
            scrivi_studi(banco.raw, figure)
            corri(banco)
            _annuncia(banco, figure)
            seen = pulita(visto(banco))
            pretendi(seen.cifra == figure, f"pubblicata {figure}, si vede {seen.cifra}")
            made.add((seen.esecuzione, figure))
        return made

    asked = _con_lettori(banco, quanti, pubblica)
    giudica_ordine(banco.luoghi)
    return asked


def lettori_e_ritorni(scena: Scena, quanti: int, ritorni: int) -> int:
    """Readers while the current publication goes back and forth, far more often than any night."""
    banco = scena.banco("due", Scena.SECONDA)
    _annuncia(banco, 0)
    names = [folder.name for folder in pubblicazioni.list_publications(banco.luoghi)]

    def pubblica() -> set[tuple[str, int]]:
        made = set()
        for turn in range(ritorni):
            publications.rollback(banco.luoghi, names[turn % len(names)], lambda _: None)
            seen = pulita(visto(banco))
            made.add((seen.esecuzione, seen.cifra))
        return made

    return _con_lettori(banco, quanti, pubblica)
