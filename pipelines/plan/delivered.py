"""A plan as it was delivered: its file read, and what became of it.

Belongs here: from the file to the frames that a build takes, a refusal included. Does not belong here:
which plans there are (steps.py), how one is read (read.py).
"""

from pathlib import Path

from pipelines.landing.rifiutato import Rifiutato
from pipelines.landing.zone import ALLEGATO, Aspetto, Letto, read_whole
from pipelines.partizione import Partizione
from pipelines.plan.frames import no_plan, write_frames
from pipelines.plan.model import Anomalia
from pipelines.plan.read import PianoIlleggibile, read_plan


def read_delivered(
    folder: Path, partizione: Partizione, path: Path, root: Path, visto: Aspetto | None = None
) -> Letto | None:
    """Leaves in `folder` the frames of a plan that lies below `root`, and the plan where it could be read.

    It must be as it was `visto`, where somebody looked. Returns its bytes, if they could be read whole. A
    plan that cannot be read leaves its reason in the frames `piani` and `anomalie`.
    """
    file = path.relative_to(root).as_posix()
    found, motivo = None, None
    try:
        found = read_whole(root, path, visto)
        plan = read_plan(found.content)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ALLEGATO).write_bytes(found.content)
    except (PianoIlleggibile, Rifiutato) as refusal:
        motivo = str(refusal)
        plan = no_plan(Anomalia("piano_illeggibile", None, f"{file}: {motivo}", grave=True))
    line = {
        "camera": partizione.camera,
        "esercizio": partizione.esercizio,
        "_file": file,
        "sha256": found.sha256 if found else None,
        "esito": "RIFIUTATO" if motivo else "ACCETTATO",
        "motivo": motivo,
    }
    write_frames(folder, plan, partizione, [line])
    return found
