"""Good files broken at random: the readers must take them or refuse them, and the accounts hold.

Belongs here: how a file is broken, and what must be true of any file whatever. Does not belong here:
files broken on purpose, whose fate is known (corpus.py).

`PIRA_FUZZ_EXAMPLES` is the number of files of each kind in the long form.
"""

import io
import os
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipelines.night.steps import run
from pipelines.plan.frames import to_frames
from pipelines.plan.read import PianoIlleggibile, read_plan
from pipelines.scorecard.txt import fill, is_same_plan
from tests.extracts.materiale import csv, csv_gz, percorso, riga_buona, xlsx
from tests.extracts.sistema import ingerisci_in
from tests.indicatori import zona
from tests.ostili.corsa import difetti_del_motivo
from tests.ostili.piani import ALLEGATO, vero

ESEMPI = 30
"""Files of each kind in the ordinary suite."""
ESEMPI_LUNGHI = int(os.environ.get("PIRA_FUZZ_EXAMPLES", "1000"))
"""Files of each kind in the long form."""
PIANI_PER_NOTTE = 12
_NOTTI = 60
"""One night, of several plans, for so many files of the other kinds."""

_CODICI = (
    "isr/studi",
    "registro_imprese/pratiche",
    "kronos/fte",
    "provveditorato/pagamenti",
    "segreteria/accessi",
)
_TESTI = (
    *('"', '""', ";", ",", "\t", "\n", "\r", "\r\n", "\x00", "\ufeff", "€", "-", ".", "%"),
    *("0", "9" * 40, "31/02/2020", "2020-01-01", "matricola", "stato;stato", " ", "\u00a0"),
    *("=>", "=<", "OBIETTIVO", "MISSIONE", "TITOLO", "PESO", "INDICATORE", "Target 2020", "**"),
    *("<", ">", "&", "</row>", "<row>", '<row r="0">', '<c r="ZZZ9">', "<!--", "<v>1e999</v>"),
)
_BYTE = (b"\xff", b"\x81", b"\xc3", b"\x1f\x8b", b"PK\x05\x06", b"PAR1")
_PEZZI = (*(testo.encode() for testo in _TESTI), *_BYTE)

Colpo = tuple[str, float, float, bytes]
_COLPI = st.lists(
    st.tuples(
        st.sampled_from(["capovolgi", "inserisci", "inserisci", "taglia", "ripeti", "tronca"]),
        st.floats(0, 1),
        st.floats(0, 0.2),
        st.sampled_from(_PEZZI) | st.binary(max_size=8),
    ),
    min_size=1,
    max_size=6,
)


def rompi(contenuto: bytes, colpi: list[Colpo]) -> bytes:
    """The bytes after each blow: where it falls and how wide it is are shares of the length."""
    for nome, dove, quanto, pezzo in colpi:
        posto = int(dove * len(contenuto))
        fine = min(len(contenuto), posto + 1 + int(quanto * len(contenuto)))
        prima, preso, dopo = contenuto[:posto], contenuto[posto:fine], contenuto[fine:]
        match nome:
            case "capovolgi" if preso:
                contenuto = prima + bytes([preso[0] ^ (1 << len(pezzo) % 8)]) + preso[1:] + dopo
            case "inserisci":
                contenuto = prima + pezzo + preso + dopo
            case "taglia":
                contenuto = prima + dopo
            case "ripeti":
                contenuto = prima + preso * 2 + dopo
            case "tronca" if dove > 0.5:
                contenuto = prima
    return contenuto


# --- good files -----------------------------------------------------------------------------------


@cache
def _testo(codice: str) -> bytes:
    return csv(codice, [riga_buona(codice, n) for n in range(8)])


@cache
def _foglio(codice: str) -> bytes:
    righe = [list(riga_buona(codice, n).values()) for n in range(8)]
    return xlsx([list(riga_buona(codice, 0)), *righe])


@cache
def _colonne(codice: str, compressione: str) -> bytes:
    memoria = io.BytesIO()
    frame = pl.DataFrame([riga_buona(codice, n) for n in range(8)])
    frame.write_parquet(memoria, compression=compressione)  # type: ignore[arg-type]
    return memoria.getvalue()


# --- broken files ---------------------------------------------------------------------------------

File = tuple[str, str, bytes]
"""Extract, format, content."""


@st.composite
def _testi(draw: st.DrawFn) -> File:
    codice = draw(st.sampled_from(_CODICI))
    return codice, "csv", rompi(_testo(codice), draw(_COLPI))


