"""The committer's part: what workers have left becomes one publication, in one change of the catalogue.

Belongs here: what is judged before, what goes and what comes, all of it together. Does not belong here: what
workers leave (stage.py), the tables by which the lake knows itself (registro.py), upkeep (maintain.py).

Rows are only added and replaced: a part is whole files, which go as others come. No row is changed in place,
and none is written but as a file. One commits at a time (catalogo.committing).
"""

import secrets
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from pipelines.connection import connect, text_literal
from pipelines.fingerprints import program_fingerprint
from pipelines.lake import catalogo, secchio
from pipelines.lake.casa import build_house
from pipelines.lake.consegne import Consegna, judge, read_records
from pipelines.lake.luogo import Lago, NonNelLago, redacted, speaking
from pipelines.lake.manifesto import Cambio, register
from pipelines.lake.parti import (
    CHIAVE,
    Chiavi,
    Parte,
    Posto,
    add_files,
    condition,
    list_parts,
    list_tables,
    write_parts,
)
from pipelines.lake.registro import Stato, read_state
from pipelines.lake.schema import define, shape
from pipelines.night.steps import Say, silent
from pipelines.partizione import Partizione
from pipelines.publication.publish import CONTENUTO
from pipelines.settings import Luoghi, now


@dataclass(frozen=True)
class Pubblicata:
    """A publication of the lake: number, name, chambers that came, parts of tables that did."""

    numero: int
    nome: str
    camere: tuple[str, ...]
    parti: int


def create(lago: Lago, luoghi: Luoghi, say: Say = silent) -> Pubblicata | None:
    """Makes the lake, with all its tables and nothing of any chamber; None where it is there."""
    with speaking():
        secchio.put_json(secchio.open_bucket(lago), "lago.json", {"lago": "pira"})
        # Several processes that make the same catalogue at once would not wait for each other.
        with (
            _working(luoghi) as work,
            catalogo.committing(lago, say),
            catalogo.attached(lago, work, read_only=False, create=True),
        ):
            pass
        return _change(lago, luoghi, (), say)


def commit(lago: Lago, luoghi: Luoghi, nomi: Sequence[str], say: Say = silent) -> Pubblicata | None:
    """Makes one publication of all that some runs have left; None where the lake has all of it.

    Raises `NonNelLago`, and the lake is as it was: where a run has not left all its chambers, where something
    was left by another program or out of an earlier state of the lake, where a file is not as it was left,
    where the whole breaks a gate. What is of a chamber in two of them is the later one's.
    """
    with speaking():
        return _change(lago, luoghi, nomi, say)


def _change(lago: Lago, luoghi: Luoghi, nomi: Sequence[str], say: Say) -> Pubblicata | None:
    with (
        _working(luoghi) as work,
        catalogo.committing(lago, say) as still_held,
        catalogo.attached(lago, work / "spill", read_only=False) as connection,
    ):
        bucket = secchio.open_bucket(lago)
        connection.execute("begin")
        stato = read_state(connection)
        records = [r for nome in nomi for r in read_records(bucket, nome)]
        new = [r for r in records if (r["consegna"], r["camera"]) not in stato.consegne]
        if stato.numero and not new:
            return None
        judge(stato, new)
        adesso = now()
        nome = f"{stato.numero + 1:06d}-{adesso:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
        change = Cambio(lago, bucket, luoghi, stato, work, nome, adesso)
        done = _write(connection, change, new, say)
        still_held()
        try:
            connection.execute("commit")
        except duckdb.Error as error:  # the answer may be lost, and not what it answers
            raise NonNelLago(
                f"Il catalogo non ha confermato {nome} ({redacted(error)}): è pubblicata tutta o per niente;"
                " rilanciare: se c'è già, non cambia niente."
            ) from None
    return done


@contextmanager
def _working(luoghi: Luoghi) -> Iterator[Path]:
    above = luoghi.warehouse / "lago"
    above.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="_commit-", dir=above) as folder:
        yield Path(folder)


def _write(
    connection: duckdb.DuckDBPyConnection, change: Cambio, new: Sequence[Consegna], say: Say
) -> Pubblicata:
    stato = change.stato
    last = {r["camera"]: r for r in sorted(new, key=lambda r: r["quando"])}
    partitions = _partitions(stato, last)
    chambers = {camera for camera, _ in partitions}
    house = build_house(connection, change, chambers)
    with closing(connect(house)) as build:
        key, own = list_tables(build), list_parts(build, None)
    anew: set[str] = set()
    if stato.programma != program_fingerprint():
        connection.execute(f"attach {text_literal(str(house))} as casa (read_only)")
        anew = shape(connection, "casa", key)
        define(connection, "casa", catalogo.NOME)
    wanted = _wanted(change, last, house, own)
    before = {p: part for p, part in stato.parti.items() if part.tabella not in anew}
    come = [part for p, part in wanted.items() if not part.equals(before.get(p))]
    gone = [p for p, part in before.items() if not part.equals(wanted.get(p))]
    say(f"{change.nome}: {len(come)} parti nuove, {len(gone)} sostituite o tolte")
    _verify(connection, change.lago, key, come)
    _replace(connection, change.lago, key, come, gone)
    _count(connection, wanted, {p[0] for p in gone} | {part.tabella for part in come})
    register(connection, change, last, new, wanted, partitions, key)
    return Pubblicata(stato.numero + 1, change.nome, tuple(sorted(last)), len(come))


