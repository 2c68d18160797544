"""What workers have left in the bucket: read, and judged by the state of the lake.

Belongs here: which deliveries there are, which of them a commit may take. Does not belong here: leaving them
(stage.py), taking them (commit.py).
"""

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pipelines import custodia
from pipelines.fingerprints import program_fingerprint
from pipelines.lake import catalogo, secchio
from pipelines.lake.luogo import Lago, NonNelLago, speaking
from pipelines.lake.registro import Stato, base_of, read_state
from pipelines.lake.secchio import CONSEGNA, CONSEGNE, Secchio

Consegna = dict[str, Any]
"""What a worker has left of a chamber, as its record says (stage.deliver)."""


def staged(lago: Lago) -> list[str]:
    """The runs that have left all their chambers and that a commit would take, oldest first."""
    with speaking():
        found = _all_records(secchio.open_bucket(lago))
        with (
            tempfile.TemporaryDirectory() as spill,
            catalogo.attached(lago, Path(spill)) as connection,
        ):
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


def read_records(bucket: Secchio, nome: str) -> list[Consegna]:
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


def judge(stato: Stato, new: Sequence[Consegna]) -> None:
    """Raises `NonNelLago` where the lake cannot take some: another program's, or out of an earlier state."""
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
