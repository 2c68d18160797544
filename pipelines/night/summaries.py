"""What became of the steps of a run, for whoever looks: an operator's page, a message.

Belongs here: reading what steps left and putting it in a few figures and sentences. Does not belong
here: the steps (steps.py), how any of it is drawn (orchestration/shown.py).
"""

import hashlib
import json
from collections.abc import Collection
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl

from pipelines import custodia
from pipelines.connection import connect
from pipelines.contract.rimedi import remedy
from pipelines.contract.schema import Estratto
from pipelines.extracts.cells import FILE, RIGA
from pipelines.extracts.esercizio import Esercizio
from pipelines.extracts.ingestione import FILE_SCHEMA, SCARTI_SCHEMA
from pipelines.fingerprints import code_fingerprint
from pipelines.italiano import format_cifra, format_percentuale
from pipelines.night.steps import Esecuzione, plans_of
from pipelines.partizione import Partizione
from pipelines.settings import Luoghi
from pipelines.warehouse.avvisi import Primo, first_of_each, read_avvisi
from pipelines.warehouse.checks import Prezzo, read_prices
from pipelines.warehouse.models import read_models
from pipelines.warehouse.origini import Colonna, trace_origins
from pipelines.warehouse.persone import PERSONALI, preview


@dataclass(frozen=True)
class PianoLetto:
    """An allegato that was delivered; `motivo` says why it could not be read, if it could not."""

    file: str
    motivo: str | None


def summarise_plans(run: Esecuzione) -> list[PianoLetto]:
    """Every allegato that this run found, in order."""
    frames = [pl.read_parquet(folder / "piani.parquet", glob=False) for folder in plans_of(run)]
    return [PianoLetto(*row) for row in pl.concat(frames).select("_file", "motivo").iter_rows()]


@dataclass(frozen=True)
class Sommario:
    """What became of one extract: in figures, in a sentence, and as tables.

    `gruppi` tells the quarantine by file, rule and column; `scarti` are its first rows.
    """

    accettate: int
    scartate: int
    file: tuple[tuple[object, ...], ...]
    gruppi: tuple[tuple[object, ...], ...]
    scarti: tuple[tuple[object, ...], ...]
    rispetta_contratto: bool
    frase: str


COLONNE_FILE = ("file", "lette", "accettate", "scartate", "esito")
COLONNE_GRUPPI = ("file", "regola", "colonna", "righe", "la prima", "che cosa fare")
COLONNE_SCARTI = (FILE, RIGA, "colonna", "regola", "valore")


def summarise(found: list[Esercizio], estratto: Estratto) -> Sommario:
    """What became of an extract over some partitions, the latest year first."""
    latest = sorted(found, key=lambda e: (-e.partizione.esercizio, e.partizione.camera))
    own = [i for e in latest for i in e.estratti if i.estratto == estratto.codice]
    file = _read([i.file for i in own], FILE_SCHEMA)
    scarti = _read([i.scarti for i in own], SCARTI_SCHEMA)
    groups = scarti.group_by(FILE, "regola", "colonna", maintain_order=True).agg(
        pl.len().alias("righe"), pl.col(RIGA).min()
    )
    refused = file.filter(pl.col("esito") == "RIFIUTATO")
    accepted, quarantined = int(file["righe_accettate"].sum()), int(file["righe_scartate"].sum())
    parts = [f"{len(file)} file, {accepted} righe accettate"]
    if quarantined:
        parts.append(f"{quarantined} in quarantena")
    parts += [f"{name}: {why}" for name, why in refused.select(FILE, "motivo").iter_rows()]
    # Shown partition by partition, so that the path below it is enough.
    path = pl.col(FILE).str.split("/").list.slice(2).list.join("/")
    return Sommario(
        accettate=accepted,
        scartate=quarantined,
        file=tuple(
            file.select(path, "righe_lette", "righe_accettate", "righe_scartate", "esito")
            .head(50)
            .iter_rows()
        ),
        gruppi=tuple(
            (file, rule, column, rows, first, remedy(rule, estratto, column))
            for file, rule, column, rows, first in groups.head(20).iter_rows()
        ),
        # Of an extract in which people stand a page shows no row (warehouse/persone.py).
        scarti=()
        if f"fonti.{estratto.tabella}" in PERSONALI
        else tuple(scarti.select(COLONNE_SCARTI).head(20).iter_rows()),
        rispetta_contratto=not quarantined and refused.is_empty(),
        frase="; ".join(parts) + ".",
    )


