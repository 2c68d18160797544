"""Whether an extract can be used: absent, present, or incomplete, and why in the words for its office.

Belongs here: the one rule by which too many refused rows make an extract incomplete, as a refused
file does. Does not belong here: which rows are refused (judge.py), what depends on it (sql/indicatori).

A row that only repeats one accepted elsewhere (`duplicato`), or a total (`riga_di_totale`), is in
quarantine and yet no data is missing for it: neither counts, on either side. A month delivered a
second time is wholly in quarantine and takes nothing away from the figure.
"""

from typing import Literal

import polars as pl

from pipelines.contract.estratti import PER_CODICE
from pipelines.contract.rimedi import remedy
from pipelines.extracts.cells import FILE, RIGA
from pipelines.testo import shown

Stato = Literal["PRESENTE", "ASSENTE", "INCOMPLETO"]

NON_MANCANO = ("duplicato", "riga_di_totale")
"""Rules whose rows are no missing data."""

MINIMO = 3
"""Refused rows below which an extract stands, however few it has."""

_DETTI = 3
"""Files told one by one; of the others, how many."""

_CITATI = 60
"""Characters of a value that are quoted."""


def state_of(lines: pl.DataFrame, scarti: pl.LazyFrame) -> tuple[Stato, str | None]:
    """The state of an extract and, where it is incomplete, why.

    `lines` has a row per file of the extract (ingest.FILE_SCHEMA), `scarti` is its quarantine.
    Incomplete is an extract with a refused file, and one of which, in a part or in all the parts
    together, at least half of the rows and at least three are refused.
    """
    if lines.is_empty():
        return "ASSENTE", None
    refusals = lines.filter(pl.col("esito") == "RIFIUTATO").select(FILE, "motivo").iter_rows()
    reasons = [f"Il file {file} è rifiutato: {motivo}" for file, motivo in refusals]
    # Most extracts have hardly a row in quarantine: theirs is not opened.
    if lines["righe_scartate"].sum() >= MINIMO:
        reasons += _refused_rows(lines, scarti.collect())
    return ("INCOMPLETO", " ".join(reasons)) if reasons else ("PRESENTE", None)


def _refused_rows(lines: pl.DataFrame, scarti: pl.DataFrame) -> list[str]:
    """A sentence for each part of which too much is refused, or one for all of them together."""
    wrong = scarti.filter(~pl.col("regola").is_in(NON_MANCANO))
    parts = lines.select(FILE, accettate="righe_accettate").join(
        wrong.group_by(FILE).agg(pl.col(RIGA).n_unique().cast(pl.Int64).alias("rifiutate")),
        on=FILE,
        how="left",
        maintain_order="left",
    )
    parts = parts.with_columns(pl.col("rifiutate").fill_null(0))
    bad = parts.filter(_too_many(pl.col("rifiutate"), pl.col("accettate")))
    if not bad.is_empty():
        told = [
            f"{_count(refused, accepted)}: {file}, {_commonest(wrong.filter(pl.col(FILE) == file))}."
            for file, accepted, refused in bad.head(_DETTI).iter_rows()
        ]
        others = len(bad) - _DETTI
        return told + ([f"Così altri {others} file."] if others > 0 else [])
    accepted, refused = int(parts["accettate"].sum()), int(parts["rifiutate"].sum())
    if not pl.select(_too_many(pl.lit(refused), pl.lit(accepted))).item():
        return []
    files = parts.filter(pl.col("rifiutate") > 0)[FILE].to_list()
    names = ", ".join(files[:_DETTI]) + (" e altri" if len(files) > _DETTI else "")
    return [f"{_count(refused, accepted)}: {names}, {_commonest(wrong)}."]


def _too_many(refused: pl.Expr, accepted: pl.Expr) -> pl.Expr:
    return (refused >= MINIMO) & (refused >= accepted)


def _count(refused: int, accepted: int) -> str:
    return f"{refused} righe su {refused + accepted} rifiutate"


def _commonest(wrong: pl.DataFrame) -> str:
    """The rule and column that most rows break, the first value that does, and what to do."""
    by_rule = wrong.group_by("regola", "colonna").agg(pl.struct(FILE, RIGA).n_unique().alias("n"))
    regola, colonna, count = by_rule.sort(
        "n", "regola", "colonna", descending=[True, False, False], nulls_last=True
    ).row(0)
    same = (pl.col("regola") == regola) & pl.col("colonna").eq_missing(pl.lit(colonna))
    estratto, row, value = (
        wrong.filter(same).sort(FILE, RIGA).select("estratto", RIGA, "valore").row(0)
    )
    where = f" nella colonna {colonna}" if colonna else ""
    quoted = f" «{shown(str(value))[:_CITATI]}»" if value is not None else ""
    return (
        f"soprattutto per la regola {regola}{where} ({count} righe, ad esempio riga {row}{quoted});"
        f" {remedy(regola, PER_CODICE[estratto], colonna)}; poi consegnare di nuovo il file"
    )
