"""Every scorecard file of a build, in every format.

Belongs here: which files a partition gets, and all of them together; by what two files are the same. Does
not belong here: how each looks, which is for the module of this folder that declares the format
(formato.py); where a file may be taken from (night/ripresi.py).
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from importlib import import_module
from pathlib import Path

from pipelines.connection import connect
from pipelines.fingerprints import list_formats, writing_fingerprint
from pipelines.plan.delivered import read_again
from pipelines.scorecard import txt
from pipelines.scorecard.accanto import beside
from pipelines.scorecard.aperti import Titolare, read_holders
from pipelines.scorecard.formato import Insieme
from pipelines.scorecard.sheet import Scheda, read_sheets
from pipelines.warehouse.dizionario import Voce, read_dictionary

Ripresa = Callable[[str, str], bytes | None]
"""The content of a file, by name, if it is the one of these origins; None where it must be written."""


def write_all(
    database: Path,
    plans: Path,
    target: Path,
    ripresa: Ripresa | None,
    say: Callable[[str], None],
    camere: Sequence[str] = (),
) -> dict[str, str]:
    """Writes the files of every partition that has a plan, then those of all together, into `target`; or for
    each of some chambers, as if there were no other, into a folder of its own there.

    Returns them with their origins. A file of the same origins is taken over rather than written; a format
    that this machine cannot write is left out, and why is said once. Without `ripresa` every file is written,
    and what finishes some of them beside is made ready while the sheets are read.
    """
    # what is finished beside comes first, so that the rest is written meanwhile
    formats = dict(sorted(list_formats().items(), key=lambda one: "programma" not in one[1]))
    written, reasons = dict[str, str](), set[str]()
    with beside() as ready:
        if ripresa is None:
            for module in (m for m, facts in formats.items() if "programma" in facts):
                formato = import_module(module).FORMATO
                if not formato.impedito():
                    ready(formato.programma)
        sheets, holders, dictionary = _read(database, plans)

        def write(module: str, name: str, content: Scheda | Insieme, origins: str) -> None:
            taken = ripresa(name, origins) if ripresa else None
            if taken is not None:
                (target / name).write_bytes(taken)
            else:
                formato = import_module(module).FORMATO
                if reason := formato.impedito():
                    reasons.add(reason)
                    return
                finish = ready(formato.programma) if formato.programma else None
                formato.scrivi(content, target / name)
                if finish:
                    finish(target / name)
            written[name] = origins

        for folder, own_sheets, own_holders in _together(sheets, holders, camere):
            (target / folder).mkdir(parents=True)
            for sheet in own_sheets:
                key = sheet.partizione.chiave
                say(f"scorecard {key}")
                origins = origins_of(sheet)
                for module, facts in formats.items():
                    own = (sheet.propria and sheet.testuale) or not facts.get("solo_propria")
                    if own and not facts.get("insieme"):
                        write(module, f"{folder}{key}.{facts['suffisso']}", sheet, origins)
            names = sorted(n.removeprefix(folder) for n in written if n.startswith(folder))
            together = Insieme(own_sheets, own_holders, dictionary, frozenset(names))
            origins = origins_of(*map(origins_of, own_sheets), own_holders, dictionary, names)
            for module, facts in formats.items():
                if facts.get("insieme"):
                    write(module, f"{folder}{facts['suffisso']}", together, origins)
    for reason in sorted(reasons):
        say(reason)
    return written


def _together(
    sheets: tuple[Scheda, ...], holders: tuple[Titolare, ...], camere: Sequence[str]
) -> Iterator[tuple[str, tuple[Scheda, ...], tuple[Titolare, ...]]]:
    """What is published together, each with its folder: all, or each of some chambers."""
    for camera in camere:
        yield (
            f"{camera}/",
            tuple(s for s in sheets if s.partizione.camera == camera),
            tuple(t for t in holders if t.camera == camera),
        )
    if not camere:
        yield "", sheets, holders


def _read(
    database: Path, plans: Path
) -> tuple[tuple[Scheda, ...], tuple[Titolare, ...], tuple[Voce, ...]]:
    """All that documents are made from, of a build."""
    with closing(connect(database)) as connection:
        sheets = tuple(read_sheets(connection, plans))
        return sheets, read_holders(connection), read_dictionary(connection)


def origins_of(*known: object) -> str:
    """The hash of all that a file is made from: what is known, such as a partition's sheet, and the program.

    A writer is given nothing else, so nobody keeps a list.
    """
    said = " ".join(map(repr, (writing_fingerprint(), *known)))
    return hashlib.sha256(said.encode()).hexdigest()


def list_changed(plans: Path, target: Path) -> list[str]:
    """The txt files in `target` that are no longer the plan as approved when they are read again."""
    changed = []
    for written in sorted(target.rglob(f"*.{txt.FORMATO.suffisso}")):
        piano = read_again(plans / written.stem)
        if not txt.is_same_plan(piano, written.read_bytes()):
            changed.append(written.name)
    return changed
