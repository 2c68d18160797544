"""What is to be looked at first, in words: the cases of the checks in evidence, the dearest first.

Belongs here: one sentence for a case, which terminal, mail, page and operator's page all print. Does
not belong here: finding cases (sql/controlli), what they cost (qualita.conseguenze), how anything is
drawn. Texts of files come as one printable line, cut; each place still escapes them in its own way.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

import duckdb

from pipelines.italiano import format_cifra, format_importo, format_percentuale, round_half_up
from pipelines.testo import one_line

PIU_DECIMALI = 6
"""How far a figure is printed where fewer decimals would not tell it from another."""

LUNGHEZZA = 60
"""Characters of a text of a file."""


@dataclass(frozen=True)
class Avviso:
    """What a check in evidence found in one file or place of a partition.

    `partizione` is empty for a check that speaks of the whole warehouse; `codici` are the indicators
    that the case names, or else all that are made from its extract; `riga` is the plan's line, in its
    `parte`. `costo` is short and may be empty.
    """

    controllo: str
    partizione: str
    estratto: str | None
    codici: tuple[str, ...]
    parte: str | None
    riga: int | None
    frase: str
    costo: str

    @property
    def detto(self) -> str:
        """The sentence with its cost."""
        return f"{self.frase} ({self.costo})." if self.costo else f"{self.frase}."


@dataclass(frozen=True)
class Primo:
    """The first case of a check in a partition, and the others."""

    avviso: Avviso
    altri: tuple[Avviso, ...]

    @property
    def detto(self) -> str:
        """The first case with its cost, then how many others there are, and where."""
        if not self.altri:
            return self.avviso.detto
        touched = {codice for avviso in self.altri for codice in avviso.codici}
        where = ", ".join(sorted(touched - set(self.avviso.codici)))
        count = "Un altro caso" if len(self.altri) == 1 else f"Altri {len(self.altri)} casi"
        return f"{self.avviso.detto} {count}{f': {where}' if where else ''}."


_QUERY = """
    select
        e.controllo,
        e.camera,
        e.esercizio,
        e.estratto,
        e._file,
        e._riga,
        e.casi,
        e.esempio,
        e.trovato,
        e.colonna,
        e.parte,
        e.riga,
        e.codice,
        e.valore,
        e.valore_senza,
        (
            select list(distinct f.codice)
            from indicatori.fonti as f
            inner join indicatori.richiesti as r using (codice)
            where f.estratto = e.estratto
                and (e.camera is null or e.camera = r.camera)
                and (e.esercizio is null or e.esercizio = r.esercizio)
        ) as fonti,
        c.unita,
        s.decimali,
        s.percentuale,
        k.celle,
        k.peso
    from qualita.evidenze as e
    left join qualita.conseguenze as k
        on e.controllo = k.controllo
        and e.camera is not distinct from k.camera
        and e.esercizio is not distinct from k.esercizio
    left join indicatori.catalogo as c on e.codice = c.codice
    left join (
        select camera, esercizio, codice, max(decimali) as decimali, bool_or(percentuale) as percentuale
        from scorecard.indicatori
        group by camera, esercizio, codice
    ) as s on e.camera = s.camera and e.esercizio = s.esercizio and e.codice = s.codice
    where {where}
    order by
        k.peso desc nulls last, k.celle desc, e.controllo, e.camera, e.esercizio,
        e.casi desc nulls last, e._file, e.estratto, e._riga, e.esempio, e.trovato, e.parte, e.riga,
        e.colonna, e.codice
"""


def read_avvisi(
    connection: duckdb.DuckDBPyConnection, where: str = "true", values: Iterable[object] = ()
) -> tuple[Avviso, ...]:
    """Every case of the checks in evidence, those of the dearest check and partition first.

    `where` is ours, over `e.camera` and `e.esercizio`. Nothing in a build of older code.
    """
    try:
        rows = connection.execute(_QUERY.format(where=where), list(values)).fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        return ()
    cases = groupby(rows, lambda row: row[:12])
    return tuple(_avviso(case, [row[12:] for row in figures]) for case, figures in cases)


def first_of_each(avvisi: Iterable[Avviso]) -> list[Primo]:
    """The first case of every check and partition, in order, with the others of the same."""
    found: dict[tuple[str, str], list[Avviso]] = {}
    for avviso in avvisi:
        found.setdefault((avviso.controllo, avviso.partizione), []).append(avviso)
    return [Primo(those[0], tuple(those[1:])) for those in found.values()]


def _avviso(case: tuple[Any, ...], figures: list[tuple[Any, ...]]) -> Avviso:
    controllo, camera, esercizio, estratto, file, line, casi, esempio, trovato, colonna = case[:-2]
    parte, riga = case[-2:]
    partizione = f"{camera}-{esercizio:04d}" if camera and esercizio is not None else ""
    where = file or " ".join(filter(None, (partizione, estratto))) or "tutto il magazzino"
    said = [trovato or _counted(controllo, casi, colonna), _example(line, esempio)]
    told = ", ".join(filter(None, said)).removesuffix(".")
    values = [text for row in figures for text in [_figure(*row[:3], *row[4:7])] if text]
    named = {row[0] for row in figures if row[0]} or (set() if riga else set(figures[0][3] or ()))
    celle, peso = figures[0][7:]
    return Avviso(
        controllo,
        partizione,
        estratto,
        tuple(sorted(named)),
        parte,
        riga,
        one_line("; ".join([f"{where}: {told}", *values])),
        _cost(celle, peso),
    )


def _counted(controllo: str, casi: int | None, colonna: str | None) -> str:
    """How many cases and in which column, of a check that does not say what it has found."""
    number = casi or 1
    where = f" nella colonna {colonna}" if colonna else ""
    return f"{controllo.replace('_', ' ')}, {number} cas{'o' if number == 1 else 'i'}{where}"


def _example(line: int | None, esempio: str | None) -> str:
    if line is None and not esempio:
        return ""
    parts = [f"riga {line}"] if line is not None else []
    if esempio:
        text = one_line(esempio)
        parts.append(f"«{text if len(text) <= LUNGHEZZA else text[: LUNGHEZZA - 1] + '…'}»")
    return "ad esempio " + " ".join(parts)


def _figure(
    codice: str | None,
    valore: Decimal | None,
    senza: Decimal | None,
    unita: str | None,
    decimali: int | None,
    percentuale: bool | None,
) -> str:
    """`INCIDENZA_CONSIP 28,03%, senza 44,18%`; without a code, money of the year."""
    if valore is None:
        return ""
    if not codice:
        euro = "risorse a consuntivo " + format_importo(valore)
        return euro if senza is None else f"{euro}, senza {format_importo(senza)}"
    points = bool(unita == "percentuale" if percentuale is None else percentuale)
    places = 2 if decimali is None else decimali
    if senza is not None and senza != valore:
        while places < PIU_DECIMALI and round_half_up(valore, places) == round_half_up(
            senza, places
        ):
            places += 1

    def shown(number: Decimal) -> str:
        return format_cifra(number, places, points)

    if senza == valore:
        return f"{codice} {shown(valore)}, in cui non contano"
    return f"{codice} {shown(valore)}" + (f", senza {shown(senza)}" if senza is not None else "")


def _cost(celle: int | None, peso: Decimal | None) -> str:
    if not celle:
        return ""
    cells = f"{celle} cell{'a' if celle == 1 else 'e'}"
    return cells if peso is None else f"{cells}, {format_percentuale(peso)} del peso"
