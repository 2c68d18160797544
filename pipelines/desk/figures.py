"""The command that asks about one figure of what is published.

Belongs here: its options, who answers, the exit status. Does not belong here: the answer (explain.py), the
other commands (cli.py). Heavy imports stay inside, so that `pira --help` answers at once.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from pipelines.desk import opzioni

Command = Callable[[argparse.Namespace, argparse.ArgumentParser], int]

DONE, NOT_WRITTEN = 0, 1
SCHERMO = Path("-")
"""The file that is no file: what is printed."""


def add_commands(add: Callable[[str, Command, str], argparse.ArgumentParser]) -> None:
    """Adds it to those of `pira`; `add` takes a name, what it does and what is said of it."""
    explain = add("explain", _explain, "da una cifra alle righe dei file")
    explain.add_argument(
        "codice", metavar="CODICE", help="indicatore (INCIDENZA_CONSIP), o riga del piano (105)"
    )
    explain.add_argument("--camera", type=opzioni.camera, required=True, help="la Camera (MS)")
    explain.add_argument("--esercizio", type=opzioni.esercizio, required=True, help="l'anno (2020)")
    explain.add_argument(
        "--righe", type=opzioni.number, default=20, help="quante righe mostrare (20)"
    )
    instead = explain.add_mutually_exclusive_group()
    instead.add_argument(
        "--sql",
        action="store_true",
        help="scrive soltanto l'interrogazione che rifà la cifra, da dare a duckdb",
    )
    instead.add_argument(
        "--csv",
        type=Path,
        metavar="FILE",
        help="scrive in un file tutte le righe che contano, o il campione; - per lo schermo",
    )
    explain.add_argument(
        "--campione",
        type=opzioni.how_many,
        metavar="N",
        help="estrae N righe per chi le verifica, sempre le stesse per lo stesso seme (25)",
    )
    explain.add_argument(
        "--seme",
        type=opzioni.number,
        metavar="N",
        help="il seme del campione; se manca, uno a caso, che si stampa",
    )


def _explain(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Mostra il passaporto di una cifra: piano, definizione, estratti, righe dei file che la fanno."""
    if options.sql and options.campione is not None:
        parser.error("--sql e --campione non stanno insieme")
    if options.seme is not None and options.campione is None:
        parser.error("--seme vale con --campione")
    from pipelines.desk import explain
    from pipelines.settings import Luoghi

    asked = Luoghi.from_environment(), options.camera, options.esercizio, options.codice
    try:
        if options.sql:
            print("\n\n".join(explain.statements(*asked)))
        elif options.csv is not None or options.campione is not None:
            seme = explain.new_seed() if options.seme is None else options.seme
            rows = explain.counted_rows(*asked, options.campione, seme)
            if options.campione is not None and options.csv is not None:
                print(f"{len(rows)} righe estratte, seme {seme}", file=sys.stderr)
            if options.csv is None:
                explain.print_sample(rows, options.campione, seme)
            elif options.csv == SCHERMO:
                explain.write_csv(rows, sys.stdout)
            else:
                with options.csv.open("w", encoding="utf-8-sig", newline="") as out:
                    explain.write_csv(rows, out)
        else:
            explain.explain(*asked, options.righe)
    except explain.SenzaValore as nothing:
        parser.error(str(nothing))
    except BrokenPipeError:
        raise
    except OSError as error:
        print(
            f"{options.csv} non si può scrivere ({error.strerror}): controllare cartella e permessi.",
            file=sys.stderr,
        )
        return NOT_WRITTEN
    return DONE
