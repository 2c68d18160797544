"""The bucket: objects that are no table, put whole, read, listed and removed.

Belongs here: how it is opened, and its names. Does not belong here: what the objects say; the files of
tables once the catalogue has them, which are DuckLake's (commit.py, maintain.py).
"""

import json
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from pipelines.lake.luogo import Lago

if TYPE_CHECKING:
    from obstore.store import LocalStore, S3Store

CONSEGNE, PUBBLICAZIONI = "consegne", "pubblicazioni"
"""The two folders: what workers have left, and what commits say of themselves."""
CONSEGNA = "consegna.json"
"""Written last: what a worker has left for a chamber is whole once it is there."""
_INSIEME = 8
"""Objects put at once: each waits for the bucket more than it works."""
_TENTATIVI, _PAUSA, _PAUSA_LUNGA = 6, timedelta(seconds=0.5), timedelta(seconds=4)
"""A server that starts again answers some seconds before it gives what it holds."""

Secchio: TypeAlias = "S3Store | LocalStore"


def open_bucket(lago: Lago) -> Secchio:
    """The bucket of a lake. It is tried for some ten seconds before an error is raised."""
    from obstore.store import LocalStore, S3Store

    if not lago.secchio.startswith("s3://"):
        return LocalStore(lago.secchio, mkdir=True)
    bucket, _, prefix = lago.secchio.removeprefix("s3://").partition("/")
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    return S3Store(
        bucket,
        prefix=prefix or None,
        **({"endpoint": endpoint} if endpoint else {}),
        client_options={"allow_http": True, "timeout": timedelta(seconds=60)},
        retry_config={
            "max_retries": _TENTATIVI,
            "backoff": {"init_backoff": _PAUSA, "max_backoff": _PAUSA_LUNGA, "base": 2},
        },
    )


def put_files(bucket: Secchio, files: Iterable[tuple[Path, str]]) -> None:
    """Files of this machine as objects, each with its name there."""
    with ThreadPoolExecutor(_INSIEME) as several:
        waiting = [several.submit(bucket.put, name, path) for path, name in files]
        try:
            for one in waiting:
                one.result()
        finally:  # where one could not be put, each of the others would be tried as long
            several.shutdown(cancel_futures=True)


def put_json(bucket: Secchio, name: str, value: object) -> None:
    bucket.put(name, (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode())


def read_json(bucket: Secchio, name: str) -> Any:
    """What an object says; None where there is none."""
    try:
        return json.loads(bytes(bucket.get(name).bytes()))
    except FileNotFoundError:
        return None


def names(bucket: Secchio, below: str) -> Iterator[tuple[str, Any]]:
    """Every object below a folder, with when it was last put."""
    for several in bucket.list(f"{below}/"):
        for one in several:
            yield one["path"], one["last_modified"]
