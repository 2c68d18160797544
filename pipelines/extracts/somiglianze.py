"""What is there twice under two spellings: keys of an extract that are alike, parts that overlap.

Belongs here: what is left of a key once its spelling is taken away (`root`), and the comparison of
the rows of an extract by it. Does not belong here: equal keys (judge.py). A personal column comes as
pseudonyms of the value and of its root, and is never quoted.
"""

import re

import polars as pl

from pipelines.contract.schema import Colonna, Estratto
from pipelines.extracts.cells import FILE, RIGA
from pipelines.extracts.persone import MASKED

RADICI_SCHEMA = {"colonna": pl.String, "valore": pl.String, "radice": pl.String}
"""Of each pseudonym of a personal column, the pseudonym of its root."""

TROVATI_SCHEMA = {
    FILE: pl.String,
    "segnale": pl.String,
    "colonna": pl.String,
    "casi": pl.Int64,
    RIGA: pl.Int64,
    "esempio": pl.String,
}
SOSPETTI_SCHEMA = {FILE: pl.String, RIGA: pl.Int64, "segnale": pl.String}

_LETTERA = "ø"
"""Stands for a letter that an encoding may have spoilt; no Italian key has it."""
_GUASTO = r"[?\x{FFFD}]|[^\x00-\x7FÀÁÈÉÌÍÎÒÓÔÙÚÜÇÑÄÖàáèéìíîòóôùúüçñäö°ª’‘“”«»–—€§]"
"""A mark of damage: `?` or U+FFFD in place of a letter, or letters that Italian has not (`Ã€`)."""


_SENZA_ZERI = r"^[A-Z]*(?:0|[1-9][0-9]*)(?:{}(?:0|[1-9][0-9]*))*$"
"""Numbers without leading zeros, always parted by the same mark, capitals at most before them."""
_PROVA = 1000
"""Texts that are looked at before all of them are."""


def _tell_apart(texts: pl.Series) -> bool:
    """Whether texts that differ have roots that do, as most protocols are written: each has its digits
    where the first has them (`2020/0000001`), or none has zeros to lose."""
    first = next(iter(texts.drop_nulls().head(1)), "")
    same = re.sub("[0-9]+", lambda digits: f"[0-9]{{{len(digits[0])}}}", re.escape(first))
    forms = [f"^{same}$"] * first.isascii() + [_SENZA_ZERI.format(m) for m in ("/", "-", r"\.")]
    return any(
        texts.head(_PROVA).str.contains(form).all() and texts.str.contains(form).all()
        for form in forms
    )


def root(texts: pl.Series) -> pl.Series:
    """Texts without case, accents, leading zeros of their numbers, spaces and punctuation.

    What parts two numbers still parts them: `1.1` is not `11`, and `2020/1` is `2020-01`.
    """
    bare = texts.str.to_lowercase()
    if not _ascii(texts):
        bare = bare.str.normalize("NFKD").str.replace_all(r"\p{M}", "")
    return _plain(bare)


def _plain(texts: pl.Series) -> pl.Series:
    """Each step only where some text needs it: half a million keys pass here every time they change."""
    bare = texts.str.replace_all(r"[^\p{L}0-9]+", ".").str.strip_chars(".")
    if bare.str.contains(r"\p{L}").any():
        bare = bare.str.replace_all(r"(\p{L})\.", "$1").str.replace_all(r"\.(\p{L})", "$1")
        bare = bare.str.replace_all(r"(\p{L})0+([0-9])", "$1$2")
    bare = bare.str.replace_all(r"\b0+\B", "")
    return bare.zip_with((bare != "").fill_null(True), texts)


def _ascii(texts: pl.Series) -> bool:
    return bool((texts.str.len_bytes() == texts.str.len_chars()).all())


def damaged_root(texts: pl.Series) -> pl.Series:
    """The same for texts that may be damaged: every letter that may have had an accent is one letter."""
    spoilt = texts.str.normalize("NFC").str.to_lowercase()
    spoilt = spoilt.str.replace_all(r"(?:[^\x00-\x7F]|\?)+", _LETTERA)
    final = rf"[aeiou{_LETTERA}]['`]?($|[^\p{{L}}'`])"
    return _plain(spoilt.str.replace_all(final, f"{_LETTERA}$1"))


