"""Which texts say that a row is no fact of its own but the sum of others.

Belongs here: the words of a total, and the row of one at the foot of a file, which is left out. Does not
belong here: what becomes of any other such row (judge.py), totals that no word tells (somme.py).
"""

import re
import unicodedata
from dataclasses import replace

import polars as pl

from pipelines.extracts.cells import CAMPI, RIGA, Celle
from pipelines.testo import clean

_TOTALE = re.compile("(?:sub)?(?:total[ei]|totals?)|tot|complessiv[aeio]|somm[ae]")
_QUALIFICA = re.compile(
    "[0-9]+|sub|grand?|gen|general[ei]|parzial[ei]|final[ei]|risultato|import[io]|valor[ei]|righe|imprese"
    "|anno|annuo|mese|(?:tri|se)mestre|periodo|esercizio|pagina|foglio|colonna|camera|provincia"
    "|del|dell[oa]|dei|degli|delle|di|al|alla|per|e|il|la"
)
"""Words that leave a total a total: `Totale generale`, `Importo complessivo`, `TOTALE AL 31/12/2020`."""
_CANDIDATO = r"(?i)t\W*o\W*t|somm|complessiv"


_AL_PIEDE = re.compile(r"(?i)total\w*\W*")
_CIFRE = re.compile(r"[-\u2212]?(?:€ ?)?[-\u2212]?[0-9][0-9.,' ]*(?: ?[€%])?")


def without_footer(cells: Celle) -> Celle:
    """The same without its last row, where the only cells of it are a word that begins with TOTAL and
    numbers: the row is counted, and named."""
    last = cells.frame.tail(1)
    if last.is_empty() or last[CAMPI][0] is not None:
        return cells
    texts = [clean(text) for text in last.drop(RIGA, CAMPI).row(0) if text and clean(text)]
    words = [text for text in texts if not _CIFRE.fullmatch(text)]
    if len(words) != 1 or not _AL_PIEDE.fullmatch(words[0]):
        return cells
    said = f"riga {last[RIGA][0]} di totale in fondo al file, lasciata fuori"
    return replace(
        cells, frame=cells.frame.head(-1), escluse=cells.escluse + 1, note=(*cells.note, said)
    )


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
