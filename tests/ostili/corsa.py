"""One hostile delivery tried: what became of it, of its neighbours, and at what cost.

Belongs here: the landing zone around a case, the judgement. Does not belong here: the cases
(corpus.py), the random ones (fuzz.py).
"""

import ctypes
import posixpath
import re
import shutil
import signal
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import polars as pl

from pipelines.contract.estratti import PER_CODICE
from pipelines.landing.zone import Sconosciuto, list_deliveries, list_partitions, list_strangers
from pipelines.night import steps
from pipelines.partizione import Partizione
from pipelines.settings import Luoghi
from tests.extracts.materiale import csv, riga_buona
from tests.extracts.sistema import ingerisci_da
from tests.ostili.caso import ESERCIZIO, SEGRETO, Caso, Esito

CHIAVE = b"chiave di prova, mai usata altrove"
CAMERA = "ZZ"
MAX_SECONDI = 300
"""For one case, however busy the machine: only one that waits for ever is stopped here."""
MAX_MEGABYTE = 600
"""Resident memory, at its highest, of a process that reads the corpus, and of those it starts."""
MAX_MEGABYTE_PESANTI = 2048
"""The same for the deliveries that are meant to fill it."""

_CAPABILITY_VERSION_3 = 0x20080522
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2
_STRANIERO = re.compile(
    r"\b(error|exception|traceback|invalid|expected|failed|denied|unable|cannot|none|null|polars"
    r"|errno|thread|panicked|not found|no such)\b|0x[0-9a-f]{6}|/tmp/",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class FileVisto:
    """What the system says of a file."""

    esito: Esito
    lette: int
    motivo: str | None


Visti = dict[str, FileVisto]


class Bloccato(Exception):
    """The case took longer than it may."""


@contextmanager
def limite(secondi: float = MAX_SECONDI) -> Iterator[None]:
    """Stops what runs inside when its time is over, even where it waits for a pipe."""

    def scaduto(_: int, __: FrameType | None) -> None:
        raise Bloccato(f"dura più di {secondi} secondi")

    prima = signal.signal(signal.SIGALRM, scaduto)
    signal.setitimer(signal.ITIMER_REAL, secondi)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, prima)


@contextmanager
def senza_privilegi() -> Iterator[None]:
    """A reader whom permissions bind, even where the tests run as root.

    The powers to read and search whatever one likes are laid down, and taken up again after.
    """
    testa = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    poteri = (ctypes.c_uint32 * 6)()  # twice: effective, permitted, inheritable
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.capget(testa, poteri) != 0:
        raise OSError(ctypes.get_errno(), "capget")
    interi = poteri[0]
    poteri[0] = interi & ~(1 << _CAP_DAC_OVERRIDE | 1 << _CAP_DAC_READ_SEARCH)
    libc.capset(testa, poteri)
    try:
        yield
    finally:
        poteri[0] = interi
        libc.capset(testa, poteri)


def visti_di(righe: Iterable[Mapping[str, Any]]) -> Visti:
    """The lines of `qualita.file` by file."""
    return {
        r["_file"]: FileVisto(
            Esito(r["esito"], r["righe_accettate"] or 0, r["righe_scartate"] or 0),
            r["righe_lette"] or 0,
            r["motivo"],
        )
        for r in righe
    }


def _ignorati(trovati: list[Sconosciuto]) -> Visti:
    return {s.file: FileVisto(Esito("IGNORATO"), 0, s.motivo) for s in trovati}


def _letti(caso: Caso, raw: Path, cartella: Path) -> Visti:
    """The case read as the night reads it, and what the night says of every file of the zone."""
    partizione = Partizione(CAMERA, ESERCIZIO)
    visti: Visti = {}
    if caso.formato == "allegato" or "allegato.txt" in caso.attesi:
        run = steps.new_run(Luoghi(raw, cartella / "warehouse"), nome="prova")
        for piano in steps.read_plans(steps.begin(run, list)):
            for riga in pl.read_parquet(piano / "piani.parquet").to_dicts():
                visti[riga["_file"]] = FileVisto(Esito(riga["esito"]), 0, riga["motivo"])
    for trovata in list_partitions(raw):
        visti |= _ignorati(list_deliveries(raw, trovata)[1])
    visti |= _ignorati(list(list_strangers(raw)))
    estratto = PER_CODICE[caso.estratto]
    deposito = cartella / "deposito"
    esito = ingerisci_da(raw, partizione, estratto, deposito, CHIAVE)
    scarti = pl.read_parquet(esito.scarti).group_by("_file").agg(pl.col("_riga").n_unique())
    letti = visti_di(pl.read_parquet(esito.file).to_dicts())
    for file, righe in scarti.iter_rows():
        assert letti[file].esito.scartate == righe, f"{file}: scarti che non tornano"
    return visti | letti


