"""The committer's part: what workers have left becomes one publication, in one change of the catalogue.

Belongs here: what is judged before, what goes and what comes, all of it together. Does not belong here: what
workers leave (stage.py), the tables by which the lake knows itself (registro.py), upkeep (maintain.py).

Rows are only added and replaced: a part is whole files, which go as others come. No row is changed in place,
and none is written but as a file. One commits at a time (catalogo.committing).
"""

import hashlib
import json
import secrets
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines import custodia
from pipelines.connection import text_literal
from pipelines.fingerprints import program_fingerprint
from pipelines.lake import catalogo, secchio
from pipelines.lake.casa import build_house
from pipelines.lake.luogo import Lago, NonNelLago, speaking
from pipelines.lake.parti import Parte, Posto, condition, list_parts, list_tables, write_parts
from pipelines.lake.registro import (
    SCHEMA,
    Documento,
    Stato,
    base_of,
    read_state,
    write_register,
)
from pipelines.lake.schema import define, shape
from pipelines.lake.secchio import CONSEGNA, CONSEGNE, PUBBLICAZIONI, Secchio
from pipelines.lake.stage import record_of
from pipelines.night.steps import Say, silent
from pipelines.partizione import Partizione
from pipelines.publication.memoria import MANIFEST
from pipelines.publication.publish import CONTENUTO
from pipelines.settings import Luoghi, now
from pipelines.warehouse.models import checks, read_models, unrepeatable

Consegna = dict[str, Any]
"""What a worker has left of a chamber, as its record says (stage.deliver)."""


@dataclass(frozen=True)
class Pubblicata:
    """A publication of the lake: its number and name, the chambers that came, how many parts of tables did."""

    numero: int
    nome: str
    camere: tuple[str, ...]
    parti: int


# --- what there is ----------------------------------------------------------------------------------


def staged(lago: Lago) -> list[str]:
    """The runs that have left all their chambers and that a commit would take, oldest first."""
    with speaking():
        found = _all_records(secchio.open_bucket(lago))
        with _working(None) as work, catalogo.attached(lago, work) as connection:
            stato = read_state(connection)
    return [
        nome
        for nome, records in found.items()
        if _is_whole(records)
        and any((nome, r["camera"]) not in stato.consegne for r in records)
        and all(_goes_on(stato, r) for r in records)
    ]


def _all_records(bucket: Secchio) -> dict[str, list[Consegna]]:
    """What every run has left, oldest first."""
    found: dict[str, list[Consegna]] = {}
    paths = [(put, path) for path, put in secchio.names(bucket, CONSEGNE)]
    for _, path in sorted(paths):
        _, nome, *below = path.split("/")
        if below[1:] == [CONSEGNA]:
            found.setdefault(nome, []).append(secchio.read_json(bucket, path))
    return found


def _is_whole(records: Iterable[Consegna]) -> bool:
    """Whether a run has left all the chambers of its set."""
    there = {r["camera"] for r in records}
    return all(there >= set(r["insieme"]) for r in records)


def _goes_on(stato: Stato, record: Consegna) -> bool:
    """Whether a delivery went on from what the lake has of its chamber now, or is in it."""
    taken = (record["consegna"], record["camera"]) in stato.consegne
    return taken or record["base"] == base_of(stato, record["camera"])


# --- the publication --------------------------------------------------------------------------------


def create(lago: Lago, luoghi: Luoghi, say: Say = silent) -> Pubblicata | None:
    """Makes the lake, with all its tables and nothing of any chamber; None where it is there."""
    with speaking():
        secchio.put_json(secchio.open_bucket(lago), "lago.json", {"lago": "pira"})
        with _working(luoghi) as work:
            # Several processes that make the same catalogue at once would not wait for each other.
            with catalogo.committing(lago, say), catalogo.attached(lago, work, False, create=True):
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
        stato = Stato.empty() if not _is_made(connection) else read_state(connection)
        records = [r for nome in nomi for r in _records(bucket, nome)]
        new = [r for r in records if (r["consegna"], r["camera"]) not in stato.consegne]
        if stato.numero and not new:
            return None
        _judge(stato, new)
        adesso = now()
        nome = f"{stato.numero + 1:06d}-{adesso:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
        change = _Cambio(lago, bucket, luoghi, stato, work, nome, adesso)
        done = _write(connection, change, new, say)
        still_held()
        connection.execute("commit")
    return done


@contextmanager
def _working(luoghi: Luoghi | None) -> Iterator[Path]:
    above = luoghi.warehouse / "lago" if luoghi else None
    if above:
        above.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="_commit-", dir=above) as folder:
        yield Path(folder)


def _is_made(connection: duckdb.DuckDBPyConnection) -> bool:
    return bool(
        connection.execute(
            "select 1 from duckdb_tables() where database_name = ? and schema_name = ?",
            [catalogo.NOME, SCHEMA],
        ).fetchone()
    )


