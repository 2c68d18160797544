"""A worker's part: a chamber computed by the night's own steps, and left in the bucket.

Belongs here: where a chamber is computed, what it goes on from, what is left for the committer. Does not
belong here: how anything is computed (night/steps.py), when it is seen (commit.py).

What is left lies below `consegne/NAME/CHAMBER/`, in a folder of each attempt's own: what two attempts of one
run leave cannot mix, and no file that the lake has taken is written again. Its record is written last.
"""

import secrets
import shutil
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from typing import Any

from pipelines import custodia
from pipelines.connection import connect, text_literal
from pipelines.contract.regolamento import load_rules
from pipelines.lake import catalogo, secchio
from pipelines.lake.luogo import Lago, NonNelLago, speaking
from pipelines.lake.parti import Parte, list_parts, write_parts
from pipelines.lake.registro import base_of, read_state
from pipelines.lake.secchio import Secchio
from pipelines.night import steps
from pipelines.night.steps import Esecuzione, Say, silent
from pipelines.partizione import Partizione
from pipelines.publication.memoria import (
    CONSEGNE,
    CONTROLLI,
    STORICO,
    memory_folder,
    vouch,
)
from pipelines.publication.pubblicazioni import DATABASE, SCORECARD
from pipelines.publication.publish import origins_of, verify
from pipelines.settings import Luoghi
from pipelines.warehouse.checks import Esito

STORIA = {
    "storico.valori": STORICO,
    "storico.consegne": CONSEGNE,
    "storico.controlli": CONTROLLI,
}
"""What cannot be computed again: it goes on from what the lake has."""
_BASE = "lago.json"
"""Beside a chamber's history: what the lake had of the chamber when the history was taken from it."""


def luoghi_di(luoghi: Luoghi, camera: str) -> Luoghi:
    """Where a chamber is computed alone: the same landing zone, an output of its own."""
    return replace(luoghi, warehouse=luoghi.warehouse / "lago" / camera, camera=camera)


def stage(
    lago: Lago,
    luoghi: Luoghi,
    nome: str,
    camere: Sequence[str],
    giorno: date | None = None,
    say: Say = silent,
) -> None:
    """Computes some chambers and leaves each in the bucket under the name of the run.

    What was left whole under that name already is not computed again. Raises `NonPubblicabile`, or
    `NonNelLago`; chambers left before stay.
    """
    for camera in camere:
        if is_staged(lago, nome, camera):
            say(f"{camera}: già consegnata come {nome}")
            continue
        own = luoghi_di(luoghi, camera)
        asked = steps.new_run(own, giorno, nome)
        with steps.in_turn(asked, steps.matching(camera, None), say) as run:
            prepare(lago, run)
            plans = steps.read_plans(run, warn=say)
            for partizione in run.da_leggere:
                steps.read_or_keep(run, partizione, say, warn=say)
            steps.build_warehouse(run, plans, say, warn=say)
            steps.write_scorecards(run, say)
            deliver(lago, run, nome, camere)


def is_staged(lago: Lago, nome: str, camera: str) -> bool:
    """Whether a run has left a chamber whole."""
    with speaking():
        return secchio.read_json(secchio.open_bucket(lago), record_of(nome, camera)) is not None


def record_of(nome: str, camera: str) -> str:
    """The object that says what a run has left of a chamber."""
    return f"{secchio.CONSEGNE}/{nome}/{camera}/{secchio.CONSEGNA}"


def prepare(lago: Lago, run: Esecuzione) -> None:
    """Puts the history that the lake has of a chamber where a run, in its turn, takes it up."""
    camera = str(run.luoghi.camera)
    folder = memory_folder(run.luoghi)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    # What one of the same name left unfinished is no beginning.
    shutil.rmtree(run.lavoro, ignore_errors=True)
    run.lavoro.mkdir(parents=True)
    with speaking(), catalogo.attached(lago, run.lavoro / "spill") as connection:
        connection.execute("begin")  # all of it out of one publication
        for table, name in STORIA.items():
            connection.execute(
                f"copy (from {table} where camera = {text_literal(camera)} order by all)"
                f" to {text_literal(str(folder / name))} (format parquet)"
            )
        stato = read_state(connection)
    vouch(run.luoghi, run.nome, run.adesso)
    # Another program's parts are all put anew: their tables may have changed.
    same = stato.programma == run.programma
    base = {
        "esecuzione": run.nome,
        "base": base_of(stato, camera),
        "esercizi": sorted(year for chamber, year in stato.partizioni if chamber == camera),
        "parti": [p.as_record() for p in stato.parti.values() if same and p.camera == camera],
        "documenti": {doc[1]: doc[2:] for doc in stato.documenti if doc[0] == camera},
    }
    custodia.write_record(run.luoghi.warehouse / _BASE, base)