def _partitions(stato: Stato, last: Mapping[str, Consegna]) -> set[tuple[str, int]]:
    """The partitions that the lake has after these deliveries."""
    found = {p for p in stato.partizioni if p[0] not in last}
    for record in last.values():
        built = map(Partizione.from_chiave, record["partizioni"])
        found |= {(p.camera, p.esercizio) for p in built}
    return found


def _wanted(
    change: Cambio, last: Mapping[str, Consegna], house: Path, own: Iterable[Parte]
) -> dict[Posto, Parte]:
    """Every part that the lake has after these deliveries; one that comes has its file."""
    folder = change.lavoro / "parti"
    fresh = [p for p in own if not p.equals(change.stato.parti.get(p.posto))]
    names = write_parts(house, fresh, folder)
    files = [(folder / name, f"{change.cartella}/{name}") for name in names.values()]
    secchio.put_files(change.bucket, files)
    kept = [
        part
        for part in change.stato.parti.values()
        if part.camera is not None
        and part.camera in change.stato.camere
        and part.camera not in last
    ]
    left = [Parte(**record) for r in last.values() for record in r["parti"]]
    ours = [
        replace(p, file=f"{change.cartella}/{names[p.posto]}") if p.posto in names else p
        for p in own
    ]
    return {part.posto: part for part in (*kept, *left, *ours)}


def _verify(
    connection: duckdb.DuckDBPyConnection, lago: Lago, key: Chiavi, come: Iterable[Parte]
) -> None:
    """Raises `NonNelLago` where the files that come do not hold what was left."""
    for table, parts in _by_table(come).items():
        if any(part.file is None for part in parts):
            raise NonNelLago(f"{table}: una parte nuova non ha file; rilanciare il calcolo.")
        columns = [name if name in key[table] else f"null as {name}" for name in CHIAVE]
        found = {
            (table, camera, esercizio): (rows, f"{total:x}")
            for camera, esercizio, rows, total in connection.execute(
                f"select {', '.join(columns)}, count(*), {CONTENUTO}"
                f" from read_parquet({_files(lago, parts)}, hive_partitioning = false) as t group by all"
            ).fetchall()
        }
        if found != {part.posto: (part.righe, part.contenuto) for part in parts}:
            raise NonNelLago(
                f"I file di {table} nel secchio non sono più come sono stati consegnati: rilanciare il"
                " calcolo."
            )


def _replace(
    connection: duckdb.DuckDBPyConnection,
    lago: Lago,
    key: Chiavi,
    come: Iterable[Parte],
    gone: Iterable[Posto],
) -> None:
    """Takes out whole parts, puts others in."""
    out: dict[str, list[Posto]] = {}
    for posto in gone:
        out.setdefault(posto[0], []).append(posto)
    for table, places in out.items():
        rows = " or ".join(f"({condition(key[table], posto)})" for posto in places)
        connection.execute(f"delete from {table} where {rows}")
    for table, parts in _by_table(come).items():
        add_files(connection, table, _files(lago, parts), bool(key[table]))


def _by_table(parts: Iterable[Parte]) -> dict[str, list[Parte]]:
    found: dict[str, list[Parte]] = {}
    for part in parts:
        found.setdefault(part.tabella, []).append(part)
    return found


def _files(lago: Lago, parts: Iterable[Parte]) -> str:
    return f"[{', '.join(text_literal(lago.below(str(part.file))) for part in parts)}]"


def _count(
    connection: duckdb.DuckDBPyConnection, wanted: Mapping[Posto, Parte], tables: Iterable[str]
) -> None:
    """Raises `NonNelLago` where a table that changed has other rows than its parts."""
    rows = dict.fromkeys(tables, 0)
    for part in wanted.values():
        if part.tabella in rows:
            rows[part.tabella] += part.righe
    for table, expected in rows.items():
        ((found,),) = connection.execute(f"select count(*) from {table}").fetchall()
        if found != expected:
            raise NonNelLago(
                f"{table} avrebbe {found} righe invece di {expected}: niente è cambiato."
            )
