"""The one way to open a DuckDB file, with the settings that everything here relies on.

Belongs here: connections, and how files and texts are written to them. Does not belong here: what is
asked of them.
"""

import re
from collections.abc import Iterable
from pathlib import Path

import duckdb

MEMORY_LIMIT = "1GB"

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "memory_limit": MEMORY_LIMIT,
    # 1.5.0-1.5.5 return wrong rows for row_number() <= n with NULLs in the order
    "disabled_optimizers": "top_n_window_elimination",
}


def connect(path: Path, read_only: bool = True) -> duckdb.DuckDBPyConnection:
    """Opens a database file; a writer spills beside it, a reader can change and reach nothing."""
    config = dict(_CONFIG)
    if read_only:
        config["enable_external_access"] = "false"
    else:
        config["temp_directory"] = str(path.with_suffix(".tmp"))
    return _ready(duckdb.connect(str(path), read_only=read_only, config=config))


def connect_apart(spill: Path) -> duckdb.DuckDBPyConnection:
    """A database of nothing that spills into a folder: for what is attached to it."""
    return _ready(duckdb.connect(config={**_CONFIG, "temp_directory": str(spill)}))


def _ready(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    connection.execute("set TimeZone = 'Europe/Rome'")
    connection.execute("set enable_progress_bar = false")  # it is drawn into whatever is printed
    return connection


def connect_in_memory() -> duckdb.DuckDBPyConnection:
    """A database of nothing, on one thread: for what DuckDB alone reads right."""
    return duckdb.connect(config={**_CONFIG, "threads": "1"})


def parquet(paths: Iterable[Path], union_by_name: bool = False) -> str:
    """SQL: the rows of some Parquet files, by names where DuckDB wants patterns.

    A folder named `camera=LU` above them is no column of their rows. The names are no parameter: for each
    one DuckDB would look for pandas.
    """
    names = ", ".join(text_literal(re.sub(r"[*?\[]", r"[\g<0>]", str(path))) for path in paths)
    also = ", union_by_name = true" if union_by_name else ""
    return f"read_parquet([{names}], hive_partitioning = false{also})"


def text_literal(text: str) -> str:
    """A text as a SQL literal, where no parameter can stand."""
    return "'" + text.replace("'", "''") + "'"