def _spelt(colonna: Colonna) -> bool:
    """Whether a column holds text as it was written: not a code of a list, nor a number or a day."""
    return colonna.tipo == "testo" and not colonna.codici and not colonna.personale


def _names(estratto: Estratto) -> list[str]:
    """The columns that say which row is which: the key, or all of them."""
    key = [*estratto.chiave, *filter(None, [estratto.chiave_anno_di])]
    return key or [c.nome for c in estratto.colonne]


def identity(righe: pl.DataFrame, estratto: Estratto) -> pl.DataFrame:
    """The columns that say which row is which, as they are; of a date in the key, its year."""
    names = _names(estratto)
    year = estratto.chiave_anno_di
    return righe.select(pl.col(n).dt.year() if n == year else pl.col(n) for n in names)


def roots(key: pl.DataFrame, estratto: Estratto) -> pl.DataFrame:
    """The same with each text as its root, or as it is where that tells as much; people stay as they are."""
    texts = [name for name in key.columns if _spelt(estratto.colonna(name))]
    return key.with_columns(root(key[n]).alias(n) for n in texts if not _tell_apart(key[n]))


def _people(key: pl.DataFrame, estratto: Estratto, radici: pl.DataFrame) -> pl.DataFrame:
    """The personal columns, each pseudonym as that of its root."""
    personal = [name for name in key.columns if estratto.colonna(name).personale]
    known = {name: radici.filter(pl.col("colonna") == name) for name in personal}
    return key.select(pl.col(n).replace(known[n]["valore"], known[n]["radice"]) for n in personal)


