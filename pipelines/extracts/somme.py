"""Rows that hold exactly the sum of the rows around them: totals that no word tells.

Belongs here: which columns a total adds up, within which groups, and the rows that do. Does not belong
here: totals that say so (totali.py), which are in quarantine; of these a check only warns.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.contract.schema import Estratto
from pipelines.extracts.cells import FILE, RIGA


@dataclass(frozen=True)
class Somme:
    """The columns of an extract that a total adds up, and within which equal columns, finest first.

    The whole file is always tried, last.
    """

    importi: tuple[str, ...]
    gruppi: tuple[tuple[str, ...], ...] = ()


SOMME: dict[str, Somme] = {
    "contabilita/costi_processo": Somme(("importo",), (("codice_processo",), ("voce",))),
    "contabilita/interventi_economici": Somme(("importo",), (("modalita",),)),
    "contabilita/consuntivo": Somme(
        ("importo",),
        (("missione", "programma", "obiettivo"), ("missione", "programma"), ("missione",)),
    ),
    "registro_imprese/consistenza": Somme(("registrate", "attive"), (("data_riferimento",),)),
    "provveditorato/pagamenti": Somme(("imponibile", "iva")),
}
"""Extracts of amounts. Hours and scores are left out: a few small numbers add up by chance."""

_MINIMO = 3
"""A total and two rows. Three round numbers (100 + 200 = 300) are no evidence: more are asked for."""
_TONDO = 100


def rows_that_sum_up(righe: pl.DataFrame, estratto: Estratto) -> pl.DataFrame:
    """The rows (`_file`, `_riga`, `esempio`) whose every amount is the sum of the others of their group
    in the file. Subtotals are taken away before the total of what they are in is looked for.
    """
    none = pl.DataFrame(schema={FILE: pl.String, RIGA: pl.Int64, "esempio": pl.String})
    if (sums := SOMME.get(estratto.codice)) is None or righe.is_empty():
        return none
    first = pl.col(sums.importi[0])
    together = sorted({c for gruppo in sums.gruppi for c in gruppo})
    left = righe.select(FILE, RIGA, *together, *(_exact(name) for name in sums.importi))
    found = [none]
    for gruppo in (*sums.gruppi, ()):
        within = [FILE, *gruppo]
        rows = (first != 0).sum().over(within)
        holds = [2 * pl.col(name) == pl.col(name).sum().over(within) for name in sums.importi]
        hundreds = (first.cast(pl.Int64) // _TONDO * _TONDO).cast(pl.Decimal(38, 2))
        by_chance = (first == hundreds) & (rows == _MINIMO) & (len(sums.importi) == 1)
        sums_up = pl.all_horizontal(holds) & (first != 0) & (rows >= _MINIMO) & ~by_chance
        totals = left.with_columns((pl.len().over(within) - 1).alias("altre")).filter(sums_up)
        where = f"con uguale {', '.join(gruppo)}" if gruppo else "del file"
        shown = pl.format(
            "{} = somma delle altre {} righe {}", _said(sums.importi), "altre", pl.lit(where)
        )
        found.append(totals.select(FILE, RIGA, shown.alias("esempio")))
        left = left.join(totals, on=[FILE, RIGA], how="anti")
    return pl.concat(found)


def _exact(nome: str) -> pl.Expr:
    return pl.col(nome).cast(pl.Decimal(38, 2))


def _said(importi: Sequence[str]) -> pl.Expr:
    shown = [
        pl.format(f"{nome} {{}}", pl.col(nome).cast(pl.String).str.replace(".", ",", literal=True))
        for nome in importi
    ]
    return pl.concat_str(shown, separator=" e ")
