"""The long form of the fault harness: every case of every fault, one table.

Run as `python -m tests.faults [NOME ...]`: a name is a part of a row's, and only those rows are tried.
What was lost is told on the standard error.

Belongs here: the order of the table, the processes that try the cases side by side, the exit status,
which is 1 when anything was lost. Does not belong here: the faults (guasti/), the hostile files and the
fuzzer (ostili/), the faults of offices' files (uffici/), of which the ordinary suite tries a few.
"""

import multiprocessing
import os
import shutil
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests import collegamenti, percorsi
from tests.guasti.guasti import GUASTI
from tests.guasti.scena import Scena
from tests.ostili import corpus, persone
from tests.ostili.corsa import MAX_MEGABYTE, MAX_MEGABYTE_PESANTI
from tests.ostili.fuzz import ESEMPI_LUNGHI, PROVE, lancia
from tests.ostili.rapporto import PARTI, Rapporto, in_un_processo
from tests.uffici import prova as piantati

PROCESSI = min(2, os.cpu_count() or 1)
"""Cases tried side by side: none depends on how fast it goes."""
PIANTATI, A_LOTTO = 200, 20
"""Deliveries with a planted fault, and how many are chambers of one landing zone."""
LETTURE = 20_000
"""Times that a file is read while the names on the way to it are turned into links."""


@dataclass(frozen=True)
class Riga:
    """A row of the table: how often a fault was tried, how often something was lost."""

    nome: str
    volte: int
    persi: int

    def __str__(self) -> str:
        return _riga(self.nome, self.volte, self.volte - self.persi, self.persi)


def _riga(nome: object, volte: object, superati: object, persi: object) -> str:
    return f"{nome:<52}{volte:>8}{superati:>10}{persi:>8}"


# --- in the processes that try ------------------------------------------------------------------------

_scene: list[Scena] = []
_base: list[Path] = []


def _comincia(base: Path) -> None:
    """What libraries print of their own accord does not get into the table."""
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    _base.append(base)


def _scena() -> Scena:
    """The stage of this process, made when the first fault wants it."""
    if not _scene:
        _scene.append(Scena(_base[0] / str(os.getpid())).prepara())
    return _scene[0]


def quanti_casi(numero: int) -> int:
    """How many cases a fault has."""
    return GUASTI[numero].casi(_scena())


def prova_caso(numero: int, caso: int) -> str:
    """Tries a case of a fault; returns what was lost, nothing when all is well."""
    scena = _scena()
    try:
        GUASTI[numero].prova(scena, caso)
    except Exception:
        return f"caso {caso}\n{traceback.format_exc()}"
    finally:
        shutil.rmtree(scena.radice / "prove", ignore_errors=True)
    return ""


def prova_corpus(parte: str) -> Rapporto:
    """Tries a part of the corpus."""
    return in_un_processo(parte, _base[0])


def prova_fuzz(numero: int) -> tuple[int, str]:
    """Tries the random files of a kind; returns how many, and what was lost."""
    try:
        return lancia(PROVE[numero], ESEMPI_LUNGHI, ripetibile=False), ""
    except Exception:
        return ESEMPI_LUNGHI, traceback.format_exc()


def prova_piantati(dal: int) -> tuple[list[str], list[str]]:
    """Tries a batch of planted faults; returns the figures lost, and the false alarms of the clean night."""
    with tempfile.TemporaryDirectory(dir=_base[0]) as base:
        verdetti, allarmi = piantati.prova(Path(base), piantati.in_turno(A_LOTTO, dal), seme=dal)
    return [f"{v.guasto}: {'; '.join(v.persi)}" for v in verdetti if v.persi], allarmi


# --- the table ----------------------------------------------------------------------------------------

Righe = Iterator[Riga]
Voluta = Callable[[str], bool]


def _perso(nome: str, perche: str) -> None:
    print(f"PERSO: {nome}, {perche}", file=sys.stderr, flush=True)


def guasti(pool: ProcessPoolExecutor, voluta: Voluta) -> Righe:
    """A row for each fault of runs."""
    chosen = [n for n, guasto in enumerate(GUASTI) if voluta(guasto.nome)]
    counts = [pool.submit(quanti_casi, n) for n in chosen]
    tried: list[tuple[int, list[Future[str]]]] = [
        (n, [pool.submit(prova_caso, n, case) for case in range(count.result())])
        for n, count in zip(chosen, counts, strict=True)
    ]
    for n, cases in tried:
        guasto = GUASTI[n]
        lost = [found for case in cases if (found := case.result())]
        for why in lost:
            _perso(guasto.nome, why)
        if cases:
            yield Riga(guasto.nome, len(cases) * guasto.colpi, len(lost))