@st.composite
def _compressi(draw: st.DrawFn) -> File:
    """Broken before it is compressed, or after."""
    codice = draw(st.sampled_from(_CODICI))
    colpi = draw(_COLPI)
    if draw(st.booleans()):
        return codice, "csv.gz", csv_gz(rompi(_testo(codice), colpi))
    return codice, "csv.gz", rompi(csv_gz(_testo(codice)), colpi)


@st.composite
def _fogli(draw: st.DrawFn) -> File:
    """Broken in one of its parts, or as an archive."""
    codice = draw(st.sampled_from(_CODICI))
    colpi = draw(_COLPI)
    intero = _foglio(codice)
    if draw(st.integers(0, 3)) == 0:
        return codice, "xlsx", rompi(intero, colpi)
    with zipfile.ZipFile(io.BytesIO(intero)) as archivio:
        parti = {nome: archivio.read(nome) for nome in archivio.namelist()}
    preferite = [n for n in parti if "sheet1" in n or "sharedStrings" in n]
    colpita = draw(st.sampled_from(preferite) | st.sampled_from(sorted(parti)))
    memoria = io.BytesIO()
    with zipfile.ZipFile(memoria, "w") as archivio:
        for nome, parte in parti.items():
            archivio.writestr(nome, rompi(parte, colpi) if nome == colpita else parte)
    return codice, "xlsx", memoria.getvalue()


_TIPI: dict[Any, st.SearchStrategy[Any]] = {
    pl.String: st.text(max_size=12),
    pl.Int64: st.integers(-(2**63), 2**63 - 1),
    pl.UInt64: st.integers(0, 2**64 - 1),
    pl.Int128: st.integers(-(2**127), 2**127 - 1),
    pl.Float64: st.floats(),
    pl.Float32: st.floats(width=32),
    pl.Boolean: st.booleans(),
    pl.Date: st.integers(-(2**31), 2**31 - 1),
    pl.Datetime("ms"): st.integers(-(2**63), 2**63 - 1),
    pl.Datetime("us"): st.integers(-(2**63), 2**63 - 1),
    pl.Datetime("ns"): st.integers(-(2**63), 2**63 - 1),
    pl.Datetime("us", "Europe/Rome"): st.integers(-(2**58), 2**58),
    pl.Duration("us"): st.integers(-(2**63), 2**63 - 1),
    pl.Binary: st.binary(max_size=8),
    pl.Categorical: st.text(max_size=4),
    pl.List(pl.Int8): st.lists(st.integers(-128, 127), max_size=3),
    pl.Null: st.none(),
}
_INTERI_DIETRO = {pl.Date: pl.Int32, pl.Datetime: pl.Int64, pl.Duration: pl.Int64}


@st.composite
def _tabelle(draw: st.DrawFn) -> File:
    """Columns of any type that a Parquet file can hold, under the contract's names."""
    codice = draw(st.sampled_from(_CODICI))
    righe = draw(st.integers(0, 4))
    colonne = {}
    for nome, testo in riga_buona(codice, 0).items():
        if draw(st.booleans()):
            colonne[nome] = pl.Series([testo] * righe, dtype=pl.String)
            continue
        tipo = draw(st.sampled_from(list(_TIPI)))
        valori = draw(st.lists(st.none() | _TIPI[tipo], min_size=righe, max_size=righe))
        dietro = next((d for t, d in _INTERI_DIETRO.items() if tipo == t), None)
        serie = pl.Series(valori, dtype=dietro or tipo)
        colonne[nome] = serie.cast(tipo) if dietro else serie
    memoria = io.BytesIO()
    pl.DataFrame(colonne).write_parquet(memoria)
    return codice, "parquet", memoria.getvalue()


@st.composite
def _byte_di_tabelle(draw: st.DrawFn) -> File:
    codice = draw(st.sampled_from(_CODICI))
    compressione = draw(st.sampled_from(["uncompressed", "snappy", "zstd"]))
    return codice, "parquet", rompi(_colonne(codice, compressione), draw(_COLPI))


@st.composite
def _piani(draw: st.DrawFn) -> bytes:
    """The plan of 2020 with lines lost, doubled, moved, and blows anywhere."""
    righe = vero().split("\n")
    for _ in range(draw(st.integers(0, 4))):
        da, a = draw(st.integers(0, len(righe) - 1)), draw(st.integers(0, len(righe) - 1))
        match draw(st.sampled_from(["togli", "ripeti", "sposta", "celle"])):
            case "togli":
                righe[da] = ""
            case "ripeti":
                righe.insert(a, righe[da])
            case "sposta":
                righe[da], righe[a] = righe[a], righe[da]
            case "celle":
                celle = righe[da].split("\t")
                righe[da] = "\t".join(celle[::-1])
    testo = "\n".join(righe).encode()
    return rompi(testo, draw(_COLPI)) if draw(st.booleans()) else testo


