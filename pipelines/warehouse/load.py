"""The tables that loading makes, before any model of sql/ is computed: all that a build is made from.

Belongs here: what a build takes (`Materiale`) and how it becomes tables. Does not belong here: the
order in which a file is made (build.py), what is computed (sql/), what was read (extracts/, plan/).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl

from pipelines.connection import parquet
from pipelines.contract.estratti import ESTRATTI, PER_CODICE
from pipelines.contract.regolamento import Regolamento
from pipelines.contract.schema import CADENZE
from pipelines.custodia import Danno
from pipelines.extracts.esercizio import Esercizio
from pipelines.extracts.ingestione import SCHEMAS, Ingestione
from pipelines.landing.zone import Sconosciuto
from pipelines.warehouse.catalogo import load_catalogue
from pipelines.warehouse.fill import fill
from pipelines.warehouse.fonti import insert, load_extracts
from pipelines.warehouse.models import Modello

_SQL_OF: dict[pl.DataType, str] = {
    pl.String(): "varchar",
    pl.Int32(): "integer",
    pl.Int64(): "bigint",
    pl.Decimal(38, 2): "decimal(38, 2)",
}
"""The types of what is written of an extract beside its rows."""

_STORICO = (
    "camera varchar, esercizio integer, codice varchar, valore decimal(38, 12),"
    " risultato decimal(38, 6), stato varchar, data_riferimento date, celle integer,"
    " operatore varchar, target decimal(38, 6), peso decimal(38, 6), realizzazione decimal(5, 2),"
    " altri_target varchar, versione_regole varchar, impronta_regole varchar, sha256_piano varchar,"
    " noto_dal timestamp, esecuzione varchar"
)

_CONSEGNE = (
    "camera varchar, esercizio integer, estratto varchar, _file varchar, sha256 varchar,"
    " noto_dal timestamp"
)

_CONTROLLI = (
    "controllo varchar, riguarda varchar, camera varchar, esercizio integer, gravita varchar,"
    " superato boolean, casi bigint, noto_dal timestamp, esecuzione varchar"
)


@dataclass(frozen=True)
class Materiale:
    """All that a build is made from.

    `piani` are folders of Parquet frames, an empty plan first, then one per plan read; `storici`
    the histories of earlier publications, `registri` their ledgers of deliveries, `esami` their
    histories of checks. `ferme` are the partitions that could not be read this time, with why, and
    whether they are not in the landing zone; `ritirate` those that leave the publication, with why;
    `danni` what was kept and found damaged.
    """

    esercizi: tuple[Esercizio, ...]
    piani: tuple[Path, ...]
    stranieri: tuple[Sconosciuto, ...]
    storici: tuple[Path, ...]
    registri: tuple[Path, ...]
    esami: tuple[Path, ...]
    regole: Regolamento
    esecuzione: str
    adesso: datetime
    ferme: tuple[tuple[str, int, str, bool], ...] = ()
    ritirate: tuple[tuple[str, int, str], ...] = ()
    danni: tuple[Danno, ...] = ()


def load(
    connection: duckdb.DuckDBPyConnection, material: Materiale, models: tuple[Modello, ...]
) -> None:
    """Every table that no model computes. Their schemas must exist."""
    load_deliveries(connection, material)
    load_catalogue(connection, models)
    _load_plans(connection, material.piani)
    _load_history(connection, material)


def load_deliveries(connection: duckdb.DuckDBPyConnection, material: Materiale) -> None:
    """What the files of the offices say, the calendar and the rules. Their schemas must exist."""
    _load_periods(connection, material)
    _load_rules(connection, material)
    load_extracts(connection, [i for e in material.esercizi for i in e.estratti])
    _load_quality(connection, material)


def _load_periods(connection: duckdb.DuckDBPyConnection, material: Materiale) -> None:
    rules = {e.partizione: material.regole.of(e.partizione.camera) for e in material.esercizi}
    fill(
        connection,
        "esercizi.periodi",
        "camera varchar, esercizio integer, inizio date, data_riferimento date, fine date,"
        " aperto boolean, chiuso_dal date, sintetico boolean",
        (
            (
                e.partizione.camera,
                e.partizione.esercizio,
                date(e.partizione.esercizio, 1, 1),
                e.data_riferimento,
                date(e.partizione.esercizio, 12, 31),
                e.data_riferimento < date(e.partizione.esercizio, 12, 31),
                rules[e.partizione].closed_from(e.partizione.esercizio),
                e.sintetico,
            )
            for e in material.esercizi
        ),
    )
    fill(
        connection,
        "esercizi.giorni",
        "camera varchar, esercizio integer, giorno date, versione_programma varchar",
        (
            (e.partizione.camera, e.partizione.esercizio, e.giorno, e.programma)
            for e in material.esercizi
        ),
    )
    fill(
        connection,
        "esercizi.scadenze",
        "camera varchar, esercizio integer, nome varchar, scadenza date",
        (
            (p.camera, p.esercizio, name, day)
            for p, in_force in rules.items()
            for name, day in in_force.deadlines(p.esercizio)
        ),
    )
    fill(
        connection,
        "esercizi.cadenze",
        "estratto varchar, ufficio varchar, ritmo varchar, mesi integer, tolleranza_giorni integer,"
        " dovuto boolean, datato boolean",
        (
            (
                e.codice,
                e.ufficio,
                e.ritmo,
                cadenza.mesi,
                cadenza.tolleranza_giorni,
                e.dovuto,
                bool(e.evento),
            )
            for e in ESTRATTI
            for cadenza in [CADENZE[e.ritmo]]
        ),
    )
    fill(
        connection,
        "esercizi.estratti",
        "camera varchar, esercizio integer, estratto varchar",
        (
            (e.partizione.camera, e.partizione.esercizio, estratto.codice)
            for e in material.esercizi
            for estratto in ESTRATTI
            if estratto.dovuto or estratto.codice in {i.estratto for i in _counted(e)}
        ),
    )


def _counted(esercizio: Esercizio) -> list[Ingestione]:
    """The extracts of a partition, but for those that nobody owes and that were not delivered."""
    return [i for i in esercizio.estratti if i.stato != "ASSENTE" or PER_CODICE[i.estratto].dovuto]


def _load_rules(connection: duckdb.DuckDBPyConnection, material: Materiale) -> None:
    cameras = sorted({e.partizione.camera for e in material.esercizi})
    rules = {camera: material.regole.of(camera) for camera in cameras}
    fill(
        connection,
        "regole.parametri",
        "camera varchar, versione varchar, impronta varchar, al_massimo varchar,"
        " giallo_da decimal(5, 2), verde_da decimal(5, 2)",
        (
            (c, r.versione, r.impronta, r.al_massimo, r.giallo_da, r.verde_da)
            for c, r in rules.items()
        ),
    )
    fill(
        connection,
        "regole.dati_aperti",
        "camera varchar, titolare varchar, codice_ipa varchar, contatto varchar, licenza varchar",
        (
            (c, *map(dict(r.dati_aperti).get, ("titolare", "codice_ipa", "contatto", "licenza")))
            for c, r in rules.items()
        ),
    )
    fill(
        connection,
        "regole.alias_processi",
        "camera varchar, alias varchar, codice_processo varchar",
        ((c, alias, code) for c, r in rules.items() for alias, code in r.alias_processi),
    )
    fill(
        connection,
        "regole.soglie",
        "camera varchar, nome varchar, valore decimal(18, 6)",
        ((c, name, number) for c, r in rules.items() for name, number in r.plausibilita),
    )
    fill(
        connection,
        "regole.organi_delibere",
        "camera varchar, organo varchar",
        ((c, organo) for c, r in rules.items() for organo in sorted(set(r.organi_delibere))),
    )


def _load_quality(connection: duckdb.DuckDBPyConnection, material: Materiale) -> None:
    found = [ingestione for e in material.esercizi for ingestione in e.estratti]
    for name, schema in SCHEMAS.items():
        columns = ", ".join(f"{column} {_SQL_OF[kind]}" for column, kind in schema.items())
        connection.execute(f"create table qualita.{name} ({columns})")
        insert(connection, f"qualita.{name}", [getattr(i, name) for i in found])
    unknown = [u for e in material.esercizi for u in e.sconosciuti] + list(material.stranieri)
    if unknown:
        connection.executemany(
            "insert into qualita.file (camera, esercizio, _file, esito, motivo, somiglia)"
            " values (?, ?, ?, 'IGNORATO', ?, ?)",
            [(u.camera, u.esercizio, u.file, u.motivo, u.somiglia) for u in unknown],
        )
    fill(
        connection,
        "qualita.estratti",
        "camera varchar, esercizio integer, estratto varchar, stato varchar, motivo varchar",
        (
            (e.partizione.camera, e.partizione.esercizio, i.estratto, i.stato, i.motivo)
            for e in material.esercizi
            for i in _counted(e)
        ),
    )
    fill(
        connection,
        "qualita.ferme",
        "camera varchar, esercizio integer, motivo varchar, assente boolean",
        material.ferme,
    )
    fill(
        connection,
        "qualita.ritirate",
        "camera varchar, esercizio integer, motivo varchar",
        material.ritirate,
    )
    fill(
        connection,
        "qualita.custodia",
        "camera varchar, esercizio integer, estratto varchar, copia varchar, trovato varchar,"
        " rimedio varchar",
        (
            (d.camera, d.esercizio, d.estratto, d.copia, d.trovato, d.rimedio)
            for d in material.danni
        ),
    )
    fill(
        connection,
        "qualita.arrivi",
        "camera varchar, esercizio integer, estratto varchar, arrivo timestamp",
        (
            (e.partizione.camera, e.partizione.esercizio, estratto, arrivo.replace(tzinfo=None))
            for e in material.esercizi
            for estratto, arrivo in e.arrivi.items()
        ),
    )


def _load_history(connection: duckdb.DuckDBPyConnection, material: Materiale) -> None:
    """History is the union of what every earlier publication knew, each row once.

    Copies of earlier versions lack the columns of what was in force: there it is unknown.
    """
    connection.execute(f"create table storico.precedenti ({_STORICO})")
    if material.storici:
        connection.execute(
            "insert into storico.precedenti by name"
            " select * exclude noto_dal, min(noto_dal) as noto_dal"
            f" from {parquet(material.storici, union_by_name=True)} group by all order by all"
        )
    connection.execute(f"create table storico.consegne_precedenti ({_CONSEGNE})")
    if material.registri:
        connection.execute(
            "insert into storico.consegne_precedenti by name"
            " select camera, esercizio, estratto, _file, sha256, min(noto_dal) as noto_dal"
            f" from {parquet(material.registri)} group by all order by all"
        )
    connection.execute(f"create table storico.controlli_precedenti ({_CONTROLLI})")
    if material.esami:
        connection.execute(
            "insert into storico.controlli_precedenti by name"
            " select * exclude noto_dal, min(noto_dal) as noto_dal"
            f" from {parquet(material.esami)} group by all order by all"
        )
    _redate(connection, material.adesso)
    # What a clock has dated to come is known by now, and what is known now comes after it.
    connection.execute(
        "create table storico.esecuzione as"
        " select ?::varchar as esecuzione,"
        " greatest(?::timestamp, max(noto_dal) + interval 1 microsecond) as noto_dal"
        " from (select noto_dal from storico.precedenti"
        " union all select noto_dal from storico.consegne_precedenti"
        " union all select noto_dal from storico.controlli_precedenti)",
        [material.esecuzione, material.adesso.replace(tzinfo=None)],
    )


def _redate(connection: duckdb.DuckDBPyConnection, adesso: datetime) -> None:
    """A fact cannot be known from a time to come: a clock was wrong, and the fact is known by now.

    The order in which such facts came stays. A copy that still has the wrong time agrees from then on
    with the one that has this: of the two the earlier counts (`min` where they are read).
    """
    tables = ("precedenti", "consegne_precedenti", "controlli_precedenti")
    known = " union ".join(f"select noto_dal from storico.{table}" for table in tables)
    for later, (wrong,) in enumerate(
        connection.execute(
            f"select noto_dal from ({known}) where noto_dal > ? order by all",
            [adesso.replace(tzinfo=None)],
        ).fetchall(),
        start=1,
    ):
        for table in tables:
            connection.execute(
                f"update storico.{table} set noto_dal = ? where noto_dal = ?",
                [adesso.replace(tzinfo=None) + timedelta(microseconds=later), wrong],
            )


def load_plan_frames(
    connection: duckdb.DuckDBPyConnection, frames: Mapping[str, Iterable[Path]]
) -> None:
    """The tables of `lettura`, each out of the Parquet files of its name. The schema must exist."""
    for name, files in frames.items():
        connection.execute(f"create table lettura.{name} as from {parquet(files)}")


def _load_plans(connection: duckdb.DuckDBPyConnection, plans: tuple[Path, ...]) -> None:
    """Every frame of every plan. The first folder is an empty plan: it gives the types."""
    names = sorted(frame.stem for frame in plans[0].glob("*.parquet"))
    load_plan_frames(
        connection, {name: [plan / f"{name}.parquet" for plan in plans] for name in names}
    )
    connection.execute(
        "insert into qualita.file by name"
        " select p.camera, p.esercizio, 'piano/allegato' as estratto, p._file, p.sha256, p.esito,"
        " p.motivo, count(r.riga) as righe_lette, count(r.riga) as righe_accettate,"
        " 0 as righe_scartate, 0 as righe_escluse, 0 as righe_altrui"
        " from lettura.file as p left join (lettura.righe as r inner join lettura.piani as s"
        " using (camera, esercizio)) using (camera, esercizio, _file)"
        " group by all order by all"
    )
