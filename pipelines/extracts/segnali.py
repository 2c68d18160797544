"""What the rows of an extract tell against themselves, though each of them may stand by itself.

Belongs here: numbers and dates of a part that cannot all have been written the same way, and the
signals of an extract as a whole, gathered. Does not belong here: rules of a row (judge.py), how keys
are compared (somiglianze.py), which rows are sums (somme.py), how much of it is too much
(sql/controlli, with the thresholds of sql/regole.toml).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from pipelines.contract.schema import Colonna, Estratto
from pipelines.extracts.cells import FILE, RIGA, Segnale, text_of
from pipelines.extracts.somiglianze import (
    SOSPETTI_SCHEMA,
    TROVATI_SCHEMA,
    identity,
    keys_alike,
    parts_overlapping,
    roots,
)
from pipelines.extracts.somme import rows_that_sum_up

RIGHE_SCHEMA = {RIGA: pl.Int64, "segnale": pl.String}

_MIGLIAIA = r"^-?[1-9][0-9]{0,2}(?:\.[0-9]{3})+$"
"""`1.234`: read as thousands, and no comma says that it is so."""
_MIGLIAIA_INGLESI = r"^-?[1-9][0-9]{0,2},[0-9]{3}$"
"""`1,234`: read as decimals, which beside `1,234.56` it is not."""
_DECIMALI = r"^-?(?:[0-9]+\.(?:[0-9]{1,2}|[0-9]{4,})|0+\.[0-9]+)$"
_DECIMALI_INGLESI = r"^-?[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+$"

_OLTRE_12 = "(?:1[3-9]|2[0-9]|3[01])"
_GIORNO_AL_POSTO_DEL_MESE = (
    rf"^[0-9]{{1,2}}[/.-]{_OLTRE_12}[/.-][0-9]|^[0-9]{{4}}[/.-]{_OLTRE_12}[/.-]"
    rf"|^{_OLTRE_12}(?:[.-][0-9]{{1,2}}[.-][0-9]|/[0-9]/[0-9]|/[0-9]{{1,2}}/[0-9]{{2}}$)"
)
"""`03/25/2020`, `2020-25-03`: no date; or `25.3.20`: one that only a person reads."""
_POCHE = 3
"""Days of each spelling below which it may well be chance that they lie apart."""


@dataclass(frozen=True)
class Sospetto:
    """A signal, and the lines of the accepted rows that it speaks of."""

    segnale: Segnale
    righe: pl.Series


def of_part(typed: pl.DataFrame, estratto: Estratto) -> list[Sospetto]:
    """The signals of a part by itself, from its typed columns beside their texts (judge.type_cells)."""
    found: list[Sospetto] = []
    for colonna in estratto.colonne:
        if colonna.tipo in ("intero", "decimale", "importo"):
            found += _two_meanings_of_a_dot(typed, colonna)
        elif colonna.tipo in ("data", "data_ora"):
            found += _days_and_months_swapped(typed, colonna)
            if colonna.nome == estratto.evento:
                found += _middle_day(typed, colonna)
    return found


def suspect_rows(found: list[Sospetto]) -> pl.DataFrame:
    """The lines of all the signals of a part."""
    return pl.concat(
        [
            pl.DataFrame(schema=RIGHE_SCHEMA),
            *(pl.select(s.righe.alias(RIGA), segnale=pl.lit(s.segnale.segnale)) for s in found),
        ]
    ).unique(maintain_order=True)


def _texts(typed: pl.DataFrame, colonna: Colonna) -> pl.DataFrame:
    """`_riga`, `testo` and `valore` of the cells of a column that are not empty."""
    return typed.select(
        RIGA, text_of(colonna.nome).alias("testo"), pl.col(colonna.nome).alias("valore")
    ).filter(pl.col("testo").is_not_null())


def _two_meanings_of_a_dot(typed: pl.DataFrame, colonna: Colonna) -> Iterator[Sospetto]:
    """`numeri_misti`: numbers read with the dot as thousands, beside some where it marks decimals."""
    if typed.select(
        (pl.col(colonna.nome).is_null() & text_of(colonna.nome).is_not_null()).any()
    ).item():
        cells = _texts(typed, colonna).with_columns(pl.col("testo").str.strip_chars("€ "))
        unread = cells.filter(pl.col("valore").is_null())
        english = unread.filter(pl.col("testo").str.contains(_DECIMALI_INGLESI))
        evidence = pl.concat([english, unread.filter(pl.col("testo").str.contains(_DECIMALI))])
        shape = _MIGLIAIA if english.is_empty() else f"{_MIGLIAIA}|{_MIGLIAIA_INGLESI}"
        doubtful = cells.filter(
            pl.col("valore").is_not_null() & pl.col("testo").str.contains(shape)
        )
        if len(evidence) and len(doubtful):
            yield _doubt(
                "numeri_misti",
                colonna,
                doubtful,
                f"«{doubtful['testo'][0]}» letto {doubtful['valore'][0]}, ma alla riga"
                f" {evidence[RIGA][0]} «{evidence['testo'][0]}» segna i decimali con il punto",
            )


def _days_and_months_swapped(typed: pl.DataFrame, colonna: Colonna) -> Iterator[Sospetto]:
    """`date_rovesciate`: all the days read are at most 12, and those beyond are there as another text.

    That is what a program leaves that reads day and month the other way round: it turns into dates
    those that it can, and they are wrong; a sheet's own dates come here as ISO text, beside texts of
    another spelling.
    """
    cells = _texts(typed, colonna)
    read = cells.filter(pl.col("valore").is_not_null()).with_columns(
        pl.col("valore").dt.day().alias("giorno"),
        pl.col("testo").str.contains("^....-").alias("iso"),
    )
    if len(read) < len(cells):
        unread = cells.filter(
            pl.col("valore").is_null() & pl.col("testo").str.contains(_GIORNO_AL_POSTO_DEL_MESE)
        )
        if len(unread) and len(read) and read.select((pl.col("giorno") <= 12).all()).item():
            yield _swapped(colonna, read, unread)
            return
    iso, others = read.filter("iso"), read.filter(~pl.col("iso"))
    if (
        min(len(iso), len(others)) >= _POCHE
        and iso.select((pl.col("giorno") <= 12).all()).item()
        and others.select((pl.col("giorno") > 12).all()).item()
    ):
        yield _swapped(colonna, iso, others)


def _swapped(colonna: Colonna, doubtful: pl.DataFrame, others: pl.DataFrame) -> Sospetto:
    text = (
        f"«{doubtful['testo'][0]}» letto {doubtful['valore'][0]:%d/%m/%Y}, ma alla riga"
        f" {others[RIGA][0]} c'è «{others['testo'][0]}»"
    )
    return _doubt("date_rovesciate", colonna, doubtful, text)


def _doubt(segnale: str, colonna: Colonna, doubtful: pl.DataFrame, esempio: str) -> Sospetto:
    lines = doubtful[RIGA]
    return Sospetto(Segnale(segnale, colonna.nome, len(lines), lines[0], esempio), lines)


def _middle_day(typed: pl.DataFrame, colonna: Colonna) -> Iterator[Sospetto]:
    """`giorno_di_mezzo`: a day that more than half of the facts of a part reach (`esempio`, ISO).

    Whether that is after the delivery is for a check to say, which knows when it came.
    """
    days = typed.select(RIGA, pl.col(colonna.nome).cast(pl.Date).alias("giorno")).drop_nulls()
    if len(days):
        middle = days["giorno"].sort()[(len(days) - 1) // 2]
        line = days.filter(pl.col("giorno") >= middle)[RIGA][0]
        yield Sospetto(
            Segnale("giorno_di_mezzo", colonna.nome, len(days), line, middle.isoformat()),
            pl.Series([], dtype=pl.Int64),
        )


def of_extract(
    righe: pl.DataFrame, estratto: Estratto, radici: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The signals of all the parts together, and the suspect rows, by `_file`.

    `righe` are the accepted rows before keys are judged; `radici` as in somiglianze.RADICI_SCHEMA.
    """
    totals = rows_that_sum_up(righe, estratto)
    told = (
        totals.sort(FILE, RIGA)
        .group_by(FILE, maintain_order=True)
        .agg(
            pl.lit("righe_di_totale").alias("segnale"),
            pl.lit(None, pl.String).alias("colonna"),
            pl.len().cast(pl.Int64).alias("casi"),
            pl.col(RIGA).first(),
            pl.col("esempio").first(),
        )
        .select(TROVATI_SCHEMA.keys())
    )
    suspects = totals.select(FILE, RIGA, pl.lit("righe_di_totale").alias("segnale"))
    found, rows = [pl.DataFrame(schema=TROVATI_SCHEMA), told], [suspects]
    several = righe[FILE].n_unique() > 1
    if estratto.chiave or several:
        bare = roots(identity(righe, estratto), estratto)
        looked_at = [keys_alike] * bool(estratto.chiave) + [parts_overlapping] * several
        for look in looked_at:
            signals, of_them = look(righe, estratto, bare, radici)
            found.append(signals)
            rows.append(of_them)
    return pl.concat(found), pl.concat([pl.DataFrame(schema=SOSPETTI_SCHEMA), *rows])
