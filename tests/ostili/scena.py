"""A landing zone in which everything is hostile and some things are secret, and one `pira run` of it.

Belongs here: what is delivered, the run in a process of its own with nothing around it but what it
is given, reading back everything that it left. Does not belong here: what must not be found there
(test_inerti.py, test_persone.py).
"""

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from pipelines.contract.estratti import ESTRATTI
from pipelines.contract.schema import Estratto
from tests.extracts.materiale import csv, csv_gz, riga_buona, xlsx
from tests.indicatori.piano import IGNOTO, Blocco, Voce, allegato
from tests.ostili.caso import scrivi
from tests.ostili.fogli import cartella
from tests.ostili.testi import INERTI

CAMERA, ESERCIZIO = "MS", 2020
GIORNO = "2021-06-30"
MATRICOLA = "QZMATRICOLA7741"
"""Begins every matricola of the scene."""
COGNOME = "Wqzxcognome"
"""Begins everything that stands in columns, files and folders outside the contract."""
FISCALE = "RSSMRA80A01H501U"
"""A fiscal code, in columns that are not for it."""
_STRANI = ("<b>note</b>", "=cmd|' /C calc'!A0", "'; drop table fonti.isr_studi; --", "a\nb")
RIGHE = len(INERTI)


@dataclass(frozen=True)
class Scena:
    """Where everything of the run is, and what it said."""

    base: Path
    stato: int
    detto: str

    @property
    def raw(self) -> Path:
        return self.base / "zona" / "raw"

    @property
    def warehouse(self) -> Path:
        return self.base / 'L\'Aquila {1,2} %20 "q"' / "warehouse"

    @property
    def casa(self) -> Path:
        return self.base / "casa"

    @property
    def dagster(self) -> Path:
        return self.base / "dagster"

    @property
    def chiave(self) -> Path:
        return self.casa / ".config/pira/key"


# --- what is delivered ----------------------------------------------------------------------------


def piano_ostile() -> str:
    """A plan with an objective for each hostile text, which begins every prose cell of it."""
    blocchi = [
        Blocco(f"1.{n}", [Voce("ISR_STUDI" if n % 2 else IGNOTO, "8", ("=>8", "=>8", "=>8"))])
        for n in range(RIGHE)
    ]
    righe, testo = [], INERTI[0]
    for riga in allegato(ESERCIZIO, blocchi).split("\n"):
        celle = riga.split("\t")
        if celle[0] == "OBIETTIVO":
            testo = INERTI[int(celle[2].split(" ")[0].removeprefix("1."))][:500]
        righe.append("\t".join(_ostile(cella, testo) for cella in celle))
    return "\n".join(righe)


def _ostile(cella: str, testo: str) -> str:
    """A cell of prose after the hostile text; titles keep their number, headers their names."""
    if cella.endswith("Titolo dell'obiettivo"):
        return cella.replace("Titolo", f"{testo} Titolo")
    prosa = cella in ("Descrizione dell'obiettivo", "Ufficio Provveditorato", "TRIENNIO")
    voce = any(p in cella for p in ("Alberi", "alberi", "studi", "Studi", "Imprese,"))
    return f"{testo} {cella}" if prosa or voce else cella


def righe_ostili(estratto: Estratto) -> list[dict[str, str]]:
    """A row for each hostile text, that stands in every free text of it; the matricole are secret."""
    liberi = [c.nome for c in estratto.colonne if c.tipo == "testo" and not (c.codici or c.forma)]
    righe = []
    for n, inerte in enumerate(INERTI):
        celle = {nome: inerte for nome in liberi if nome != "cig"}
        if "matricola" in celle:
            celle["matricola"] = f"{MATRICOLA}{n}"
        righe.append(riga_buona(estratto.codice, n, **celle))
    return righe


