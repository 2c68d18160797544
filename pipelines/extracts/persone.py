"""Where people stand in a file, though no column says so, and what may be shown of a file about them.

Belongs here: the form of a fiscal code, values of the personal column in other columns, headings that
changed places with it, which texts tell nothing of a person. Does not belong here: what becomes of
those rows (judge.py), pseudonyms (pseudonyms.py).

Only the file itself is asked: no list of people is kept to compare with.
"""

import functools
import re

import polars as pl

from pipelines.contract.schema import Colonna, Estratto

MASKED = "***"

_CIFRA = "[0-9LMNPQRSTUV]"  # where two people would have one code, letters stand for digits
CODICE_FISCALE = (
    r"(?i)(?:^|[^\p{L}0-9])[A-Z]{3} ?[A-Z]{3} ?"
    rf"{_CIFRA}{{2}}[ABCDEHLMPRST][0-7LMNPQRST]{_CIFRA} ?[A-Z]{_CIFRA}{{3}} ?[A-Z](?:$|[^\p{{L}}0-9])"
)
"""Whole or in its four groups, in any text; Rust's and Python's spelling but for `\\p{L}`."""
_CODICE_FISCALE = re.compile(CODICE_FISCALE.replace(r"\p{L}", "A-Za-zÀ-ÿ"))
_LUNGHEZZA = 16

_NUMERO = r"^-?[0-9]{1,3}(?:[.,][0-9]{1,6})*$"
"""A number that no matricola is: four digits in a row may be one."""
_DATA = (
    r"^(?:[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:[0-9]{2}|[0-9]{4}))"
    r"(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)?$"
)
_PROCESSO = r"(?i)^[A-Z]{1,2}[0-9]{0,2}(?:\.[0-9]{1,2}){1,4}$"
"""A code of the map of processes: `C2.7.2`."""
_PROCESSI = "codice_processo"
_SIGLA = r"^[^\s,]*[0-9][^\s,]*$"
"""One word with a digit in it, as a matricola is and prose is not."""


def holds_people(estratto: Estratto) -> bool:
    return any(c.personale for c in estratto.colonne)


def _as_code(texts: pl.Expr) -> pl.Expr:
    return texts.str.to_uppercase().str.replace_all(" ", "_", literal=True)


def without_fiscal_code(text: str) -> str:
    """A text from outside, unless a person's code stands in it."""
    return MASKED if len(text) >= _LUNGHEZZA and _CODICE_FISCALE.search(text) else text


@functools.cache
def _codes(estratto: Estratto) -> frozenset[str]:
    return frozenset(code for c in estratto.colonne for code in c.codici)


def tells_nobody(texts: pl.Series, estratto: Estratto) -> pl.Series:
    """Which texts of an extract may be repeated where people read them.

    In one that holds personal data: codes of its closed lists, dates, short numbers, and nothing. In any
    other: all but those with a fiscal code in them.
    """
    text = pl.lit(texts)
    if holds_people(estratto):
        told = _as_code(text).is_in(_codes(estratto))
        told |= text.str.contains(_NUMERO) | text.str.contains(_DATA) | (text == "")
    else:
        told = ~text.str.contains(CODICE_FISCALE)
    return pl.select(told.fill_null(True)).to_series()


# --- out of place ---------------------------------------------------------------------------------


def out_of_place(texts: pl.DataFrame, estratto: Estratto) -> dict[str, pl.Series]:
    """By column, which rows have there what is a person's; only columns where some row has.

    `texts` has the trimmed text of each column of the extract.
    """
    others = [c for c in estratto.colonne if not c.personale]
    longest = texts.select(pl.all().str.len_bytes().max()).row(0, named=True)
    found = {
        c.nome: texts[c.nome].str.contains(CODICE_FISCALE).fill_null(False)
        if (longest[c.nome] or 0) >= _LUNGHEZZA  # in most columns of a million rows no text is
        else _nowhere(texts[c.nome])
        for c in others
    }
    for personale in (c for c in estratto.colonne if c.personale):
        people = texts[personale.nome]
        names = people.drop_nulls().str.to_lowercase().unique().sort()
        known = _certain(names)
        for c in others:
            found[c.nome] |= _as_people(texts[c.nome], names, known, c)
            if _changed_places(texts[c.nome], people, c):
                found[c.nome] |= texts[c.nome].is_not_null() | people.is_not_null()
    return {nome: rows for nome, rows in found.items() if rows.any()}


