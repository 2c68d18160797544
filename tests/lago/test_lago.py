"""A lake by its commands: what it takes and refuses, says of itself, lets out and never lets out.

Belongs here: one lake in PostgreSQL and a folder, driven as production does. Does not belong here: the other
real parts and what befalls them (test_guasti.py, whose short form is the ordinary suite's), how a build is
divided (test_unita.py).
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import psycopg2
import pytest

from pipelines.connection import connect
from pipelines.custodia import parse
from pipelines.lake import secchio
from pipelines.lake.luogo import Lago, NonNelLago, redacted
from pipelines.publication.publish import table_hashes
from pipelines.settings import ROOT, Luoghi
from tests.lago import servers
from tests.lago.guasti import finish, landing_zone
from tests.postgres import PAROLA, UTENTE, server

CANARINI = {
    "PGUSER": UTENTE,
    "PGPASSWORD": PAROLA,
    "AWS_ACCESS_KEY_ID": "canarino-chiave",
    "AWS_SECRET_ACCESS_KEY": "canarino-segreto",
    "AWS_SESSION_TOKEN": "canarino-gettone",
}
SEGRETI = tuple(value for name, value in CANARINI.items() if name != "PGUSER")
GIORNI = ("2021-01-15", "2021-01-16")


@dataclass(frozen=True)
class Prova:
    """A lake of two small chambers, and where its parts are."""

    base: Path
    catalogo: str

    @property
    def raw(self) -> Path:
        return self.base / "raw"

    @property
    def secchio(self) -> Path:
        return self.base / "secchio"

    @property
    def ambiente(self) -> dict[str, str]:
        return {
            **os.environ,
            **CANARINI,
            **Luoghi(self.raw, self.base / "warehouse").to_environment(),
            "PIRA_LAGO": f"{self.catalogo} {self.secchio}",
        }

    def fai(self, *words: str, stato: int = 0, **changed: str) -> str:
        """A command over it that must end with this status; all that it said."""
        process = subprocess.Popen(
            [servers.program("pira"), "lake", *words],
            env={**self.ambiente, **changed},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        said = finish(process, stato)
        assert not any(secret in said for secret in SEGRETI)
        return said

    def consegna(self, nome: str, giorno: str, *camere: str) -> None:
        chambers = [word for camera in camere for word in ("--camera", camera)]
        self.fai("stage", nome, *chambers, "--data-riferimento", giorno)

    def python(self, program: str) -> str:
        return servers.python(self.ambiente, "-c", program)

    def numero(self) -> int:
        """How many publications there have been."""
        return len([*(self.secchio / "pubblicazioni").glob("*/manifest.json")])

    def manifesto(self) -> dict[str, object]:
        last = max((self.secchio / "pubblicazioni").glob("*/manifest.json"))
        found: dict[str, object] = parse(last)
        return found


@pytest.fixture(scope="module")
def lago(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prova]:
    servers.program("pira")
    base = tmp_path_factory.mktemp("lago")
    landing_zone(base / "raw")
    with server() as address:
        found = urlsplit(address)
        lake = Prova(base, f"postgresql://{found.hostname}:{found.port}{found.path}")
        assert "Lago fatto" in lake.fai("create")
        assert "c'è già" in lake.fai("create")
        lake.consegna("prima", GIORNI[0], "AA", "BB")
        assert "AA, BB" in lake.fai("commit")
        yield lake


# --- one truth --------------------------------------------------------------------------------------


@pytest.mark.lungo
def test_an_exported_file_is_the_publication(lago: Prova, tmp_path: Path) -> None:
    lago.fai("export", str(tmp_path / "tutto.duckdb"))
    with closing(connect(tmp_path / "tutto.duckdb")) as connection:
        assert table_hashes(connection) == lago.manifesto()["tabelle"]
        silent = "select table_name from duckdb_tables() where comment is null"
        assert connection.execute(silent).fetchall() == []
        # views are of the lake's own text, over the file's own macros
        assert connection.execute("from controlli.modelli_quadrano").fetchall() == []
        assert len(connection.execute("from viste.andamento").fetchall()) > 10
    lago.fai("export", str(tmp_path / "AA.duckdb"), "--camera", "AA", "--esercizio", "2020")
    with closing(connect(tmp_path / "AA.duckdb")) as connection:
        chambers = connection.execute("select distinct camera from scorecard.ente").fetchall()
    assert chambers == [("AA",)]
    assert "c'è già" in lago.fai("export", str(tmp_path / "AA.duckdb"), stato=1)
    assert "niente" in lago.fai("export", str(tmp_path / "no"), "--camera", "ZZ", stato=1)
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


@pytest.mark.lungo
def test_documents_are_where_the_registers_say(lago: Prova) -> None:
    """Those of a folder that no publication names are nobody's."""
    documents = lago.manifesto()["file"]
    assert isinstance(documents, dict)
    assert {"AA/AA-2020.txt", "BB/BB-2020.html"} <= documents.keys()
    rows = lago.python(
        "from pathlib import Path\n"
        "from pipelines.lake import catalogo\n"
        "from pipelines.lake.luogo import Lago\n"
        f"with catalogo.attached(Lago.from_environment(), Path({str(lago.base / 'spill')!r})) as c:\n"
        "    for r in c.execute('from registro.documenti').fetchall(): print(*r)"
    ).splitlines()
    named = {
        f"{camera}/{name}": (file, digest) for camera, name, file, digest in map(str.split, rows)
    }
    assert {name: digest for name, (_, digest) in named.items()} == documents
    assert all((lago.secchio / file).is_file() for file, _ in named.values())