# --- what must be true of any file ----------------------------------------------------------------


def _prova_estratto(file: File) -> None:
    """The file has one outcome, its accounts hold, its refusal says why."""
    codice, formato, contenuto = file
    dove = percorso(codice, estensione=formato)
    with tempfile.TemporaryDirectory(prefix="pira-fuzz-") as cartella:
        ingestito = ingerisci_in(Path(cartella), codice, {dove: contenuto})
    (riga,) = ingestito.file.to_dicts()
    scartate = ingestito.scarti["_riga"].n_unique()
    conti = (riga["righe_lette"], riga["righe_accettate"], riga["righe_scartate"])
    assert conti == (len(ingestito.righe) + scartate, len(ingestito.righe), scartate)
    if riga["esito"] == "RIFIUTATO":
        assert conti == (0, 0, 0)
        assert riga["motivo"]
        assert not list(difetti_del_motivo(riga["motivo"]))
    else:
        assert riga["esito"] == "ACCETTATO"


def _prova_piano(contenuto: bytes) -> None:
    """The plan is read line by line and written back byte for byte, or refused with a reason."""
    try:
        letto = read_plan(contenuto)
    except PianoIlleggibile as rifiuto:
        assert not list(difetti_del_motivo(str(rifiuto).split(" (byte")[0]))
        return
    assert "".join(letto.righe).encode(letto.codifica) == contenuto
    assert fill(letto, {}, {}) == contenuto
    figure = (Decimal("1.5"), Decimal(50))
    risultati = {
        (i.missione, i.programma, i.obiettivo, i.progressivo): figure for i in letto.indicatori
    }
    spese = {(o.missione, o.programma, o.obiettivo): figure for o in letto.obiettivi}
    assert is_same_plan(letto, fill(letto, risultati, spese))
    to_frames(letto, "MS", 2020)


def _prova_notte(piani: list[bytes]) -> None:
    """Chambers with broken plans, and one with a good plan, are published together."""
    with tempfile.TemporaryDirectory(prefix="pira-fuzz-") as cartella:
        raw, warehouse = Path(cartella, "raw"), Path(cartella, "warehouse")
        for camera, contenuto in zip(zona.sigle(), [vero().encode(), *piani], strict=False):
            zona.scrivi(raw, camera, 2020, "isr/studi", [{}, {}])
            (raw / camera / "2020" / ALLEGATO).write_bytes(contenuto)
        run(raw, warehouse, giorno=date(2021, 6, 30))
        assert (warehouse / "scorecard" / "AA-2020.xlsx").exists()


@dataclass(frozen=True)
class Prova:
    """A kind of broken file, and what is true of each. `ogni`: one example for so many."""

    nome: str
    strategia: st.SearchStrategy[Any]
    vale: Callable[[Any], None]
    ogni: int = 1


PROVE = (
    Prova("csv", _testi(), _prova_estratto),
    Prova("csv.gz", _compressi(), _prova_estratto),
    Prova("xlsx", _fogli(), _prova_estratto),
    Prova("parquet, tipi", _tabelle(), _prova_estratto),
    Prova("parquet, byte", _byte_di_tabelle(), _prova_estratto),
    Prova("allegato", _piani(), _prova_piano),
    Prova(
        "notte",
        st.lists(_piani(), min_size=PIANI_PER_NOTTE, max_size=PIANI_PER_NOTTE),
        _prova_notte,
        ogni=_NOTTI,
    ),
)


def quanti(prova: Prova, esempi: int) -> int:
    """How many examples of a kind there are where the others have so many; perhaps none."""
    return esempi // prova.ogni


def lancia(prova: Prova, esempi: int, ripetibile: bool) -> int:
    """Tries so many broken files and returns how many were tried; raises at the first that does harm.

    `ripetibile`: always the same files.
    """
    provati = 0
    phases = [Phase.generate] if prova.ogni > 1 else [Phase.generate, Phase.shrink]

    @settings(
        max_examples=quanti(prova, esempi),
        deadline=None,
        database=None,
        derandomize=ripetibile,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    @given(prova.strategia)
    def ogni_file(file: Any) -> None:
        nonlocal provati
        provati += 1
        prova.vale(file)

    ogni_file()
    return provati
