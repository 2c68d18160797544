"""The recipes of CONTRIBUTING.md, carried out in a copy of the repository.

Belongs here: reading them off the page, doing what they say, running tests over what comes of it. Does not
belong here: which tests, and what they must say (test_recipes.py).
"""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines.settings import ROOT

PAGINA = ROOT / "CONTRIBUTING.md"
_BLOCCO = re.compile(
    r"^(?:At the end of `(?P<elenco>\w+)` in )?`(?P<file>[^`\n]+)`:\n\n```\w+\n(?P<testo>.*?)^```$"
    r"|^```sh\n(?P<comandi>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Passo:
    """A step: a file to write, lines for the end of a list (`elenco`) in a file, or commands to run."""

    file: str | None
    testo: str
    elenco: str | None = None


@cache
def read_recipes() -> dict[str, tuple[Passo, ...]]:
    """The steps of each recipe, by its title."""
    section = re.split(r"^## ", PAGINA.read_text("utf-8"), flags=re.MULTILINE)
    (recipes,) = [text for text in section if text.startswith("Recipes\n")]
    _, *told = re.split(r"^### ", recipes, flags=re.MULTILINE)
    return {text.splitlines()[0]: tuple(_steps(text)) for text in told}


def _steps(text: str) -> Iterator[Passo]:
    found = list(_BLOCCO.finditer(text))
    if 2 * len(found) != len(re.findall("^```", text, re.MULTILINE)):
        raise ValueError(f"{PAGINA.name}, {text.splitlines()[0]}: a block has no path above it.")
    for block in found:
        if block["comandi"]:
            yield Passo(None, block["comandi"])
        else:
            yield Passo(block["file"], block["testo"], block["elenco"])


def copy_repository(target: Path) -> Path:
    """The working tree as it is, without what is made; its `.venv` has this environment's commands."""
    (target / "warehouse").mkdir(parents=True)
    for path in ROOT.iterdir():
        if path.name.startswith(".") or path.name == "warehouse":
            continue
        if path.is_dir():
            made = shutil.ignore_patterns("__pycache__", ".*_cache")
            shutil.copytree(path, target / path.name, ignore=made)
        else:
            shutil.copyfile(path, target / path.name)
    commands = {"python": "", "pira": "-m pipelines.cli"}
    for name, module in commands.items():
        command = target / ".venv/bin" / name
        command.parent.mkdir(parents=True, exist_ok=True)
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" {module} "$@"\n')
        command.chmod(0o755)
    return target


def carry_out(passo: Passo, copy: Path) -> None:
    """One step; raises where its command fails or its file is not what the recipe takes it for."""
    if passo.file is None:
        run(["sh", "-e", "-c", passo.testo], copy).check_returncode()
        return
    path = copy / passo.file
    if passo.elenco is None:
        if path.exists():
            raise FileExistsError(path)
        path.write_text(passo.testo, "utf-8")
        return
    lines = path.read_text("utf-8").splitlines(keepends=True)
    lines.insert(_end_of(passo.elenco, "".join(lines)) - 1, passo.testo)
    path.write_text("".join(lines), "utf-8")


def _end_of(name: str, source: str) -> int:
    """The line on which a list of a module is closed."""
    for node in ast.parse(source).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(one, ast.Name) and one.id == name for one in targets):
            assert node.end_lineno is not None
            return node.end_lineno
    raise LookupError(name)


def run(command: list[str], copy: Path) -> subprocess.CompletedProcess[str]:
    """A command in the copy, whose modules it finds before those of this environment."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "PIRA_"))}
    environment = {**inherited, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        command, cwd=copy, env=environment, capture_output=True, text=True, check=False
    )


def run_tests(copy: Path, *which: str) -> subprocess.CompletedProcess[str]:
    """Tests of the copy; none is taken from here."""
    return run([sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *which], copy)
