"""A mapping applied to a file: its own columns read, and the contract's columns made of them.

Belongs here: which columns of a file are read under a mapping, how its texts become those that the contract
reads, which of its rows are left out. Does not belong here: what a mapping can say (contract/mappa.py).

What a mapping declares is all that happens: a text that has not the declared form is no value of its type.
"""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from pipelines.contract.mappa import Mappatura, Numero, Voce
from pipelines.contract.schema import Colonna, Estratto, Intestata
from pipelines.extracts.cells import CAMPI, RIGA, UNREADABLE, Celle
from pipelines.extracts.persone import MASKED
from pipelines.extracts.values import trimmed
from pipelines.landing.rifiutato import Rifiutato
from pipelines.testo import cleaned, folded, quoted

_NATIVI = ("xlsx", "parquet")
"""Formats whose own numbers and dates come spelled as the contract has them."""


def source_of(mappa: Mappatura, estratto: Estratto) -> Estratto:
    """The extract as the file has it: the columns that are read, under the headings of the mapping."""
    return replace(estratto, colonne=tuple(_columns(mappa, estratto).values()))


def _columns(mappa: Mappatura, estratto: Estratto) -> dict[str, Colonna]:
    """By name in the frame. A heading is one column, whatever the mapping makes of it."""
    made = {name for name, _ in (*mappa.costanti, *mappa.unioni, *mappa.divisioni)}
    mapped = dict(mappa.colonne)
    found = {
        c.nome: replace(c, intestazioni=_headed(mapped[c.nome])) if c.nome in mapped else c
        for c in estratto.colonne
        if c.nome not in made
    }
    for heading, voce in _beside(mappa):
        if _name_of(heading, found) is None:
            name = f"_da_{len(found)}"
            found[name] = Colonna(
                name,
                "testo",
                heading,
                obbligatoria=True,
                mostrata=True,
                intestazioni=_headed(((heading, voce),)),
            )
    return found


def under_headings(estratto: Estratto, found: Mapping[str, str]) -> Estratto:
    """The extract as a file has it that is no table of the contract: fields of text, by their heading."""
    return replace(
        estratto,
        colonne=tuple(
            Colonna(
                name,
                "testo",
                heading,
                obbligatoria=True,
                mostrata=True,
                intestazioni=(Intestata(heading, f"manca la colonna {quoted(heading)}"),),
            )
            for name, heading in found.items()
        ),
    )


_NON_CE = "questa colonna non è nell'intestazione del file"


def _headed(headings: tuple[tuple[str, Voce], ...]) -> tuple[Intestata, ...]:
    return tuple(Intestata(h, str(voce.wrong(_NON_CE))) for h, voce in headings)


def _beside(mappa: Mappatura) -> list[tuple[str, Voce]]:
    """The headings that no column of the contract is read under by itself."""
    joined = [pair for _, headings in mappa.unioni for pair in headings]
    split = [(one.da, one.voce) for _, one in mappa.divisioni]
    return [*joined, *split, *((heading, voce) for heading, _, voce in mappa.escludi)]


def _name_of(heading: str, columns: dict[str, Colonna]) -> str | None:
    """The column that is read under a heading, or that has it as its name."""
    wanted = folded(heading)
    for name, colonna in columns.items():
        headings = [folded(i.testo) for i in colonna.intestazioni] or [name]
        if wanted in headings:
            return name
    return None


def applied(mappa: Mappatura, estratto: Estratto, cells: Celle, formato: str) -> Celle:
    """The cells of the contract's columns, without the rows that the mapping leaves out.

    Raises `Rifiutato` where the file lacks a column of which another is made.
    """
    columns = _columns(mappa, estratto)
    kept = cells.frame.filter(~_left_out(mappa, cells.frame, columns))
    made = [
        text.alias(c.nome)
        for c in estratto.colonne
        if (text := _text(mappa, estratto, c, kept, columns, formato)) is not None
    ]
    frame = kept.select(RIGA, CAMPI, *made)
    left_out = cells.escluse + cells.frame.height - kept.height
    return replace(cells, frame=frame, escluse=left_out)


def _left_out(mappa: Mappatura, frame: pl.DataFrame, columns: dict[str, Colonna]) -> pl.Series:
    """The rows of which a cell has one of the forms; one whose fields are not as many as the header's
    has no cells, and stays to be judged."""
    found = pl.repeat(False, frame.height, eager=True)
    for heading, forma, _ in mappa.escludi:
        name = _name_of(heading, columns)
        if name in frame.columns:
            found |= cleaned(frame[name]).str.strip_chars().str.contains(forma).fill_null(False)
    return found


def _text(
    mappa: Mappatura,
    estratto: Estratto,
    colonna: Colonna,
    frame: pl.DataFrame,
    columns: dict[str, Colonna],
    formato: str,
) -> pl.Series | None:
    """What the contract's column is in every row; None where neither file nor mapping has it."""
    constants, joins, splits = dict(mappa.costanti), dict(mappa.unioni), dict(mappa.divisioni)
    if colonna.nome in constants:
        whole = pl.when(pl.col(CAMPI).is_null()).then(pl.lit(constants[colonna.nome]))
        return frame.select(whole).to_series()
    if colonna.nome in joins:
        parts = [trimmed(pl.lit(_under(*pair, frame, columns))) for pair in joins[colonna.nome]]
        joined = pl.concat_str(parts, separator=" ", ignore_nulls=True)
        text = frame.select(pl.when(joined != "").then(joined)).to_series()
    elif colonna.nome in splits:
        text = _piece(mappa, estratto, colonna, frame, columns)
    elif colonna.nome in frame.columns:
        text = frame[colonna.nome]
    else:
        return None
    codes = dict(mappa.codici).get(colonna.nome)
    if codes:
        return _translated(text, dict(codes))
    number = dict(mappa.numeri).get(colonna.nome)
    pattern = dict(mappa.date).get(colonna.nome)
    if number is None and pattern is None:
        return text
    clean = trimmed(pl.lit(cleaned(text)))
    native = formato in _NATIVI and colonna.nome not in joins and colonna.nome not in splits
    read = as_number(clean, number, native) if number else _moment(clean, pattern or "", native)
    declared = clean.is_null() | clean.str.starts_with(UNREADABLE)
    spelled = pl.when(declared).then(clean).otherwise(read.fill_null(UNREADABLE + clean))
    return pl.select(spelled).to_series()