def consegna(raw: Path) -> None:
    """Every extract, hostile; those about people in each format, with rows that break rules."""
    partizione = raw / CAMERA / str(ESERCIZIO)
    scrivi(partizione / "allegato.txt", piano_ostile().encode())
    for estratto in ESTRATTI:
        righe = righe_ostili(estratto)
        if estratto.codice not in _PERSONE:
            strane = {nome: [f"{COGNOME}{n}" for n in range(RIGHE)] for nome in _STRANI}
            scrivi(partizione / f"{estratto.codice}.csv", csv(estratto.codice, righe, **strane))
    _consegna_persone(partizione)
    _consegna_fuori_posto(partizione)
    _consegna_rifiutati(partizione)
    for nome in ("<img src=x onerror=alert(1)>", "'; drop table --", "\x1b[2J\x07", "a\nb", "=1+1"):
        scrivi(partizione / f"isr/studi-{nome}.csv", b"id_studio;titolo;stato\n")
        scrivi(partizione / nome / "studi.csv", COGNOME.encode())


_PERSONE = {"kronos/fte", "segreteria/personale", "segreteria/welfare", "segreteria/formazione"}


def _rotte(codice: str) -> list[dict[str, str]]:
    """Good rows with a secret matricola, then one for each column that is not what it should be."""
    buona = riga_buona(codice, 0, matricola=f"{MATRICOLA}0")
    guaste = [buona | {c: "inammissibile"} for c in buona if c not in ("matricola", "corso")]
    stesse = [buona, buona, buona | {"percentuale_tempo": "99"} if "natura" in buona else buona]
    return [riga | {"matricola": f"{MATRICOLA}{n}"} for n, riga in enumerate(guaste)] + stesse


def _consegna_persone(partizione: Path) -> None:
    def cognomi(righe: list[dict[str, str]]) -> list[str]:
        return [f"{COGNOME}{n}" for n in range(len(righe))]

    fte = _rotte("kronos/fte")
    foglio = [[*fte[0], "cognome"], *([*r.values(), COGNOME] for r in fte), [MATRICOLA] * 20]
    scrivi(partizione / "kronos/fte.xlsx", xlsx(foglio))
    personale = _rotte("segreteria/personale")
    colonne = pl.DataFrame(personale).with_columns(
        pl.Series("cognome", cognomi(personale)), pl.lit([COGNOME]).alias("nomi")
    )
    memoria = io.BytesIO()
    colonne.write_parquet(memoria, metadata={"autore": COGNOME})
    scrivi(partizione / "segreteria/personale.parquet", memoria.getvalue())
    welfare = _rotte("segreteria/welfare")
    testo = csv("segreteria/welfare", welfare, cognome=cognomi(welfare))
    scrivi(partizione / "segreteria/welfare.csv.gz", csv_gz(testo))
    formazione = _rotte("segreteria/formazione")
    testo = csv("segreteria/formazione", formazione, Cognome=cognomi(formazione))
    coda = f"{MATRICOLA}\n{COGNOME};{MATRICOLA};x;y;z;{COGNOME};{MATRICOLA}\n"
    scrivi(partizione / "segreteria/formazione.csv", testo + coda.encode())


def _consegna_fuori_posto(partizione: Path) -> None:
    """People under another heading, in other columns, in a file without headings."""
    for codice, colonna in (
        ("kronos/fte", "codice_processo"),
        ("segreteria/personale", "contratto"),
        ("segreteria/welfare", "strumento"),
        ("segreteria/formazione", "ore"),
    ):
        righe = [riga_buona(codice, n, matricola=f"{MATRICOLA}{n}") for n in range(6)]
        scambio = {"matricola": colonna, colonna: "matricola"}
        scambiate = [{scambio.get(c, c): v for c, v in riga.items()} for riga in righe]
        scrivi(partizione / f"{codice}-scambiate.csv", csv(codice, scambiate))
        righe[1][colonna] = righe[2]["matricola"]
        scrivi(partizione / f"{codice}-una.csv", csv(codice, righe))
    nuda = f"{COGNOME};{COGNOME} {COGNOME};{MATRICOLA};01/02/2020\n"
    scrivi(partizione / "segreteria/welfare-nuda.csv", nuda.encode())
    fiscale = riga_buona(
        "provveditorato/pagamenti", 0, fornitore=f"{COGNOME} {FISCALE}", iva=FISCALE
    )
    scrivi(
        partizione / "provveditorato/pagamenti-fiscale.csv",
        csv("provveditorato/pagamenti", [fiscale]),
    )


