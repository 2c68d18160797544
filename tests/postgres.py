"""A PostgreSQL server of the test's own: started on loopback, stopped with it.

Where there is no PostgreSQL the test is skipped; in continuous integration that is a failure.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.parte import Parte, free_ports

UTENTE, PAROLA = "pira", "parola-che-non-si-scrive"


def _binaries() -> Path | None:
    on_path = shutil.which("initdb")
    places = [Path(on_path).resolve().parent] if on_path else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((p for p in places if (p / "initdb").exists() and (p / "postgres").exists()), None)


def _user() -> str | None:
    """PostgreSQL refuses to be root: then another user of this machine."""
    if os.geteuid() != 0:
        return None
    return next(u for u in ("postgres", "nobody") if u in {p.pw_name for p in pwd.getpwall()})


def free_port() -> int:
    return free_ports(1)[0]


@contextmanager
def server() -> Iterator[str]:
    """The address of an empty database, with its password in it."""
    with cluster() as (_, address):
        yield address


@contextmanager
def cluster() -> Iterator[tuple[Parte, str]]:
    """A server that can be killed and started again, and the address of its empty database."""
    binaries = _binaries()
    if binaries is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is not installed here")
        pytest.skip("PostgreSQL is not installed here")
    user = _user()
    # not below pytest's folders, which only their owner may enter
    base = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        (base / "parola").write_text(PAROLA)
        if user:
            for path in (base, base / "parola"):
                shutil.chown(path, user)
        asked: list[str | Path]
        asked = ["-D", base / "dati", "-U", UTENTE, "--pwfile", base / "parola", "-N", "-E", "UTF8"]
        subprocess.run(
            [binaries / "initdb", *asked, "--auth", "scram-sha-256", "--no-locale"],
            user=user,
            cwd=base,
            check=True,
            capture_output=True,
        )
        port = free_port()
        settings = (f"port={port}", "listen_addresses=127.0.0.1", "fsync=off")
        places = (f"unix_socket_directories={base}",)
        options = [word for setting in (*settings, *places) for word in ("-c", setting)]
        command: list[str | Path] = [binaries / "postgres", "-D", base / "dati", *options]
        part = Parte(command, base, lambda: _answers(port), utente=user)
        try:
            part.avvia()
            yield part, f"postgresql://{UTENTE}:{PAROLA}@127.0.0.1:{port}/postgres"
        finally:
            part.ferma(signal.SIGINT)
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _answers(port: int) -> bool:
    import psycopg2

    try:
        psycopg2.connect(
            host="127.0.0.1", port=port, user=UTENTE, password=PAROLA, dbname="postgres"
        ).close()
    except psycopg2.OperationalError:
        return False
    return True
