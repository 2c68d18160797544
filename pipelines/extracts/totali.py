"""Rows that are no fact of their own but the sum of others: by what they say, and by what they hold.

Belongs here: which texts say "total", and which rows hold exactly the sum of the rows around them.
Does not belong here: what becomes of such a row (judge.py puts the first kind in quarantine, a check
warns of the second).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.extracts.cells import FILE, RIGA
from pipelines.extracts.contract import Estratto

_TOTALE = re.compile("(?:sub)?(?:total[ei]|totals?)|tot|complessiv[aeio]|somm[ae]")
_QUALIFICA = re.compile(
    "[0-9]+|sub|grand?|gen|general[ei]|parzial[ei]|final[ei]|risultato|import[io]|valor[ei]|righe|imprese"
    "|anno|annuo|mese|(?:tri|se)mestre|periodo|esercizio|pagina|foglio|colonna|camera|provincia"
    "|del|dell[oa]|dei|degli|delle|di|al|alla|per|e|il|la"
)
"""Words that leave a total a total: `Totale generale`, `Importo complessivo`, `TOTALE AL 31/12/2020`."""
_CANDIDATO = r"(?i)t\W*o\W*t|somm|complessiv"


def say_total(texts: pl.Series) -> list[str]:
    """The distinct texts of a column that say total: by words alone (`TOTALE:`, `Subtotale 2020`), or
    beside another value of the column, as a spreadsheet's subtotals do (`CONSORZIO Totale`).

    A title with the word in it (`Rapporto sul totale`) says none.
    """
    candidates = texts.filter(texts.str.contains(_CANDIDATO).fill_null(False)).unique().to_list()
    if not candidates:
        return []
    values = {" ".join(_words(text)) for text in texts.drop_nulls().unique()}
    return sorted(text for text in candidates if _says_total(_words(text), values))


def _words(text: str) -> list[str]:
    """Lower case, without accents; letters set apart (`T O T A L E`) are a word."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    words = re.findall(r"[^\W_]+", bare)
    return ["".join(words)] if len(words) > 2 and all(len(w) == 1 for w in words) else words


def _says_total(words: list[str], values: set[str]) -> bool:
    total = [bool(_TOTALE.fullmatch(word)) for word in words]
    if all(said or _QUALIFICA.fullmatch(word) for said, word in zip(total, words, strict=True)):
        return any(total)
    return (total[0] and " ".join(words[1:]) in values) or (
        total[-1] and " ".join(words[:-1]) in values
    )


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
        totals = left.select(
            FILE,
            RIGA,
            pl.format(
                "{} = somma delle altre {} righe {}",
                _said(sums.importi),
                pl.len().over(within) - 1,
                pl.lit(f"con uguale {', '.join(gruppo)}" if gruppo else "del file"),
            ).alias("esempio"),
            (pl.all_horizontal(holds) & (first != 0) & (rows >= _MINIMO) & ~by_chance).alias("è"),
        ).filter("è")
        found.append(totals.drop("è"))
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
