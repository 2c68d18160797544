"""What is there twice under two spellings: keys of an extract that are alike, parts that overlap.

Belongs here: what is left of a key once its spelling is taken away (`root`), and the comparison of
the rows of an extract by it. Does not belong here: equal keys (judge.py). A personal column comes as
pseudonyms of the value and of its root, and is never quoted.
"""

import polars as pl

from pipelines.extracts.cells import RIGA
from pipelines.extracts.contract import Colonna, Estratto
from pipelines.extracts.judge import FILE, MASKED

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


def root(text: pl.Expr) -> pl.Expr:
    """A text without case, accents, leading zeros of its numbers, spaces and punctuation.

    What parts two numbers still parts them: `1.1` is not `11`, and `2020/1` is `2020-01`.
    """
    bare = text.str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_lowercase()
    return _plain(bare)


def _plain(text: pl.Expr) -> pl.Expr:
    bare = (
        text.str.replace_all(r"[^\p{L}0-9]+", ".")
        .str.replace_all(r"^\.|\.$|(\p{L})\.", "$1")
        .str.replace_all(r"\.(\p{L})", "$1")
        .str.replace_all(r"(^|[^0-9])0+([0-9])", "$1$2")
    )
    return pl.when(bare != "").then(bare).otherwise(text)


def damaged_root(text: pl.Expr) -> pl.Expr:
    """The same for a text that may be damaged: every letter that may have had an accent is one letter."""
    spoilt = (
        text.str.normalize("NFC")
        .str.to_lowercase()
        .str.replace_all(r"(?:[^\x00-\x7F]|\?)+", _LETTERA)
        .str.replace_all(rf"[aeiou{_LETTERA}]['`]?($|[^\p{{L}}'`])", f"{_LETTERA}$1")
    )
    return _plain(spoilt)


def _spelt(colonna: Colonna) -> bool:
    """Whether a column holds text as it was written: not a code of a list, nor a number or a day."""
    return colonna.tipo == "testo" and not colonna.codici and not colonna.personale


def _roots(
    righe: pl.DataFrame, estratto: Estratto, names: list[str], radici: pl.DataFrame
) -> pl.DataFrame:
    """The columns, each text as its root; a pseudonym as that of its root, where it is known."""
    columns = []
    for name in names:
        colonna = estratto.colonna(name)
        if _spelt(colonna):
            columns.append(root(pl.col(name)).alias(name))
        elif colonna.personale and estratto.chiave:
            own = radici.filter(pl.col("colonna") == name)
            columns.append(pl.col(name).replace(own["valore"], own["radice"]))
        elif name == estratto.chiave_anno_di:
            columns.append(pl.col(name).dt.year())
        else:
            columns.append(pl.col(name))
    return righe.select(columns)


def _key_names(estratto: Estratto) -> list[str]:
    return [*estratto.chiave, *filter(None, [estratto.chiave_anno_di])]


def keys_alike(
    righe: pl.DataFrame, estratto: Estratto, radici: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`chiavi_somiglianti`: of keys that are alike, all but the first (a damaged one is never the first).

    `righe` are the rows of all the parts before keys are judged. A person is looked for under any
    other key; what else is alike must be so within equal other columns of the key. Returns signals and
    suspect rows.
    """
    found, suspects = [pl.DataFrame(schema=TROVATI_SCHEMA)], [pl.DataFrame(schema=SOSPETTI_SCHEMA)]
    names = _key_names(estratto)
    texts = [name for name in names if _spelt(estratto.colonna(name))]
    people = [name for name in names if estratto.colonna(name).personale]
    looked_at = [(people, people)] if people else []
    looked_at += [(names, texts)] if texts else []
    damaged = _damaged(righe, texts)
    for key, told in looked_at:
        masked = key == people
        plain = _roots(righe, estratto, key, radici if masked else radici.clear())
        alike = _alike(righe, plain, plain.is_duplicated(), damaged, key, told, masked)
        if not masked and damaged.any():
            spoilt = righe.select(
                damaged_root(pl.col(n)).alias(n) if n in texts else plain[n] for n in key
            )
            as_one = spoilt.select(pl.struct(pl.all())).to_series()
            some = as_one.is_in(as_one.filter(damaged).implode())
            more = _alike(righe, spoilt, some, damaged, key, told, masked)
            alike = pl.concat([alike, more]).unique([FILE, RIGA], keep="first", maintain_order=True)
        found.append(_told(alike, "chiavi_somiglianti", ", ".join(told)))
        suspects.append(_suspects(alike, "chiavi_somiglianti"))
    return pl.concat(found), pl.concat(suspects)


def _damaged(righe: pl.DataFrame, texts: list[str]) -> pl.Series:
    marks = [pl.col(name).str.normalize("NFC").str.contains(_GUASTO) for name in texts]
    never = pl.repeat(False, len(righe), dtype=pl.Boolean)
    return righe.select(pl.any_horizontal(never, *marks).fill_null(False)).to_series()


def _alike(
    righe: pl.DataFrame,
    roots: pl.DataFrame,
    some: pl.Series,
    damaged: pl.Series,
    key: list[str],
    told: list[str],
    masked: bool,
) -> pl.DataFrame:
    """`_file`, `_riga`, `chiave`, `esempio` of those of `some` whose key is not the first of its root."""
    shown = pl.lit(MASKED) if masked else pl.concat_str(pl.col(told), separator=", ")
    rows = righe.filter(some).select(
        FILE, RIGA, pl.struct(key).alias("chiave"), shown.alias("mostrata")
    )
    first = pl.col("chiave", "mostrata").first().over("radice").name.suffix("_prima")
    return (
        rows.with_columns(
            roots.filter(some).select(pl.struct(pl.all())).to_series().alias("radice"),
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
    righe: pl.DataFrame, estratto: Estratto, radici: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`parti_sovrapposte`: two parts that share at least half of the rows of the smaller.

    Rows are the same by the root of their key; in an extract without one, by every column. The signal
    is the later part's, in the order of `_file` as bytes, and its `esempio` is the other's name.
    Returns signals and suspect rows, those of the later part.
    """
    sizes = righe.group_by(FILE).len("righe")
    none = pl.DataFrame(schema=TROVATI_SCHEMA), pl.DataFrame(schema=SOSPETTI_SCHEMA)
    if len(sizes) < 2:
        return none
    names = _key_names(estratto) or [c.nome for c in estratto.colonne]
    same = _roots(righe, estratto, names, radici).hash_rows().alias("uguale")
    rows = righe.select(FILE, RIGA).with_columns(same)
    rows = rows.with_columns(pl.int_range(pl.len()).over(FILE, "uguale").alias("volta"))
    rows = rows.filter(pl.struct("uguale", "volta").is_duplicated())
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