def keys_alike(
    righe: pl.DataFrame, estratto: Estratto, bare: pl.DataFrame, radici: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`chiavi_somiglianti`: of keys that are alike, all but the first (a damaged one is never the first).

    `righe` are the rows of all the parts before keys are judged, `bare` their `roots`. A person is
    looked for under any other key; what else is alike must be so within equal other columns of the
    key. Returns signals and suspect rows.
    """
    found, suspects = [pl.DataFrame(schema=TROVATI_SCHEMA)], [pl.DataFrame(schema=SOSPETTI_SCHEMA)]

    def tell(alike: pl.DataFrame, told: list[str]) -> None:
        found.append(_told(alike, "chiavi_somiglianti", ", ".join(told)))
        suspects.append(_suspects(alike, "chiavi_somiglianti"))

    key = identity(righe, estratto)
    texts = [name for name in key.columns if _spelt(estratto.colonna(name))]
    people = _people(key, estratto, radici)
    damaged = _damaged(key, texts)
    if people.columns and _fewer(people, key.select(people.columns)):
        some = people.is_duplicated()
        own = key.select(people.columns)
        tell(_alike(righe, own, people, some, damaged, pl.lit(MASKED)), people.columns)
    if texts:
        shown = pl.concat_str(texts, separator=", ")
        alike = []
        if _fewer(bare, key):
            alike.append(_alike(righe, key, bare, bare.is_duplicated(), damaged, shown))
        if damaged.any():
            spoilt = bare.with_columns(damaged_root(key[name]).alias(name) for name in texts)
            as_one = spoilt.hash_rows()
            some = as_one.is_in(as_one.filter(damaged).implode())
            alike.append(_alike(righe, key, spoilt, some, damaged, shown))
        if alike:
            tell(pl.concat(alike).unique([FILE, RIGA], keep="first", maintain_order=True), texts)
    return pl.concat(found), pl.concat(suspects)


def _fewer(bare: pl.DataFrame, key: pl.DataFrame) -> bool:
    """Whether some different keys have one root: counting is much cheaper than finding them."""
    return not bare.equals(key) and bare.hash_rows().n_unique() < key.hash_rows().n_unique()


def _damaged(key: pl.DataFrame, texts: list[str]) -> pl.Series:
    """Which rows have a key with marks of damage."""
    found = pl.repeat(False, len(key), dtype=pl.Boolean, eager=True)
    for name in texts:
        if not _ascii(key[name]) or key[name].str.contains("?", literal=True).any():
            found |= key[name].str.normalize("NFC").str.contains(_GUASTO).fill_null(False)
    return found


def _alike(
    righe: pl.DataFrame,
    key: pl.DataFrame,
    bare: pl.DataFrame,
    some: pl.Series,
    damaged: pl.Series,
    shown: pl.Expr,
) -> pl.DataFrame:
    """`_file`, `_riga`, `chiave`, `esempio` of those of `some` whose key is not the first of its root."""
    first = pl.col("chiave", "mostrata").first().over("radice").name.suffix("_prima")
    return (
        righe.filter(some)
        .select(FILE, RIGA, shown.alias("mostrata"))
        .with_columns(
            key.filter(some).select(pl.struct(pl.all())).to_series().alias("chiave"),
            bare.filter(some).select(pl.struct(pl.all())).to_series().alias("radice"),
            damaged.filter(some).alias("guasta"),
        )
        .sort("guasta", FILE, RIGA)
        .with_columns(first)
        .filter(pl.col("chiave") != pl.col("chiave_prima"))
        .select(
            FILE,
            RIGA,
            "chiave",
            pl.format("«{}» e «{}»", "mostrata", "mostrata_prima").alias("esempio"),
        )
    )


def parts_overlapping(
    righe: pl.DataFrame, estratto: Estratto, bare: pl.DataFrame, radici: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`parti_sovrapposte`: two parts that share at least half of the rows of the smaller.

    Rows are the same by the root of their key; in an extract without one, by every column. The signal
    is the later part's, in the order of `_file` as bytes, and its `esempio` is the other's name.
    Returns signals and suspect rows, those of the later part.
    """
    same = bare.with_columns(_people(bare, estratto, radici)).hash_rows().alias("uguale")
    sizes = righe.group_by(FILE).len("righe")
    if len(sizes) < 2 or same.n_unique() == len(same):
        return pl.DataFrame(schema=TROVATI_SCHEMA), pl.DataFrame(schema=SOSPETTI_SCHEMA)
    rows = righe.select(FILE, RIGA, same).filter(same.is_duplicated())
    rows = rows.with_columns(pl.int_range(pl.len()).over(FILE, "uguale").alias("volta"))
    shared = rows.join(rows, on=["uguale", "volta"], suffix="_altra").filter(
        pl.col("_file_altra") < pl.col(FILE)
    )
    pairs = (
        shared.group_by(FILE, "_file_altra")
        .agg(pl.len().cast(pl.Int64).alias("casi"), pl.col(RIGA).min())
        .join(sizes, on=FILE)
        .join(sizes, left_on="_file_altra", right_on=FILE, suffix="_altra")
        .filter(2 * pl.col("casi") >= pl.min_horizontal("righe", "righe_altra"))
        .sort(FILE, "_file_altra")
    )
    told = pairs.select(
        FILE,
        pl.lit("parti_sovrapposte").alias("segnale"),
        pl.lit(None, pl.String).alias("colonna"),
        "casi",
        RIGA,
        pl.col("_file_altra").alias("esempio"),
    )
    return told, _suspects(
        shared.join(pairs, on=[FILE, "_file_altra"], how="semi"), "parti_sovrapposte"
    )


def _suspects(rows: pl.DataFrame, segnale: str) -> pl.DataFrame:
    return rows.select(FILE, RIGA, pl.lit(segnale).alias("segnale")).unique(maintain_order=True)


def _told(alike: pl.DataFrame, segnale: str, colonna: str) -> pl.DataFrame:
    """A signal for each file: how many keys, and the first of them."""
    return (
        alike.sort(FILE, RIGA)
        .group_by(FILE, maintain_order=True)
        .agg(
            pl.lit(segnale).alias("segnale"),
            pl.lit(colonna).alias("colonna"),
            pl.col("chiave").n_unique().cast(pl.Int64).alias("casi"),
            pl.col(RIGA).first(),
            pl.col("esempio").first(),
        )
        .select(TROVATI_SCHEMA.keys())
    )
