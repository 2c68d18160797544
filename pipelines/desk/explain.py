"""From a figure back to the lines of the files that made it, in the terminal.

Belongs here: showing a value with its contributions, and what it can still become. Does not belong here:
computing any of it, which is read from the publication; the sentences (scorecard/prospettive.py).
"""

from contextlib import closing

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.connection import connect
from pipelines.scorecard import giudizi
from pipelines.scorecard.chiave import indicator_key
from pipelines.scorecard.prospettive import read_prospettive
from pipelines.scorecard.sheet import Row, rows_of
from pipelines.settings import Luoghi
from pipelines.testo import shown


class SenzaValore(Exception):
    """The publication has no such indicator in that year; the message says so."""


def explain(luoghi: Luoghi, camera: str, esercizio: int, codice: str, righe: int) -> None:
    """Prints the value of an indicator and its first `righe` contributions, the largest first.

    Raises `SenzaValore` when the publication does not hold that figure.
    """
    if not luoghi.database.exists():
        raise SenzaValore(f"{luoghi.warehouse} non ha una pubblicazione: lanciare pira run")
    key = [camera, esercizio, codice]
    with closing(connect(luoghi.database)) as connection:
        value = connection.execute(
            "select c.titolo, c.descrizione, v.numeratore, v.denominatore, v.valore, v.stato,"
            " v.motivo, v.data_riferimento"
            " from indicatori.valori as v inner join indicatori.catalogo as c using (codice)"
            " where v.camera = ? and v.esercizio = ? and v.codice = ?",
            key,
        ).fetchone()
        if value is None:
            raise SenzaValore(f"la pubblicazione non ha {codice} per {camera} {esercizio}")
        rows = connection.execute(
            "select _file, _riga, numeratore, denominatore from indicatori.contributi"
            " where camera = ? and esercizio = ? and codice = ?"
            " order by abs(numeratore) desc, abs(denominatore) desc, _file, _riga",
            key,
        ).fetchall()
        places = rows_of(
            connection,
            "from scorecard.indicatori where camera = ? and esercizio = ? and codice = ? order by ordine",
            key,
        )
        prospects = read_prospettive(connection, camera, esercizio)
    _show(f"{codice} {camera} {esercizio}", value, rows, righe)
    for row in places:
        _show_prospects(row, prospects.get(indicator_key(row), ()))


def _show_prospects(row: Row, said: tuple[str, ...]) -> None:
    """What a row of the plan that has the indicator can still become, and what it would take."""
    console = Console()
    judged = giudizi.judge_alla_data(row)
    year = " nell'anno" if judged else ""
    pace = (
        [", ".join(filter(None, (giudizi.describe_alla_data(row), str(judged))))] if judged else []
    )
    console.print(
        Text(
            f"\nRiga {row['riga']} del piano, target {shown(str(row['target_testo'] or 'nessuno'))}:"
            f" {giudizi.judge_anno(row)}{year}",
            style="bold",
        )
    )
    for line in (*pace, *said):
        console.print(Text(f"  {line}."), soft_wrap=True)


def _show(name: str, value: tuple[object, ...], rows: list[tuple[object, ...]], righe: int) -> None:
    titolo, descrizione, numeratore, denominatore, valore, stato, motivo, day = value
    console = Console()
    console.print(Text(f"{name}: {titolo}", style="bold"))
    console.print(Text(str(descrizione)))
    ratio = f"{numeratore}" + ("" if denominatore is None else f" / {denominatore}")
    console.print(Text(f"valore {valore} = {ratio} ({stato}, dati al {day:%d/%m/%Y})"))
    if motivo:
        console.print(Text(str(motivo)))
    table = Table(title=f"{len(rows)} righe contano", title_justify="left")
    table.add_column("file:riga")
    table.add_column("numeratore", justify="right")
    table.add_column("denominatore", justify="right")
    for file, riga, up, down in rows[:righe]:
        table.add_row(Text(f"{file}:{riga}"), str(up), "" if down is None else str(down))
    console.print(table)
    if len(rows) > righe:
        console.print(f"… e altre {len(rows) - righe}; tutte in indicatori.contributi")
