"""Every scorecard file of a build, in every format.

Belongs here: which files a partition gets. Does not belong here: how each looks, which is for the module
of this folder that declares the format (formato.py).
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from pipelines.connection import connect
from pipelines.fingerprints import list_formats
from pipelines.plan.delivered import read_again
from pipelines.scorecard import txt
from pipelines.scorecard.formato import Formato
from pipelines.scorecard.sheet import Scheda, read_sheets


def write_all(database: Path, plans: Path, target: Path, say: Callable[[str], None]) -> list[Path]:
    """Writes the files of every partition that has a plan into `target`, and returns them."""
    connection = connect(database)
    try:
        sheets = read_sheets(connection, plans)
    finally:
        connection.close()
    target.mkdir()
    formats = [import_module(name).FORMATO for name in list_formats()]
    return [path for sheet in sheets for path in _write(sheet, formats, target, say)]


def list_changed(plans: Path, target: Path) -> list[str]:
    """The txt files in `target` that are no longer the plan as approved when they are read again."""
    changed = []
    for written in sorted(target.glob(f"*.{txt.FORMATO.suffisso}")):
        piano = read_again(plans / written.stem)
        if not txt.is_same_plan(piano, written.read_bytes()):
            changed.append(written.name)
    return changed


def _write(
    scheda: Scheda, formats: list[Formato], target: Path, say: Callable[[str], None]
) -> list[Path]:
    say(f"scorecard {scheda.partizione.chiave}")
    paths = []
    for formato in formats:
        if (scheda.propria and scheda.testuale) or not formato.solo_propria:
            paths.append(target / f"{scheda.partizione.chiave}.{formato.suffisso}")
            formato.scrivi(scheda, paths[-1])
    return paths