def _read(paths: list[Path], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """Some Parquet files of the store as one frame, in their order."""
    return pl.read_parquet(paths, glob=False) if paths else pl.DataFrame(schema=schema)


@dataclass(frozen=True)
class Anteprima:
    """A partition of a table: how many rows, and the first of them."""

    righe: int
    colonne: tuple[str, ...]
    prime: tuple[tuple[object, ...], ...]


@dataclass(frozen=True)
class Tabella:
    """A table as an operator sees it: rows, type and meaning of its columns, its partitions by key."""

    righe: int
    colonne: dict[str, tuple[str, str]]
    anteprime: dict[str, Anteprima]


_MOSTRATE = {
    "qualita.file": "_file, esito, righe_lette, righe_accettate, righe_scartate, motivo",
    "piano.indicatori": "obiettivo, codice, indicatore, ultimo_valore, target_testo, riga",
    "indicatori.valori": "codice, valore, stato, motivo",
    "scorecard.indicatori": "obiettivo, codice, target_testo, risultato, realizzazione, semaforo, stato",
    "storico.valori": "codice, valore, stato, data_riferimento, noto_dal",
}
"""The columns by which a table is known at a glance; of a table of contributions, those below."""

_CONTRIBUTI = (
    "_file || ':' || _riga as riga, numeratore, denominatore",
    "abs(numeratore) desc, _file, _riga",
)


def describe_tables(
    connection: duckdb.DuckDBPyConnection, names: list[str], partizioni: list[Partizione]
) -> dict[str, Tabella]:
    """Tables of an open build by `schema.name`, with a look at some partitions.

    Of tables in which a row is a person's, only groups (warehouse/persone.py).
    """
    columns: dict[str, dict[str, tuple[str, str]]] = {name: {} for name in names}
    for name, column, kind, text in connection.execute(
        "select schema_name || '.' || table_name as name, column_name, data_type, comment"
        " from duckdb_columns() where list_contains(?, name) order by table_oid, column_index",
        [names],
    ).fetchall():
        columns[name][column] = (kind, text or "")
    return {
        name: Tabella(sum(counts.values()), columns[name], previews)
        for name in names
        for counts in [_counts(connection, name)]
        for previews in [
            {
                p.chiave: Anteprima(counts.get(p.chiave, 0), *_first(connection, name, p))
                for p in partizioni
            }
        ]
    }


def describe_origins(
    connection: duckdb.DuckDBPyConnection, names: Collection[str], luoghi: Luoghi
) -> dict[str, dict[str, tuple[Colonna, ...]]]:
    """By table of `names` that is a model and by column, the columns it is computed from.

    Taken from where it is kept, if it was found for the same models, columns and code: to follow it takes
    longer than to make a small build.
    """
    columns: dict[str, dict[str, str]] = {}
    for table, column, kind in connection.execute(
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns()"
        " where not internal order by table_oid, column_index"
    ).fetchall():
        columns.setdefault(table, {})[column] = kind
    models, kept = read_models(), luoghi.origini
    asked = [
        code_fingerprint(trace_origins.__module__),
        *(m.sql for m in models),
        columns,
        [*names],
    ]
    key = hashlib.sha256(json.dumps(asked).encode()).hexdigest()
    with suppress(FileNotFoundError, custodia.Guasto):
        record = custodia.read_record(kept)
        if record["chiave"] == key:
            return {
                table: {name: tuple((t, c) for t, c in found) for name, found in origins.items()}
                for table, origins in record["origini"].items()
            }
    traced = trace_origins(models, columns, names)
    custodia.write_record(kept, {"chiave": key, "origini": traced})
    return traced


def _counts(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, int]:
    return {
        f"{camera}-{esercizio:04d}": count
        for camera, esercizio, count in connection.execute(
            f"select camera, esercizio, count(*) from {table} group by all"
        ).fetchall()
        if esercizio is not None
    }


def _first(
    connection: duckdb.DuckDBPyConnection, table: str, partizione: Partizione
) -> tuple[tuple[str, ...], tuple[tuple[object, ...], ...]]:
    shown = (_MOSTRATE[table], "all") if table in _MOSTRATE else _CONTRIBUTI
    return preview(connection, table, *shown, [partizione.camera, partizione.esercizio])


def show_table(
    connection: duckdb.DuckDBPyConnection, name: str, controllo: str
) -> tuple[tuple[str, ...], tuple[tuple[object, ...], ...]]:
    """The columns and first rows of a table of a build, for an operator to read beside a check.

    Of a table that speaks of several checks, the rows of that one.
    """
    names = [d[0] for d in connection.execute(f"from {name} limit 0").description or ()]
    own = "where controllo = ?" if "controllo" in names else ""
    found = connection.execute(f"from {name} {own} limit 50", [controllo] if own else [])
    return tuple(d[0] for d in found.description or ()), tuple(found.fetchall())


def describe_values(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], str]:
    """By indicator and partition, its value in a sentence: result, target, colour, state; or why none."""
    rows = connection.execute(
        "select v.codice, v.camera, v.esercizio, coalesce(s.risultato, v.valore), v.stato,"
        " v.motivo, coalesce(s.decimali, 2), coalesce(s.percentuale, c.unita = 'percentuale'),"
        " s.target_testo, s.semaforo from indicatori.valori as v"
        " inner join indicatori.catalogo as c using (codice)"
        " left join scorecard.indicatori as s using (camera, esercizio, codice) order by all"
    ).fetchall()
    return {
        (codice, f"{camera}-{esercizio:04d}"): _value(*others)
        for codice, camera, esercizio, *others in rows
    }


