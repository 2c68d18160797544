"""A worker's part: some chambers computed by the night's own steps, and left in the bucket.

Belongs here: what they go on from, what is left of each for the committer. Does not belong here: how anything
is computed (night/steps.py), when it is seen (commit.py).

What is left of one lies below `consegne/NAME/CHAMBER/`, in a folder of each attempt's own: what two attempts
of one run leave cannot mix, and no file that the lake has taken is written again. Its record is written last.
"""

import secrets
import shutil
from collections.abc import Collection, Mapping, Sequence
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
from pipelines.landing.inputs import built_from
from pipelines.night import steps
from pipelines.night.steps import Esecuzione, Say, silent
from pipelines.partizione import Partizione, camera_of
from pipelines.publication.memoria import (
    CONSEGNE,
    CONTROLLI,
    STORICO,
    memory_folder,
    vouch,
)
from pipelines.publication.pubblicazioni import DATABASE, SCORECARD
from pipelines.publication.publish import verify
from pipelines.settings import Luoghi
from pipelines.warehouse.checks import Esito

STORIA = {
    "storico.valori": STORICO,
    "storico.consegne": CONSEGNE,
    "storico.controlli": CONTROLLI,
}
"""What cannot be computed again: it goes on from what the lake has."""
_BASE = "lago.json"
"""Beside the history of chambers: what the lake had of each when the history was taken from it."""


def stage(
    lago: Lago,
    luoghi: Luoghi,
    nome: str,
    camere: Sequence[str],
    giorno: date | None = None,
    say: Say = silent,
) -> None:
    """Computes some chambers together and leaves each in the bucket under the name of the run.

    What was left whole under that name already is not computed again. Raises `NonPubblicabile`, or
    `NonNelLago`; chambers left before stay.
    """
    missing = [camera for camera in camere if not is_staged(lago, nome, camera)]
    for camera in sorted({*camere} - {*missing}):
        say(f"{camera}: già consegnata come {nome}")
    if not missing:
        return
    asked = steps.new_run(luoghi.of(*missing), giorno, nome)
    with steps.in_turn(asked, steps.matching(None, None), say) as run:
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
    """Puts the history that the lake has of a run's chambers where the run, in its turn, takes it up."""
    chambers = ", ".join(map(text_literal, run.luoghi.camere))
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
                f"copy (from {table} where camera in ({chambers}) order by all)"
                f" to {text_literal(str(folder / name))} (format parquet)"
            )
        stato = read_state(connection)
    vouch(run.luoghi, run.nome, run.adesso)
    # Another program's parts are all put anew: their tables may have changed.
    same = stato.programma == run.programma
    bases = {
        camera: {
            "base": base_of(stato, camera),
            "esercizi": sorted(year for chamber, year in stato.partizioni if chamber == camera),
            "parti": [p.as_record() for p in stato.parti.values() if same and p.camera == camera],
            "documenti": {doc[1]: doc[2:] for doc in stato.documenti if doc[0] == camera},
        }
        for camera in run.luoghi.camere
    }
    custodia.write_record(run.luoghi.warehouse / _BASE, {"esecuzione": run.nome, "camere": bases})


def deliver(lago: Lago, run: Esecuzione, nome: str, insieme: Sequence[str]) -> tuple[Esito, ...]:
    """Leaves in the bucket what a run has made of each of its chambers, which are of one set.

    Stands where the switch does in a night of one machine, behind the same gates. What the lake has already
    is named and not put again. Returns what the checks found. Raises `NonPubblicabile` behind a
    broken gate, and `NonNelLago`.
    """
    steps.look_again(run)
    _, outcomes = verify(run.lavoro / DATABASE)
    bases = _bases_of(run)
    with closing(connect(run.lavoro / DATABASE)) as connection:
        origins = built_from(connection)
        found = list_parts(connection, run.luoghi.camere)
    gone = _gone(run, bases, origins["partizioni"])
    with speaking():
        bucket = secchio.open_bucket(lago)
        for camera in run.luoghi.camere:
            attempt = f"{secchio.CONSEGNE}/{nome}/{camera}/{secrets.token_hex(4)}"
            own = [part for part in found if part.camera == camera]
            parts = _put_parts(bucket, run, bases[camera], own, attempt)
            record = {
                "consegna": nome,
                "camera": camera,
                "insieme": sorted(insieme),
                "quando": run.adesso.isoformat(),
                "esecuzione": run.nome,
                "programma": run.programma,
                "base": bases[camera]["base"],
                "ritirate": [p.esercizio for p in gone if p.camera == camera],
                "partizioni": _of(camera, origins["partizioni"]),
                "piani": _of(camera, origins["piani"]),
                "controlli": {o.nome: o.casi for o in outcomes},
                "parti": [part.as_record() for part in parts],
                "documenti": _put_documents(bucket, run, camera, bases[camera], attempt),
            }
            secchio.put_json(bucket, record_of(nome, camera), custodia.sign(record))
    return outcomes


def _bases_of(run: Esecuzione) -> dict[str, dict[str, Any]]:
    base = custodia.read_record(run.luoghi.warehouse / _BASE)
    if base["esecuzione"] != run.nome:
        raise NonNelLago(
            f"{', '.join(run.luoghi.camere)}: questa esecuzione non ha preso la storia dal lago: rilanciarla"
            " intera."
        )
    found: dict[str, dict[str, Any]] = base["camere"]
    return found


def _of(camera: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Of what is told by partition, that of a chamber."""
    return {key: fact for key, fact in facts.items() if camera_of(key) == camera}


def _gone(
    run: Esecuzione, bases: Mapping[str, dict[str, Any]], built: Collection[str]
) -> list[Partizione]:
    """What the lake has and the run has not, all of it declared withdrawn."""
    known = [Partizione(camera, year) for camera in bases for year in bases[camera]["esercizi"]]
    gone = [p for p in known if p.chiave not in built]
    rules = load_rules(run.regole)
    if lost := [p.chiave for p in gone if not rules.withdrawn(p.camera, p.esercizio)]:
        raise NonNelLago(
            f"Il lago ha {', '.join(lost)} e la zona di consegna no: rimettere le cartelle al loro posto o,"
            " se non devono tornare, dichiararle in [ritirate] in sql/regole.toml."
        )
    return gone


def _put_parts(
    bucket: Secchio, run: Esecuzione, base: dict[str, Any], own: Sequence[Parte], attempt: str
) -> list[Parte]:
    known = {part.posto: part for part in (Parte(**record) for record in base["parti"])}
    folder = run.lavoro / "parti"
    fresh = [p for p in own if not p.equals(known.get(p.posto))]
    names = write_parts(run.lavoro / DATABASE, fresh, folder)
    secchio.put_files(bucket, [(folder / name, f"{attempt}/{name}") for name in names.values()])
    return [
        replace(part, file=f"{attempt}/{names[part.posto]}" if part.posto in names else None)
        for part in own
    ]


def _put_documents(
    bucket: Secchio, run: Esecuzione, camera: str, base: dict[str, Any], attempt: str
) -> dict[str, tuple[str, str]]:
    """Each document with its object and its sha256; one that is as it was stays where it is."""
    documents, files = {}, []
    for path in sorted((run.lavoro / SCORECARD / camera).iterdir()):
        digest = custodia.hash_of(path)
        kept, known = base["documenti"].get(path.name, (None, None))
        if known != digest:
            kept = f"{attempt}/{SCORECARD}/{path.name}"
            files.append((path, kept))
        documents[path.name] = (str(kept), digest)
    secchio.put_files(bucket, files)
    return documents
