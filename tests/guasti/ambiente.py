"""Faults of the surroundings: disk, clock, delivered files, another run at work.

Belongs here: what happens to a run from outside, without ending it by force. Does not belong here:
the ends of runs (uccisioni.py).
"""

import functools
import os
import shutil
import signal
import subprocess
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path
from unittest import mock

import duckdb

from pipelines.publication import pubblicazioni
from pipelines.publication import publish as publication
from pipelines.settings import ROMA
from tests.guasti.giudice import giudica_ordine, pretendi, pulita
from tests.guasti.scena import (
    AMBIENTE,
    ATTESA_MASSIMA,
    CAMERA,
    ESERCIZIO,
    PIRA_RUN,
    STUDI,
    Banco,
    Scena,
    avvia,
    comando_figlio,
    comando_pira,
    corri,
    genera_figlio,
    scrivi_studi,
    visto,
)
from tests.guasti.uccisioni import dopo_il_guasto, giudica_stato, ripresa
from tests.sample import generate

# --- the disk ---------------------------------------------------------------------------------------

LIMITI = (1, 2, 4, 8, 16, 64, 256, 1024, 14336, 12288, 8192, 4096)
"""KB beyond which no file may grow, in the cases of `limite`."""

LIBERI = (0, 256, 1024, *range(36 * 1024, 4 * 1024, -2048))
"""KB left on the disk, in the cases of `disco_pieno`."""


