"""The same SQL as models of dbt, over what a night has loaded: what `dbt run` of it takes.

    dbt run --project-dir FOLDER --profiles-dir FOLDER

Belongs here: a project for dbt-duckdb out of sql/ and a published database. Does not belong here: what is
timed beside it (__main__.py). dbt reads no file, judges no row and writes no document: of a night it is the
part between loading and checking.
"""

import json
import re
import shutil
from pathlib import Path

from pipelines.connection import MEMORY_LIMIT, connect
from pipelines.warehouse.models import (
    TUTTI,
    Modello,
    dependencies_of,
    read_models,
    union_of_contributions,
)

_PROGETTO = {"name": "pira", "version": "1.0", "profile": "pira", "config-version": 2}
_SCHEMA = """{% macro generate_schema_name(name, node) %}{{ name }}{% endmacro %}
{% macro create_schema(relation) %}{% endmacro %}"""
"""A schema is called as it is, and is there already."""


def write_project(folder: Path, published: Path, threads: int) -> None:
    """A project of dbt in a new folder, over a copy of a published database without its models."""
    folder.mkdir()
    database = folder / "dbt.duckdb"
    shutil.copy(published, database)
    models = read_models()
    with connect(database, read_only=False) as connection:
        for model in reversed(models):
            kind = "view" if model.vista else "table"
            connection.execute(f"drop {kind} if exists {model.tabella}")
        connection.execute(f"drop view if exists {TUTTI}")
    names = {model.tabella for model in models} | {TUTTI}
    for model in models:
        needed = set(dependencies_of(model, {m.tabella: m for m in models})) | set(model.dipende)
        kind = "view" if model.vista else "table"
        _write(folder, model.tabella, kind, _referring(_ordered(model), needed & names))
    parts = {m.tabella for m in models if m.schema == "contributi"}
    _write(folder, TUTTI, "view", _referring(union_of_contributions(models), parts))
    (folder / "macros").mkdir()
    (folder / "macros/schemi.sql").write_text(_SCHEMA)
    (folder / "dbt_project.yml").write_text(json.dumps(_PROGETTO))
    settings = {"TimeZone": "Europe/Rome", "memory_limit": MEMORY_LIMIT}
    output = {"type": "duckdb", "path": str(database), "threads": threads, "settings": settings}
    profile = {"pira": {"target": "prova", "outputs": {"prova": output}}}
    (folder / "profiles.yml").write_text(json.dumps(profile))


def _ordered(model: Modello) -> str:
    """As a build stores it."""
    if model.vista:
        return model.sql
    return f"select * from (\n{model.sql}\n) order by {', '.join(model.chiave) or 'all'}"


def _referring(sql: str, tables: set[str]) -> str:
    """The SQL with dbt's own references in place of our tables."""
    return re.sub(
        r"(?<![\w.])([a-z_]+)\.(\w+)(?![\w(])",
        lambda m: f"{{{{ ref('{m[1]}__{m[2]}') }}}}" if m[0] in tables else m[0],
        sql,
    )


def _write(folder: Path, table: str, kind: str, sql: str) -> None:
    schema, name = table.split(".")
    path = folder / "models" / f"{schema}__{name}.sql"
    path.parent.mkdir(exist_ok=True)
    configured = f"{{{{ config(materialized='{kind}', schema='{schema}', alias='{name}') }}}}"
    path.write_text(f"{configured}\n{sql}\n")
