"""The commands of the lake, for the machine that has one (PIRA_LAGO).

Belongs here: their options, what is printed, exit status. Does not belong here: any work (pipelines/lake), of
which nothing is imported before a command asks for it.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.desk import opzioni

if TYPE_CHECKING:
    from pipelines.lake.luogo import Lago

Command = Callable[[argparse.Namespace, argparse.ArgumentParser], int]
OfLake = Callable[["Lago", argparse.Namespace], int]


def add_commands(add: Callable[[str, Command, str], argparse.ArgumentParser]) -> None:
    """Adds them below `pira lake`; `add` takes a name, what it does and what is said of it."""
    lake = add("lake", _lake, "il lago: più macchine, un catalogo, un secchio")
    commands = lake.add_subparsers(required=True, metavar="comando")

    def below(name: str, does: OfLake, about: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=about, description=does.__doc__)
        added.set_defaults(lake=does)
        return added

    below("create", _create, "fa un lago vuoto")
    stage = below("stage", _stage, "calcola delle Camere e le consegna nel secchio")
    stage.add_argument("nome", type=opzioni.run, metavar="NOME", help="l'esecuzione (notte-07)")
    stage.add_argument(
        "--camera",
        type=opzioni.camera,
        action="append",
        required=True,
        help="quale Camera (MS); si può ripetere",
    )
    stage.add_argument(
        "--data-riferimento",
        type=opzioni.day,
        help="il giorno di cui si parla (2020-12-31); se manca, oggi",
    )
    commit = below("commit", _commit, "pubblica nel lago, in una volta, ciò che è consegnato")
    commit.add_argument(
        "nomi",
        type=opzioni.run,
        nargs="*",
        metavar="NOME",
        help="quali esecuzioni; se mancano, tutte",
    )
    below("status", _status, "rilegge tutto il lago")
    maintain = below("maintain", _maintain, "toglie le pubblicazioni vecchie e compatta")
    maintain.add_argument("--prova", action="store_true", help="dice che cosa farebbe, e non lo fa")
    export = below("export", _export, "scrive il lago in un solo file DuckDB")
    export.add_argument("file", type=Path, metavar="FILE", help="il file da scrivere")
    export.add_argument("--camera", type=opzioni.camera, help="solo questa Camera (MS)")
    export.add_argument("--esercizio", type=opzioni.esercizio, help="solo questo anno (2020)")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _lake(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Il lago di PIRA_LAGO: le tabelle di tutte le Camere in un secchio, con un catalogo PostgreSQL."""
    import os

    if not os.environ.get("PIRA_LAGO", "").strip():
        parser.error(
            "manca PIRA_LAGO, che dice dove sono il catalogo e il secchio"
            " (postgresql://macchina:porta/base s3://secchio/cartella)"
        )
    try:
        from pipelines.lake.luogo import Lago, NonNelLago
        from pipelines.publication.pubblicazioni import NonPubblicabile

        try:
            lago = Lago.from_environment()
            assert lago is not None
            return int(options.lake(lago, options))
        except (NonNelLago, NonPubblicabile) as refusal:
            print(refusal, file=sys.stderr)
            return 1
    except ModuleNotFoundError as missing:
        print(
            f"Questo ambiente non ha {missing.name}: usare quello del lago (make .venv/.lake).",
            file=sys.stderr,
        )
        return 1


def _create(lago: "Lago", _: argparse.Namespace) -> int:
    """Fa catalogo, tabelle e secchio vuoti; dove il lago c'è già non cambia niente."""
    from pipelines.lake.commit import create
    from pipelines.settings import Luoghi

    made = create(lago, Luoghi.from_environment(), _say)
    print(f"Lago fatto: {made.nome}." if made else "Il lago c'è già.")
    return 0


def _stage(lago: "Lago", options: argparse.Namespace) -> int:
    """Calcola le Camere scelte, tutti i loro anni, e le lascia nel secchio; non si vedono finché non si
    pubblica. Ripetuto con lo stesso nome non rifà ciò che è già consegnato."""
    from pipelines.lake.stage import stage
    from pipelines.settings import Luoghi

    asked = options.nome, options.camera, options.data_riferimento
    stage(lago, Luoghi.from_environment(), *asked, _say)
    return 0


def _commit(lago: "Lago", options: argparse.Namespace) -> int:
    """Pubblica insieme ciò che le esecuzioni hanno consegnato, o niente; ripetuto non cambia niente."""
    from pipelines.lake.commit import commit
    from pipelines.lake.consegne import staged
    from pipelines.settings import Luoghi

    names = options.nomi or staged(lago)
    done = commit(lago, Luoghi.from_environment(), names, _say) if names else None
    print(
        f"Pubblicato: {done.nome}, {', '.join(done.camere)}."
        if done
        else "Niente di nuovo da pubblicare."
    )
    return 0


def _status(lago: "Lago", _: argparse.Namespace) -> int:
    """Rilegge ogni tabella e ogni documento e li confronta con ciò che fu pubblicato; stato 0 se va tutto
    bene."""
    from pipelines.lake.esame import look

    found = look(lago)
    for line in (*found.righe, *found.guasti):
        print(line)
    return 1 if found.guasti else 0


def _maintain(lago: "Lago", options: argparse.Namespace) -> int:
    """Toglie le pubblicazioni vecchie di più di 30 giorni e ciò che nessuno ha preso, e compatta i file.

    Tiene il lago per sé, come chi pubblica."""
    from pipelines.lake.maintain import maintain
    from pipelines.settings import now

    done = maintain(lago, now(), options.prova, _say)
    for path in done.tolti:
        print(path)
    would = "Si toglierebbero" if options.prova else "Tolti"
    print(
        f"{would} {len(done.tolti)} file e {done.scadute} pubblicazioni; file uniti: {done.unite}."
    )
    return 0


def _export(lago: "Lago", options: argparse.Namespace) -> int:
    """Scrive una pubblicazione del lago, o una Camera o un anno, nel file che avrebbe una macchina sola."""
    from pipelines.lake.export import export

    count = export(lago, options.file, options.camera, options.esercizio)
    print(f"{options.file}: {count} partizioni.")
    return 0