@functools.cache
def monta() -> bool:
    """Whether this machine lets a process have mounts of its own."""
    try:
        tried = subprocess.run(
            ["unshare", "-rm", "sh", "-c", "mount -t tmpfs -o size=64k tmpfs /mnt"],
            capture_output=True,
            timeout=30,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return tried.returncode == 0


def _con_montaggio(mount: str, where: Path, comando: list[str]) -> list[str]:
    """A command in a mount namespace of its own: the mount goes with the process."""
    return [
        "unshare",
        "-rm",
        "sh",
        "-c",
        f'{mount} && shift && exec "$@"',
        "sh",
        str(where),
        *comando,
    ]


def limite(scena: Scena, caso: int) -> None:
    """No file may grow beyond a limit: every writer, native ones too, is refused half-way."""
    banco = scena.banco("una", Scena.SECONDA)
    before = visto(banco)
    child = genera_figlio(banco, guasto="limite", quando=LIMITI[caso])
    giudica_stato(banco, before, child.stato == 0, child.parole)
    harmed = dopo_il_guasto(scena, banco, before)
    ripresa(scena, banco, before, harmed)


def disco_pieno(scena: Scena, caso: int) -> None:
    """A real disk with so many KB left (pieno.py tells the story inside the mount)."""
    banco = scena.banco("vuoto", Scena.PRIMA)
    program = [sys.executable, "-m", "tests.guasti.pieno"]
    base = scena.radice / "una"
    where = [str(base), str(banco.raw), str(banco.warehouse), str(LIBERI[caso])]
    mount = 'mount -t tmpfs -o size=192m tmpfs "$1"'
    child = avvia(_con_montaggio(mount, banco.warehouse, [*program, *where]))
    output, words = child.communicate(timeout=ATTESA_MASSIMA)
    pretendi(child.returncode == 0, f"con {LIBERI[caso]} KB liberi: {words[-2000:]}")
    expected = repr(sorted(scena.attesa(banco.raw).items()))
    pretendi(output.splitlines()[-1] == expected, "liberato il disco, la ripresa pubblica altro")


def sola_lettura(scena: Scena, caso: int) -> None:
    """The output cannot be written: one clear sentence, and nothing changes."""
    banco = scena.banco("una", Scena.SECONDA)
    before = visto(banco)
    mount = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1"'
    commands = (comando_pira(banco, *PIRA_RUN), (comando_figlio(banco), None))
    command, variables = commands[caso]
    child = avvia(_con_montaggio(mount, banco.warehouse, command), variables)
    _, words = child.communicate(timeout=ATTESA_MASSIMA)
    pretendi(child.returncode == 1, f"finisce con {child.returncode}")
    last = words.splitlines()[-1] if command[-1] == PIRA_RUN[-1] else words
    pretendi("non si può scrivere" in last, f"non dice perché: {words[-2000:]}")
    pretendi(visto(banco) == before, "qualcosa è cambiato")
    harmed = dopo_il_guasto(scena, banco, before)
    ripresa(scena, banco, before, harmed)


# --- delivered files --------------------------------------------------------------------------------

SOSTITUITI = (
    STUDI,
    f"{CAMERA}/{ESERCIZIO}/segreteria/sedute.xlsx",
    f"{CAMERA}/{ESERCIZIO}/kronos/fte.parquet",
)
SPARITI = (
    ("sparisce prima", CAMERA),
    ("sparisce prima", f"{CAMERA}/{ESERCIZIO}"),
    ("sparisce prima", f"{CAMERA}/{ESERCIZIO}/allegato.txt"),
    ("sparisce prima", f"{CAMERA}/{ESERCIZIO}/provveditorato"),
    ("sparisce prima", STUDI),
    ("sparisce", STUDI),
)
GZ = f"{CAMERA}/{ESERCIZIO}/registro_imprese/pratiche-{ESERCIZIO}-T4.csv.gz"
TRONCATI = 6


def _motivo(banco: Banco, file: str, esito: str = "RIFIUTATO") -> str | None:
    """Why the published run refused a file, or what it says of it with another outcome; None else."""
    with duckdb.connect(str(banco.warehouse / "pira.duckdb"), read_only=True) as connection:
        found = connection.execute(
            "select motivo from qualita.file where _file = ? and esito = ?", [file, esito]
        ).fetchone()
    return str(found[0]) if found else None


def cresce(scena: Scena, _: int) -> None:
    """Of a file that grows while it is read what was read before stands; the next run takes it whole."""
    banco = scena.banco("una", Scena.PRIMA)
    before = visto(banco)
    child = genera_figlio(banco, guasto="cresce", bersaglio=STUDI)
    pretendi(child.stato == 0, f"non pubblica: {child.parole[-2000:]}")
    reason = _motivo(banco, STUDI, "ACCETTATO")
    pretendi(reason and "sta ancora arrivando" in reason, f"il file che cresce: {reason}")
    pretendi(pulita(visto(banco)).cifra == Scena.PRIMA, "si vede una cifra letta a metà")
    harmed = dopo_il_guasto(scena, banco, before, nuovo=pulita(visto(banco)).contenuto)
    ripresa(scena, banco, before, harmed)
    pretendi(pulita(visto(banco)).cifra == Scena.PRIMA + 1, "la ripresa non lo prende intero")


CRESCENTI = 20


def cresce_sempre(scena: Scena, caso: int) -> None:
    """A file to which somebody adds rows all the while: a part of it is never a figure.

    In every other case nothing was read of it before.
    """
    known = bool(caso % 2)
    banco = scena.banco("una" if known else "vuoto", Scena.PRIMA)
    path = banco.raw / STUDI
    stop, rows = threading.Event(), [Scena.PRIMA]

    def write() -> None:
        while not stop.wait(0.01 + caso / 100):
            with path.open("a") as stream:
                stream.write(f"N{rows[0]};Studio;RAPPORTO;01/03/2020;PUBBLICATO\n")
            rows[0] += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with mock.patch.dict(AMBIENTE, {"PIRA_ATTESA": "0.5"}):
            corri(banco)
    finally:
        stop.set()
        writer.join()
    seen = pulita(visto(banco)).cifra
    pretendi(seen == (Scena.PRIMA if known else 0), f"si vede {seen}, una parte di {rows[0]}")
    corri(banco)
    pretendi(pulita(visto(banco)).cifra == rows[0], "la ripresa non lo prende intero")


def sostituito(scena: Scena, caso: int) -> None:
    """A file replaced after it was read: what is published is what was read, under its own name."""
    banco = scena.banco("vuoto", Scena.PRIMA)
    target = banco.raw / SOSTITUITI[caso]
    elsewhere = banco.raw.parent / "altra"
    generate(elsewhere, camera=CAMERA, esercizi=(ESERCIZIO,), seed=7, pratiche=60)
    scrivi_studi(elsewhere, Scena.SECONDA)
    (elsewhere / SOSTITUITI[caso]).replace(banco.raw.parent / f"altro-{target.name}")
    expected = scena.attesa(banco.raw)
    child = genera_figlio(banco, guasto="sostituito", bersaglio=SOSTITUITI[caso])
    pretendi(child.stato == 0, f"non pubblica: {child.parole[-2000:]}")
    pretendi(pulita(visto(banco)).contenuto == expected, "pubblica righe che non ha firmato")
    pretendi(scena.attesa(banco.raw) != expected, "la prova non prova nulla")
    harmed = dopo_il_guasto(scena, banco, None, nuovo=expected)
    ripresa(scena, banco, None, harmed)


def sparito(scena: Scena, caso: int) -> None:
    """A file or folder that goes away half-way, and is there again the next night.

    Without a file the others are published; without its partition nothing is.
    """
    harm, target = SPARITI[caso]
    banco = scena.banco("una", Scena.SECONDA)
    whole = banco.raw.parent / "intera"
    shutil.copytree(banco.raw, whole)
    before = visto(banco)
    child = genera_figlio(banco, guasto=harm, bersaglio=target)
    partition = f"{CAMERA}/{ESERCIZIO}".startswith(target)
    pretendi(partition == (child.stato != 0), f"senza {target}: {child.parole[-2000:]}")
    giudica_stato(banco, before, child.stato == 0, child.parole)
    shutil.rmtree(banco.raw)
    whole.rename(banco.raw)
    harmed = dopo_il_guasto(scena, banco, before, nuovo=pulita(visto(banco)).contenuto)
    ripresa(scena, banco, before, harmed)


def troncato(scena: Scena, caso: int) -> None:
    """A compressed file cut short is refused whole, and taken when it is delivered again."""
    banco = scena.banco("vuoto", Scena.PRIMA)
    path = banco.raw / GZ
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * caso // TRONCATI])
    corri(banco)
    harmed = pulita(visto(banco))
    pretendi(_motivo(banco, GZ), f"{caso}/{TRONCATI} di un file compresso è accettato")
    path.write_bytes(whole)
    dopo_il_guasto(scena, banco, None, nuovo=harmed.contenuto)
    ripresa(scena, banco, None, harmed)


# --- the clock ----------------------------------------------------------------------------------------

_NOTTE = datetime(2021, 1, 31, 4, tzinfo=ROMA)
_LEGALE = datetime(2021, 10, 31, 2, 30, tzinfo=ROMA)
OROLOGI = (
    tuple(_NOTTE - timedelta(days=d) for d in range(publication.KEEP + 2)),
    (_NOTTE, _NOTTE + timedelta(days=4000), _NOTTE + timedelta(days=1), _NOTTE + timedelta(days=2)),
    (_NOTTE, _NOTTE, _NOTTE, _NOTTE - timedelta(microseconds=1)),
    (_LEGALE, _LEGALE.replace(minute=10, fold=1), _LEGALE.replace(minute=20, fold=1)),
    (_NOTTE, _NOTTE - timedelta(days=400), _NOTTE - timedelta(days=200)),
)
"""When each run of a case takes place; in October 02:30 comes twice."""


def orologio(scena: Scena, caso: int) -> None:
    """The clock jumps between runs: publications and history keep the order in which they came."""
    banco = scena.banco("vuoto", Scena.PRIMA)
    runs = []
    for number, instant in enumerate(OROLOGI[caso]):
        figure = (Scena.PRIMA, Scena.SECONDA)[number % 2]
        scrivi_studi(banco.raw, figure)
        corri(banco, instant)
        seen = pulita(visto(banco))
        pretendi(seen.cifra == figure, f"la numero {number} dà {seen.cifra}")
        pretendi(seen.contenuto == scena.attesa(banco.raw), "il contenuto dipende dall'orologio")
        runs.append(seen.esecuzione)
        last = pubblicazioni.list_publications(banco.luoghi)[-1]
        pretendi(last == pubblicazioni.current(banco.luoghi), "l'ultima non è l'ultima dell'elenco")
        giudica_ordine(banco.luoghi)
    with duckdb.connect(str(banco.warehouse / "pira.duckdb"), read_only=True) as connection:
        known = connection.execute(
            "select esecuzione, valore from storico.valori where codice = 'ISR_STUDI'"
            " order by noto_dal"
        ).fetchall()
    pretendi([e for e, _ in known] == runs, f"lo storico è in disordine: {known}, {runs}")


# --- two at once --------------------------------------------------------------------------------------


def in_attesa(scena: Scena, caso: int) -> None:
    """A second run waits for the first, says for whom, and goes on when that ends or is killed."""
    banco = scena.banco("una", Scena.SECONDA)
    before = visto(banco)
    middle = len(scena.conta("una", Scena.SECONDA)) // 2
    first = avvia(comando_figlio(banco, guasto="fermo", quando=middle))
    os.waitid(os.P_PID, first.pid, os.WSTOPPED | os.WNOWAIT)
    second = avvia(comando_figlio(banco))
    try:
        assert second.stdout is not None
        said = second.stdout.readline()
        pretendi(f"processo {first.pid}" in said and "attendo" in said, f"la seconda dice {said!r}")
        builds = list((banco.warehouse / "lavoro").iterdir())
        pretendi(len(builds) == 1, f"la seconda non attende: {builds}")
        pretendi(visto(banco) == before, "qualcosa è cambiato durante l'attesa")
        second.send_signal(signal.SIGSTOP)  # what the first leaves is seen before it goes on
        os.kill(first.pid, (signal.SIGKILL, signal.SIGCONT)[caso])
        first.communicate(timeout=ATTESA_MASSIMA)
        between = pulita(visto(banco)).esecuzione
        second.send_signal(signal.SIGCONT)
        _, words = second.communicate(timeout=ATTESA_MASSIMA)
    finally:
        first.kill()
        second.kill()
    pretendi(second.returncode == 0, f"la seconda fallisce: {words[-2000:]}")
    kept = len(pubblicazioni.list_publications(banco.luoghi))
    pretendi(kept == 2, f"{kept} pubblicazioni")  # an equal one takes the place of the first run's
    harmed = dopo_il_guasto(scena, banco, before)
    ripresa(scena, banco, before, harmed, pubblicate={between})