def deliver(lago: Lago, run: Esecuzione, nome: str, insieme: Sequence[str]) -> tuple[Esito, ...]:
    """Leaves in the bucket what a run has made of its chamber, one of those of its set.

    Stands where the switch does in a night of one machine, behind the same gates. What the lake has already
    is named and not put again. Returns what the checks found. Raises `NonPubblicabile` behind a
    broken gate, and `NonNelLago`.
    """
    camera = str(run.luoghi.camera)
    steps.look_again(run)
    _, outcomes = verify(run.lavoro / DATABASE)
    base = _base_of(run)
    origins = origins_of(run.lavoro / DATABASE)
    gone = _gone(run, base, origins["partizioni"])
    attempt = f"{secchio.CONSEGNE}/{nome}/{camera}/{secrets.token_hex(4)}"
    with speaking():
        bucket = secchio.open_bucket(lago)
        parts = _put_parts(bucket, run, base, attempt)
        documents = _put_documents(bucket, run, base, attempt)
        record = {
            "consegna": nome,
            "camera": camera,
            "insieme": sorted(insieme),
            "quando": run.adesso.isoformat(),
            "esecuzione": run.nome,
            "programma": run.programma,
            "base": base["base"],
            "ritirate": gone,
            **origins,
            "controlli": {o.nome: o.casi for o in outcomes},
            "parti": [part.as_record() for part in parts],
            "documenti": documents,
        }
        secchio.put_json(bucket, record_of(nome, camera), custodia.sign(record))
    return outcomes


def _base_of(run: Esecuzione) -> dict[str, Any]:
    base = custodia.read_record(run.luoghi.warehouse / _BASE)
    if base["esecuzione"] != run.nome:
        raise NonNelLago(
            f"{run.luoghi.camera}: questa esecuzione non ha preso la storia dal lago: rilanciarla intera."
        )
    return base


def _gone(run: Esecuzione, base: dict[str, Any], built: Iterable[str]) -> list[int]:
    """The years that the lake has and the run has not, all of them declared withdrawn."""
    camera = str(run.luoghi.camera)
    there = {Partizione.from_chiave(key).esercizio for key in built}
    gone = [year for year in base["esercizi"] if year not in there]
    rules = load_rules(run.regole)
    if lost := [f"{camera}-{year:04d}" for year in gone if not rules.withdrawn(camera, year)]:
        raise NonNelLago(
            f"Il lago ha {', '.join(lost)} e la zona di consegna no: rimettere le cartelle al loro posto o,"
            " se non devono tornare, dichiararle in [ritirate] in sql/regole.toml."
        )
    return gone


def _put_parts(bucket: Secchio, run: Esecuzione, base: dict[str, Any], attempt: str) -> list[Parte]:
    known = {part.posto: part for part in (Parte(**record) for record in base["parti"])}
    folder = run.lavoro / "parti"
    with closing(connect(run.lavoro / DATABASE)) as connection:
        found = list_parts(connection, str(run.luoghi.camera))
    fresh = [p for p in found if not p.equals(known.get(p.posto))]
    names = write_parts(run.lavoro / DATABASE, fresh, folder)
    secchio.put_files(bucket, [(folder / name, f"{attempt}/{name}") for name in names.values()])
    return [
        replace(part, file=f"{attempt}/{names[part.posto]}" if part.posto in names else None)
        for part in found
    ]


def _put_documents(
    bucket: Secchio, run: Esecuzione, base: dict[str, Any], attempt: str
) -> dict[str, tuple[str, str]]:
    """Each document with its object and its sha256; one that is as it was stays where it is."""
    documents, files = {}, []
    for path in sorted((run.lavoro / SCORECARD).iterdir()):
        digest = custodia.hash_of(path)
        kept, known = base["documenti"].get(path.name, (None, None))
        if known != digest:
            kept = f"{attempt}/{SCORECARD}/{path.name}"
            files.append((path, kept))
        documents[path.name] = (str(kept), digest)
    secchio.put_files(bucket, files)
    return documents
