"""The files of deploy/ and publiccode.yml: what they name exists, and only loopback is listened on.

Belongs here: units, compose file, proxy example, catalogue entry. Does not belong here: starting the
services (test_serve.py), what the commands do.
"""

import configparser
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from dagster._grpc import utils as dagster_grpc

from pipelines.orchestration.porta import QUI, WORKSPACE
from pipelines.settings import ROOT

DEPLOY = ROOT / "deploy"
SERVIZI = sorted(DEPLOY.glob("*.service"))
CODICE = "/usr/local/lib/pira"
PROGRAMMI = f"{CODICE}/.venv/bin/"
FUORI = ("/etc/pira/", "/var/lib/pira", "/tmp")
"""What the files may name that the repository does not bring."""


class Unita(configparser.ConfigParser):
    """A unit file: names keep their capitals, % is systemd's."""

    def __init__(self) -> None:
        super().__init__(interpolation=None, comment_prefixes=("#",), delimiters=("=",))

    def optionxform(self, optionstr: str) -> str:
        return optionstr


def unit(name: str) -> Unita:
    parsed = Unita()
    parsed.read_string((DEPLOY / name).read_text("utf-8"))
    return parsed


def commands_of_units() -> dict[str, list[list[str]]]:
    """Unit -> the commands that it runs, in words."""
    return {
        path.name: [
            shlex.split(value)
            for key, value in unit(path.name)["Service"].items()
            if key.startswith("Exec")
        ]
        for path in SERVIZI
    }


def compose() -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return parsed


def commands_of_containers() -> dict[str, list[list[str]]]:
    """Service -> the commands that it runs, in words, its health check with them."""
    found = {}
    for name, service in compose()["services"].items():
        shell, flag, line = service["command"]
        assert (shell, flag) == ("sh", "-c")
        first, separator, second = line.partition(" && exec ")
        assert separator
        found[name] = [shlex.split(first), shlex.split(second)]
        if "healthcheck" in service:
            kind, *words = service["healthcheck"]["test"]
            assert kind == "CMD"
            found[name].append(words)
    return found


def without_place(words: list[str]) -> list[str]:
    return [words[0].removeprefix(PROGRAMMI), *words[1:]]


COMANDI = sorted(
    {
        tuple(without_place(words))
        for found in (commands_of_units(), commands_of_containers())
        for commands in found.values()
        for words in commands
    }
)


# --- what the commands are --------------------------------------------------------------------------


