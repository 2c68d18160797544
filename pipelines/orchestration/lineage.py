"""From which columns of other assets those of an asset are made, as Dagster keeps and shows it.

Belongs here: columns of the warehouse as columns of assets. Does not belong here: following them through
the SQL (warehouse/origini.py).
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import dagster as dg

from pipelines.orchestration.shown import markdown
from pipelines.orchestration.specs import asset_of
from pipelines.warehouse.origini import Colonna

SHOWN = 6
"""Origins of a column that are named on the page; Dagster keeps them all."""


def column_lineage(
    key: dg.AssetKey, origins: Mapping[str, Sequence[Colonna]], mains: Collection[str]
) -> dict[str, Any]:
    """The metadata entries for the columns of an asset; none where nothing is known of them.

    Twice, since the page of open-source Dagster keeps its own entry to itself. `mains` are the tables that
    assets show: a column of another table of an asset is told with its table.
    """
    if not origins:
        return {}
    deps = {
        name: [d for c in columns if (d := _dep(c, mains)) is not None and d.asset_key != key]
        for name, columns in origins.items()
    }
    return {
        "dagster/column_lineage": dg.TableColumnLineage(deps),
        "origine delle colonne": markdown(
            ("colonna", "da"), [(name, _told(found)) for name, found in deps.items()]
        ),
    }


def _dep(column: Colonna, mains: Collection[str]) -> dg.TableColumnDep | None:
    """A column as one of the asset that makes its table; None for rules, calendars and the catalogue."""
    table, name = column
    if (key := asset_of(table)) is None:
        return None
    own = table in mains or table.startswith("fonti.")
    return dg.TableColumnDep(key, name if own else f"{table}.{name}")


def _told(deps: Sequence[dg.TableColumnDep]) -> str:
    named = [f"{dep.asset_key.to_user_string()}: {dep.column_name}" for dep in deps[:SHOWN]]
    others = len(deps) - SHOWN
    return "; ".join([*named, *([f"e altre {others}"] if others > 0 else [])])