def _nowhere(texts: pl.Series) -> pl.Series:
    return pl.Series([False]).new_from_index(0, len(texts))


_QUOTA_DELLA_FORMA = 0.25
"""Share of the people of a file whose matricola has a form, from which on it is the form of one."""
_CIFRE = 3
"""Digits that a matricola has at least, where its form alone tells it."""
_PAROLA = re.compile(r"[^\W_][\w/-]{3,}[^\W_]")
"""Within a longer text shorter words are not looked at: a year would be somebody's matricola."""


def _certain(names: pl.Series) -> pl.Series:
    """Those of the personal column that are somebody's: a value that has no fellow of its form (`M00123`:
    letters, digits) is nobody's for certain."""
    forms = names.str.replace_all(r"\p{L}+", "A").str.replace_all("[0-9]+", "9")
    usual = forms.value_counts(name="volte").filter(
        pl.col("volte") >= _QUOTA_DELLA_FORMA * len(names)
    )
    return names.filter(
        forms.is_in(usual[forms.name].implode()) & (names.str.len_chars() >= _CIFRE)
    )


def _as_people(texts: pl.Series, names: pl.Series, some: pl.Series, colonna: Colonna) -> pl.Series:
    """Rows whose text is one of `some` names, has one as a word, or has the form of most of the names."""
    if some.is_empty():
        return _nowhere(texts)
    if colonna.tipo != "testo":  # small numbers are anybody's
        some = some.filter(~(some.str.contains(_NUMERO) | some.str.contains(_DATA)))
    lower = texts.str.to_lowercase()
    found = lower.is_in(some.implode())
    found |= _among_words(lower, some.filter(some.str.contains("[0-9]")))
    if colonna.codici:  # a code of the list is what belongs there, whoever bears its letters
        found &= ~pl.select(_as_code(pl.lit(texts)).is_in(colonna.codici)).to_series()
    elif colonna.tipo == "testo":
        found |= _of_their_form(lower, names)
    return found.fill_null(False)


def _among_words(texts: pl.Series, names: pl.Series) -> pl.Series:
    """Rows of which one word is a name. Few hold one at all, as letters among others."""
    if names.is_empty():
        return _nowhere(texts)
    known = set(names)
    maybe = texts.str.contains_any(names.implode()).fill_null(False)
    rows = [place for place in maybe.arg_true() if known & set(_PAROLA.findall(texts[place]))]
    return _nowhere(texts).scatter(rows, True)


def _of_their_form(texts: pl.Series, names: pl.Series) -> pl.Series:
    """Rows with the letters and as many digits as more than half of the people: few in their column."""
    form, count = names.str.replace_all("[0-9]", "9").value_counts(sort=True, name="volte").row(0)
    if 2 * count <= len(names) or form.count("9") < _CIFRE or not form.strip("9"):
        return _nowhere(texts)
    found = (texts.str.replace_all("[0-9]", "9") == form).fill_null(False)
    return found if 4 * int(found.sum()) < texts.count() else _nowhere(texts)


def _changed_places(texts: pl.Series, people: pl.Series, colonna: Colonna) -> bool:
    """Whether most of the personal column is what another should be, and most of that is not.

    A number or a prose may be a matricola: there the other must look like one, too.
    """
    own, theirs = texts.drop_nulls(), people.drop_nulls()
    if own.is_empty() or theirs.is_empty():
        return False
    foreign = ~_conforms(own, colonna)
    if (
        colonna.nome != _PROCESSI
        and not colonna.codici
        and colonna.tipo not in ("data", "data_ora")
    ):
        foreign &= own.str.contains(_SIGLA)
    return bool(
        2 * int(foreign.sum()) > len(own)
        and 2 * int(_conforms(theirs, colonna).sum()) >= len(theirs)
    )


def _conforms(texts: pl.Series, colonna: Colonna) -> pl.Series:
    """Which texts look like those of a column, whatever its limits."""
    text = pl.lit(texts)
    if colonna.codici:
        looks = _as_code(text).is_in(colonna.codici)
    elif colonna.tipo in ("data", "data_ora"):
        looks = text.str.contains(_DATA)
    elif colonna.tipo in ("intero", "decimale", "importo"):
        looks = text.str.contains(_NUMERO)
    elif colonna.nome == _PROCESSI:
        looks = text.str.contains(_PROCESSO)
    else:
        looks = ~text.str.contains(_SIGLA)
    return pl.select(looks).to_series()
