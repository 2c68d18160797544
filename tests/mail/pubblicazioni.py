"""Publications made by hand, with exactly the tables that the mail reads.

Belongs here: a database and a manifest whose every row a test has chosen. Does not belong here: what
the mail makes of them. That the real tables have these columns is test_report.py's to prove.
"""

import json
import os
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from pipelines.settings import ROMA, Luoghi

COLONNE = {
    "storico.valori": "camera varchar, esercizio integer, codice varchar, valore decimal(38, 12),"
    " risultato decimal(38, 6), stato varchar, data_riferimento date, noto_dal timestamp,"
    " esecuzione varchar",
    "storico.cambiamenti": "camera varchar, esercizio integer, codice varchar, cosa varchar,"
    " prima varchar, dopo varchar, noto_dal timestamp",
    "scorecard.indicatori": "camera varchar, esercizio integer, obiettivo varchar,"
    " progressivo integer, codice varchar, indicatore varchar, target_testo varchar,"
    " decimali integer, percentuale boolean, riga integer, ordine integer",
    "scorecard.ente": "camera varchar, esercizio integer, realizzazione decimal(5, 2),"
    " realizzazione_minima decimal(5, 2), realizzazione_massima decimal(5, 2),"
    " copertura decimal(5, 4)",
    "qualita.scarti": "camera varchar, esercizio integer, estratto varchar, _file varchar,"
    " _riga bigint, colonna varchar, regola varchar, valore varchar",
    "qualita.file": "camera varchar, esercizio integer, estratto varchar, _file varchar,"
    " esito varchar, motivo varchar",
    "qualita.freschezza": "camera varchar, esercizio integer, estratto varchar, ufficio varchar,"
    " ritmo varchar, stato varchar, dati_fino_al date, noto_dal timestamp, ritirato timestamp,"
    " ultima_attesa date, prossima_attesa date, in_ritardo boolean, giorni_ritardo integer",
    "qualita.conseguenze": "camera varchar, esercizio integer, controllo varchar, frase varchar,"
    " casi bigint, celle bigint, elenco_celle varchar, peso decimal(38, 2), scadenza date,"
    " scadenza_nome varchar, giorni_alla_scadenza integer",
}

Riga = tuple[Any, ...]

MATRICOLA = "A4711-BIANCHI"
"""A value in quarantine, that no message may hold."""


def ora(giorno: int, ore: int = 4, minuti: int = 0) -> datetime:
    """An instant of July 2021, in Rome."""
    return datetime(2021, 7, giorno, ore, minuti, tzinfo=ROMA)


def valore(
    noto_dal: datetime,
    codice: str,
    numero: str | None,
    stato: str = "DEFINITIVO",
    camera: str = "MS",
    esercizio: int = 2020,
    valore: str | None = None,
) -> Riga:
    """A row of `storico.valori`; `valore` is what it is before it is rounded to `numero`."""
    return (
        camera,
        esercizio,
        codice,
        None if numero is None else Decimal(valore or numero),
        None if numero is None else Decimal(numero),
        stato,
        date(esercizio, 12, 31),
        noto_dal.replace(tzinfo=None),
        "esecuzione",
    )


def mutato(
    noto_dal: datetime,
    codice: str,
    cosa: str,
    prima: str,
    dopo: str,
    camera: str = "MS",
) -> Riga:
    """A row of `storico.cambiamenti`."""
    return (camera, 2020, codice, cosa, prima, dopo, noto_dal.replace(tzinfo=None))


def cella(
    codice: str,
    obiettivo: str,
    progressivo: int,
    target: str | None = None,
    decimali: int = 2,
    percentuale: bool = True,
    camera: str = "MS",
    esercizio: int = 2020,
) -> Riga:
    """A row of `scorecard.indicatori`."""
    riga = int(obiettivo.replace(".", "")) * 10 + progressivo
    return (
        camera,
        esercizio,
        obiettivo,
        progressivo,
        codice,
        f"Indicatore {codice}",
        target,
        decimali,
        percentuale,
        riga,
        riga,
    )


def ente(camera: str = "MS", esercizio: int = 2020, realizzazione: str | None = "87.35") -> Riga:
    """A row of `scorecard.ente`."""
    done = None if realizzazione is None else Decimal(realizzazione)
    return (camera, esercizio, done, Decimal("60.10"), Decimal("92.00"), Decimal("0.8000"))


