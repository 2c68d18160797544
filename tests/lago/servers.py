"""The real parts of a lake, on loopback and in a folder that goes with them.

Belongs here: an S3 server, a broker, workers, and all of them with a catalogue. Does not belong here:
PostgreSQL (postgres.py), how a part lives and dies (parte.py), what is asked of the lake.

What they are made of stands in the environment that `make .venv/.lake` makes, and in the distribution's
packages; where one is not there the test is skipped, and in continuous integration that is a failure.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipelines.settings import ROOT
from tests import postgres
from tests.parte import Parte, free_ports, listens

LAGO = ROOT / ".venv" / "lake" / "bin"
"""The programs of the lake's environment: `python`, `pira`, `celery`, `dagster-daemon`, `weed`."""

ATTESA = 240
"""Seconds that a command over the lake has to end, on a machine that does much else."""

CHIAVE, SEGRETO = "pira-lago", "segreto-che-non-si-scrive"
PAROLA_CODA = "parola-della-coda"
SECCHIO = "lago"


def _there(program: str | Path, remedy: str) -> str:
    found = shutil.which(program)
    if found is None:
        why = f"{Path(program).name} is not installed here: {remedy}"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    return found


def program(name: str) -> Path:
    """A program of the lake's environment."""
    return Path(_there(LAGO / name, "make .venv/.lake"))