# --- what is taken and refused ----------------------------------------------------------------------


@pytest.mark.lungo
def test_a_delivery_out_of_an_earlier_state_is_refused(lago: Prova) -> None:
    """And one that is in the lake already changes nothing; a set that is not whole is not taken."""
    lago.consegna("avanti", GIORNI[1], "AA")
    lago.consegna("indietro", GIORNI[0], "AA")
    assert "Pubblicato" in lago.fai("commit", "avanti")
    before = lago.numero()
    assert "Niente di nuovo" in lago.fai("commit", "avanti", "prima")
    assert "già consegnata" in lago.fai("stage", "avanti", "--camera", "AA")
    said = lago.fai("commit", "indietro", stato=1)
    assert "indietro di AA" in said and "rilanciare il calcolo" in said
    assert "Niente di nuovo" in lago.fai("commit")  # nothing waits that could be taken
    assert "nessuno" in lago.fai("commit", "nessuno", stato=1)
    assert lago.numero() == before
    lago.consegna("ritorno", GIORNI[0], "AA")
    assert "Pubblicato" in lago.fai("commit", "ritorno")


@pytest.mark.lungo
def test_a_file_that_changed_since_it_was_left_is_refused(lago: Prova) -> None:
    lago.consegna("toccata", GIORNI[1], "BB")
    record = lago.secchio / "consegne/toccata/BB/consegna.json"
    text = record.read_text()
    record.write_text(text.replace('"righe": ', '"righe": 1', 1))
    assert "non è più come è stata scritta" in lago.fai("commit", "toccata", stato=1)
    record.write_text(text)
    files = sorted((lago.secchio / "consegne/toccata").rglob("*.parquet"))
    assert files
    whole = files[0].read_bytes()
    other = max((lago.secchio / "consegne/prima").rglob(files[0].name))
    files[0].write_bytes(other.read_bytes())
    said = lago.fai("commit", "toccata", stato=1)
    assert "nel secchio non sono più" in said
    files[0].write_bytes(b"PAR1")
    lago.fai("commit", "toccata", stato=1)
    lago.fai("status")
    files[0].write_bytes(whole)
    assert "Pubblicato" in lago.fai("commit", "toccata")


@pytest.mark.lungo
def test_status_sees_what_is_lost_or_changed(lago: Prova) -> None:
    assert re.search(r"2 Camere, 2 partizioni", lago.fai("status"))
    document = max((lago.secchio / "consegne").rglob("AA-2020.txt"), key=os.path.getmtime)
    text = document.read_bytes()
    document.write_bytes(text + b" ")
    assert "AA/AA-2020.txt" in lago.fai("status", stato=1)
    document.write_bytes(text)
    part = max((lago.secchio / "consegne/prima").rglob("camera=AA/*/fonti.isr_studi.parquet"))
    content = part.read_bytes()
    part.unlink()
    lago.fai("status", stato=1)
    part.write_bytes(content)
    lago.fai("status")


# --- upkeep -----------------------------------------------------------------------------------------


@pytest.mark.lungo
def test_upkeep_removes_what_no_publication_shows(lago: Prova) -> None:
    """And nothing else; to try it changes nothing."""
    lago.consegna("dimenticata", "2021-01-20", "AA")
    there = {p for p in lago.secchio.rglob("*") if p.is_file()}
    assert "Si toglierebbero 0 file" in lago.fai("maintain", "--prova")
    later = (
        "from datetime import timedelta\n"
        "from pipelines.lake.luogo import Lago\n"
        "from pipelines.lake.maintain import TENUTE, maintain\n"
        "from pipelines.settings import now\n"
        "done = maintain(Lago.from_environment(), now() + TENUTE + timedelta(days=1), {})\n"
        "print('\\n'.join(done.tolti))"
    )
    named = set(lago.python(later.format(True)).split())
    assert {p for p in lago.secchio.rglob("*") if p.is_file()} == there
    assert any(name.startswith("consegne/dimenticata/") for name in named)
    assert named <= {p.relative_to(lago.secchio).as_posix() for p in there}
    gone = set(lago.python(later.format(False)).split())
    assert named <= gone
    assert not any((lago.secchio / name).exists() for name in gone)
    lago.fai("status")
    assert "Niente di nuovo" in lago.fai("commit")


# --- what never leaves the environment --------------------------------------------------------------


