"""The extracts as tables, and what is counted of each: rows, amounts, days.

Belongs here: the tables of `fonti`, and those of `qualita` that are counted out of them while they are
made, for checks to hold against what was read. Does not belong here: the other tables of a build
(load.py), what was read of an extract (extracts/ingestione.py).
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

from pipelines.connection import parquet
from pipelines.contract.estratti import ESTRATTI
from pipelines.contract.schema import Estratto, Tipo
from pipelines.extracts.ingestione import Ingestione

SQL_TYPE: dict[Tipo, str] = {
    "testo": "varchar",
    "intero": "bigint",
    "decimale": "decimal(18, 6)",
    "importo": "decimal(18, 2)",
    "data": "date",
    "data_ora": "timestamp",
    "si_no": "boolean",
}


def _columns(estratto: Estratto) -> str:
    own = [f"{c.nome} {SQL_TYPE[c.tipo]}" for c in estratto.colonne]
    for colonna in estratto.riportate:
        file, riga, regola = colonna.provenienza
        own += [f"{file} varchar", f"{riga} bigint", f"{regola} varchar"]
    return f"camera varchar, esercizio integer, {', '.join(own)}, _file varchar, _riga bigint"


def load_extracts(connection: duckdb.DuckDBPyConnection, estratti: Sequence[Ingestione]) -> None:
    """Every table of `fonti`, and those of `qualita` that count its rows. The schemas must exist."""
    connection.execute(
        "create table qualita.righe_nel_magazzino"
        " (camera varchar, esercizio integer, estratto varchar, _file varchar, righe bigint)"
    )
    connection.execute(
        "create table qualita.importi_nel_magazzino (camera varchar, esercizio integer,"
        " estratto varchar, _file varchar, colonna varchar, importo decimal(38, 2))"
    )
    connection.execute(
        "create table qualita.eventi"
        " (camera varchar, esercizio integer, estratto varchar, dati_fino_al date)"
    )
    connection.execute(
        "create table qualita.fatti (camera varchar, esercizio integer, estratto varchar,"
        " _file varchar, giorno date, righe bigint)"
    )
    for estratto in ESTRATTI:
        table = f"fonti.{estratto.tabella}"
        connection.execute(f"create table {table} ({_columns(estratto)})")
        insert(connection, table, [i.righe for i in estratti if i.estratto == estratto.codice])
    connection.execute(f"create view qualita.giorni as {_union(_days_of)}")
    connection.execute(
        "insert into qualita.fatti select camera, esercizio, estratto, _file, giorno, count(*)"
        " from qualita.giorni group by all order by all"
    )
    for table, count in (
        ("righe_nel_magazzino", _rows_of),
        ("eventi", _last_event_of),
        ("importi_nel_magazzino", _amounts_of),
    ):
        connection.execute(f"insert into qualita.{table} from ({_union(count)}) order by all")


def _union(count: Callable[[Estratto], list[str]]) -> str:
    return "\nunion all\n".join(sql for e in ESTRATTI for sql in count(e))


def _rows_of(estratto: Estratto) -> list[str]:
    return [
        f"select camera, esercizio, '{estratto.codice}' as estratto, _file, count(*) as righe"
        f" from fonti.{estratto.tabella} group by all"
    ]


def _days_of(estratto: Estratto) -> list[str]:
    return [
        f"select camera, esercizio, '{estratto.codice}' as estratto, _file, _riga,"
        f" {_day_of(estratto)}::date as giorno from fonti.{estratto.tabella}"
    ]


def _last_event_of(estratto: Estratto) -> list[str]:
    if estratto.evento is None:
        return []
    day = f"f.{estratto.evento}::date"
    return [
        f"select camera, esercizio, '{estratto.codice}' as estratto, max({day}) as dati_fino_al"
        f" from fonti.{estratto.tabella} as f"
        " inner join esercizi.periodi as p using (camera, esercizio)"
        f" where {day} <= p.data_riferimento group by all"
    ]


def _amounts_of(estratto: Estratto) -> list[str]:
    return [
        f"select camera, esercizio, '{estratto.codice}' as estratto, _file,"
        f" '{c.nome}' as colonna, sum({c.nome}) as importo"
        f" from fonti.{estratto.tabella} group by all"
        for c in estratto.colonne
        if c.tipo == "importo"
    ]


def _day_of(estratto: Estratto) -> str:
    """SQL: the day that a row speaks of, NULL where rows have no date.

    The event's; or another of its dates, if that falls in the year and the event does not: a case
    opened in December and closed in January belongs to January too.
    """
    if estratto.evento is None:
        return "null"
    others = [c.nome for c in estratto.colonne if c.tipo in ("data", "data_ora")]
    days = [f"{name}::date" for name in sorted(others, key=lambda n: n != estratto.evento)]
    within = [f"case when year({day}) = esercizio then {day} end" for day in days]
    return f"coalesce({', '.join([*within, days[0]])})"


def insert(connection: duckdb.DuckDBPyConnection, table: str, paths: list[Path]) -> None:
    """The rows of some Parquet files, by the name of their columns."""
    if paths:
        connection.execute(f"insert into {table} by name from {parquet(paths)}")