def _records(bucket: Secchio, nome: str) -> list[Consegna]:
    """What a run has left. Raises `NonNelLago` where that is not all of its set, or not as it was written."""
    paths = [p for p, _ in secchio.names(bucket, f"{CONSEGNE}/{nome}")]
    records = [secchio.read_json(bucket, p) for p in sorted(paths) if p.endswith(f"/{CONSEGNA}")]
    if not records or not _is_whole(records):
        raise NonNelLago(
            f"{nome} non ha consegnato tutte le sue Camere: aspettare che finisca, o rilanciarlo."
        )
    if damaged := [r["camera"] for r in records if not custodia.is_signed(r)]:
        raise NonNelLago(
            f"La consegna {nome} di {', '.join(damaged)} non è più come è stata scritta: rilanciarla."
        )
    return records


def _judge(stato: Stato, new: Sequence[Consegna]) -> None:
    program = program_fingerprint()
    if strange := [r["camera"] for r in new if r["programma"] != program]:
        raise NonNelLago(
            f"{', '.join(strange)}: consegnate da un'altra versione del programma, o con altre librerie;"
            " aggiornare tutte le macchine e rilanciare il calcolo."
        )
    left = stato.camere - {r["camera"] for r in new}
    if stato.programma not in (None, program) and left:
        raise NonNelLago(
            "Il programma è cambiato da quando il lago è stato scritto: una pubblicazione è di un programma"
            f" solo, e mancano {', '.join(sorted(left))}; calcolare anche queste e rilanciare."
        )
    if stale := [r for r in new if not _goes_on(stato, r)]:
        told = ", ".join(f"{r['consegna']} di {r['camera']}" for r in stale)
        raise NonNelLago(
            f"Il lago è andato avanti da quando è partito il calcolo ({told}): rilanciare il calcolo."
        )


# --- what goes and what comes -----------------------------------------------------------------------


@dataclass(frozen=True)
class _Cambio:
    lago: Lago
    bucket: Secchio
    luoghi: Luoghi
    stato: Stato
    lavoro: Path
    nome: str
    adesso: datetime

    @property
    def cartella(self) -> str:
        return f"{PUBBLICAZIONI}/{self.nome}"


def _write(
    connection: duckdb.DuckDBPyConnection, change: _Cambio, new: Sequence[Consegna], say: Say
) -> Pubblicata:
    stato = change.stato
    last = {r["camera"]: r for r in sorted(new, key=lambda r: r["quando"])}
    partitions = _partitions(stato, last)
    chambers = {camera for camera, _ in partitions}
    house = build_house(
        connection, change.luoghi, chambers, change.lavoro, change.nome, change.adesso
    )
    connection.execute(f"attach {text_literal(str(house))} as casa (read_only)")
    anew = shape(connection, "casa")
    if anew or stato.programma != program_fingerprint():
        define(connection, "casa")
    wanted = _wanted(connection, change, last)
    before = {p: part for p, part in stato.parti.items() if part.tabella not in anew}
    come = [part for p, part in wanted.items() if not part.equals(before.get(p))]
    gone = [p for p, part in before.items() if not part.equals(wanted.get(p))]
    say(f"{change.nome}: {len(come)} parti nuove, {len(gone)} sostituite o tolte")
    _verify(connection, change.lago, come)
    _replace(connection, change.lago, come, gone)
    _count(connection, wanted, {p[0] for p in gone} | {part.tabella for part in come})
    _gates(connection)
    parts = {p: before[p] if part.equals(before.get(p)) else part for p, part in wanted.items()}
    _register(connection, change, last, new, parts, partitions)
    return Pubblicata(stato.numero + 1, change.nome, tuple(sorted(last)), len(come))


def _partitions(stato: Stato, last: Mapping[str, Consegna]) -> set[tuple[str, int]]:
    """The partitions that the lake has after these deliveries."""
    found = {p for p in stato.partizioni if p[0] not in last}
    for record in last.values():
        built = map(Partizione.from_chiave, record["partizioni"])
        found |= {(p.camera, p.esercizio) for p in built}
    return found


def _wanted(
    connection: duckdb.DuckDBPyConnection, change: _Cambio, last: Mapping[str, Consegna]
) -> dict[Posto, Parte]:
    """Every part that the lake has after these deliveries, with its file."""
    house = list_parts(connection, "casa", None)
    folder = change.lavoro / "parti"
    fresh = [p for p in house if not p.equals(change.stato.parti.get(p.posto))]
    names = write_parts(connection, "casa", fresh, folder)
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
    own = [
        replace(p, file=f"{change.cartella}/{names[p.posto]}") if p.posto in names else p
        for p in house
    ]
    return {part.posto: part for part in (*kept, *left, *own)}