def _under(heading: str, voce: Voce, frame: pl.DataFrame, columns: dict[str, Colonna]) -> pl.Series:
    """What stands under a heading. Raises `Rifiutato` where that is an optional column which is not there."""
    name = _name_of(heading, columns)
    if name not in frame.columns:
        raise Rifiutato(str(voce.wrong(f"{_NON_CE}: scriverla come sta nel file.")))
    return frame[name]


def _piece(
    mappa: Mappatura,
    estratto: Estratto,
    colonna: Colonna,
    frame: pl.DataFrame,
    columns: dict[str, Colonna],
) -> pl.Series:
    """A piece of each text. One that does not divide into as many as declared is no value, and is quoted
    whole, unless a person may stand in it: then nothing of it is kept, not even in the person's column,
    whose values are sought in the others."""
    one = dict(mappa.divisioni)[colonna.nome]
    wanted = folded(one.da)
    beside = {name: other.parte for name, other in mappa.divisioni if folded(other.da) == wanted}
    joined = {name for name, of in mappa.unioni for other, _ in of if folded(other) == wanted}
    made = {_name_of(one.da, columns), *beside, *joined}
    text = pl.lit(_under(one.da, one.voce, frame, columns))
    pieces = text.str.split(one.separatore)
    undivided = text.str.starts_with(UNREADABLE) | (pieces.list.len() != max(beside.values()))
    shown = text.str.strip_prefix(UNREADABLE)
    if any(c.personale and c.nome in made for c in estratto.colonne):
        shown = pl.lit("" if colonna.personale else MASKED)
    piece = trimmed(pieces.list.get(one.parte - 1, null_on_oob=True))
    return pl.select(pl.when(undivided).then(UNREADABLE + shown).otherwise(piece)).to_series()


def _translated(text: pl.Series, codes: dict[str, str]) -> pl.Series:
    """Each text that the mapping knows by what it stands for; the others as they are."""
    seen = text.unique().drop_nulls().to_list()
    known = {t: codes[folded(t)] for t in seen if folded(t) in codes}
    return text.replace(known) if known else text


def as_number(text: pl.Expr, number: Numero, native: bool) -> pl.Expr:
    """A number as the contract writes it; null for one that is not written as declared."""
    whole = r"[0-9]+"
    if number.migliaia:
        whole = rf"(?:[0-9]{{1,3}}(?:{_escaped(number.migliaia)}[0-9]{{3}})+|[0-9]+)"
    shape = rf"^(?:€ ?)?[-\u2212]?{whole}(?:{_escaped(number.decimale)}[0-9]+)?(?: ?€)?$"
    plain = text.str.replace_all(r"[€ ]", "").str.replace("\u2212", "-", literal=True)
    bare = plain.str.replace_all(number.migliaia.strip() or "\0", "", literal=True).str.replace(
        number.decimale, ",", literal=True
    )
    read = pl.when(text.str.contains(shape)).then(bare)
    if native:
        own = text.str.contains(r"^-?[0-9]+(?:,[0-9]+)?$")
        # Where the comma parts thousands, `1,234` may be either: nobody can tell.
        both = own & text.str.contains(shape) & text.str.contains(",", literal=True)
        doubtful = both if number.migliaia == "," else pl.lit(False)
        read = pl.when(~doubtful).then(pl.when(own).then(text).otherwise(read))
    return _in_euro(read, number.centesimi) if number.centesimi else read


def _in_euro(text: pl.Expr, digits: int) -> pl.Expr:
    """An amount counted in cents, in euro: digits only, nothing is divided. One with cents of cents
    keeps them, so that it is refused and not rounded."""
    parts = text.str.extract_groups(r"^(-?)([0-9]+)(?:,([0-9]+))?$")
    whole = parts.struct[1].str.zfill(digits + 1)
    euro, cents = whole.str.head(-digits), whole.str.tail(digits)
    return pl.concat_str([parts.struct[0], euro, pl.lit(","), cents, parts.struct[2].fill_null("")])


def _moment(text: pl.Expr, pattern: str, native: bool) -> pl.Expr:
    """A day, or a day and an hour, as the contract writes it; null for one not written as declared."""
    groups = text.str.extract_groups(f"^{pattern}$")

    def piece(name: str) -> pl.Expr:
        return groups.struct.field(name).str.zfill(2)

    year = groups.struct.field("anno") if "<anno>" in pattern else pl.lit("20") + piece("secolo")
    day = [year, pl.lit("-"), piece("mese"), pl.lit("-"), piece("giorno")]
    hour = [pl.lit("T"), piece("ora"), pl.lit(":"), piece("minuto")] if "<ora>" in pattern else []
    second = [pl.lit(":"), piece("secondo")] if "<secondo>" in pattern else []
    read = pl.concat_str([*day, *hour, *second])
    if not native:
        return read
    own = text.str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:$|T)")
    return pl.when(own).then(text).otherwise(read)


def _escaped(mark: str) -> str:
    return mark if mark not in "." else r"\."