def _consegna_rifiutati(partizione: Path) -> None:
    """Files about people that are refused whole, and files that nobody should open."""
    riga = f"{MATRICOLA};{COGNOME};01/03/2020"
    senza_colonna = f"matricola;strumento\n{riga}\n"
    for nome, contenuto in (
        ("segreteria/welfare-senza-colonna.csv", senza_colonna),
        ("segreteria/welfare-aperta.csv", f'matricola;strumento;data\n"{riga}\n'),
        ("segreteria/welfare-senza-testata.csv", f"{riga}\n"),
        ("segreteria/welfare-testo.xlsx", riga),
        ("segreteria/welfare-testo.parquet", riga),
        ("segreteria/elenco.txt", riga),
        ("paghe/stipendi.csv", riga),
    ):
        scrivi(partizione / nome, contenuto.encode())
    scrivi(partizione / "kronos/fte-tronco.xlsx", cartella(MATRICOLA)[:-60])
    scrivi(partizione / "segreteria/personale-tronco.csv.gz", csv_gz(riga.encode() * 50)[:-20])


# --- the run --------------------------------------------------------------------------------------


def corri(base: Path, consegna: Callable[[Path], object] = consegna) -> Scena:
    """Delivers and runs `pira run` over it, in a process that has only what it is given."""
    scena = Scena(base, 0, "")
    consegna(scena.raw)
    prima = impronta(scena.raw)
    qui, temporanei = base / "qui", base / "temporanei"
    for cartella_vuota in (qui, temporanei, scena.casa, scena.dagster):
        cartella_vuota.mkdir()
    fatto = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", "run", "--data-riferimento", GIORNO],
        cwd=qui,
        env={
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": str(scena.casa),
            "TMPDIR": str(temporanei),
            "DAGSTER_HOME": str(scena.dagster),
            "PIRA_RAW": str(scena.raw),
            "PIRA_WAREHOUSE": str(scena.warehouse),
        },
        capture_output=True,
        timeout=300,
        check=False,
    )
    detto = (fatto.stdout + fatto.stderr).decode("utf-8", "replace")
    (base / "detto.txt").write_text(detto, encoding="utf-8", newline="")
    (base / "stato.txt").write_text(str(fatto.returncode))
    (base / "prima.json").write_text(json.dumps(prima))
    return Scena(base, fatto.returncode, detto)


def impronta(cartella: Path) -> dict[str, list[int]]:
    """Size and time of everything in a folder."""
    stati = {str(p.relative_to(cartella)): p.lstat() for p in cartella.rglob("*")}
    return {nome: [stato.st_size, stato.st_mtime_ns] for nome, stato in stati.items()}


def ritrova(base: Path) -> Scena:
    """The scene that a run left in a folder."""
    with (base / "detto.txt").open(encoding="utf-8", newline="") as detto:
        return Scena(base, int((base / "stato.txt").read_text()), detto.read())


# --- what it left ---------------------------------------------------------------------------------


def lasciti(scena: Scena) -> Iterator[tuple[str, bytes]]:
    """Everything that the run left anywhere but in its landing zone, unpacked as far as it can be."""
    yield "detto", scena.detto.encode()
    for percorso in sorted(scena.base.rglob("*")):
        if not percorso.is_file() or percorso.is_relative_to(scena.raw):
            continue
        if percorso.parent == scena.base or percorso == scena.chiave:
            continue
        nome = percorso.relative_to(scena.base).as_posix()
        yield f"nome di {nome}", nome.encode()
        contenuto = percorso.read_bytes()
        yield nome, contenuto
        yield from _dentro(nome, contenuto, percorso)


def _dentro(nome: str, contenuto: bytes, percorso: Path) -> Iterator[tuple[str, bytes]]:
    """What a compressed file holds."""
    match percorso.suffix:
        case ".parquet":
            righe = pl.read_parquet(io.BytesIO(contenuto), glob=False).rows()
            yield f"righe di {nome}", repr(righe).encode()
        case ".xlsx":
            with zipfile.ZipFile(io.BytesIO(contenuto)) as archivio:
                for membro in archivio.namelist():
                    yield f"{nome}/{membro}", archivio.read(membro)
        case ".duckdb":
            yield f"tabelle di {nome}", repr(tabelle(percorso)).encode()


def tabelle(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every table of a database, whole."""
    with closing(duckdb.connect(str(database), read_only=True)) as connection:
        nomi = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where not internal"
        ).fetchall()
        return {nome: connection.execute(f"from {nome}").fetchall() for (nome,) in nomi}