def _value(
    valore: Decimal | None,
    stato: str,
    motivo: str | None,
    decimali: int,
    percentuale: bool,
    target: str | None,
    semaforo: str | None,
) -> str:
    if valore is None:
        return f"{stato}: {motivo}"
    said = [format_cifra(valore, decimali, percentuale)]
    said += [f"target {target}"] if target else []
    said += [semaforo] if semaforo else []
    return ", ".join([*said, stato.lower()])


def read_first(database: Path) -> list[Primo]:
    """What is to be looked at first in a build, a case of each check and partition."""
    if not database.exists():
        return []
    with closing(connect(database)) as connection:
        return first_of_each(read_avvisi(connection))


def read_costs(database: Path) -> tuple[Prezzo, ...]:
    """What the failures in a build cost; nothing where there is no build."""
    if not database.exists():
        return ()
    with closing(connect(database)) as connection:
        return read_prices(connection)


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
            "select camera, esercizio, estratto, ufficio, stato, motivo, dati_fino_al, noto_dal, ritirato,"
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
    ritirato: datetime | None,
    prossima_attesa: date | None,
    giorni_ritardo: int,
    celle: int,
    peso: Decimal | None,
) -> Consegnato:
    partizione = f"{camera}-{esercizio:04d}"
    troubles = []
    if stato == "ASSENTE":
        troubles.append(
            f"era stato consegnato il {_day(ritirato)} ed è stato ritirato"
            if ritirato
            else "non è arrivato"
        )
    if stato == "INCOMPLETO":
        troubles.append(f"non si può usare ({motivo})")
    if giorni_ritardo:
        troubles.append(
            f"è in ritardo di {giorni_ritardo} giorn{'o' if giorni_ritardo == 1 else 'i'}"
        )
    cost = f"{celle} cell{'a' if celle == 1 else 'e'}" if celle else "nessuna cella"
    if celle and peso is not None:
        cost += f", {format_percentuale(peso)} del peso"
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
