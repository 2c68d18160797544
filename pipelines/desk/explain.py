"""From a figure back to the lines of the files that made it, in the terminal.

Belongs here: finding the passport that is asked for, and printing it on eighty columns, its SQL alone, all
of its rows as csv, an auditor's sample of them. Does not belong here: computing any of it, which is read
from the publication; the sentences (scorecard/passaporto.py, scorecard/prospettive.py).
"""

import csv
import difflib
import secrets
from contextlib import closing
from decimal import Decimal
from typing import TextIO

import duckdb
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.connection import connect
from pipelines.italiano import format_numero
from pipelines.partizione import Partizione
from pipelines.publication.pubblicazioni import current
from pipelines.scorecard import giudizi, passaporto
from pipelines.scorecard.chiave import indicator_key
from pipelines.scorecard.legenda import count_decimali
from pipelines.scorecard.passaporto import Passaporto
from pipelines.scorecard.prospettive import read_prospettive
from pipelines.scorecard.righe import Row, rows_of
from pipelines.settings import Luoghi
from pipelines.testo import shown

COLONNE = ("codice", "estratto", "_file", "_riga", "sha256", "numeratore", "denominatore")
"""What is written of a row that counts; none of them is a person's."""

_QUALI = 5
"""Names that are offered to whoever wrote one that does not exist."""


class SenzaValore(Exception):
    """The publication has no such indicator in that year; the message says so, and what it has."""


def explain(luoghi: Luoghi, camera: str, esercizio: int, quale: str, righe: int) -> None:
    """Prints the passport of an indicator, or of a line of the plan, with its first `righe` rows.

    Raises `SenzaValore` when the publication does not hold that figure.
    """
    with closing(_open(luoghi)) as connection:
        codice, cells = _find(connection, camera, esercizio, quale)
        place = Partizione(camera, esercizio)
        prospects = read_prospettive(connection, place).get(place, {})
        rows = _rows(connection, camera, esercizio, codice)
        refused = rows_of(
            connection,
            "select _file, _riga, regole from passaporto.scarti where camera = ? and esercizio = ?"
            " and codice = ? order by _file, _riga",
            [camera, esercizio, codice],
        )
        value = _bare_value(connection, camera, esercizio, codice) if not cells else ""
        judged = {
            indicator_key(row): row
            for row in rows_of(
                connection,
                "from scorecard.indicatori where camera = ? and esercizio = ?",
                [camera, esercizio],
            )
        }
    console = Console()
    for cell in cells:
        key = indicator_key(cell.cella)
        name = codice or f"riga {judged[key]['riga']}"
        result = passaporto.shown_result(cell.cella)
        console.print(Text(f"{name} {camera} {esercizio}: {result}", style="bold"))
        _print_sections(console, cell)
        _print_prospects(console, judged[key], prospects.get(key, ()))
    if value:
        console.print(Text(f"{codice} {camera} {esercizio}: {value}", style="bold"))
        console.print(Text("Nessuna riga del piano in vigore la chiede."))
    _print_rows(console, rows, righe)
    _print_refused(console, refused, righe)
    command = passaporto.command_of(quale, place)
    _print_origin(console, luoghi, command)


def statements(luoghi: Luoghi, camera: str, esercizio: int, quale: str) -> list[str]:
    """The SQL that gives a figure again, once for each way in which the plan prints it.

    Raises `SenzaValore`.
    """
    with closing(_open(luoghi)) as connection:
        codice, cells = _find(connection, camera, esercizio, quale)
        if cells:
            return list(dict.fromkeys(str(cell.cella["sql"]) for cell in cells))
        return [
            sql
            for (sql,) in connection.execute(
                "select sql from passaporto.valori where camera = ? and esercizio = ? and codice = ?",
                [camera, esercizio, codice],
            ).fetchall()
        ]


def new_seed() -> int:
    """A seed for who gives none."""
    return secrets.randbelow(10**6)


def counted_rows(
    luoghi: Luoghi, camera: str, esercizio: int, quale: str, campione: int | None, seme: int
) -> list[Row]:
    """The rows that count in a figure, the largest first; or an auditor's sample of so many.

    A sample is drawn by order of the SHA-256 of `seme|file|riga`, so that anybody can draw it again.
    Raises `SenzaValore`.
    """
    with closing(_open(luoghi)) as connection:
        codice, _ = _find(connection, camera, esercizio, quale)
        return _rows(connection, camera, esercizio, codice, campione, seme)