@cache
def options_of(program: str, *subcommand: str) -> frozenset[str]:
    """The long options that a program says it has."""
    shown = subprocess.run(
        [Path(sys.executable).with_name(program), *subcommand, "--help"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return frozenset(re.findall(r"(?<![\w-])--[a-z][a-z-]+", shown.stdout))


@cache
def programs() -> frozenset[str]:
    """`pira` is what pyproject says; Dagster's own is installed beside this Python."""
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    return frozenset({*scripts, "dagster-daemon"})


@pytest.mark.parametrize("words", COMANDI, ids=" ".join)
def test_a_command_exists_with_its_options(words: tuple[str, ...]) -> None:
    program, *rest = words
    assert program in programs()
    asked = {word for word in rest if word.startswith("-")}
    if program == "pira":
        shown = subprocess.run(
            [sys.executable, "-m", "pipelines.cli", *rest, "--help"],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )
        assert shown.returncode == 0 and f"uso: pira {rest[0]} " in shown.stdout
        assert asked <= set(re.findall(r"--[a-z-]+", shown.stdout))
    else:
        assert rest[0] == "run"
        assert asked <= options_of(program, "run")


def test_an_option_that_does_not_exist_would_be_seen() -> None:
    assert "--workspace" in options_of("dagster-daemon", "run")
    assert "--sola-lettura" not in options_of("dagster-daemon", "run")


def served(words: tuple[str, ...]) -> dict[str, str]:
    """Option -> value of a page's command; "" where the next word is an option too."""
    assert words[:2] == ("pira", "serve")  # the door is in it, and listens on loopback only
    following = [*words[2:], "--"]
    return {
        word: "" if after.startswith("-") else after
        for word, after in zip(words[1:], following, strict=True)
        if word.startswith("-")
    }


@pytest.mark.parametrize(
    ("operators", "everybody"),
    [
        (commands_of_units()["pira-web.service"], commands_of_units()["pira-lettura.service"]),
        (commands_of_containers()["web"], commands_of_containers()["lettura"]),
    ],
    ids=["systemd", "compose"],
)
def test_the_pages_are_on_loopback_and_the_second_is_read_only(
    operators: list[list[str]], everybody: list[list[str]]
) -> None:
    first, second = (served(tuple(without_place(one[-1]))) for one in (operators, everybody))
    assert "--sola-lettura" in second and "--sola-lettura" not in first
    assert "--senza-demone" in first and QUI == "127.0.0.1"
    assert first["--port"] != second["--port"]
    proxy = (DEPLOY / "nginx.conf").read_text("utf-8")
    proxied = re.findall(r"proxy_pass\s+(\S+);", proxy)
    assert proxied == [f"http://{QUI}:{second['--port']}"]
    # the door knows one name: the proxy judges its own, and asks by that one
    sent = dict(re.findall(r"proxy_set_header (Host|Origin) (\S+);", proxy))
    assert sent == {"Host": "$proxy_host", "Origin": '""'}
    [name] = re.findall(r"server_name (\S+);", proxy)
    assert re.search(
        rf"map \$http_origin \$pira_foreign {{\s+default +1;\s+'' +0;\s+https://{name} 0;\s+}}",
        proxy,
    )
    for judged in ("$host != $server_name", "$pira_foreign"):
        assert re.search(rf"if \({re.escape(judged)}\) {{\s+return 403;", proxy)


def test_no_file_listens_elsewhere() -> None:
    for path in DEPLOY.iterdir():
        assert not re.search(r"0\.0\.0\.0|\[::\]", path.read_text("utf-8")), path.name
    for service in compose()["services"].values():
        assert service["network_mode"] == "host" and "ports" not in service


# --- units ------------------------------------------------------------------------------------------


def test_the_services_are_these() -> None:
    assert [path.stem for path in SERVIZI] == [
        "pira-daemon",
        "pira-health",
        "pira-lettura",
        "pira-web",
    ]
    assert set(compose()["services"]) == {"web", "lettura", "daemon"}


@pytest.mark.parametrize("path", SERVIZI, ids=lambda path: path.name)
def test_a_service_is_nobody_in_particular_and_has_the_one_environment(path: Path) -> None:
    service = unit(path.name)["Service"]
    assert service["User"] == service["Group"] == "pira"
    assert service["EnvironmentFile"] == "/etc/pira/pira.env"
    assert (service["NoNewPrivileges"], service["ProtectSystem"]) == ("yes", "strict")
    assert service["StateDirectory"] == "pira"  # the one place that it may write
    assert service["WorkingDirectory"] == CODICE
    if path.stem != "pira-health":
        assert service["ExecStartPre"] == f"{PROGRAMMI}pira dagster-home"
        assert unit(path.name)["Install"]["WantedBy"] == "multi-user.target"


def test_the_dead_man_looks_often_enough() -> None:
    timer = unit("pira-health.timer")["Timer"]
    assert timer["OnUnitActiveSec"] == "15min"
    assert unit("pira-health.service")["Service"]["Type"] == "oneshot"
    assert "Restart" not in unit("pira-health.service")["Service"]


def test_systemd_understands_the_units() -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd is not installed here")
    shown = subprocess.run(
        [analyze, "verify", "--man=no", *SERVIZI, *DEPLOY.glob("*.timer")],
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in shown.stderr.splitlines() if DEPLOY.name in line or "pira" in line]
    assert [line for line in said if "is not executable" not in line] == []


# --- places and variables ---------------------------------------------------------------------------


def named_places(text: str) -> set[str]:
    """Absolute paths in a text, addresses of the web left out."""
    text = re.sub(r"[a-z]+://(?:[^/\s]+\S*)?", "", text)
    return {found.rstrip("/.,:") for found in re.findall(r"(?<![\w.$~*-])/[a-z][\w./-]+", text)}


@pytest.mark.parametrize(
    "name", [*(p.name for p in SERVIZI), "pira-health.timer", "compose.yaml", "pira.env"]
)
def test_every_place_is_the_repositorys_or_the_operators(name: str) -> None:
    for place in named_places((DEPLOY / name).read_text("utf-8")):
        if place.startswith(PROGRAMMI):
            assert place.removeprefix(PROGRAMMI) in programs()
        elif place.startswith(CODICE):
            assert (ROOT / place.removeprefix(CODICE).lstrip("/")).exists(), place
        else:
            assert place.startswith(FUORI), place


def environment() -> dict[str, str]:
    lines = (DEPLOY / "pira.env").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_the_environment_turns_the_schedule_on_and_holds_no_secret() -> None:
    found = environment()
    assert found["PIRA_PRODUZIONE"] == "1"
    assert all(re.fullmatch(r"[\w/.:@-]+", value) for value in found.values())
    assert "PIRA_DAGSTER_PG" not in found and "PIRA_KEY" not in found
    ours = sorted((ROOT / "pipelines").rglob("*.py"))
    code = "\n".join(path.read_text("utf-8") for path in [*ours, Path(dagster_grpc.__file__)])
    every = set(re.findall(r"\b(?:PIRA|DAGSTER)_[A-Z_]+", (DEPLOY / "pira.env").read_text("utf-8")))
    assert [name for name in every if name not in code] == []


def test_the_schedule_is_on_in_that_environment() -> None:
    program = (
        "from pipelines.definitions import defs\n"
        "schedules = list(defs.schedules or [])\n"
        "print(*(s.default_status.value for s in schedules))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", program],
        env={"PATH": "", "PYTHONPATH": str(ROOT), **environment()},
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(shown.stdout.split()) == {"RUNNING"}


def test_the_workspace_loads_our_definitions() -> None:
    (location,) = yaml.safe_load((DEPLOY / "workspace.yaml").read_text("utf-8"))["load_from"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["dg"]["project"]
    assert location["python_module"] == {
        "module_name": f"{project['root_module']}.definitions",
        "location_name": project["code_location_name"],
    }
    assert DEPLOY / "workspace.yaml" == WORKSPACE
    for commands in (
        commands_of_units()["pira-daemon.service"],
        commands_of_containers()["daemon"],
    ):
        [place] = [w[w.index("--workspace") + 1] for w in commands if "--workspace" in w]
        assert ROOT / place.removeprefix(f"{CODICE}/") == WORKSPACE


def test_the_compose_file_builds_what_is_here() -> None:
    for service in compose()["services"].values():
        assert (DEPLOY / service["build"]["context"]).resolve() == ROOT
        assert (ROOT / service["build"]["dockerfile"]) == DEPLOY / "Dockerfile"
        assert service["env_file"] == "/etc/pira/pira.env"
        assert service["volumes"] == ["/var/lib/pira:/var/lib/pira"]
    lines = (DEPLOY / "Dockerfile").read_text("utf-8").splitlines()
    copied = [w for line in lines if line.startswith("COPY ") for w in line.split()[1:-1]]
    assert {"requirements.lock", "pipelines", "sql"} <= set(copied)
    assert [name for name in copied if not (ROOT / name).exists()] == []
    let_in = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert {line[1:] for line in let_in if line.startswith("!")} == set(copied)
    (image,) = [line.split()[1] for line in lines if line.startswith("FROM ")]
    assert re.fullmatch(r"[a-z]+:[\w.-]+", image)  # no registry's address


def test_the_instructions_name_what_is_there() -> None:
    text = (DEPLOY / "README.md").read_text("utf-8")
    for name in re.findall(r"\]\((\S+?)\)", text):
        assert (DEPLOY / name).exists(), name
    for name in re.findall(r"`(pira-[a-z]+\.(?:service|timer))`", text):
        assert (DEPLOY / name).exists(), name
    known = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", "--help"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    ).stdout
    for command in set(re.findall(r"(?:`|^    )pira ([a-z-]+)", text, re.MULTILINE)):
        assert re.search(rf"^ +{command}\s", known, re.MULTILINE), command


# --- the catalogue ----------------------------------------------------------------------------------

OBBLIGATORIE = {
    "publiccodeYmlVersion",
    "name",
    "url",
    "platforms",
    "categories",
    "developmentStatus",
    "softwareType",
    "description",
    "legal",
    "maintenance",
    "localisation",
}
FACOLTATIVE = {
    *("applicationSuite", "landingURL", "isBasedOn", "softwareVersion", "releaseDate", "logo"),
    *("usedBy", "roadmap", "intendedAudience", "dependsOn", "it"),
}
CATEGORIE = {
    *("accounting", "budgeting", "business-intelligence", "business-process-management"),
    *("compliance-management", "data-analytics", "data-collection", "data-visualization"),
    *("document-management", "financial-reporting", "procurement", "workflow-management"),
}
"""Of the standard's vocabulary, those that could ever be ours."""


def catalogue() -> dict[str, Any]:
    # dates as they are written
    parsed: dict[str, Any] = yaml.load(
        (ROOT / "publiccode.yml").read_text("utf-8"), Loader=yaml.BaseLoader
    )
    return parsed


def test_the_catalogue_entry_has_what_the_standard_asks_for() -> None:
    entry = catalogue()
    assert OBBLIGATORIE <= entry.keys() <= OBBLIGATORIE | FACOLTATIVE
    assert entry["publiccodeYmlVersion"] == "0.4"
    address = urlsplit(entry["url"])
    assert address.scheme == "https" and address.hostname
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", entry["releaseDate"])
    assert entry["platforms"] and set(entry["platforms"]) <= {"web", "linux"}
    assert entry["categories"] and set(entry["categories"]) <= CATEGORIE
    assert entry["developmentStatus"] in ("concept", "development", "beta", "stable", "obsolete")
    assert entry["softwareType"] == "standalone/backend"
    maintenance = entry["maintenance"]
    assert maintenance["type"] in ("internal", "contract", "community", "none")
    if maintenance["type"] in ("internal", "community"):
        assert all(contact["name"] for contact in maintenance["contacts"])
    assert entry["localisation"]["localisationReady"] in ("true", "false")
    assert entry["localisation"]["availableLanguages"] == ["it"]
    assert entry["it"]["countryExtensionVersion"] == "1.0"


@pytest.mark.parametrize("language", ["it", "en"])
def test_the_catalogue_entry_describes_itself(language: str) -> None:
    about = catalogue()["description"][language]
    assert 0 < len(about["shortDescription"]) <= 150 and "\n" not in about["shortDescription"]
    assert 150 <= len(about["longDescription"]) <= 10_000
    assert 5 <= len(about["features"]) <= 20
    assert all(isinstance(feature, str) and feature.strip() for feature in about["features"])


def test_the_catalogue_entry_agrees_with_the_package() -> None:
    entry = catalogue()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert entry["name"] == project["name"]
    assert entry["softwareVersion"] == project["version"]
    assert entry["legal"]["license"] == project["license"] == "EUPL-1.2"
    (python,) = [d for d in entry["dependsOn"]["open"] if d["name"] == "Python"]
    assert project["requires-python"] == f">={python['versionMin']}"
