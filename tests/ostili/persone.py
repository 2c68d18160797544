"""People in columns that are not theirs, in the chambers of one `pira run`: nobody is left in clear.

Belongs here: one delivery a chamber, each with people out of place in one of a few ways and formats; what
was found of whom. Does not belong here: reading a file by itself (extracts/test_fuori_posto.py), whoever
stands in the personal column (test_persone.py).
"""

import io
import re
from collections.abc import Callable
from contextlib import closing
from itertools import islice
from pathlib import Path

import duckdb
import polars as pl

from tests.extracts.materiale import Celle, csv, riga_buona, xlsx
from tests.indicatori import zona
from tests.ostili.caso import scrivi
from tests.ostili.scena import ESERCIZIO, Scena, corri, lasciti

CASI = 30
RIGHE = 6
_ALTRA = {
    "kronos/fte": "codice_processo",
    "segreteria/personale": "contratto",
    "segreteria/welfare": "strumento",
    "segreteria/formazione": "ore",
}
"""Extracts about people, each with a column that is not for them."""
_TESTI = {"provveditorato/pagamenti": "fornitore", "segreteria/atti": "oggetto"}
"""Extracts about nobody, each with a column of prose."""
_SEGRETI = re.compile(rb"ZQX([A-Z]{2})|739157([0-9]{2})", re.IGNORECASE)
"""How every matricola and fiscal code of a case begins, with the case that it is of."""


def _xlsx(_: str, righe: list[Celle]) -> bytes:
    return xlsx([list(righe[0]), *(list(riga.values()) for riga in righe)])


def _parquet(_: str, righe: list[Celle]) -> bytes:
    memoria = io.BytesIO()
    pl.DataFrame(righe).write_parquet(memoria)
    return memoria.getvalue()


_FORMATI: dict[str, Callable[[str, list[Celle]], bytes]] = {
    "csv": csv,
    "xlsx": _xlsx,
    "parquet": _parquet,
}


def _scambiate(righe: list[Celle], altra: str) -> list[Celle]:
    """The headings of two columns changed places."""
    nomi = {"matricola": altra, altra: "matricola"}
    return [{nomi.get(c, c): v for c, v in riga.items()} for riga in righe]


def _una(righe: list[Celle], altra: str) -> list[Celle]:
    """Somebody stands in a cell of another column."""
    return [
        riga | {altra: righe[4]["matricola"]} if n == 2 else riga for n, riga in enumerate(righe)
    ]


def _nel_testo(righe: list[Celle], altra: str) -> list[Celle]:
    """Somebody stands among other words."""
    detto = f"con {righe[4]['matricola']}, poi altri"
    return [riga | {altra: detto} if n == 2 else riga for n, riga in enumerate(righe)]


_MODI = (_scambiate, _una, _nel_testo)


def _delle_persone(numero: int, sigla: str) -> tuple[str, list[Celle]]:
    codice, altra = list(_ALTRA.items())[numero % len(_ALTRA)]
    segreta = f"ZQX{sigla}73" if numero % 2 else f"739157{numero:02}"
    righe = [riga_buona(codice, n, matricola=f"{segreta}{n}") for n in range(RIGHE)]
    return codice, _MODI[numero % len(_MODI)](righe, altra)


def _di_nessuno(numero: int, sigla: str) -> tuple[str, list[Celle]]:
    """A fiscal code in an extract that is about nobody."""
    codice, testo = list(_TESTI.items())[numero % len(_TESTI)]
    righe = [riga_buona(codice, n) for n in range(RIGHE)]
    righe[3][testo] = f"Rossi, ZQX{sigla}B80A01H501U, Carrara"
    return codice, righe


def consegna(raw: Path) -> dict[str, str]:
    """Delivers every case; returns the file of each, by what its secrets are known by."""
    file = {}
    for numero, sigla in enumerate(islice(zona.sigle(), CASI)):
        codice, righe = (_di_nessuno if numero % 5 == 4 else _delle_persone)(numero, sigla)
        formato, scritto = list(_FORMATI.items())[numero // 2 % len(_FORMATI)]
        nome = f"{sigla}/{ESERCIZIO}/{codice}.{formato}"
        scrivi(raw / nome, scritto(codice, righe))
        file[sigla] = file[f"{numero:02}"] = nome
    return file


def prova(base: Path) -> list[str]:
    """What the night left in clear, and whom no check named."""
    file: dict[str, str] = {}
    scena = corri(base, lambda raw: file.update(consegna(raw)))
    if scena.stato:
        return [f"finisce con {scena.stato}: {scena.detto[-2000:]}"]
    detti = _detti(scena)
    return [f"nessun controllo nomina {f}" for f in sorted(set(file.values()) - detti)] + [
        f"{f} sta in chiaro in {nome}" for f, nome in sorted(in_chiaro(scena, file))
    ]


def _detti(scena: Scena) -> set[str]:
    database = scena.warehouse / "pira.duckdb"
    with closing(duckdb.connect(str(database), read_only=True)) as connection:
        found = connection.execute("select _file from controlli.persone_fuori_posto").fetchall()
    return {file for (file,) in found}


def in_chiaro(scena: Scena, file: dict[str, str]) -> set[tuple[str, str]]:
    """The files whose people are in clear, each with where."""
    trovati = set()
    for nome, contenuto in lasciti(scena):
        for testo in (contenuto, contenuto.replace(b"\0", b"")):  # as UTF-16 has it, too
            for segreto in _SEGRETI.finditer(testo):
                chi = (segreto[1] or segreto[2]).decode().upper()
                if chi in file:
                    trovati.add((file[chi], nome))
    return trovati