def print_sample(rows: list[Row], campione: int, seme: int) -> None:
    """A sample as a table, and how it was drawn."""
    console = Console()
    _print_table(console, f"{_counted(len(rows), 'estratta', 'estratte')}, seme {seme}", rows)
    console.print(
        Text(
            f"Estratte così: di ogni riga che conta lo SHA-256 del testo «{seme}|file|riga»"
            f" (file e riga come sopra), e le prime {campione} in ordine di quello. Stesso seme e"
            " stessa pubblicazione, stesse righe."
        )
    )


def write_csv(rows: list[Row], out: TextIO) -> None:
    """Rows as csv: `;`, decimals with a comma, as the scorecard's own csv."""
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(COLONNE)
    for row in rows:
        writer.writerow(
            _printed(row[name]) if name in ("numeratore", "denominatore") else row[name]
            for name in COLONNE
        )


# --- finding -----------------------------------------------------------------------------------------


def _open(luoghi: Luoghi) -> duckdb.DuckDBPyConnection:
    if not luoghi.database.exists():
        raise SenzaValore(f"{luoghi.warehouse} non ha una pubblicazione: lanciare pira run")
    return connect(luoghi.database)


def _find(
    connection: duckdb.DuckDBPyConnection, camera: str, esercizio: int, quale: str
) -> tuple[str | None, list[Passaporto]]:
    """The code asked for, and the passports of the plan's rows that have it; by the line, of that row."""
    passports = list(passaporto.read_passaporti(connection, camera, esercizio).values())
    if quale.isdecimal():
        lines = connection.execute(
            "select riga, missione, programma, obiettivo, progressivo from scorecard.indicatori"
            " where camera = ? and esercizio = ? and riga = ?",
            [camera, esercizio, int(quale)],
        ).fetchall()
        keys = {tuple(line[1:]) for line in lines}
        found = [p for p in passports if indicator_key(p.cella) in keys]
        codes = {p.cella["codice"] for p in found}
        if len(codes) > 1:  # a line of each part of a plan in several sheets
            names = ", ".join(str(code) for code in codes if code is not None)
            raise SenzaValore(f"il piano ha più righe {quale}: chiedere il codice ({names})")
        for codice in codes:
            return (None if codice is None else str(codice)), found
        raise SenzaValore(f"la riga {quale} del piano di {camera} {esercizio} non è un indicatore")
    known = connection.execute(
        "select 1 from indicatori.valori where camera = ? and esercizio = ? and codice = ?",
        [camera, esercizio, quale],
    ).fetchone()
    if known is None:
        raise SenzaValore(_what_there_is(connection, camera, esercizio, quale))
    return quale, [p for p in passports if p.cella["codice"] == quale]


def _what_there_is(
    connection: duckdb.DuckDBPyConnection, camera: str, esercizio: int, quale: str
) -> str:
    """Why nothing was found, and what is nearest to it."""
    rows = connection.execute(
        "select distinct camera, esercizio, codice from indicatori.valori order by all"
    ).fetchall()
    where = sorted({f"{c} {e}" for c, e, _ in rows})
    asked = f"{camera} {esercizio}"
    if asked not in where:
        return f"la pubblicazione non ha {asked}; ha {', '.join(where) or 'niente'}"
    there = [code for c, e, code in rows if (c, e) == (camera, esercizio)]
    near = difflib.get_close_matches(quale.upper(), there, n=_QUALI, cutoff=0.4)
    offered = f"i più vicini: {', '.join(near)}" if near else f"ha {', '.join(there)}"
    return f"la pubblicazione non ha {shown(quale)} per {asked}; {offered}"


def _bare_value(
    connection: duckdb.DuckDBPyConnection, camera: str, esercizio: int, codice: str | None
) -> str:
    """The value of an indicator that no row of a plan asks for, in words."""
    ((titolo, valore, numeratore, denominatore, stato, motivo),) = connection.execute(
        "select c.titolo, v.valore, v.numeratore, v.denominatore, v.stato, v.motivo"
        " from indicatori.valori as v inner join indicatori.catalogo as c using (codice)"
        " where v.camera = ? and v.esercizio = ? and v.codice = ?",
        [camera, esercizio, codice],
    ).fetchall()
    if valore is None:
        return f"{titolo}. Nessun valore ({stato}). {motivo}"
    ratio = "" if denominatore is None else f" = {_exact(numeratore)} / {_exact(denominatore)}"
    return f"{titolo}. Valore {_exact(valore)}{ratio} ({stato})"


