"""Public formats to cells: which one a file is in, and its rows in the columns of the extract.

Belongs here: telling a format by its signature, what is said of a file that has none, carrying out its
declaration. Does not belong here: the declarations (contract/formati/), how text and XML are opened
(delimited.py, albero.py), what is allowed (judge.py).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from pipelines.contract.pubblici import (
    Campo,
    Documento,
    Ente,
    NonAttribuibile,
    Pubblico,
    formats_of,
)
from pipelines.contract.schema import Estratto
from pipelines.extracts.cells import (
    CAMPI,
    MAX_COLONNE,
    RIGA,
    UNREADABLE,
    Celle,
    Conto,
    recognised,
    required_lacking,
)
from pipelines.extracts.decoding import decode
from pipelines.extracts.delimited import read_text
from pipelines.extracts.mappe import as_number, under_headings
from pipelines.extracts.sandbox import heads_apart, read_apart, records_apart
from pipelines.extracts.testata import SEPARATORI, heads
from pipelines.extracts.values import as_seen
from pipelines.landing.rifiutato import Rifiutato
from pipelines.testo import folded


@dataclass(frozen=True)
class _Vicino:
    """How near a line of a file is to a format: the headings found by field, what is lacking, and the lines
    that stand above."""

    formato: Pubblico
    trovate: dict[str, str]
    mancano: tuple[str, ...]
    somiglianza: float
    titolo: str = ""


def read_public(estratto: Estratto, formato: str, content: bytes, ente: Ente) -> Celle | None:
    """The cells of a file in a public format; None for one in the contract's own.

    `formato` is `csv`, `xlsx` or `xml`. Raises `Rifiutato` for a file that is in no format.
    """
    if formato == "xml":
        only = next((f for f in formats_of(estratto.codice) if f.genere == "xml"), None)
        if only is None:
            raise Rifiutato(
                f"un XML non si legge come {estratto.codice}: consegnare un csv o un xlsx."
            )
        return _translated(only, _from_xml(only, content), "", estratto, ente)
    tables = [
        f
        for f in formats_of(estratto.codice)
        if f.genere == "csv" and (formato == "csv" or f.intestazione)
    ]
    if not tables:
        return None
    near = _nearest(
        estratto, tables, heads(content) if formato == "csv" else heads_apart(formato, content)
    )
    if near is None:
        return None
    if near.mancano:
        raise Rifiutato(
            "non ha le colonne del contratto né la forma di un formato pubblico; il più vicino è"
            f" {near.formato.nome}, a cui manca {', '.join(near.mancano)}: consegnarlo com'è pubblicato."
        )
    if near.formato.intestazione:
        cells = _with_header(near, estratto, formato, content)
    else:
        cells = _without_header(near, estratto, content)
    return _translated(near.formato, cells, near.titolo, estratto, ente)


# --- which format -----------------------------------------------------------------------------------


def _nearest(
    estratto: Estratto, formats: Sequence[Pubblico], lines: list[list[str]]
) -> _Vicino | None:
    """The format that a line of the file has, else the one that a line is nearest to; None where the
    contract's own columns are there, or are nearer."""
    lines = [line for line in lines if any(line)]
    contract = max((_of_contract(line, estratto) for line in lines), default=0.0)
    if contract >= 1:
        return None
    found = [(_near(f, line), place) for f in formats for place, line in enumerate(lines)]
    best, place = max(found, key=lambda one: one[0].somiglianza, default=(None, 0))
    if best is None or (best.mancano and estratto.dovuto and contract >= best.somiglianza):
        return None
    return replace(best, titolo="\n".join(" ".join(line) for line in lines[:place]))


def _of_contract(line: list[str], estratto: Estratto) -> float:
    """The share of the required columns that a line names; all of it where it names columns alone."""
    required = [c for c in estratto.colonne if c.obbligatoria]
    lacking = len(required_lacking(line, estratto)) / len(required)
    known = recognised(line, estratto)
    return 1.0 if known > 1 and known == sum(map(bool, line)) else 1 - lacking


