"""The records of an XML document as texts by field, each with its line.

Belongs here: namespaces, what is refused of XML (entities, what lies outside), the account of the lines.
Does not belong here: which documents there are (contract/formati/), where this runs (sandbox.py).

No tree is kept: a record is let go once it is a row.
"""

from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

import polars as pl

from pipelines.contract.pubblici import Pubblico
from pipelines.extracts.cells import MAX_RIGHE, RIGA, UNREADABLE, Conto
from pipelines.landing.rifiutato import Rifiutato
from pipelines.testo import one_line, quoted

_PROFONDITA = 100
"""Elements inside each other, at most: no document of ours has ten."""
_TUTTO = "/"
"""Begins the path of a field of the whole document."""


@dataclass
class _Lettura:
    """What has been read so far: where the parser is, the open record, the finished ones."""

    formato: Pubblico
    cammino: list[str] = field(default_factory=list)
    testi: list[list[str]] = field(default_factory=list)
    del_tutto: dict[str, str] = field(default_factory=dict)
    aperto: dict[str, str] | None = None
    profondita: int = 0
    inizio: int = 0
    righe: list[tuple[int, int, dict[str, str]]] = field(default_factory=list)


def records_of(content: bytes, formato: Pubblico) -> tuple[pl.DataFrame, Conto, tuple[str, ...]]:
    """A row per record with its line, the account of the lines, and what is to be said of them.

    Raises `Rifiutato` for what is no such document.
    """
    state = _Lettura(formato)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.EntityDeclHandler = _no_entities
    parser.SkippedEntityHandler = _no_entities
    parser.ExternalEntityRefHandler = _no_entities
    parser.CharacterDataHandler = lambda text: state.testi[-1].append(text)
    parser.StartElementHandler = lambda name, _: _begin(state, name, parser.CurrentLineNumber)
    parser.EndElementHandler = lambda _: _end(state, parser.CurrentLineNumber)
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, UnicodeError) as error:
        raise Rifiutato(
            f"non è un XML intero (riga {parser.ErrorLineNumber}): scaricarlo di nuovo."
        ) from error
    return _framed(state, content)


def _no_entities(*_: Any) -> int:
    raise Rifiutato(
        "dichiara o usa delle entità XML, che non vengono lette: salvarlo senza, con i testi per esteso."
    )


def _begin(state: _Lettura, name: str, line: int) -> None:
    space, _, local = name.rpartition(" ")
    formato = state.formato
    if not state.cammino and (space, local) != formato.spazio:
        raise Rifiutato(
            f"non è nella forma di un formato pubblico; il più vicino è {formato.nome}, che comincia con"
            f" l'elemento {formato.spazio[1]} dello spazio {formato.spazio[0]}: qui c'è"
            f" {quoted(one_line(f'{local} {space}').strip())}; consegnare l'elenco, non il suo indice."
        )
    if len(state.cammino) >= _PROFONDITA:
        raise Rifiutato(
            f"ha più di {_PROFONDITA} elementi uno dentro l'altro: consegnare l'elenco com'è pubblicato."
        )
    state.cammino.append(local if space in ("", formato.spazio[0]) else "")
    state.testi.append([])
    if local == formato.elemento and state.aperto is None:
        state.aperto, state.profondita, state.inizio = {}, len(state.cammino), line


def _end(state: _Lettura, line: int) -> None:
    text = " ".join("".join(state.testi.pop()).split())
    if state.aperto is not None:
        _take(state.aperto, "/".join(state.cammino[state.profondita :]), text)
        if len(state.cammino) == state.profondita:
            if len(state.righe) == MAX_RIGHE:
                raise Rifiutato(f"ha più di {MAX_RIGHE} righe: consegnarlo in più parti.")
            names = {path: c.nome for c in state.formato.campi for path in c.voci}
            found = {names[p]: t for p, t in state.aperto.items() if p in names}
            state.righe.append((state.inizio, line, found))
            state.aperto = None
    else:
        _take(state.del_tutto, _TUTTO + "/".join(state.cammino[1:]), text)
    state.cammino.pop()


def _take(fields: dict[str, str], path: str, text: str) -> None:
    """The text of an element; one that comes twice and says another thing has no value of any type."""
    known = fields.setdefault(path, text)
    if known != text:
        fields[path] = f"{UNREADABLE}{known.removeprefix(UNREADABLE)} | {text}"


def _framed(state: _Lettura, content: bytes) -> tuple[pl.DataFrame, Conto, tuple[str, ...]]:
    fields = state.formato.campi
    whole = {c.nome: state.del_tutto[p] for c in fields for p in c.voci if p in state.del_tutto}
    rows = state.righe
    starts = [start for start, _, _ in rows]
    note: tuple[str, ...] = ()
    if len(set(starts)) == len(rows):
        lines = content.count(b"\n") + (not content.endswith(b"\n"))
        covered = set[int]()
        for start, end, _ in rows:
            covered.update(range(start, end + 1))
        conto = Conto(lines, lines - len(covered), 0, len(covered) - len(rows))
    else:
        starts, conto = list(range(1, len(rows) + 1)), Conto(len(rows), 0, 0)
        element = state.formato.elemento
        note = (f"più <{element}> stanno sulla stessa riga: la riga è il loro posto nel file",)
    frame = pl.DataFrame(
        {
            RIGA: starts,
            **{c.nome: [r.get(c.nome, whole.get(c.nome)) for _, _, r in rows] for c in fields},
        },
        schema={RIGA: pl.Int64(), **{c.nome: pl.String() for c in fields}},
    )
    return frame, conto, note
