"""An analyst who asks the warehouse again and again while it is published over and over.

Belongs here: the three ways of reading, and what each answer must agree with. It is a program of its
own, started by lettori.py: `python -m tests.guasti.lettore MODO WAREHOUSE`, and ends when the file
`fine` appears beside the output. Prints one JSON object: questions asked, errors, answers seen.
"""

import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import duckdb

from tests.guasti.giudice import cifra_del_magazzino, cifra_della_scorecard, pretendi

PAUSA = 0.1
"""Seconds between two questions: an analyst reads the answer, and leaves a processor to the night."""

Risposta = tuple[str, int]
"""The run that an answer belongs to, and the known figure."""


def _open(path: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(path), read_only=True)


def _ask(connection: duckdb.DuckDBPyConnection) -> Risposta:
    """Several questions on one connection: they must agree."""
    (run,) = connection.execute("select esecuzione from storico.esecuzione").fetchone() or ("",)
    return run, cifra_del_magazzino(connection)


def leggi_magazzino(warehouse: Path) -> Risposta:
    """The documented way: the public name, opened anew for each question."""
    with closing(_open(warehouse / "pira.duckdb")) as connection:
        return _ask(connection)


def leggi_cartella(warehouse: Path) -> Risposta:
    """Database, scorecard and manifest of one publication, by resolving `corrente` once."""
    folder = (warehouse / "corrente").resolve(strict=True)
    with closing(_open(folder / "pira.duckdb")) as connection:
        run, figure = _ask(connection)
    manifest = json.loads((folder / "manifest.json").read_text())
    pretendi(manifest["esecuzione"] == run, "manifesto e magazzino di due esecuzioni")
    pretendi(cifra_della_scorecard(folder) == figure, "scorecard e magazzino di due esecuzioni")
    return run, figure


RESPIRO = 0.2
"""Seconds in which an analyst reads an answer: eight who read none would be a load, not readers."""

_PARENT = os.getppid()


def _finished(warehouse: Path) -> bool:
    """Told so, or left alone."""
    return (warehouse.parent / "fine").exists() or os.getppid() != _PARENT


def _published(warehouse: Path) -> int:
    """The figure that was certainly published when this is asked."""
    return int((warehouse.parent / "pubblicata").read_text())


def _ask_again(read: Callable[[Path], Risposta], warehouse: Path) -> Iterator[Risposta]:
    """Answers until the end; none may be older than what was already published."""
    while not _finished(warehouse):
        at_least = _published(warehouse)
        run, figure = read(warehouse)
        pretendi(figure >= at_least, f"si legge {figure} quando era già pubblicata {at_least}")
        yield run, figure
        time.sleep(PAUSA)


def _hold(warehouse: Path) -> Iterator[Risposta]:
    """One cursor held open across all the publications goes on telling its own, to the last row."""
    with closing(_open(warehouse / "pira.duckdb")) as connection:
        first = _ask(connection)
        yield first
        held = connection.cursor().execute("select id_studio from fonti.isr_studi, range(100000)")
        rows = 0
        while not _finished(warehouse):
            rows += len(held.fetchmany(1))
            pretendi(_ask(connection) == first, "una connessione tenuta aperta cambia risposta")
            yield first
            time.sleep(PAUSA)
        while chunk := held.fetchmany(100_000):
            rows += len(chunk)
        pretendi(rows == first[1] * 100_000, f"il cursore tenuto aperto dà {rows} righe")
    yield leggi_magazzino(warehouse)


def main(modo: str, warehouse: Path) -> None:
    """Reads to the end and tells what it saw."""
    asked, errors, seen = 0, [], set()
    answers = {
        "magazzino": lambda: _ask_again(leggi_magazzino, warehouse),
        "cartella": lambda: _ask_again(leggi_cartella, warehouse),
        "cursore": lambda: _hold(warehouse),
    }[modo]()
    try:
        for answer in answers:
            asked += 1
            seen.add(answer)
            if asked == 1:
                print("pronto", flush=True)
            time.sleep(RESPIRO)
    except Exception:
        errors.append(traceback.format_exc())
    print(json.dumps({"domande": asked, "errori": errors, "viste": sorted(seen)}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