_ORDINI = {
    False: "abs(k.numeratore) desc, abs(k.denominatore) desc, k._file, k._riga",
    True: "sha256(? || '|' || k._file || '|' || k._riga), k._file, k._riga limit ?",
}


def _rows(
    connection: duckdb.DuckDBPyConnection,
    camera: str,
    esercizio: int,
    codice: str | None,
    campione: int | None = None,
    seme: int = 0,
) -> list[Row]:
    drawn = [] if campione is None else [str(seme), campione]
    return rows_of(
        connection,
        "select k.codice, f.estratto, k._file, k._riga, f.sha256, k.numeratore, k.denominatore"
        " from indicatori.contributi as k"
        " inner join passaporto.file as f using (camera, esercizio, codice, _file)"
        " where k.camera = ? and k.esercizio = ? and k.codice = ?"
        f" order by {_ORDINI[campione is not None]}",
        [camera, esercizio, codice, *drawn],
    )


# --- printing ----------------------------------------------------------------------------------------


def _print_sections(console: Console, cell: Passaporto) -> None:
    for title, voci in passaporto.describe(cell, discreto=False):
        console.print(Text(f"\n{title}", style="bold"))
        grid = Table.grid(padding=(0, 1))
        grid.add_column(max_width=26, overflow="fold")
        grid.add_column(overflow="fold")
        for label, text in voci:
            grid.add_row(Text(f"  {label}"), Text(text))
        console.print(grid)


def _print_prospects(console: Console, row: Row, said: tuple[str, ...]) -> None:
    """What a row of the plan that has the indicator can still become, and what it would take."""
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
        console.print(Text(f"  {line}."))


def _print_rows(console: Console, rows: list[Row], righe: int) -> None:
    console.print()
    _print_table(console, _counted(len(rows), "conta", "contano"), rows[:righe])
    if len(rows) > righe:
        console.print(f"… e altre {len(rows) - righe}; tutte con --csv FILE")


def _print_table(console: Console, title: str, rows: list[Row]) -> None:
    table = Table(title=title, title_justify="left")
    table.add_column("file:riga", overflow="fold")
    table.add_column("numeratore", justify="right", overflow="fold")
    table.add_column("denominatore", justify="right", overflow="fold")
    for row in rows:
        place = Text(shown(f"{row['_file']}:{row['_riga']}"))
        table.add_row(place, *(_exact(row[name]) for name in ("numeratore", "denominatore")))
    console.print(table)


def _print_refused(console: Console, rows: list[Row], righe: int) -> None:
    """The rows in quarantine of the extracts that are needed, each with the rules that it breaks."""
    if not rows:
        return
    table = Table(title=_counted(len(rows), "in quarantena", "in quarantena"), title_justify="left")
    table.add_column("file:riga", overflow="fold")
    table.add_column("regole", overflow="fold")
    for row in rows[:righe]:
        table.add_row(Text(shown(f"{row['_file']}:{row['_riga']}")), Text(str(row["regole"])))
    console.print(table)
    if len(rows) > righe:
        console.print(f"… e altre {len(rows) - righe}; tutte in passaporto.scarti")


def _print_origin(console: Console, luoghi: Luoghi, asked: str) -> None:
    folder = current(luoghi)
    console.print(Text("\nLa pubblicazione", style="bold"))
    console.print(Text(f"  {folder.name if folder else luoghi.database}"))
    console.print(Text("Per rifare la cifra dalle righe accettate", style="bold"))
    console.print(Text(f"  {asked} --sql | duckdb -readonly {luoghi.database}"), soft_wrap=True)


def _counted(quante: int, una: str, altre: str) -> str:
    return f"1 riga {una}" if quante == 1 else f"{quante} righe {altre}"


def _exact(value: object) -> str:
    """A figure as it is read, with the decimals that it has."""
    return format_numero(value, count_decimali(value)) if isinstance(value, Decimal) else ""


def _printed(value: object) -> str:
    """A figure as a program reads it: a comma, and all its decimals."""
    return "" if value is None else format(value, "f").replace(".", ",")