def python(environment: Mapping[str, str], *words: str | Path) -> str:
    """What the lake's Python prints, told this beside the environment; it must end well."""
    done = subprocess.run(
        [program("python"), *words],
        env={**os.environ, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=ATTESA,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def _folder() -> Iterator[Path]:
    base = Path(tempfile.mkdtemp(prefix="lago-"))
    try:
        yield base
    finally:
        shutil.rmtree(base, ignore_errors=True)


# --- the bucket -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Secchio:
    """An S3 server; `indirizzo` is its host and port."""

    parte: Parte
    indirizzo: str

    @property
    def ambiente(self) -> dict[str, str]:
        """How it is found and opened: what the AWS programs read."""
        return {
            "AWS_ACCESS_KEY_ID": CHIAVE,
            "AWS_SECRET_ACCESS_KEY": SEGRETO,
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": f"http://{self.indirizzo}",
        }

    def riavvia(self, pieno: bool = False) -> None:
        """Starts it again over the same files; one that is full takes nothing and still gives."""
        self.parte.uccidi()
        # a server that was alone would wait a quarter of a minute for others to choose it
        for left in (self.parte.cartella / _SCELTA).iterdir():
            if left.name != _NOMI:
                shutil.rmtree(left) if left.is_dir() else left.unlink()
        kept = [w for w in self.parte.comando if w != _PIENO]
        self.parte.comando = [*kept, _PIENO] if pieno else kept
        self.parte.avvia()
        self.prova(_PRENDI)

    def prova(self, what: str) -> None:
        """Waits until an object can be put or got: it answers some seconds before its parts have met."""
        environment = {**self.ambiente, "PIRA_LAGO": f"postgresql://nessuno/nessuno s3://{SECCHIO}"}
        program = (
            "from pipelines.lake import secchio\n"
            "from pipelines.lake.luogo import Lago\n"
            "b = secchio.open_bucket(Lago.from_environment())\n"
        )
        python(environment, "-c", program + what)


_METTI, _PRENDI = "b.put('pronto', b'pronto')", "b.get('pronto').bytes()"
_SCELTA, _NOMI = "scelta", "filerldb2"
"""Where servers choose one of them, and there the names of all that is in the bucket."""
_PIENO = "-volume.minFreeSpace=100"
"""In percent of the disk: with less that is free, which is always, nothing more is written."""


@contextmanager
def bucket() -> Iterator[Secchio]:
    """SeaweedFS, with one key; it makes a bucket where one is first written to."""
    weed = program("weed")
    with _folder() as base:
        ports = free_ports(8)
        servers = ("master", "volume", "filer", "s3")
        names = [f"{server}.port{kind}" for server in servers for kind in ("", ".grpc")]
        command = [str(weed), "-logtostderr=true", "server", f"-dir={base}"]
        command += ["-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-master.telemetry=false"]
        command += [f"-master.dir={base / _SCELTA}"]
        command += ["-filer", "-s3", "-s3.port.iceberg=0", "-s3.port.lance=0"]
        command += [f"-{name}={port}" for name, port in zip(names, ports, strict=True)]
        command += [f"-{of}.localSocket={base / of}.sock" for of in ("s3", "filer")]
        command += ["-volume.preStopSeconds=0", "-volume.max=200", "-master.volumeSizeLimitMB=64"]
        address = ports[6]
        # one volume at a time, or a small server would be full of empty ones
        environment = {"WEED_MASTER_VOLUME_GROWTH_COPY_1": "1"}
        part = Parte(command, base, lambda: _healthy(address), ambiente=environment)
        found = Secchio(part, f"127.0.0.1:{address}")
        part.ambiente = {**environment, **found.ambiente}
        try:
            (base / _SCELTA).mkdir()
            part.avvia()
            found.prova(_METTI)
            yield found
        finally:
            part.uccidi()  # it would take its time, over files that go with it
            for port in ports:
                for left in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):
                    left.unlink()


def _healthy(port: int) -> bool:
    from http.client import HTTPConnection, HTTPException

    asked = HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        asked.request("GET", "/healthz")
        return asked.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        asked.close()


# --- the broker and the workers ---------------------------------------------------------------------


@contextmanager
def broker() -> Iterator[tuple[Parte, str]]:
    """Redis, that keeps nothing; and its address, with its password in it."""
    redis = _there("redis-server", "apt-get install redis-server")
    with _folder() as base:
        (port,) = free_ports(1)
        settings = base / "coda.conf"
        settings.write_text(
            f'bind 127.0.0.1\nport {port}\ndir {base}\nrequirepass {PAROLA_CODA}\nsave ""\n'
        )
        part = Parte([redis, settings], base, lambda: listens(port))
        try:
            part.avvia()
            yield part, f"redis://:{PAROLA_CODA}@127.0.0.1:{port}/0"
        finally:
            part.ferma()


# --- all of them ------------------------------------------------------------------------------------

CHIAVE_PERSONE = "una chiave delle prove, per gli pseudonimi"


@dataclass(frozen=True)
class Impianto:
    """A lake's parts, their environment, and a folder for what the workers keep."""

    cartella: Path
    catalogo: Parte
    secchio: Secchio
    coda: Parte
    ambiente: Mapping[str, str]

    def pira(self, *words: str, **kwargs: Any) -> "subprocess.CompletedProcess[str]":
        """A command over this lake."""
        command: list[str | Path] = [program("pira"), *words]
        env = {**os.environ, **self.ambiente}
        return subprocess.run(command, env=env, capture_output=True, text=True, **kwargs)

    def lancia(self, job: str, *tags: Mapping[str, str]) -> list[str]:
        """Asks Dagster for runs of a job, one for each of these tags; their names."""
        words = ("-m", "tests.lago.lancia", job, *map(json.dumps, tags))
        said = python(self.ambiente, *words)  # Dagster speaks too
        return re.findall(r"^[\da-f-]{36}$", said, re.MULTILINE)

    def sensore(self, name: str) -> None:
        """Turns on a sensor, as in production they all are; the daemon looks at it from then on."""
        command: list[str | Path] = [program("dagster"), "sensor", "start", name]
        command += ["--workspace", ROOT / "deploy/workspace.yaml"]
        subprocess.run(command, env={**os.environ, **self._ambiente()}, cwd=ROOT, check=True)

    def daemon(self) -> Parte:
        """Dagster's daemon, that hands runs over to the workers; not started yet."""
        command: list[str | Path]
        command = [program("dagster-daemon"), "run", "--workspace", ROOT / "deploy/workspace.yaml"]
        return Parte(command, self._own("demone"), lambda: True, self._ambiente())

    def worker(self, name: str) -> Parte:
        """A worker that takes one run at a time, sixteen to a process; not started yet."""
        folder = self._own(name)
        command: list[str | Path]
        command = [program("celery"), "-A", "dagster_celery.app", "worker", "-Q", "dagster"]
        command += ["--concurrency", "1", "--prefetch-multiplier", "1", "-n", f"{name}@qui"]
        command += ["--max-tasks-per-child", "16", "--loglevel", "INFO"]
        said = folder / "diario"
        return Parte(command, folder, lambda: "ready." in said.read_text(), self._ambiente())

    def _own(self, name: str) -> Path:
        folder = self.cartella / name
        folder.mkdir()
        return folder

    def _ambiente(self) -> dict[str, str]:
        return {**self.ambiente, "PYTHONPATH": str(ROOT)}


@contextmanager
def plant(raw: Path, **chosen: str) -> Iterator[Impianto]:
    """Catalogue, bucket and broker, and what every process of a lake over this landing zone is told."""
    import psycopg2

    with (
        _folder() as base,
        bucket() as s3,
        broker() as (queue, at),
        postgres.cluster() as (pg, pg_at),
    ):
        connection = psycopg2.connect(pg_at)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("create database dagster")
        connection.close()
        host = pg_at.partition("@")[2].partition("/")[0]
        environment = {
            **s3.ambiente,
            "PIRA_LAGO": f"postgresql://{host}/postgres s3://{SECCHIO}/prova",
            "PGUSER": postgres.UTENTE,
            "PGPASSWORD": postgres.PAROLA,
            "PIRA_DAGSTER_PG": pg_at.removesuffix("/postgres") + "/dagster",
            "CELERY_BROKER_URL": at,
            "CELERY_RESULT_BACKEND": at,
            "PIRA_RAW": str(raw),
            "PIRA_WAREHOUSE": str(base / "warehouse"),
            "DAGSTER_HOME": str(base / "dagster"),
            "PIRA_KEY": CHIAVE_PERSONE,
            "PIRA_ATTESA": "0",
            "PIRA_PDF": "0",
            **chosen,
        }
        found = Impianto(base, pg, s3, queue, environment)
        found.pira("dagster-home", check=True)
        yield found
