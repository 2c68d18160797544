"""The commands that ask about one file, before anybody delivers it.

Belongs here: their options, and who answers; the exit status is 0 where all is well and 1 where it is not.
Does not belong here: the answers (check.py, map.py, lint.py, plan.py), the other commands (cli.py). Heavy
imports stay inside the commands, so that `pira --help` answers at once.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

from pipelines.desk import opzioni

Command = Callable[[argparse.Namespace, argparse.ArgumentParser], int]


def add_commands(add: Callable[[str, Command, str], argparse.ArgumentParser]) -> None:
    """Adds them to those of `pira`; `add` takes a name, what it does and what is said of it."""
    check = add("check", _check, "dice prima di consegnarlo che cosa ne sarebbe di un file")
    check.add_argument(
        "file", type=Path, metavar="FILE", help="un estratto, o il piano allegato.txt"
    )
    check.add_argument(
        "--estratto", metavar="UFFICIO/NOME", help="quale (segreteria/sedute); se manca, dal nome"
    )
    check.add_argument("--camera", type=opzioni.camera, help="se manca, quella della cartella (MS)")
    check.add_argument(
        "--esercizio", type=opzioni.esercizio, help="se manca, quello della cartella (2020)"
    )
    mapping = add("map", _map, "propone come leggere il file di un ufficio così com'è")
    mapping.add_argument(
        "file", type=Path, metavar="FILE", help="il file, come l'ufficio lo esporta"
    )
    mapping.add_argument(
        "--estratto", metavar="UFFICIO/NOME", help="quale (provveditorato/pagamenti)"
    )
    mapping.add_argument(
        "--camera", type=opzioni.camera, help="se manca, quella della cartella (MS)"
    )
    mapping.add_argument(
        "--salva", action="store_true", help="scrive la mappa nella cartella della Camera"
    )
    lint = add("lint", _lint, "dice se i target di un piano chiedono qualcosa")
    lint.add_argument("file", type=Path, metavar="FILE", help="il piano, anche da approvare")
    lint.add_argument("--camera", type=opzioni.camera, help="se manca, quella della cartella (MS)")
    lint.add_argument(
        "--esercizio", type=opzioni.esercizio, help="se manca, quello della cartella, o del piano"
    )
    plan = add("plan", _plan, "dice che cosa si è capito di un piano")
    plan.add_argument("file", type=Path, metavar="FILE", help="il piano, in uno dei suoi formati")
    plan.add_argument("--mappa", type=Path, metavar="FILE", help="il file delle corrispondenze")
    plan.add_argument("--esercizio", type=opzioni.esercizio, help="l'anno della cartella (2020)")
    plan.add_argument("--json", action="store_true", help="lo scrive per i programmi")
    plan.add_argument(
        "--scrivi-mappa",
        action="store_true",
        help="scrive il file delle corrispondenze, da completare",
    )


def _check(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Dice che cosa ne sarebbe di un file se fosse consegnato; stato 0 se sarebbe preso tutto.

    Non scrive niente e non guarda né la zona di consegna né ciò che è pubblicato.
    """
    from pipelines.contract.regolamento import RegoleErrate
    from pipelines.desk.check import NonEsaminabile, check
    from pipelines.settings import now

    try:
        well = check(options.file, options.estratto, options.camera, options.esercizio, now())
    except (NonEsaminabile, RegoleErrate) as wrong:
        parser.error(str(wrong))
    return 0 if well else 1


def _map(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Propone una mappa: che cosa sono le colonne di un file, come si leggerebbe, che cosa resta da dire.

    Stato 0 se non resta niente da decidere. Non scrive niente, se non con --salva.
    """
    from pipelines.contract.regolamento import RegoleErrate
    from pipelines.desk.check import NonEsaminabile
    from pipelines.desk.map import propose_mapping
    from pipelines.settings import Luoghi, now

    asked = options.file, options.estratto, options.camera
    try:
        decided = propose_mapping(*asked, Luoghi.from_environment().raw, options.salva, now())
    except (NonEsaminabile, RegoleErrate) as wrong:
        parser.error(str(wrong))
    return 0 if decided else 1


def _lint(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Dice, riga per riga, che cosa in un piano non chiede niente, non si capisce o non torna.

    Stato 0 se non c'è niente da dire, 1 se c'è o il piano non si legge, 2 se la domanda non ha senso. Non
    servono né dati né magazzino, e non scrive niente.
    """
    from pipelines.contract.regolamento import RegoleErrate
    from pipelines.desk.check import NonEsaminabile
    from pipelines.desk.lint import lint
    from pipelines.settings import now

    try:
        well = lint(options.file, options.camera, options.esercizio, now())
    except (NonEsaminabile, RegoleErrate) as wrong:
        parser.error(str(wrong))
    return 0 if well else 1


def _plan(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Dice che cosa si è capito di un piano, riga per riga, a che cosa è legato e che cosa è rimasto fuori.

    Stato 0 se è tutto compreso, 1 se non lo è. Non scrive niente e non guarda né la zona di consegna né
    ciò che è pubblicato.
    """
    from pipelines.desk.plan import UsoErrato, describe, examine, propose_mapping, to_json

    try:
        found = examine(options.file, options.mappa, options.esercizio)
    except UsoErrato as wrong:
        parser.error(str(wrong))
    if options.json:
        print(to_json(found))
    else:
        for line in propose_mapping(found) if options.scrivi_mappa else describe(found):
            print(line)
    return 0 if found["stato"] == 0 else 1
