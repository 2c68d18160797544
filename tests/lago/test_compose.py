"""deploy/compose.lake.yaml and what it reads: commands and options exist, only loopback is listened on.

Belongs here: the services of a lake on one machine. Does not belong here: those of one file and the image
(test_deploy.py), starting them (test_guasti.py starts the same programs).
"""

import os
import re
import shlex
import subprocess
from functools import cache
from typing import Any

import pytest
import yaml

from pipelines.orchestration.home import LAGO
from pipelines.settings import ROOT
from tests.lago import servers
from tests.test_deploy import DEPLOY, options_of

PARTI = {"catalogo", "secchio", "coda"}
OPERAI = {"operaio-1", "operaio-2"}
NOSTRI = {"web", "daemon", *OPERAI}


@cache
def services() -> dict[str, dict[str, Any]]:
    text = (DEPLOY / "compose.lake.yaml").read_text("utf-8")
    found: dict[str, dict[str, Any]] = yaml.safe_load(text)["services"]
    return found


def commands(name: str) -> list[list[str]]:
    """The commands of a service of ours, in words."""
    shell, flag, line = services()[name]["command"]
    assert (shell, flag) == ("sh", "-c")
    return [shlex.split(one.removeprefix("exec ")) for one in line.strip().split(" && ")]


def settings(name: str) -> dict[str, str]:
    """What a file of deploy/ sets, and what it names for the operator to set."""
    lines = (DEPLOY / name).read_text("utf-8").splitlines()
    found = [re.fullmatch(r"#?([A-Z_0-9]+)=(.*)", line) for line in lines]
    return {one[1]: one[2] for one in found if one}


def test_the_services_are_these() -> None:
    assert set(services()) == PARTI | NOSTRI
    for name in NOSTRI | {"secchio"}:
        service = services()[name]
        assert service["image"] == "pira-lake"
        assert service["build"]["args"] == {"LOCK": "requirements-lake.lock"}
        assert service["env_file"] == ["/etc/pira/pira.env", "/etc/pira/lake.env"]
        assert service["user"] and service["read_only"] and service["cap_drop"] == ["ALL"]
        assert service["volumes"] == ["/var/lib/pira:/var/lib/pira"]
    for name in NOSTRI:
        assert set(services()[name]["depends_on"]) == PARTI
    assert all("healthcheck" in services()[name] for name in PARTI)


def test_nothing_listens_to_other_machines() -> None:
    text = (DEPLOY / "compose.lake.yaml").read_text("utf-8")
    for service in services().values():
        assert service["network_mode"] == "host" and "ports" not in service
    assert "listen_addresses=127.0.0.1" in services()["catalogo"]["command"]
    assert {"-ip=127.0.0.1", "-ip.bind=127.0.0.1"} <= set(services()["secchio"]["command"])
    assert "bind 127.0.0.1" in services()["coda"]["command"][-1]
    assert "telemetry=false" in text
    for address in re.findall(
        r"//(?:[^@/\s]*@)?([\w.-]+):\d", text + (DEPLOY / "lake.env").read_text()
    ):
        assert address == "127.0.0.1"


def test_every_part_is_found_where_it_listens() -> None:
    told = settings("lake.env")
    assert told["AWS_ENDPOINT_URL"].endswith(":8333")
    assert (
        told[LAGO].split()[0].endswith(f"/{services()['catalogo']['environment']['POSTGRES_DB']}")
    )
    made = (DEPLOY / "lake.sql").read_text("utf-8")
    assert f"create database {told['PIRA_DAGSTER_PG'].rpartition('/')[2]};" in made
    mounted = [volume.split(":")[0] for volume in services()["catalogo"]["volumes"]]
    assert all((DEPLOY / place).exists() for place in mounted if place.startswith("./"))


def test_no_password_is_written_here_or_on_a_command_line() -> None:
    told = settings("lake.env")
    lines = (DEPLOY / "lake.env").read_text("utf-8").splitlines()
    open_ones = {line.partition("=")[0] for line in lines if line and not line.startswith("#")}
    secret = {"PGPASSWORD", "PIRA_DAGSTER_PG", "AWS_SECRET_ACCESS_KEY", "REDIS_PASSWORD"}
    secret |= {"CELERY_BROKER_URL", "CELERY_RESULT_BACKEND"}
    assert secret <= told.keys() and not secret & open_ones
    assert "@" not in told[LAGO]
    for service in services().values():
        written = " ".join(service["command"])
        assert not re.search(r"\$\{|(?<!\$)\$[A-Z]", written)  # compose would put the value there
        for name in re.findall(r"\$\$([A-Z_]+)", written):
            assert name in service["environment"]


def test_what_compose_asks_for_is_in_the_file_that_it_is_given() -> None:
    text = (DEPLOY / "compose.lake.yaml").read_text("utf-8")
    asked = set(re.findall(r"\$\{([A-Z_]+):\?in /etc/pira/lake.env\}", text))
    assert (
        asked == {"PGUSER", "PGPASSWORD", "REDIS_PASSWORD"} and asked <= settings("lake.env").keys()
    )
    [line] = re.findall(r"^# +docker compose (.*)$", text, re.MULTILINE)
    assert "--env-file /etc/pira/lake.env" in line and "-f deploy/compose.lake.yaml" in line


def test_every_variable_is_read_by_somebody() -> None:
    known = {
        "PGUSER",
        "PGPASSWORD",
        "AWS_REGION",
        "REDIS_PASSWORD",
    }  # what libraries read by themselves
    code = "\n".join(
        path.read_text("utf-8")
        for path in (ROOT / "pipelines").rglob("*.*")
        if path.is_file() and path.suffix in (".py", ".yaml")
    )
    assert [n for n in settings("lake.env") if n not in known and n not in code] == []


@pytest.mark.parametrize("name", sorted(NOSTRI))
def test_a_command_exists_with_its_options(name: str) -> None:
    assert ["pira", "dagster-home"] in commands(name)
    last = commands(name)[-1]
    if name in OPERAI:
        shown = helped(
            str(servers.program("celery")), "-A", "dagster_celery.app", "worker", "--help"
        )
        assert last[:4] == ["celery", "-A", "dagster_celery.app", "worker"]
        assert {word for word in last[4:] if word.startswith("-")} <= words_of(shown)
        assert last[last.index("--concurrency") + 1] == "1"  # a run each: its memory is counted so
    elif name == "daemon":
        assert last[0] == "dagster-daemon" and "--workspace" in options_of("dagster-daemon", "run")
        assert services()[name]["healthcheck"]["test"][1:] == ["dagster-daemon", "liveness-check"]
        assert ["pira", "lake", "create"] in commands(name)
    else:
        assert last[:3] == ["pira", "serve", "--senza-demone"]


def test_the_workers_are_told_apart() -> None:
    names = [services()[name]["environment"]["OPERAIO"] for name in sorted(OPERAI)]
    assert names == sorted(OPERAI)


def test_the_bucket_takes_these_options() -> None:
    program, *words = services()["secchio"]["command"]
    shown = helped(str(servers.program(program)), "help", "server")
    asked = {word.partition("=")[0] for word in words if word.startswith("-")}
    assert asked - {"-logtostderr"} <= words_of(shown)
    assert "-not.an.option" not in words_of(shown)


def helped(*command: str) -> str:
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "DAGSTER_HOME": ""},
    )
    return done.stdout + done.stderr


def words_of(shown: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])-{1,2}[A-Za-z][\w.-]*", shown))