def _near(formato: Pubblico, line: list[str]) -> _Vicino:
    if not formato.intestazione:
        wrong = [
            c.voci[0]
            for place, c in enumerate(formato.campi)
            if place >= len(line) or not re.fullmatch(c.forma, line[place])
        ]
        same = len(line) == len(formato.campi)
        lacking = (
            tuple(wrong) if wrong or same else (f"una riga di soli {len(formato.campi)} campi",)
        )
        return _Vicino(formato, {}, lacking, 1 - len(lacking) / len(formato.campi))
    there = {_words(heading): heading for heading in reversed(line[:MAX_COLONNE]) if heading}
    found = {c.nome: heading for c in formato.campi if (heading := _heading_of(c, there))}
    signature = [c for c in formato.campi if c.firma]
    lacking = tuple(c.voci[0] for c in signature if c.nome not in found)
    return _Vicino(formato, found, lacking, 1 - len(lacking) / len(signature))


def _heading_of(campo: Campo, there: Mapping[str, str]) -> str | None:
    """The heading of a field: by the first of its names that is there."""
    return next((there[_words(name)] for name in campo.voci if _words(name) in there), None)


def _words(heading: str) -> str:
    return " ".join(re.findall("[a-z0-9]+", folded(heading)))


# --- from the file to its own fields ----------------------------------------------------------------


def _with_header(near: _Vicino, estratto: Estratto, formato: str, content: bytes) -> Celle:
    """The cells by field."""
    if formato == "csv":
        return read_text(content, under_headings(estratto, near.trovate))
    return read_apart(formato, estratto, content, trovate=near.trovate)


def _without_header(near: _Vicino, estratto: Estratto, content: bytes) -> Celle:
    """The same of a text whose first line is a row: read under a header that it is given, and that no line
    number counts."""
    text, codifica = decode(content)
    names = {c.nome: c.nome for c in near.formato.campi}
    separatore = max(SEPARATORI, key=lambda mark: text.count(mark.encode(), 0, 1 << 16))
    given = f"{separatore.join(names)}\n".encode() + text
    cells = read_text(given, under_headings(estratto, names))
    conto = replace(cells.conto, file=cells.conto.file - 1, intestazione=0)
    frame = cells.frame.with_columns(pl.col(RIGA) - 1)
    return replace(cells, frame=frame, conto=conto, codifica=codifica)


def _from_xml(formato: Pubblico, content: bytes) -> Celle:
    facts, frame = records_apart(formato.codice, content)
    rows = frame.with_columns(pl.lit(None, pl.Int64).alias(CAMPI))
    conto = Conto(**facts["conto"])
    return Celle(rows, len(formato.campi), (), None, conto, note=tuple(facts["note"]))


# --- from its fields to the columns of the extract --------------------------------------------------


def _translated(
    formato: Pubblico, cells: Celle, titolo: str, estratto: Estratto, ente: Ente
) -> Celle:
    frame = as_seen(cells.frame, (RIGA, CAMPI))
    absent = [c.nome for c in formato.campi if c.nome not in frame.columns]
    rows = frame.drop(CAMPI).with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
    try:
        made = formato.traduci(Documento(rows, titolo), ente)
    except NonAttribuibile as refusal:
        raise Rifiutato(str(refusal)) from refusal
    columns = [c.nome for c in estratto.colonne if c.nome in made.righe.columns]
    rows = made.righe.select(columns).with_columns(
        _as_declared(nome, formato) for nome in columns if nome in formato.numeri
    )
    sound = frame[CAMPI].is_null()
    never = pl.repeat(False, frame.height, eager=True)
    others = (never if made.altrui is None else made.altrui) & sound
    outside = (never if made.fuori is None else made.fuori) & sound & ~others
    kept = frame.select(RIGA, CAMPI).hstack(rows)
    told = (f"righe di altri enti o anni, che non contano: {others.sum()}",) if others.any() else ()
    return replace(
        cells,
        frame=kept.filter(~others & ~outside),
        ignote=(),
        segnali=(),
        note=(*cells.note, *made.note, *told),
        come=", ".join(filter(None, [formato.nome, cells.come])),
        escluse=cells.escluse + int(outside.sum()),
        altrui=int(others.sum()),
        formato=formato.codice,
    )


def _as_declared(nome: str, formato: Pubblico) -> pl.Expr:
    """A number as the contract writes it; what is not written as the format has it, of no type."""
    text = pl.col(nome)
    declared = text.is_null() | text.str.starts_with(UNREADABLE)
    read = as_number(text, formato.numeri[nome], native=False)
    return pl.when(declared).then(text).otherwise(read.fill_null(UNREADABLE + text)).alias(nome)