def file_ostili(pool: ProcessPoolExecutor, voluta: Voluta) -> Righe:
    """A row for each family of hostile files, one for their neighbours, one for each bound of memory."""
    formati = {caso.nome: caso.formato for caso in corpus.casi()}
    nomi = {formato: f"file ostili: {formato}" for formato in dict.fromkeys(formati.values())}
    vicini, memoria = "file vicini a quelli ostili", "memoria entro {} MB, file ostili"
    if not any(voluta(nome) for nome in (*nomi.values(), vicini, memoria)):
        return
    parts = {parte: pool.submit(prova_corpus, parte) for parte in PARTI}
    reports = {parte: report.result() for parte, report in parts.items()}
    errori = {caso: e for report in reports.values() for caso, e in report.errori.items()}
    tried = sum(report.provati for report in reports.values())
    assert tried == len(formati), f"{tried} casi provati su {len(formati)}"
    lost = Counter(formati[caso] for caso in errori)
    for caso, why in errori.items():
        _perso(caso, "; ".join(why))
    for formato, nome in nomi.items():
        yield Riga(nome, list(formati.values()).count(formato), lost[formato])
    harmed = [why for report in reports.values() for why in report.vicini]
    for perche in harmed:
        _perso(vicini, perche)
    yield Riga(vicini, tried, len(harmed))
    for limite, chosen in (
        (MAX_MEGABYTE, {"insieme", "soli"}),
        (MAX_MEGABYTE_PESANTI, {"pesanti"}),
    ):
        nome = memoria.format(limite)
        used = [report.megabyte for parte, report in reports.items() if parte in chosen]
        print(f"{nome}: al massimo {max(used)} MB", file=sys.stderr, flush=True)
        yield Riga(nome, len(used), sum(megabyte > limite for megabyte in used))


def file_a_caso(pool: ProcessPoolExecutor, voluta: Voluta) -> Righe:
    """A row for each kind of random file."""
    nomi = {n: f"file a caso: {prova.nome}" for n, prova in enumerate(PROVE)}
    runs = {n: pool.submit(prova_fuzz, n) for n, nome in nomi.items() if voluta(nome)}
    for n, run in runs.items():
        times, why = run.result()
        if why:
            _perso(nomi[n], why)
        yield Riga(nomi[n], times, bool(why))


def file_d_ufficio(pool: ProcessPoolExecutor, voluta: Voluta) -> Righe:
    """A row for faults of known kinds planted in clean deliveries, one for those deliveries as they were."""
    nomi = ("cifre cambiate in silenzio, un guasto per consegna", "falsi allarmi, consegne pulite")
    if not any(map(voluta, nomi)):
        return
    batches = [pool.submit(prova_piantati, dal) for dal in range(0, PIANTATI, A_LOTTO)]
    for nome, found in zip(nomi, zip(*(b.result() for b in batches), strict=True), strict=True):
        lost = [why for batch in found for why in batch]
        for why in lost:
            _perso(nome, why)
        yield Riga(nome, PIANTATI, len(lost))


def prova_percorso(nome: str) -> list[str]:
    """Tries an output at a path that is a pattern to somebody."""
    with tempfile.TemporaryDirectory(dir=_base[0]) as base:
        return percorsi.prova(Path(base), nome)


def prova_collegamenti(letture: int) -> list[str]:
    """Reads while names turn into links that lead out; returns what was seen from outside."""
    with tempfile.TemporaryDirectory(dir=_base[0]) as base:
        return collegamenti.corsa(collegamenti.prepara(Path(base)), letture)[1]


def luoghi_ostili(pool: ProcessPoolExecutor, voluta: Voluta) -> Righe:
    """A row for the outputs whose path is a pattern, one for the links that race with reading."""
    nome = "uscite dal percorso ostile"
    if voluta(nome):
        tried = {p: pool.submit(prova_percorso, p) for p in percorsi.OSTILI}
        lost = {p: why for p, run in tried.items() if (why := run.result())}
        for path, why in lost.items():
            _perso(nome, f"{path}: {why}")
        yield Riga(nome, len(tried), len(lost))
    nome = "letture in gara con collegamenti che escono"
    if voluta(nome):
        seen = pool.submit(prova_collegamenti, LETTURE).result()
        for one in seen:
            _perso(nome, one)
        yield Riga(nome, LETTURE, len(seen))


def prova_persone() -> list[str]:
    """Tries people in columns that are not theirs; returns who was left in clear, or named by nobody."""
    with tempfile.TemporaryDirectory(dir=_base[0]) as base:
        return persone.prova(Path(base))


def persone_fuori_posto(pool: ProcessPoolExecutor, voluta: Voluta) -> Righe:
    """A row for people in columns that are not theirs."""
    nome = "persone fuori posto, pira run"
    if voluta(nome):
        found = pool.submit(prova_persone).result()
        for one in found:
            _perso(nome, one)
        yield Riga(nome, persone.CASI, len(found))


def main(nomi: list[str]) -> int:
    """Prints the table, a row as each fault is done; returns the exit status."""
    os.environ.setdefault("PIRA_KEY", "0123456789abcdef" * 4)

    def voluta(nome: str) -> bool:
        return not nomi or any(n in nome for n in nomi)

    times = lost = 0
    spawn = multiprocessing.get_context("spawn")
    print(_riga("guasto", "volte", "superati", "persi"), flush=True)
    with (
        tempfile.TemporaryDirectory(prefix="pira-guasti-") as base,
        ProcessPoolExecutor(PROCESSI, spawn, _comincia, (Path(base),)) as pool,
    ):
        for part in (
            *(guasti, file_ostili, file_a_caso, file_d_ufficio),
            *(luoghi_ostili, persone_fuori_posto),
        ):
            for row in part(pool, voluta):
                times, lost = times + row.volte, lost + row.persi
                print(row, flush=True)
    print(Riga("in tutto", times, lost))
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