def _verify(connection: duckdb.DuckDBPyConnection, lago: Lago, come: Iterable[Parte]) -> None:
    """Raises `NonNelLago` where the files that come do not hold what was left."""
    key = list_tables(connection, "casa")
    for table, parts in _by_table(come).items():
        if any(part.file is None for part in parts):
            raise NonNelLago(f"{table}: una parte nuova non ha file; rilanciare il calcolo.")
        columns = [
            name if name in key[table] else f"null as {name}" for name in ("camera", "esercizio")
        ]
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
    connection: duckdb.DuckDBPyConnection, lago: Lago, come: Iterable[Parte], gone: Iterable[Posto]
) -> None:
    """Takes out whole parts, puts others in."""
    key = list_tables(connection, "casa")
    out: dict[str, list[Posto]] = {}
    for posto in gone:
        out.setdefault(posto[0], []).append(posto)
    for table, places in out.items():
        rows = " or ".join(f"({condition(key[table], posto)})" for posto in places)
        connection.execute(f"delete from {table} where {rows}")
    for table, parts in _by_table(come).items():
        _add(connection, table, _files(lago, parts), bool(key[table]))


def _add(connection: duckdb.DuckDBPyConnection, table: str, files: str, divided: bool) -> None:
    schema, name = table.split(".")
    connection.execute(
        f"call ducklake_add_data_files('{catalogo.NOME}', '{name}', {files}, schema => '{schema}',"
        f" hive_partitioning => {str(divided).lower()})"
    )


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


def _gates(connection: duckdb.DuckDBPyConnection) -> None:
    """The checks that speak of no partition, over all that the lake would have."""
    speaking_of = dict(
        connection.execute(
            "select controllo, per_partizione from casa.qualita.controlli"
        ).fetchall()
    )
    for check in checks(read_models()):
        if speaking_of[check.nome] or not check.blocca:
            continue
        if case := connection.execute(f"from {check.modello.tabella} limit 1").fetchone():
            raise NonNelLago(f"Non si pubblica, perché i conti non tornano: {check.nome}, {case}.")


# --- what it says of itself -------------------------------------------------------------------------


def _register(
    connection: duckdb.DuckDBPyConnection,
    change: _Cambio,
    last: Mapping[str, Consegna],
    new: Sequence[Consegna],
    parts: Mapping[Posto, Parte],
    partitions: Iterable[tuple[str, int]],
) -> None:
    stato, bucket = change.stato, change.bucket
    documents: list[Documento] = [d for d in stato.documenti if d[0] not in last]
    for camera, record in last.items():
        documents += [(camera, name, *where) for name, where in record["documenti"].items()]
    manifest = custodia.sign(_manifest(connection, change, last, parts, documents))
    text = (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()
    bucket.put(f"{change.cartella}/{MANIFEST}", text)
    digest = hashlib.sha256(text).hexdigest()
    own = (
        *(stato.numero + 1, change.nome, change.adesso.replace(tzinfo=None)),
        *(manifest["esecuzione"], manifest["programma"], change.cartella, digest),
    )
    came = [(r["consegna"], r["camera"], r["impronta"], change.nome) for r in new]
    rows: dict[str, list[tuple[object, ...]]] = {
        "pubblicazioni": [own],
        "consegne": [*came],
        "parti": [tuple(p.as_record().values()) for p in parts.values()],
        "documenti": [*documents],
        "partizioni": sorted(partitions),
    }
    for name in ("parti", "documenti", "partizioni"):  # of the current publication alone
        connection.execute(f"delete from {SCHEMA}.{name}")
    files = {}
    for name, some in rows.items():
        if some:
            files[name] = change.lavoro / f"{SCHEMA}.{name}.parquet"
            write_register(connection, name, some, files[name])
    secchio.put_files(bucket, [(p, f"{change.cartella}/{p.name}") for p in files.values()])
    for name, path in files.items():
        where = f"[{text_literal(change.lago.below(f'{change.cartella}/{path.name}'))}]"
        _add(connection, f"{SCHEMA}.{name}", where, divided=False)
    connection.execute(
        f"call {catalogo.NOME}.set_commit_message('pira', {text_literal(change.nome)})"
    )


def _manifest(
    connection: duckdb.DuckDBPyConnection,
    change: _Cambio,
    last: Mapping[str, Consegna],
    parts: Mapping[Posto, Parte],
    documents: Iterable[Documento],
) -> dict[str, Any]:
    """What vouches for the publication: as that of one machine does, and where it came from."""
    totals = {table: [0, 0] for table in list_tables(connection, "casa")}
    for part in parts.values():
        totals[part.tabella][0] += part.righe
        totals[part.tabella][1] += int(part.contenuto, 16)
    return {
        "esecuzione": ", ".join(sorted({r["esecuzione"] for r in last.values()})) or change.nome,
        "pubblicato": change.adesso.isoformat(),
        "programma": program_fingerprint(),
        "consegne": {
            camera: record_of(r["consegna"], camera) for camera, r in sorted(last.items())
        },
        "tabelle": {
            table: {
                "righe": rows,
                "contenuto": f"{total:x}",
                "ripetibile": table not in unrepeatable(),
            }
            for table, (rows, total) in sorted(totals.items())
        },
        "file": {f"{camera}/{name}": digest for camera, name, _, digest in documents},
    }
