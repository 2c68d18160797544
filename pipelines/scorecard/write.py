"""Every scorecard file of a build, in every format.

Belongs here: which files a partition gets. Does not belong here: how each looks.
"""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from pipelines.connection import connect
from pipelines.landing.zone import ALLEGATO
from pipelines.plan.read import read_plan
from pipelines.scorecard.sheet import Row, Scheda, read_sheets
from pipelines.scorecard.tables import write_csv, write_json
from pipelines.scorecard.txt import fill, is_same_plan


def write_all(database: Path, plans: Path, target: Path, say: Callable[[str], None]) -> list[Path]:
    """Writes the files of every partition that has a plan into `target`, and returns them.

    A year without its own allegato has no txt: the plan's columns speak of another year.
    """
    connection = connect(database)
    try:
        sheets = read_sheets(connection, plans)
    finally:
        connection.close()
    target.mkdir()
    return [path for sheet in sheets for path in _write(sheet, target, say)]


def list_changed(plans: Path, target: Path) -> list[str]:
    """The txt files in `target` that are no longer the plan as approved when they are read again."""
    changed = []
    for approved in sorted(plans.glob(f"*/{ALLEGATO}")):
        written = target / f"{approved.parent.name}.txt"
        if written.exists() and not is_same_plan(
            read_plan(approved.read_bytes()), written.read_bytes()
        ):
            changed.append(written.name)
    return changed


def _write(scheda: Scheda, target: Path, say: Callable[[str], None]) -> list[Path]:
    from pipelines.scorecard.html import render_html
    from pipelines.scorecard.xlsx import write_xlsx

    stem = target / scheda.partizione.chiave
    say(f"scorecard {scheda.partizione.chiave}")
    paths = {kind: stem.with_suffix(f".{kind}") for kind in ("xlsx", "csv", "json", "html")}
    write_xlsx(scheda, paths["xlsx"])
    write_csv(scheda, paths["csv"])
    write_json(scheda, paths["json"])
    paths["html"].write_text(render_html(scheda), "utf-8")
    if scheda.propria:
        paths["txt"] = stem.with_suffix(".txt")
        paths["txt"].write_bytes(filled(scheda))
    return list(paths.values())


def filled(scheda: Scheda) -> bytes:
    """The allegato with the figures of the scorecard in its four fields."""

    def number(row: Row, name: str) -> Decimal | None:
        value = row[name]
        assert value is None or isinstance(value, Decimal)
        return value

    return fill(
        scheda.piano,
        {
            (
                str(r["missione"]),
                str(r["programma"]),
                str(r["obiettivo"]),
                int(str(r["progressivo"])),
            ): (
                number(r, "risultato"),
                number(r, "realizzazione"),
            )
            for r in scheda.indicatori
        },
        {
            (str(r["missione"]), str(r["programma"]), str(r["obiettivo"])): (
                number(r, "risorse_consuntivo"),
                number(r, "percentuale_spesa"),
            )
            for r in scheda.obiettivi
        },
    )
