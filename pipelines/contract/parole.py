"""The contract's declarations in Italian words, for every page and file that repeats them.

Belongs here: what the limits of a column, a key and a rule are called. Does not belong here: where
the words are written (offices/), any fact that estratti.py lacks.
"""

import re

from pipelines.contract.schema import DECIMALI_DECIMALE, DECIMALI_IMPORTO, Colonna, Estratto, Tipo

TIPI: dict[Tipo, str] = {
    "testo": "testo",
    "intero": "numero intero",
    "decimale": f"numero, fino a {DECIMALI_DECIMALE} decimali",
    "importo": f"importo in euro, fino a {DECIMALI_IMPORTO} decimali",
    "data": "data, gg/mm/aaaa",
    "data_ora": "data e ora, gg/mm/aaaa hh:mm",
    "si_no": "S oppure N",
}
"""How each type is written, for whoever fills in a file."""

_CIFRE = re.compile(r"\[0-9\]\{([0-9]+)\}")


def say_limits(colonna: Colonna, code: str = "{}") -> list[str]:
    """What a value of a column must be beyond its type; `code` is how a code is marked."""
    parts = []
    if colonna.codici:
        parts.append(", ".join(code.format(c) for c in colonna.codici))
    if (bounds := colonna.intervallo) is not None:
        if bounds.minimo is not None:
            parts.append(f"{'oltre' if bounds.minimo_escluso else 'da'} {bounds.minimo}")
        if bounds.massimo is not None:
            parts.append(f"fino a {bounds.massimo}")
    if colonna.forma is not None:
        digits = _CIFRE.fullmatch(colonna.forma)
        parts.append(f"esattamente {digits[1]} cifre" if digits else f"forma {colonna.forma}")
    if colonna.personale:
        parts.append("dato personale, conservato come pseudonimo")
    return parts


def say_key(estratto: Estratto) -> str:
    """The columns by which a row is told from another, or what happens without any."""
    key = [*estratto.chiave]
    if estratto.chiave_anno_di:
        key.append(f"anno di {estratto.chiave_anno_di}")
    return ", ".join(key) or "nessuna, le righe uguali restano"


def say_rules(estratto: Estratto, colonna: str | None = None) -> list[str]:
    """The rules over a row and over groups of rows; only those that name `colonna`, if given."""
    rules = [(r.colonna, r.descrizione) for r in estratto.regole]
    if estratto.somma_massima:
        summed, group, bound = estratto.somma_massima
        rules.append((summed, f"la somma di {summed} per {group} non supera {bound}"))
    return [said for named, said in rules if colonna in (None, named)]