@pytest.mark.lungo
def test_no_credential_is_anywhere(lago: Prova) -> None:
    """Neither in the bucket nor in the catalogue; what the commands say is looked at by each of them."""
    lago.consegna("silenzio", "2021-02-01", "AA")
    lago.fai("commit")
    held = [p.read_bytes() for p in lago.base.rglob("*") if p.is_file()]
    assert len(held) > 100
    found = urlsplit(lago.catalogo)
    place = {"host": found.hostname, "port": found.port, "dbname": found.path.strip("/")}
    with closing(psycopg2.connect(user=UTENTE, password=PAROLA, **place)) as session:
        cursor = session.cursor()
        cursor.execute(
            "select table_schema || '.' || table_name from information_schema.tables"
            " where table_name like 'ducklake%'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"select t::text from {table} as t")
            held += ["\n".join(row for (row,) in cursor.fetchall()).encode()]
    for secret in SEGRETI:
        assert [one for one in held if secret.encode() in one] == []


@pytest.mark.lungo
def test_what_goes_wrong_is_told_without_them(lago: Prova) -> None:
    away = "postgresql://127.0.0.1:1/lago"
    said = lago.fai("status", stato=1, PIRA_LAGO=f"{away} {lago.secchio}")
    assert "non ha risposto" in said and "Traceback" not in said
    said = lago.fai("status", stato=1, PGPASSWORD="un-altra-parola-canarino")
    assert "non ha risposto" in said and "canarino" not in said
    shut = {"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1"}
    said = lago.fai(
        "stage", "x", "--camera", "AA", stato=1, PIRA_LAGO=f"{lago.catalogo} s3://un-altro", **shut
    )
    assert "non ha risposto" in said and "Traceback" not in said


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ada:canarino@127.0.0.1/lago s3://lago",
        "postgresql://127.0.0.1/lago?password=canarino s3://lago",
        "mysql://127.0.0.1/lago s3://lago",
        "postgresql://127.0.0.1/lago",
        "postgresql://127.0.0.1/lago relativa/cartella",
        "postgresql://127.0.0.1/lago s3://ada:canarino@lago",
        "postgresql://127.0.0.1/la'go s3://lago",
        "postgresql://127.0.0.1:porta/lago s3://lago",
    ],
)
def test_an_address_that_makes_no_sense_is_refused_unquoted(address: str) -> None:
    with pytest.raises(NonNelLago, match="PIRA_LAGO") as refused:
        Lago.read(address)
    assert "canarino" not in str(refused.value)


def test_addresses_that_are_taken() -> None:
    found = Lago.read("postgresql://catalogo:5433/lago s3://secchio/pira/")
    assert found == Lago("host=catalogo port=5433 dbname=lago", "s3://secchio/pira")
    assert found.below("x") == "s3://secchio/pira/x"


def test_a_bucket_that_does_not_answer_is_not_asked_for_every_file() -> None:
    """Each is tried for some seconds: a hundred would be minutes."""
    tried = []

    class Morto:
        def put(self, name: str, _: Path) -> None:
            tried.append(name)
            time.sleep(0.05)
            raise OSError("non risponde")

    with pytest.raises(OSError, match="non risponde"):
        secchio.put_files(cast(Any, Morto()), [(Path("x"), str(n)) for n in range(200)])
    assert len(tried) < 100


def test_an_error_is_told_without_what_it_quotes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "canarino")
    assert redacted(ValueError("password=canarino\nand more")) == "password=***"


@pytest.mark.parametrize("work", ["lago.begin(None)", "lago.mostra(build_op_context())"])
def test_a_process_that_is_no_longer_the_program_on_its_disk_ends(work: str) -> None:
    """It carries several runs, and an upgrade may come between two: another process takes its place."""
    program = (
        "from dagster import build_op_context\n"
        "from pipelines import fingerprints\n"
        "from pipelines.orchestration import lago\n"
        "fingerprints.writing_fingerprint()\n"
        "fingerprints._queries = lambda: {'sql/regole.toml': b'altre'}\n"
        f"{work}\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == os.EX_TEMPFAIL, done.stderr
    assert "sono cambiati" in done.stderr


# --- who has none -----------------------------------------------------------------------------------


def test_without_a_lake_nothing_of_it_is_loaded() -> None:
    program = (
        "import sys\n"
        "import pipelines.cli, pipelines.definitions, pipelines.desk.run, pipelines.desk.health\n"
        "print([m for m in sys.modules if m.startswith('pipelines.lake')"
        " or m.split('.')[0] in ('obstore', 'dagster_celery', 'psycopg2')])"
    )
    environment = {name: v for name, v in os.environ.items() if name != "PIRA_LAGO"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("", 2, "manca PIRA_LAGO"),
        ("postgresql://127.0.0.1/lago s3://lago", 1, "make .venv/.lake"),
    ],
)
def test_a_command_without_its_environment_says_which(address: str, status: int, said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", "lake", "status"],
        env={**os.environ, "PIRA_LAGO": address},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, said in done.stderr) == (status, True), done.stderr
