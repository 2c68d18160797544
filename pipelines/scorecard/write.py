"""Every scorecard file of a build, in every format.

Belongs here: which files a partition gets, and all of them together; by what two files are the same. Does
not belong here: how each looks, which is for the module of this folder that declares the format
(formato.py); where a file may be taken from (night/ripresi.py).
"""

import hashlib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from pipelines.connection import connect
from pipelines.fingerprints import list_formats, writing_fingerprint
from pipelines.plan.delivered import read_again
from pipelines.scorecard import txt
from pipelines.scorecard.aperti import read_holders
from pipelines.scorecard.formato import Insieme
from pipelines.scorecard.sheet import Scheda, read_sheets
from pipelines.warehouse.dizionario import read_dictionary

Ripresa = Callable[[str, str], bytes | None]
"""The content of a file, by name, if it is the one of these origins; None where it must be written."""


def write_all(
    database: Path, plans: Path, target: Path, ripresa: Ripresa, say: Callable[[str], None]
) -> dict[str, str]:
    """Writes the files of every partition that has a plan, then those of all together, into `target`.

    Returns them with their origins. A file of the same origins is taken over rather than written; a format
    that this machine cannot write is left out, and why is said once.
    """
    connection = connect(database)
    try:
        sheets = read_sheets(connection, plans)
        known = read_holders(connection), read_dictionary(connection)
    finally:
        connection.close()
    target.mkdir()
    formats, written, reasons = list_formats(), dict[str, str](), set[str]()

    def write(module: str, name: str, content: Scheda | Insieme, origins: str) -> None:
        taken = ripresa(name, origins)
        if taken is not None:
            (target / name).write_bytes(taken)
        else:
            formato = import_module(module).FORMATO
            if reason := formato.impedito():
                reasons.add(reason)
                return
            formato.scrivi(content, target / name)
        written[name] = origins

    for sheet in sheets:
        say(f"scorecard {sheet.partizione.chiave}")
        origins = origins_of(sheet)
        for module, facts in formats.items():
            own = (sheet.propria and sheet.testuale) or not facts.get("solo_propria")
            if own and not facts.get("insieme"):
                write(module, f"{sheet.partizione.chiave}.{facts['suffisso']}", sheet, origins)
    for reason in sorted(reasons):
        say(reason)
    beside = frozenset(written)
    together = Insieme(tuple(sheets), *known, beside)
    origins = origins_of(*map(origins_of, sheets), *known, sorted(beside))
    for module, facts in formats.items():
        if facts.get("insieme"):
            write(module, str(facts["suffisso"]), together, origins)
    return written


def origins_of(*known: object) -> str:
    """The hash of all that a file is made from: what is known, such as a partition's sheet, and the program.

    A writer is given nothing else, so nobody keeps a list.
    """
    said = " ".join(map(repr, (writing_fingerprint(), *known)))
    return hashlib.sha256(said.encode()).hexdigest()


def list_changed(plans: Path, target: Path) -> list[str]:
    """The txt files in `target` that are no longer the plan as approved when they are read again."""
    changed = []
    for written in sorted(target.glob(f"*.{txt.FORMATO.suffisso}")):
        piano = read_again(plans / written.stem)
        if not txt.is_same_plan(piano, written.read_bytes()):
            changed.append(written.name)
    return changed