def fresco(
    estratto: str,
    giorni: int = 0,
    camera: str = "MS",
    esercizio: int = 2021,
    stato: str = "PRESENTE",
    fino_al: date | None = None,
    prossima: date | None = None,
    ritirato: datetime | None = None,
) -> Riga:
    """A row of `qualita.freschezza`; late by so many days."""
    ufficio = estratto.split("/")[0]
    late = giorni > 0
    gone = ritirato and ritirato.replace(tzinfo=None)
    dates = (fino_al, None, gone, None, prossima)
    return (camera, esercizio, estratto, ufficio, "mensile", stato, *dates, late, giorni)


def costo(
    controllo: str,
    casi: int,
    celle: int,
    frase: str,
    camera: str | None = "MS",
    esercizio: int | None = 2020,
    peso: str | None = "0",
) -> Riga:
    """A row of `qualita.conseguenze`."""
    weight = None if peso is None else Decimal(peso)
    return (camera, esercizio, controllo, frase, casi, celle, "", weight, None, None, None)


def scarto(estratto: str, riga: int, colonna: str = "data", camera: str = "MS") -> Riga:
    """A row of `qualita.scarti`: what broke the rule is a person's."""
    return (
        camera,
        2020,
        estratto,
        f"{camera}/2020/{estratto}.csv",
        riga,
        colonna,
        "tipo",
        MATRICOLA,
    )


def file(
    nome: str, esito: str = "RIFIUTATO", motivo: str | None = None, camera: str | None = "MS"
) -> Riga:
    """A row of `qualita.file`."""
    return (camera, None if camera is None else 2020, None, nome, esito, motivo)


def pubblica(
    luoghi: Luoghi,
    quando: datetime,
    esecuzione: str,
    righe: dict[str, list[Riga]],
    manca: tuple[str, ...] = (),
) -> None:
    """Publishes the rows of each table, as a publication is: whole, and linked to."""
    folder = luoghi.pubblicazioni / esecuzione
    folder.mkdir(parents=True)
    with closing(duckdb.connect(str(folder / "pira.duckdb"))) as connection:
        for table, columns in COLONNE.items():
            if table in manca:
                continue
            connection.execute(f"create schema if not exists {table.split('.')[0]}")
            connection.execute(f"create table {table} ({columns})")
            for row in righe.get(table, []):
                marks = ", ".join("?" for _ in row)
                connection.execute(f"insert into {table} values ({marks})", list(row))
    manifest = {"pubblicato": quando.isoformat(), "esecuzione": esecuzione}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    _link(luoghi, folder)


def torna(luoghi: Luoghi, esecuzione: str) -> None:
    """Goes back to a publication."""
    _link(luoghi, luoghi.pubblicazioni / esecuzione)


def _link(luoghi: Luoghi, folder: Path) -> None:
    draft = luoghi.warehouse / ".corrente"
    draft.symlink_to(f"pubblicazioni/{folder.name}")
    os.replace(draft, luoghi.corrente)
    if not luoghi.database.is_symlink():
        luoghi.database.symlink_to("corrente/pira.duckdb")


CELLE = [
    cella("INCIDENZA_CONSIP", "1.1", 1, "=>40,00%"),
    cella("DELIBERE", "1.1", 2, "=>12", 0, False),
    cella("WELFARE", "2.1", 1, "=>80,00%"),
]
"""A scorecard of three cells."""

PRIMI = [
    valore(ora(1), "INCIDENZA_CONSIP", "40.27"),
    valore(ora(1), "DELIBERE", None, "DATI_MANCANTI"),
    valore(ora(1), "WELFARE", "80.00"),
]
"""What was known first."""

POI = [
    *PRIMI,
    valore(ora(2), "INCIDENZA_CONSIP", "41.00"),
    valore(ora(2), "DELIBERE", "1250"),
    valore(ora(2), "WELFARE", None, "NON_CALCOLABILE"),
]
"""The night after: every cell changed."""


def prima_notte(luoghi: Luoghi) -> None:
    """The first publication."""
    righe = {"storico.valori": PRIMI, "scorecard.indicatori": CELLE, "scorecard.ente": [ente()]}
    pubblica(luoghi, ora(1), "prima", righe)


def seconda_notte(luoghi: Luoghi, **altre: list[Riga]) -> None:
    """The second: three cells changed."""
    righe = {"storico.valori": POI, "scorecard.indicatori": CELLE, "scorecard.ente": [ente()]}
    pubblica(luoghi, ora(2), "seconda", {**righe, **altre})
