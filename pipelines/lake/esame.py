"""The lake looked at: whether it holds what its registers say, by a scan of all of it.

Belongs here: what `pira lake status` finds. Does not belong here: mending; a lake that is not sound is
written again by its workers, or gone back to in a copy of its catalogue.
"""

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.lake import catalogo, secchio
from pipelines.lake.consegne import staged
from pipelines.lake.luogo import Lago, speaking
from pipelines.lake.parti import list_tables
from pipelines.lake.registro import SCHEMA, Stato, read_state
from pipelines.lake.secchio import Secchio
from pipelines.publication.publish import CONTENUTO


@dataclass(frozen=True)
class Esame:
    """What was found: lines for whoever asks, and what is wrong, a sentence each."""

    righe: tuple[str, ...]
    guasti: tuple[str, ...]


def look(lago: Lago) -> Esame:
    """Counts every table twice, by the catalogue and by reading all its rows, and compares what they hold."""
    with (
        speaking(),
        tempfile.TemporaryDirectory() as spill,
        catalogo.attached(lago, Path(spill)) as connection,
    ):
        connection.execute("begin")
        stato = read_state(connection)
        wrong = [*_tables(connection, stato), *_files(connection)]
        wrong += _documents(secchio.open_bucket(lago), stato)
        ((size, files),) = connection.execute(
            f"select coalesce(sum(file_size_bytes), 0), coalesce(sum(file_count), 0)"
            f" from ducklake_table_info('{catalogo.NOME}')"
        ).fetchall()
    waiting = staged(lago)
    rows = sum(part.righe for part in stato.parti.values())
    lines = (
        f"Pubblicazione {stato.numero}, {len(stato.camere)} Camere, {len(stato.partizioni)} partizioni.",
        f"{rows} righe in {files} file ({size / 1e6:.1f} MB), {len(stato.documenti)} documenti.",
        f"Consegne che aspettano: {', '.join(waiting) or 'nessuna'}.",
    )
    return Esame(lines, tuple(wrong))


def _tables(connection: duckdb.DuckDBPyConnection, stato: Stato) -> list[str]:
    expected: dict[str, tuple[int, int]] = {}
    for part in stato.parti.values():
        rows, total = expected.get(part.tabella, (0, 0))
        expected[part.tabella] = rows + part.righe, total + int(part.contenuto, 16)
    wrong = []
    for table in list_tables(connection):
        if table.startswith(f"{SCHEMA}."):
            continue
        ((counted,),) = connection.execute(f"select count(*) from {table}").fetchall()
        ((read, total),) = connection.execute(
            f"select count(*), {CONTENUTO} from {table} as t"
        ).fetchall()
        if counted != read:
            wrong.append(f"{table}: il catalogo conta {counted} righe, i file ne hanno {read}.")
        if (read, total) != expected.get(table, (0, 0)):
            wrong.append(f"{table}: il contenuto non è quello che fu pubblicato.")
    return wrong


def _files(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Rows that stand elsewhere than in whole files: there should be none."""
    wrong = [
        f"{table}: {count} file di righe tolte, che nessuno di noi scrive."
        for table, count in connection.execute(
            f"select table_name, delete_file_count from ducklake_table_info('{catalogo.NOME}')"
            " where delete_file_count > 0"
        ).fetchall()
    ]
    ((inlined,),) = connection.execute(
        f"select count(*) from __ducklake_metadata_{catalogo.NOME}.ducklake_inlined_data_tables"
    ).fetchall()
    return [*wrong, "Il catalogo tiene righe sue, fuori dai file."] if inlined else wrong


def _documents(bucket: Secchio, stato: Stato) -> list[str]:
    wrong = []
    for camera, name, file, digest in stato.documenti:
        try:
            found = hashlib.sha256(bytes(bucket.get(file).bytes())).hexdigest()
        except FileNotFoundError:
            found = ""
        if found != digest:
            wrong.append(f"{camera}/{name} nel secchio manca, o non è più come fu pubblicato.")
    return wrong
