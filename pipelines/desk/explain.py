"""From a figure back to the lines of the files that made it, in the terminal.

Belongs here: showing a value with its contributions. Does not belong here: computing either; both
are read from the publication.
"""

from contextlib import closing

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.connection import connect
from pipelines.settings import Luoghi


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
    _show(f"{codice} {camera} {esercizio}", value, rows, righe)


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
