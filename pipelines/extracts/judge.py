"""The contract's rules as pandera schemas: pandera judges, and what it refuses is quarantined.

Belongs here: one schema per stage, generated from an extract's declaration, and the quarantine rows
that their failures make. Does not belong here: reading (cells.py, values.py). Rows pass the stages
in order and a later rule sees only rows that passed the earlier ones.
"""

import functools
from collections.abc import Callable, Iterator

import pandera.polars as pa
import polars as pl

from pipelines.contract.schema import Colonna, Estratto
from pipelines.extracts.cells import (
    CAMPI,
    FILE,
    RIGA,
    STRAY_QUOTES,
    TESTI,
    UNREADABLE,
    text_of,
)
from pipelines.extracts.persone import MASKED, holds_people, out_of_place, tells_nobody
from pipelines.extracts.totali import say_total
from pipelines.extracts.values import POLARS_TYPE, first_reading, other_readings
from pipelines.extracts.verdetti import Regole, Verdetto, broken, check, failures_of, rules

SCARTI_SCHEMA = {
    RIGA: pl.Int64(),
    "colonna": pl.String(),
    "regola": pl.String(),
    "valore": pl.String(),
}


def _quarantine(
    frame: pl.DataFrame,
    failures: pl.DataFrame,
    valore: Callable[[pl.DataFrame, str], pl.Series],
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows that failed nothing, and one quarantine line per row, column and rule that failed.

    `failures` has `index`, `colonna`, `regola`; `valore` gives the offending values of a column.
    """
    if failures.is_empty():
        return frame, pl.DataFrame(schema=SCARTI_SCHEMA)
    parts = []
    for (colonna,), group in failures.group_by(["colonna"]):
        rows = frame[group["index"].to_list()]
        parts.append(
            pl.DataFrame(
                {
                    RIGA: rows[RIGA],
                    "colonna": group["colonna"],
                    "regola": group["regola"],
                    "valore": valore(rows, str(colonna)),
                },
                schema=SCARTI_SCHEMA,
            )
        )
    return _without(frame, failures["index"]), pl.concat(parts).sort(RIGA, "colonna", "regola")


def _without(frame: pl.DataFrame, places: pl.Series) -> pl.DataFrame:
    """The rows but those at some places."""
    return (
        frame.with_row_index("posto").filter(~pl.col("posto").is_in(places.to_list())).drop("posto")
    )


# --- stage 1: the number of fields --------------------------------------------------------------

_FIELDS = rules(
    {RIGA: pl.Int64(), CAMPI: pl.Int64()}, [("numero_campi", CAMPI, pl.col(CAMPI).is_null())]
)


def judge_fields(cells: pl.DataFrame, campi: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows with as many fields as the header, and the others as `numero_campi`.

    The quarantine says how many fields there were, never what they held: a shifted row can hold
    anything, names included.
    """
    if cells[CAMPI].null_count() == len(cells):  # the common case, at a hundredth of the cost
        return cells.drop(CAMPI), pl.DataFrame(schema=SCARTI_SCHEMA)
    failures = broken(_FIELDS, cells.select(RIGA, CAMPI)).select(
        "index", pl.lit(None, pl.String).alias("colonna"), pl.col("check").alias("regola")
    )
    good, scarti = _quarantine(
        cells,
        failures,
        lambda rows, _: pl.select(
            pl.when(rows[CAMPI] == STRAY_QUOTES)
            .then(
                pl.lit("virgolette fuori posto: toglierle, o raddoppiarle dentro un testo citato")
            )
            .otherwise(pl.format("{} campi, attesi {}", rows[CAMPI], campi))
        ).to_series(),
    )
    return good.drop(CAMPI), scarti


# --- stage 2: rows that are no data, then each value by itself ----------------------------------


def type_cells(cells: pl.DataFrame, estratto: Estratto) -> pl.DataFrame:
    """Typed columns, each beside its text; a column absent from the file is missing everywhere."""
    text = cells.with_columns(
        pl.lit(None, pl.String).alias(c.nome)
        for c in estratto.colonne
        if c.nome not in cells.columns
    )
    values = text.lazy().select(
        first_reading(c, _readable(pl.col(c.nome))).alias(c.nome) for c in estratto.colonne
    )
    typed = values.collect(engine="streaming")
    return typed.select(
        text[RIGA],
        *(other_readings(c, text[c.nome], typed[c.nome]) for c in estratto.colonne),
        text.select(pl.struct(c.nome for c in estratto.colonne).alias(TESTI)).to_series(),
    )


def _readable(text: pl.Expr) -> pl.Expr:
    """The text of a cell, but for one that holds no value of any type."""
    return pl.when(~text.str.starts_with(UNREADABLE)).then(text)


def _verdicts(colonna: Colonna) -> Iterator[Verdetto]:
    value, text = pl.col(colonna.nome), text_of(colonna.nome)
    yield "tipo", colonna.nome, value.is_not_null() | text.is_null()
    if colonna.obbligatoria:
        yield "obbligatorio", colonna.nome, text.is_not_null()
    if colonna.codici:
        yield "codice", colonna.nome, value.is_in(colonna.codici)
    if colonna.forma:
        yield "intervallo", colonna.nome, value.str.contains(f"^{colonna.forma}$")
    if (bounds := colonna.intervallo) is not None:
        inside = pl.lit(True)
        if bounds.minimo is not None:
            inside &= value > bounds.minimo if bounds.minimo_escluso else value >= bounds.minimo
        if bounds.massimo is not None:
            inside &= value <= bounds.massimo
        yield "intervallo", colonna.nome, inside


def _types(estratto: Estratto) -> dict[str, pl.DataType]:
    return {RIGA: pl.Int64(), **{c.nome: POLARS_TYPE[c.tipo] for c in estratto.colonne}}


@functools.cache
def _value_rules(estratto: Estratto) -> Regole:
    texts = pl.Struct({c.nome: pl.String() for c in estratto.colonne})
    return rules(
        {**_types(estratto), TESTI: texts},
        (verdict for c in estratto.colonne for verdict in _verdicts(c)),
    )


def _masked(estratto: Estratto, columns: list[str]) -> bool:
    return any(c.personale for c in estratto.colonne if c.nome in columns)


def _offending(estratto: Estratto, rows: pl.DataFrame, colonna: str) -> pl.Series:
    """What stands in a column, masked where it is personal or may be a person's."""
    text = rows.select(text_of(colonna).str.strip_prefix(UNREADABLE)).to_series()
    if _masked(estratto, [colonna]):
        return pl.select(pl.when(text.is_not_null()).then(pl.lit(MASKED))).to_series()
    return text.set(~tells_nobody(text, estratto), MASKED)


def judge_totals(frame: pl.DataFrame, estratto: Estratto) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows whose key says what they are; those whose key says total are the sum of others, and no data.

    In an extract without a key, any text of the row may say it.
    """
    names = estratto.chiave or tuple(c.nome for c in estratto.colonne if c.tipo == "testo")
    texts = {name: frame.select(text_of(name)).to_series() for name in names}
    words = {name: found for name, text in texts.items() if (found := say_total(text))}
    if not words:
        return frame, pl.DataFrame(schema=SCARTI_SCHEMA)
    schema = pa.DataFrameSchema(
        {
            name: pa.Column(
                pl.String,
                nullable=True,
                checks=[check("riga_di_totale", name, ~pl.col(name).is_in(found))],
            )
            for name, found in words.items()
        }
    )
    failures = failures_of(schema, pl.DataFrame({name: texts[name] for name in words})).select(
        "index", pl.col("column").alias("colonna"), pl.col("check").alias("regola")
    )
    return _quarantine(frame, failures, functools.partial(_offending, estratto))


def judge_people(frame: pl.DataFrame, estratto: Estratto) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows in which nobody stands but in the personal column; the others are masked whole."""
    texts = frame.select(text_of(c.nome).alias(c.nome) for c in estratto.colonne)
    if holds_people(estratto):
        texts = texts.with_columns(pl.all().str.strip_prefix(UNREADABLE))
    else:  # what was read as a day or a number has no fiscal code in it
        texts = texts.with_columns(
            pl.when(frame[c.nome].is_null()).then(c.nome).alias(c.nome)
            for c in estratto.colonne
            if c.tipo != "testo"
        )
    found = out_of_place(texts, estratto)
    if not found:
        return frame, pl.DataFrame(schema=SCARTI_SCHEMA)
    schema = pa.DataFrameSchema(
        {
            nome: pa.Column(pl.Boolean, checks=[check("dato_personale", nome, ~pl.col(nome))])
            for nome in found
        }
    )
    failures = failures_of(schema, pl.DataFrame(found)).select(
        "index", pl.col("column").alias("colonna"), pl.col("check").alias("regola")
    )
    return _quarantine(frame, failures, lambda rows, _: pl.repeat(MASKED, len(rows), eager=True))


def judge_values(frame: pl.DataFrame, estratto: Estratto) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows whose every value can be read and is allowed, with the stated defaults stored."""
    failures = broken(_value_rules(estratto), frame).select(
        "index", pl.col("column").alias("colonna"), pl.col("check").alias("regola")
    )

    good, scarti = _quarantine(frame, failures, functools.partial(_offending, estratto))
    defaults = []
    for c in estratto.colonne:
        if isinstance(c.predefinito, str):
            defaults.append(pl.col(c.nome).fill_null(pl.col(c.predefinito)))
        elif c.predefinito is not None:
            defaults.append(pl.col(c.nome).fill_null(c.predefinito))
    values = good.select(RIGA, *(c.nome for c in estratto.colonne)).with_columns(defaults)
    return values, scarti


# --- stage 3: the values of a row together ------------------------------------------------------


def judge_rows(frame: pl.DataFrame, estratto: Estratto) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows that keep every row rule of the extract."""
    if not estratto.regole:
        return frame, pl.DataFrame(schema=SCARTI_SCHEMA)
    failures = broken(_row_rules(estratto), frame).select(
        "index", pl.col("column").alias("colonna"), pl.col("check").alias("regola")
    )
    return _quarantine(frame, failures, lambda rows, c: rows[c].cast(pl.String))


@functools.cache
def _row_rules(estratto: Estratto) -> Regole:
    verdicts = [("regola_riga", regola.colonna, regola.vale()) for regola in estratto.regole]
    return rules(_types(estratto), verdicts)


# --- stages 4 and 5: the rows of an extract together ---------------------------------------------


def _key(estratto: Estratto) -> list[pl.Expr]:
    key = [pl.col(name) for name in estratto.chiave]
    if estratto.chiave_anno_di:
        key.append(pl.col(estratto.chiave_anno_di).dt.year().alias("anno"))
    return key


def judge_keys(frame: pl.DataFrame, estratto: Estratto) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows whose key is theirs alone, or the first of rows that are equal throughout.

    `frame` holds the rows of all the parts, in the order of `_file` as bytes, then of line.
    Quarantine lines carry `_file` too.
    """
    schema = {FILE: pl.String(), **SCARTI_SCHEMA}
    if not estratto.chiave:
        return frame, pl.DataFrame(schema=schema)
    # Equal keys have equal hashes: only where hashes are equal are keys compared.
    alike = frame.select(_key(estratto)).hash_rows().is_duplicated()
    suspects = (
        frame.with_row_index("posto")
        .filter(alike)
        .filter(pl.struct(_key(estratto)).is_duplicated())
        .with_columns(pl.struct(_key(estratto)).rank("dense").alias("gruppo"))
    )
    if suspects.is_empty():
        return frame, pl.DataFrame(schema=schema)
    whole = pl.struct([c.nome for c in estratto.colonne])
    judged = pa.DataFrameSchema(
        checks=[
            check("chiave_in_conflitto", FILE, whole.n_unique().over("gruppo") == 1),
            check(
                "duplicato",
                FILE,
                (whole.n_unique().over("gruppo") > 1)
                | (pl.int_range(pl.len()).over("gruppo") == 0),
            ),
        ]
    )
    failures = failures_of(judged, suspects)
    key_names = [*estratto.chiave, *filter(None, [estratto.chiave_anno_di])]
    names = ", ".join(key_names)
    rows = suspects[failures["index"].to_list()]
    shown = (
        pl.lit(MASKED)
        if _masked(estratto, list(estratto.chiave))
        else pl.concat_str([pl.col(k).cast(pl.String) for k in key_names], separator=", ")
    )
    scarti = rows.select(
        FILE,
        RIGA,
        pl.lit(names).alias("colonna"),
        failures["check"].alias("regola"),
        shown.alias("valore"),
    )
    return _without(frame, rows["posto"]), scarti.sort(FILE, RIGA, "regola")


def judge_sums(frame: pl.DataFrame, estratto: Estratto) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of groups whose sum stays within the declared bound; a group above it goes whole."""
    schema = {FILE: pl.String(), **SCARTI_SCHEMA}
    if estratto.somma_massima is None:
        return frame, pl.DataFrame(schema=schema)
    summed, group, bound = estratto.somma_massima
    within = pl.col(summed).sum().over(group) <= bound
    judged = pa.DataFrameSchema(checks=[check("somma_percentuali", summed, within)])
    failures = failures_of(judged, frame)
    rows = frame[failures["index"].to_list()]
    scarti = rows.select(
        FILE,
        RIGA,
        pl.lit(summed).alias("colonna"),
        failures["check"].alias("regola"),
        pl.col(summed).cast(pl.String).alias("valore"),
    )
    if rows.is_empty():
        return frame, pl.DataFrame(schema=schema)
    return _without(frame, failures["index"]), scarti.sort(FILE, RIGA)
