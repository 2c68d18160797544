"""What the code is, as fingerprints: of what reads a delivery, and of all that computes a figure.

Belongs here: which modules those are. They are found by following the imports from where the work
starts, so nobody keeps a list and a new module is never forgotten; with them count the versions of the
libraries that they import. Does not belong here: what follows when a fingerprint is another one
(extracts/ingest.py, deposito.py, pending.py).

The bytes of a source count, comments included: one reading too many costs minutes, and a changed rule
without effect costs a wrong figure.
"""

import ast
import hashlib
import json
import platform
import re
import sys
from collections.abc import Collection
from functools import cache
from importlib.metadata import version
from itertools import accumulate
from pathlib import Path

from pipelines.settings import RESOURCES, ROOT

_PACKAGE = __package__

READING = "pipelines.extracts.ingest"
"""Where the way from delivered bytes to accepted rows starts."""

COMPUTING = "pipelines.night.steps"
"""Where the night starts, from the landing zone to the publication."""

WRITING = "pipelines.scorecard.write"
"""Finds the formats of the scorecard by what the modules beside it declare: no import shows them."""

_INSTALLED_AS = {"svg": "svg.py"}
"""What a library is called where that is not the name by which it is imported."""

_PUBLIC = "pipelines.contract.formati"
DECLARING = "pipelines.contract.pubblici"
"""Finds the public formats by what the modules of a folder beside it declare: no import shows them."""


@cache
def reading_fingerprint() -> str:
    """The fingerprint of what reads, judges and keeps a delivery: code, contract, libraries.

    Taken once in a process, since what runs is what was loaded.
    """
    return _fingerprint(modules(READING), {})


def code_fingerprint(start: str) -> str:
    """The fingerprint of a module and of all that it imports."""
    return _fingerprint(modules(start), {})


@cache
def program_fingerprint() -> str:
    """The fingerprint of all that computes: the code from reading to publishing, the SQL, the rules."""
    return _fingerprint(modules(COMPUTING, apart()), _queries())


@cache
def writing_fingerprint() -> str:
    """The fingerprint of all that makes a document: what computes, every format, what lies beside them."""
    beside = (p for p in (ROOT / "pipelines/scorecard").iterdir() if p.is_file())
    return _fingerprint(
        modules(COMPUTING), {**_queries(), **{p.name: p.read_bytes() for p in beside}}
    )


def program_is_on_disk() -> bool:
    """Whether the disk holds the program that this process has taken itself for, which may be nights old."""
    return writing_fingerprint.__wrapped__() == writing_fingerprint()


def _queries() -> dict[str, bytes]:
    found = (p for p in (RESOURCES / "sql").rglob("*") if p.suffix in (".sql", ".toml"))
    return {p.relative_to(RESOURCES).as_posix(): p.read_bytes() for p in found}


def modules(start: str, apart: Collection[str] = ()) -> dict[str, bytes]:
    """The source of a module of ours and of all those that it imports, whenever it does, by name.

    Those `apart` are left out, and so is what only they import.
    """
    there = _sources()
    found: dict[str, bytes] = {}
    ahead = {start} & there.keys()
    while ahead:
        name = ahead.pop()
        found[name] = there[name].read_bytes()
        ahead |= imports(found[name]) & there.keys()
        ahead |= list_formats().keys() if name == WRITING else set()
        ahead |= {_PUBLIC, *list_public()} if name == DECLARING else set()
        ahead -= {_PACKAGE, *found, *apart}
    return found


def list_formats() -> dict[str, dict[str, object]]:
    """The modules that declare a format (`FORMATO = Formato(...)`), by name, each with the plain facts of
    its declaration; read out of the sources, so that nothing is loaded for it."""
    found: dict[str, dict[str, object]] = {}
    for path in sorted((ROOT / "pipelines/scorecard").glob("*.py")):
        source = path.read_bytes()
        # a tree of all the others would be grown for nothing
        for node in ast.parse(source).body if b"FORMATO = " in source else ():
            match node:
                case ast.Assign([ast.Name("FORMATO")], ast.Call(args=given, keywords=named)):
                    facts = dict(zip(("suffisso", "nome"), given, strict=False))
                    facts |= {str(one.arg): one.value for one in named}
                    found[f"pipelines.scorecard.{path.stem}"] = {
                        name: value.value
                        for name, value in facts.items()
                        if isinstance(value, ast.Constant)
                    }
    return found


def list_public() -> list[str]:
    """The modules that declare a public format, by name."""
    folder = ROOT / "pipelines/contract/formati"
    return [f"{_PUBLIC}.{p.stem}" for p in sorted(folder.glob("[!_]*.py"))]


def apart() -> frozenset[str]:
    """The formats that every run writes anew out of figures that they do not change, such as the page:
    one that looks different is no reason to compute a closed year again."""
    return frozenset(name for name, facts in list_formats().items() if facts.get("apart"))


_IMPORT = re.compile(
    rb"^[ \t]*((?:from[ \t]+[\w.]+[ \t]+)?import[ \t]+(?:\([^)]*\)|[^(\n]*))", re.MULTILINE
)
"""A statement that imports. To grow the tree of every source for it takes half a second of each night."""


@cache
def imports(source: bytes) -> frozenset[str]:
    """The names that a module imports, with the packages they lie in; `from a import b` may mean a.b."""
    names: list[str] = []
    for found in _IMPORT.finditer(source):
        try:
            statements = ast.parse(found[1]).body
        except SyntaxError:  # a line of prose that begins so
            continue
        for node in statements:
            if isinstance(node, ast.Import):
                names += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names += [f"{node.module}.{alias.name}" for alias in node.names]
    return frozenset(
        above for name in names for above in accumulate(name.split("."), "{}.{}".format)
    )


def libraries(sources: Collection[bytes]) -> dict[str, str]:
    """The versions of the libraries that modules import, and Python's own."""
    tops = {name for source in sources for name in imports(source) if "." not in name}
    others = tops - sys.stdlib_module_names - {_PACKAGE}
    installed = {name: version(_INSTALLED_AS.get(name, name)) for name in others}
    return {"python": platform.python_version(), **installed}


def _sources() -> dict[str, Path]:
    """Where the source of each module of ours is, by name."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in (ROOT / _PACKAGE).rglob("*.py")
    }


def _fingerprint(sources: dict[str, bytes], others: dict[str, bytes]) -> str:
    hashed = {n: hashlib.sha256(c).hexdigest() for n, c in {**sources, **others}.items()}
    made_with = libraries(sources.values())
    return hashlib.sha256(json.dumps([hashed, made_with], sort_keys=True).encode()).hexdigest()
