"""What became of the steps of a run, for whoever looks: an operator's page, a message.

Belongs here: reading what steps left and putting it in a few figures and sentences. Does not belong
here: the steps (steps.py), how any of it is drawn (orchestration/shown.py).
"""

from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl

from pipelines.extracts.contract import Estratto
from pipelines.italiano import format_percentuale
from pipelines.steps import Esecuzione, plans_of
from pipelines.warehouse.checks import Esito, Prezzo, read_prices, run_checks
from pipelines.warehouse.connection import connect
from pipelines.warehouse.load import Esercizio
from pipelines.warehouse.persone import preview


@dataclass(frozen=True)
class PianoLetto:
    """An allegato that was delivered; `motivo` says why it could not be read, if it could not."""

    file: str
    motivo: str | None


def summarise_plans(run: Esecuzione) -> list[PianoLetto]:
    """Every allegato that this run found, in order."""
    frames = [pl.read_parquet(folder / "piani.parquet") for folder in plans_of(run)]
    return [PianoLetto(*row) for row in pl.concat(frames).select("_file", "motivo").iter_rows()]


@dataclass(frozen=True)
class Sommario:
    """What became of one extract over the partitions of a run."""

    accettate: int
    scartate: int
    colonne_file: tuple[str, ...]
    file: tuple[tuple[object, ...], ...]
    colonne_scarti: tuple[str, ...]
    scarti: tuple[tuple[object, ...], ...]
    rispetta_contratto: bool
    frase: str


def summarise(found: list[Esercizio], estratto: Estratto) -> Sommario:
    """The files and the first quarantined rows of an extract, and one sentence about them."""
    own = [i for e in found for i in e.estratti if i.estratto == estratto.codice]
    file = pl.concat([pl.read_parquet(i.file) for i in own])
    scarti = pl.concat([pl.read_parquet(i.scarti) for i in own])
    shown = file.select("_file", "righe_lette", "righe_accettate", "righe_scartate", "esito")
    refused = file.filter(pl.col("esito") == "RIFIUTATO")
    quarantined = int(file["righe_scartate"].sum())
    parts = [f"{len(file)} file, {file['righe_accettate'].sum()} righe accettate"]
    if quarantined:
        parts.append(f"{quarantined} in quarantena")
    parts += [f"{name}: {why}" for name, why in refused.select("_file", "motivo").iter_rows()]
    return Sommario(
        accettate=int(file["righe_accettate"].sum()),
        scartate=quarantined,
        colonne_file=tuple(shown.columns),
        file=tuple(shown.head(50).iter_rows()),
        colonne_scarti=("_file", "_riga", "colonna", "regola", "valore"),
        scarti=tuple(
            scarti.select("_file", "_riga", "colonna", "regola", "valore").head(20).iter_rows()
        ),
        rispetta_contratto=not quarantined and refused.is_empty(),
        frase="; ".join(parts) + ".",
    )


@dataclass(frozen=True)
class Tabella:
    """A table as an operator sees it: rows, what its columns are, the first rows."""

    righe: int
    colonne: tuple[str, ...]
    descrizioni: dict[str, str]
    prime: tuple[tuple[object, ...], ...]


def describe_tables(database: Path, names: list[str], examples: int = 10) -> dict[str, Tabella]:
    """Tables and views of a build by `schema.name`: rows, comments of the columns, first rows.

    Of tables in which a row is a person's, only groups (warehouse/persone.py).
    """
    with closing(connect(database)) as connection:
        comments: dict[str, dict[str, str]] = {name: {} for name in names}
        for name, column, text in connection.execute(
            "select schema_name || '.' || table_name as name, column_name, comment"
            " from duckdb_columns() where list_contains(?, name) order by table_oid, column_index",
            [names],
        ).fetchall():
            comments[name][column] = text or ""
        found = {}
        for name, described in comments.items():
            (count,) = connection.execute(f"select count(*) from {name}").fetchone() or (0,)
            columns, first = preview(connection, name, tuple(described), examples)
            found[name] = Tabella(count, columns, described, first)
    return found


def check_warehouse(database: Path) -> tuple[tuple[Esito, ...], tuple[Prezzo, ...]]:
    """Every check over a build and what failures cost; publishing runs the checks again by itself."""
    with closing(connect(database)) as connection:
        return run_checks(connection), read_prices(connection)


@dataclass(frozen=True)
class Consegnato:
    """An extract of a partition as a publication knows it. `frase` says what is wrong, if anything.

    `riga` is what an operator reads: partition, state, dates, days late, cells and weight.
    """

    estratto: str
    partizione: str
    stato: str
    giorni_ritardo: int
    frase: str
    riga: tuple[object, ...]


def summarise_deliveries(database: Path) -> list[Consegnato]:
    """Every extract of every partition of a publication."""
    with closing(connect(database)) as connection:
        rows = connection.execute(
            "select camera, esercizio, estratto, ufficio, stato, motivo, dati_fino_al, noto_dal,"
            " prossima_attesa, giorni_ritardo, celle, peso from qualita.consegne order by all"
        ).fetchall()
    return [_delivered(*row) for row in rows]


def _delivered(
    camera: str,
    esercizio: int,
    estratto: str,
    ufficio: str,
    stato: str,
    motivo: str | None,
    dati_fino_al: date | None,
    noto_dal: datetime | None,
    prossima_attesa: date | None,
    giorni_ritardo: int,
    celle: int,
    peso: Decimal,
) -> Consegnato:
    partizione = f"{camera}-{esercizio:04d}"
    troubles = []
    if stato == "ASSENTE":
        troubles.append("non è arrivato")
    if stato == "INCOMPLETO":
        troubles.append(f"non si può usare ({motivo})")
    if giorni_ritardo:
        troubles.append(f"è in ritardo di {giorni_ritardo} giorni")
    cost = f"{celle} celle, {format_percentuale(peso)} del peso" if celle else "nessuna cella"
    return Consegnato(
        estratto,
        partizione,
        stato,
        giorni_ritardo,
        f"{partizione}: {' e '.join(troubles)}; lo deve {ufficio}, ne dipendono {cost}."
        if troubles
        else "",
        (
            partizione,
            stato,
            _day(dati_fino_al),
            _day(noto_dal),
            _day(prossima_attesa),
            giorni_ritardo or "",
            cost,
        ),
    )


def _day(day: date | None) -> str:
    return "" if day is None else f"{day:%d/%m/%Y}"