def prova(caso: Caso, cartella: Path) -> list[str]:
    """Tries a case in an empty folder; returns what is wrong, nothing when all is well."""
    raw = cartella / "raw"
    partizione = raw / CAMERA / str(ESERCIZIO)
    vicino = f"{caso.estratto}-0.csv"
    (partizione / vicino).parent.mkdir(parents=True)
    buone = [riga_buona(caso.estratto, n) for n in range(2)]
    (partizione / vicino).write_bytes(csv(caso.estratto, buone))
    caso.prepara(partizione)
    inizio = time.monotonic()
    try:
        with limite():
            if caso.permessi:
                with senza_privilegi():
                    visti = _letti(caso, raw, cartella)
            else:
                visti = _letti(caso, raw, cartella)
    except BaseException as errore:
        if isinstance(errore, KeyboardInterrupt):
            raise
        return [f"{type(errore).__name__}: {str(errore)[:300]}"]
    if (durata := time.monotonic() - inizio) > MAX_SECONDI:
        return [f"dura {durata:.0f} secondi"]
    return giudica(caso, visti, f"{CAMERA}/{ESERCIZIO}") + _vicini(visti, caso, vicino)


def giudica(caso: Caso, visti: Visti, partizione: str) -> list[str]:
    """What is wrong with the outcome of the files of a case delivered in a partition."""
    return [
        f"{dove}: {errore}"
        for dove, atteso in caso.attesi.items()
        for errore in _giudica_file(atteso, visti.get(_sotto_la_zona(partizione, dove)))
    ]


def _sotto_la_zona(partizione: str, dove: str) -> str:
    return posixpath.normpath(f"{partizione}/{dove}") + ("/" if dove.endswith("/") else "")


def _giudica_file(atteso: Esito, visto: FileVisto | None) -> Iterator[str]:
    if visto is None:
        yield "nessuno ne parla"
        return
    if visto.esito != atteso:
        yield f"atteso {atteso}, visto {visto.esito} ({visto.motivo})"
    if visto.lette != visto.esito.accettate + visto.esito.scartate:
        yield f"{visto.lette} righe lette non sono {visto.esito}"
    if atteso.esito != "ACCETTATO" and (visto.lette or not visto.motivo):
        yield "non è stato letto, ma ha righe o non dice perché"
    yield from difetti_del_motivo(visto.motivo, suo=atteso.esito != "ACCETTATO")


def difetti_del_motivo(motivo: str | None, suo: bool = True) -> Iterator[str]:
    """Why a reason is not one clear sentence that an office may read.

    One that is not all the system's own (`suo`) names columns of the file.
    """
    if motivo is None:
        return
    if not motivo.isprintable() or motivo != motivo.strip():
        yield f"motivo con caratteri che non si stampano: {motivo!r}"
    if ". " in motivo or len(motivo) > 1000:
        yield f"motivo di più frasi, o troppo lungo: {motivo[:200]}"
    if suo and (trovato := _STRANIERO.search(motivo)):
        yield f"motivo con parole di un programma ({trovato[0]}): {motivo}"
    if SEGRETO in motivo:
        yield "motivo che ripete il contenuto di una cella"


def _vicini(visti: Visti, caso: Caso, vicino: str) -> list[str]:
    visto = visti.get(f"{CAMERA}/{ESERCIZIO}/{vicino}")
    if not caso.permessi and (visto is None or visto.esito != Esito("ACCETTATO", 2, 0)):
        return [f"il file vicino a «{caso.nome}» ne soffre: {visto}"]
    return []


@contextmanager
def cartella_di_prova(base: Path, nome: str) -> Iterator[Path]:
    """An empty folder that goes away, whatever permissions lie in it."""
    cartella = base / nome
    cartella.mkdir(parents=True)
    try:
        yield cartella
    finally:
        for percorso in [p for p in cartella.rglob("*") if p.is_dir() and not p.is_symlink()]:
            percorso.chmod(0o755)
        shutil.rmtree(cartella, ignore_errors=True)


def memoria_massima() -> int:
    """MB that this process, or one that it started, has had resident at its highest."""
    import resource

    stato = Path("/proc/self/status").read_text()
    propria = int(re.search(r"VmHWM:\s+([0-9]+)", stato)[1])  # type: ignore[index]
    return max(propria, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) >> 10
