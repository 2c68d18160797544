"""Rules of the house that a machine can keep: what no file may hold, and which copies must agree.

Belongs here: sentences about the repository as text. Does not belong here: style that ruff and mypy
judge, what the code does.
"""

import ast
import os
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from pipelines.settings import ROOT
from pipelines.warehouse.models import SQL
from tests.architettura import DISEGNI, PAGINA, drawn, imported_by, room_of

LUNGHEZZA = 400
"""Lines beyond which a file does more than one thing."""

CONSEGNE = ("raw/", "tests/uffici/casi/")
DI_QUESTA_MACCHINA = re.compile(
    r"(?<![\w.~\-])/(?:home|Users|root|opt|srv|mnt|work|workspace)/|[A-Z]:\\Users"
)
DI_UN_REGISTRO = re.compile(
    r"[p]ypi\.org|[p]ythonhosted|/[s]imple\b|(?<!no-emit-)[i]ndex-url|[f]ind-links|[t]rusted-host"
)


def _walk(folder: Path) -> list[str]:
    hidden = {path for path in folder.iterdir() if path.name.startswith(".")}
    left_out = hidden | {folder / "warehouse", folder / "dist"}
    return sorted(
        path.relative_to(folder).as_posix()
        for top in folder.iterdir()
        if top not in left_out
        for path in ([top] if top.is_file() else top.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    )


@cache
def tracked() -> tuple[str, ...]:
    """Files of the repository, those about to be added too; outside git, all but what is made."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return tuple(_walk(ROOT))
    return tuple(name for name in listed.stdout.splitlines() if (ROOT / name).is_file())


@cache
def texts() -> dict[str, str]:
    """The text files of the repository, but for deliveries, whose bytes are not ours."""
    found = {}
    for name in tracked():
        content = (ROOT / name).read_bytes()
        if not name.startswith(CONSEGNE) and b"\0" not in content:
            found[name] = content.decode("utf-8")
    return found


PYTHON = sorted((ROOT / "pipelines").rglob("*.py"))
FILE_SQL = sorted(SQL.rglob("*.sql"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts().items()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


# --- what no file may hold --------------------------------------------------------------------------


def test_the_repository_is_what_these_tests_look_at() -> None:
    names = set(texts())
    assert {"pyproject.toml", "requirements.lock", "Makefile", "sql/regole.toml"} <= names
    assert {name_of(path) for path in [*PYTHON, *FILE_SQL]} <= names
    assert len(names) > 120
    assert {name for name in names if name.startswith(("warehouse/", "."))} <= {
        "warehouse/README.md",
        ".ci/run",
        ".gitattributes",
        ".gitignore",
        ".pre-commit-config.yaml",
    }


def test_no_file_holds_a_path_of_a_machine() -> None:
    assert DI_QUESTA_MACCHINA.search("/" + "home/ada/pira") is not None
    assert lines_with(DI_QUESTA_MACCHINA) == []
    assert [name for name, text in texts().items() if f"{ROOT}/" in text] == []


def test_no_file_names_a_package_registry() -> None:
    assert DI_UN_REGISTRO.search("--extra-index" + "-url https://example.org") is not None
    assert lines_with(DI_UN_REGISTRO) == []
    hosts = {urlsplit(v).hostname for k, v in os.environ.items() if "INDEX" in k and "://" in v}
    for host in filter(None, hosts):
        assert lines_with(re.compile(re.escape(host))) == []


# --- files ------------------------------------------------------------------------------------------


def test_no_file_is_too_long() -> None:
    long = {
        name_of(path)
        for path in [*PYTHON, *FILE_SQL]
        if len(path.read_text("utf-8").splitlines()) > LUNGHEZZA
    }
    assert long == set()


def modules() -> list[str]:
    return sorted(
        n for n in tracked() if n.endswith(".py") and n.startswith(("pipelines/", "tests/"))
    )


@pytest.mark.parametrize("name", modules())
def test_a_module_says_what_it_is(name: str) -> None:
    text = texts()[name]
    said = ast.get_docstring(ast.parse(text)) or ""
    assert len(said) > 20
    # what belongs here and what does not; where there is little, nothing else could
    if name.startswith("pipelines/") and len(text.splitlines()) > 40:
        assert "elongs here" in said


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_a_public_function_says_what_it_does(path: Path) -> None:
    silent = [
        node.name
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
        and not node.decorator_list
        and len(node.body) > 3
    ]
    assert silent == []


# --- SQL --------------------------------------------------------------------------------------------

CLAUSOLE = ("where", "having", "qualify")


@pytest.mark.parametrize("path", FILE_SQL, ids=name_of)
def test_keywords_are_lower_case_and_clauses_have_their_line(path: Path) -> None:
    text = path.read_text("utf-8")
    encoded = text.encode()
    words = [
        (start, match[0].decode())
        for start, kind in duckdb.tokenize(text)
        if kind == duckdb.token_type.keyword
        for match in [re.compile(rb"\w+").match(encoded, start)]
        if match
    ]
    assert len(words) >= 2
    assert [word for _, word in words if word != word.lower()] == []
    for start, word in words:
        before = encoded[:start].rsplit(b"\n", 1)[-1].strip()
        assert word not in CLAUSOLE or not before or before.endswith(b"("), (word, before)
    assert "\t" not in text and not re.search(r" +$", text, re.MULTILINE)
    assert text.endswith("\n") and not text.endswith("\n\n")


def outer_selects(tree: exp.Expr) -> list[exp.Select]:
    """The selects whose rows are those of the query: one, or one for each branch of a union."""
    if isinstance(tree, exp.SetOperation):
        return [*outer_selects(tree.left), *outer_selects(tree.right)]
    return [tree] if isinstance(tree, exp.Select) else []


def bare_stars(select: exp.Select) -> list[str]:
    stars = [star for column in select.expressions for star in column.find_all(exp.Star)]
    return [star.sql() for star in stars if not star.args.get("except_") and not in_count(star)]


def in_count(star: exp.Star) -> bool:
    return star.find_ancestor(exp.Count) is not None


@pytest.mark.parametrize("path", sorted(SQL.glob("*/**/*.sql")), ids=name_of)
def test_a_published_table_names_its_columns(path: Path) -> None:
    tree = sqlglot.parse_one(path.read_text("utf-8"), dialect="duckdb")
    selects = outer_selects(tree)
    assert selects
    assert [bare_stars(select) for select in selects] == [[]] * len(selects)


def test_a_bare_star_would_be_seen() -> None:
    def seen(sql: str) -> list[list[str]]:
        tree = sqlglot.parse_one(sql, dialect="duckdb")
        return [bare_stars(select) for select in outer_selects(tree)]

    assert seen("select * from a") == [["*"]]
    assert seen("select a.*, 1 as b from a union all select 1, 2") == [["*"], []]
    assert seen("select a.* exclude (b), count(*) from a") == [[]]


# --- dependencies -----------------------------------------------------------------------------------

PIN = re.compile(r'^[^"]*"([A-Za-z0-9_.\-]+)(\[[a-z,]+\])?==([^"]+)"[\],]*\s*(#\s*\S.*)?$')
VOCE = re.compile(r"^([A-Za-z0-9_.\-]+)(?:\[[a-z, -]+\])?==(\S+)")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


LOCK = {
    "[project]": "requirements.lock",
    "[project.optional-dependencies]": "requirements-dev.lock",
    "[dependency-groups]": "requirements-{}.lock",
}
"""Where the pins of each table of pyproject are locked; a group has a lock of its own."""


@cache
def pins() -> dict[str, tuple[str, str, str]]:
    """Package -> version, reason, lock; out of pyproject as it is written."""
    found = {}
    table = group = ""
    for line in texts()["pyproject.toml"].splitlines():
        if line.startswith("["):
            table = line
        elif opened := re.match(r"([a-z]+) = \[", line):
            group = opened[1]
        elif (pin := PIN.match(line)) and table in LOCK:
            name, _, version, reason = pin.groups()
            found[normal(name)] = (version, reason or "", LOCK[table].format(group))
    return found


def test_every_dependency_is_pinned() -> None:
    facts = tomllib.loads(texts()["pyproject.toml"])
    groups = [*facts["project"]["optional-dependencies"].values()]
    groups += [facts["project"]["dependencies"], *facts["dependency-groups"].values()]
    declared = [one for group in groups for one in group]
    names = [normal(re.split(r"[\[=<>~! ;]", one)[0]) for one in declared]
    assert len(names) == len(set(names))
    assert set(names) == set(pins())
    (backend,) = facts["build-system"]["requires"]
    assert backend in declared


@pytest.mark.parametrize("package", sorted(pins()))
def test_a_dependency_has_its_reason_beside_it(package: str) -> None:
    _, reason, _ = pins()[package]
    assert len(reason.lstrip("# ")) >= 5


@cache
def locked(name: str) -> dict[str, tuple[str, int]]:
    """Package -> version and how many hashes, of a lock file."""
    found: dict[str, tuple[str, int]] = {}
    last = ""
    for line in texts()[name].splitlines():
        if entry := VOCE.match(line):
            last = normal(entry[1])
            assert last not in found or found[last][0] == entry[2], f"{last} is there twice"
            found[last] = (entry[2], 0)
        elif line.strip().startswith("--hash=sha256:"):
            version, hashes = found[last]
            assert re.search(r"sha256:[0-9a-f]{64}\b", line)
            found[last] = (version, hashes + 1)
        else:
            assert line.strip().startswith("#") or not line.strip(), line
    return found


@pytest.mark.parametrize("package", sorted(pins()))
def test_a_pin_is_locked_where_it_belongs(package: str) -> None:
    version, _, lock = pins()[package]
    assert locked(lock)[package][0] == version
    if lock != LOCK["[project]"]:
        assert package not in locked(LOCK["[project]"])


def test_the_two_locks_agree() -> None:
    run, dev = locked("requirements.lock"), locked("requirements-dev.lock")
    assert len(run) > 60
    assert run.keys() - dev.keys() == set()
    assert {package: found for package, found in dev.items() if package in run} == run


@pytest.mark.parametrize("name", sorted({lock for _, _, lock in pins().values()}))
def test_every_locked_package_has_its_hashes(name: str) -> None:
    assert "://" not in texts()[name]
    assert [package for package, (_, hashes) in locked(name).items() if not hashes] == []


def test_what_installs_asks_for_the_hashes() -> None:
    installs = [
        line
        for line in texts()["Makefile"].splitlines()
        if "pip install" in line and " -r " in line
    ]
    assert len(installs) >= 2
    assert all("--require-hashes" in line for line in installs)


# --- rooms ------------------------------------------------------------------------------------------

STANZE = (
    "",  # the loose modules that everybody stands on
    "contract",
    "landing",
    "extracts",
    "plan",
    "warehouse",
    "scorecard",
    "publication",
    "night",
    "lake",
    "mail",
    "orchestration",
    "desk",
    "offices",
)
"""The rooms of pipelines/, from the ground up: a room imports from those before it, none from those after."""

PORTE = {"cli", "definitions"}
"""The two front doors: nobody stands on them but the terminal's run, which launches Dagster's job."""


def test_every_room_is_known() -> None:
    rooms = {p.name for p in (ROOT / "pipelines").iterdir() if (p / "__init__.py").is_file()}
    assert rooms == set(STANZE) - {""}


def test_no_arrow_between_rooms_runs_up() -> None:
    up = {
        (name_of(path), module)
        for path in PYTHON
        if path.stem not in PORTE
        for own in [".".join(path.relative_to(ROOT).with_suffix("").parts)]
        for module in imported_by(path)
        if module.split(".")[1] not in PORTE
        and STANZE.index(room_of(module)) > STANZE.index(room_of(own))
    }
    assert up == set()


def test_the_pictures_of_the_architecture_are_of_this_code() -> None:
    page = PAGINA.read_text("utf-8")
    assert all(f"<!-- {name} -->" in page for name in DISEGNI)
    assert drawn(page) == page, "run `python -m tests.architettura`"


@pytest.mark.parametrize("name", sorted(n for n in tracked() if n.endswith(".md")))
def test_every_link_of_a_page_leads_somewhere(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    ours = [link for link in links if not urlsplit(link).scheme]
    assert [link for link in ours if not (ROOT / name).parent.joinpath(link).exists()] == []
