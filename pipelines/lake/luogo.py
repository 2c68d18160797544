"""Where the lake is, and what is said where it cannot be used.

Belongs here: the variable that names catalogue and bucket, that no credential stands in it or in a message.
Does not belong here: opening either (catalogo.py, secchio.py). Credentials are the environment's, as the
libraries of PostgreSQL (`PG*`) and of S3 (`AWS_*`) read them.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

LAGO = "PIRA_LAGO"
"""The variable: the address of the catalogue and, after a space, that of the bucket."""
SEGRETI = ("PGPASSWORD", "AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN")
"""What no message may quote."""
_FORMA = f"{LAGO} vuole «postgresql://macchina:porta/base s3://secchio/cartella»"
_S3 = re.compile("s3://[a-z0-9][a-z0-9.-]+(/[A-Za-z0-9._-]+)*")
_AMBIGUO = re.compile(r"[=*?\[\\']")
"""What would make of a folder's path a pattern, or of its name a column."""


class NonNelLago(Exception):
    """Nothing was done in the lake; the message says why, and what to do."""


@dataclass(frozen=True)
class Lago:
    """A lake. `catalogo` are the words by which PostgreSQL's library finds it, without user or password;
    `secchio` an address `s3://`, or a folder."""

    catalogo: str
    secchio: str

    @classmethod
    def from_environment(cls) -> "Lago | None":
        """The lake of the environment, if it names one. Raises `NonNelLago` where it makes no sense."""
        return cls.read(value) if (value := os.environ.get(LAGO, "").strip()) else None

    @classmethod
    def read(cls, value: str) -> "Lago":
        """A lake by its two addresses. Raises `NonNelLago`, without a word of what they hold."""
        catalogue, _, bucket = value.partition(" ")
        bucket = bucket.strip().rstrip("/")
        try:
            found = urlsplit(catalogue)
            port, base = found.port or 5432, found.path.strip("/")
        except ValueError:
            raise NonNelLago(f"{_FORMA}: l'indirizzo del catalogo non si legge.") from None
        if found.username or found.password or found.query:
            raise NonNelLago(
                f"{LAGO} non deve contenere utente, password né opzioni: metterli in PGUSER e PGPASSWORD."
            )
        if found.scheme not in ("postgresql", "postgres") or not found.hostname or not base:
            raise NonNelLago(f"{_FORMA}: il primo indirizzo non è di un catalogo PostgreSQL.")
        if not re.fullmatch(r"[\w.:-]+", found.hostname) or not re.fullmatch(r"[\w-]+", base):
            raise NonNelLago(
                f"{_FORMA}: macchina e base vogliono lettere, cifre, punti e trattini."
            )
        folder = Path(bucket).is_absolute() and not _AMBIGUO.search(bucket)
        if not _S3.fullmatch(bucket) and not folder:
            raise NonNelLago(
                f"{_FORMA}: il secondo indirizzo non è di un secchio, né il percorso di una cartella."
            )
        return cls(f"host={found.hostname} port={port} dbname={base}", bucket)

    def below(self, path: str) -> str:
        """The address of an object, as DuckDB reads it."""
        return f"{self.secchio}/{path}"


@contextmanager
def speaking() -> Iterator[None]:
    """Makes of what the libraries of catalogue and bucket raise one sentence, without any credential."""
    import duckdb
    import psycopg2
    from obstore.exceptions import BaseError

    try:
        yield
    except (duckdb.Error, psycopg2.Error, BaseError, OSError) as error:
        raise NonNelLago(
            f"Il lago non ha risposto come doveva ({redacted(error)}): niente è cambiato;"
            " controllare catalogo, secchio e credenziali, e rilanciare."
        ) from None


def redacted(error: BaseException) -> str:
    """The first line of an error, without what nobody may read."""
    said = next(iter(str(error).strip().splitlines()), "")[:300] or type(error).__name__
    for name in SEGRETI:
        if secret := os.environ.get(name):
            said = said.replace(secret, "***")
    return said
