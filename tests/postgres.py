"""A PostgreSQL server of the test's own: started on loopback, stopped with it.

Where there is no PostgreSQL the test is skipped; in continuous integration that is a failure.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

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
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server() -> Iterator[str]:
    """The address of an empty database, with its password in it."""
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
        with (base / "diario").open("w") as log:
            process = subprocess.Popen(
                [binaries / "postgres", "-D", base / "dati", *options],
                user=user,
                cwd=base,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            _wait(process, port, base / "diario")
            yield f"postgresql://{UTENTE}:{PAROLA}@127.0.0.1:{port}/postgres"
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    import psycopg2

    for _ in range(300):
        assert process.poll() is None, log.read_text()
        try:
            psycopg2.connect(
                host="127.0.0.1", port=port, user=UTENTE, password=PAROLA, dbname="postgres"
            ).close()
        except psycopg2.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(log.read_text())
