"""A mapping proposed from a file: its headings and its values compared with the contract.

Belongs here: which heading is which column, how values are written, what of it nobody can tell. Does not
belong here: what is printed of it (desk/map.py). Nothing of a proposal is used until somebody saves it.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from pipelines.contract.mappa import Mappatura, MappaturaErrata, Sorgente
from pipelines.contract.mappa_toml import read_mapping
from pipelines.contract.schema import Colonna, Estratto
from pipelines.extracts.cells import CAMPI, RIGA, UNREADABLE, Celle, Conto
from pipelines.extracts.formats import read_cells, read_heads
from pipelines.extracts.mappe import applied
from pipelines.extracts.totali import say_total
from pipelines.extracts.values import first_reading, other_readings, trimmed
from pipelines.landing.rifiutato import Rifiutato
from pipelines.testo import clean, cleaned, folded, one_line

_ABBASTANZA = 0.5
"""How like a column's name a heading must be to be proposed for it."""
_VALORI = 40
"""Different values of a column of codes beyond which they are no list."""
_GIORNI = (
    *("GG/MM/AAAA", "G/M/AAAA", "GG-MM-AAAA", "GG.MM.AAAA", "AAAA-MM-GG", "AAAA/MM/GG"),
    *("AAAAMMGG", "GG/MM/AA", "GG-MM-AA", "GGMMAAAA"),
)
_ORE = ("", " hh:mm", " hh:mm:ss", " hh.mm", "Thh:mm:ss")
_FORME = tuple(f"{day}{hour}" for hour in _ORE for day in _GIORNI)
"""Ways of writing a day and an hour, the commonest first."""
_NUMERI = tuple(f'decimale = "{mark}"\nmigliaia = "{group}"' for mark, group in (".,", ", ", ",'"))


@dataclass
class Proposta:
    """The text of a mapping, and what nobody could tell, a sentence each."""

    estratto: Estratto
    intestazione: int | None = None
    colonne: dict[str, str] = field(default_factory=dict)
    """By heading, the column."""
    unioni: dict[str, list[str]] = field(default_factory=dict)
    formati: dict[str, str] = field(default_factory=dict)
    codici: dict[str, dict[str, str | None]] = field(default_factory=dict)
    """By column, for each value the code that it stands for, if it is plain which."""
    escludi: list[tuple[str, str]] = field(default_factory=list)
    ignote: list[str] = field(default_factory=list)
    incerte: list[str] = field(default_factory=list)

    @property
    def mancanti(self) -> list[Colonna]:
        """The columns that must be there and that no heading is."""
        made = {*self.colonne.values(), *self.unioni}
        return [c for c in self.estratto.colonne if c.obbligatoria and c.nome not in made]

    def testo(self) -> str:
        """The mapping as a file: what is not known is a comment, ready to be filled in."""
        tables = [f"# Come si legge {self.estratto.codice} dal file dell'ufficio."]
        own = {h: c for h, c in self.colonne.items() if h != c}
        free = [f'# {_text(h)} = ""' for h in self.ignote]
        if own or free:
            tables.append(
                _table("colonne", [f"{_text(h)} = {_text(c)}" for h, c in own.items()] + free)
            )
        if self.mancanti:
            lines = [f'# {c.nome} = ""   # {_said(c)}' for c in self.mancanti]
            tables.append(_table("costanti", lines))
        for column, values in self.codici.items():
            known = [f"{_text(v)} = {_text(c)}" for v, c in values.items() if c]
            open_ = [f'# {_text(v)} = ""' for v, c in values.items() if not c]
            allowed = f"# valori ammessi: {', '.join(self.estratto.colonna(column).codici)}"
            tables.append(_table(f"codici.{column}", [allowed, *known, *open_]))
        for column, written in self.formati.items():
            tables.append(_table(f"formato.{column}", [written]))
        for column, headings in self.unioni.items():
            joined = ", ".join(map(_text, headings))
            tables.append(_table(f"unione.{column}", [f"da = [{joined}]"]))
        if self.escludi:
            rows = [f"{{ colonna = {_text(c)}, forma = {_text(f)} }}" for c, f in self.escludi]
            tables.append(_table("righe", [f"escludi = [{', '.join(rows)}]"]))
        return "\n\n".join(tables) + "\n"

    def mappa(self) -> Mappatura:
        """What it says already. Raises `MappaturaErrata`."""
        return read_mapping(self.estratto, "", [Sorgente("proposta", self.testo())])


def _table(name: str, lines: Sequence[str]) -> str:
    return "\n".join([f"[{name}]", *lines])


def _text(text: str) -> str:
    shown = one_line(text)
    return (
        "'" + shown + "'"
        if "'" not in shown and ('"' in shown or "\\" in shown)
        else ('"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"')
    )


def _said(column: Colonna) -> str:
    return f"{column.descrizione}{': ' + ', '.join(column.codici) if column.codici else ''}"


def propose(estratto: Estratto, formato: str, content: bytes) -> Proposta:
    """What a mapping of a file might be. Raises `Rifiutato` where the file cannot be read as its type."""
    heads = read_heads(formato, content)
    header, below = max(
        ((fields, heads[place + 1 :]) for place, fields in enumerate(heads)),
        key=lambda pair: sum(score for _, _, score in _matches(pair[0], estratto)),
        default=([], []),
    )
    found = Proposta(estratto)
    for heading, column, _ in _matches(header, estratto):
        found.colonne[heading] = column
    _join_hours(found, header, below)
    taken = {*found.colonne, *itertools.chain.from_iterable(found.unioni.values())}
    found.ignote = [h for h in map(str, header) if clean(h) and h not in taken]
    _look_at_values(found, formato, content)
    return found


# --- names ------------------------------------------------------------------------------------------


def _matches(header: Sequence[str], estratto: Estratto) -> list[tuple[str, str, float]]:
    """Heading, column and likeness of the best pairs, each heading and each column in one."""
    pairs = [
        (_likeness(heading, c), -place, heading, c.nome)
        for place, heading in enumerate(dict.fromkeys(header))
        if clean(heading)
        for c in estratto.colonne
    ]
    chosen: dict[str, tuple[str, float]] = {}
    for score, _, heading, column in sorted(pairs, reverse=True):
        rivals = [s for s, _, h, c in pairs if c == column and h != heading and s == score]
        if score < _ABBASTANZA or heading in chosen or column in {c for c, _ in chosen.values()}:
            continue
        if not rivals:
            chosen[heading] = (column, score)
    return [(heading, column, score) for heading, (column, score) in chosen.items()]


def _words(name: str) -> list[str]:
    return [w for w in re.findall("[a-z0-9]+", folded(name)) if w not in _VUOTE]


_VUOTE = {
    "di",
    "del",
    "della",
    "dei",
    "il",
    "la",
    "lo",
    "n",
    "nr",
    "num",
    "al",
    "da",
    "e",
    "a",
    "dell",
}


def _likeness(heading: str, column: Colonna) -> float:
    """From 0 to 1: the words of a column's name that a heading has, cut ones too, and the other way
    round; those of its description count for less."""
    said = _words(heading)
    name = column.nome.split("_")
    by_name = _share(said, name)
    by_meaning = 0.9 * _share(said, _words(column.descrizione)[:4])
    return max(by_name, by_meaning)


def _share(said: list[str], wanted: list[str]) -> float:
    wanted = [w for w in wanted if w not in _VUOTE and w != "numero"] or wanted
    said = [w for w in said if w != "numero"] or said
    if not said or not wanted:
        return 0.0
    there = sum(any(_same(w, s) for s in said) for w in wanted)
    used = sum(any(_same(w, s) for w in wanted) for s in said)
    return 2 * there * used / (there * len(said) + used * len(wanted)) if there and used else 0.0


def _same(word: str, said: str) -> bool:
    """One word, or the same cut, or with another ending."""
    stem = re.sub("h?[aeiou]+$", "", word) if len(word) > 3 else word
    return said == word or (len(said) >= 3 and (said.startswith(stem) or word.startswith(said)))


_ORA = re.compile(r"([01]?[0-9]|2[0-3])[:.][0-5][0-9]([:.][0-5][0-9])?|0,[0-9]+")


def _join_hours(found: Proposta, header: Sequence[str], below: Sequence[Sequence[str]]) -> None:
    """A day in one column and its hour in the next make one moment."""
    place_of = {h: n for n, h in enumerate(header)}
    for heading, column in list(found.colonne.items()):
        after = place_of[heading] + 1
        if found.estratto.colonna(column).tipo != "data_ora" or after >= len(header):
            continue
        hours = [
            row[after].strip() for row in below if len(row) == len(header) and row[after].strip()
        ]
        if header[after] not in found.colonne and hours and all(map(_ORA.fullmatch, hours)):
            found.unioni[column] = [heading, header[after]]
            del found.colonne[heading]


# --- values -----------------------------------------------------------------------------------------


def _look_at_values(found: Proposta, formato: str, content: bytes) -> None:
    """How the values of the columns that were found are written."""
    frame = _texts(found, formato, content)
    if frame is None:
        return
    _leave_totals_out(found, frame)
    heading_of = {c: h for h, c in found.colonne.items()}
    for column in found.estratto.colonne:
        if column.nome not in frame.columns:
            continue
        text = cleaned(frame[column.nome]).str.strip_chars()
        text = text.filter((text != "").fill_null(False) & ~text.str.starts_with(UNREADABLE))
        unread = text.filter(_unread(column, text))
        if unread.is_empty():
            continue
        if column.codici:
            _translate(found, column, unread)
        elif column.tipo in ("data", "data_ora", "intero", "decimale", "importo"):
            _find_spelling(found, column, text, unread, formato)
        elif column.tipo == "testo":
            continue
        else:
            said = heading_of.get(column.nome, column.nome)
            found.incerte.append(f"{said}: non tutti i valori si leggono come {column.tipo}.")


def _texts(found: Proposta, formato: str, content: bytes) -> pl.DataFrame | None:
    """The columns that were found, as texts; None where the file cannot be read by them alone."""
    whole = Proposta(found.estratto, colonne=found.colonne, unioni=found.unioni)
    stand_in = "".join(
        f"{c.nome} = {_text(c.codici[0] if c.codici else '0')}\n" for c in found.mancanti
    )
    text = whole.testo().replace("[costanti]\n", f"[costanti]\n{stand_in}", 1)
    try:
        mappa = read_mapping(found.estratto, "", [Sorgente("proposta", text)])
        return read_cells(found.estratto, formato, content, mappa).frame
    except (Rifiutato, MappaturaErrata):
        return None


def _unread(column: Colonna, text: pl.Series) -> pl.Series:
    """Which texts the contract does not read as they are."""
    frame = pl.DataFrame({"t": text})
    first = frame.select(first_reading(column, trimmed(pl.col("t"))).alias("v")).to_series()
    read = first if column.codici else other_readings(column, text, first)
    if column.codici:
        return ~read.is_in(list(column.codici)).fill_null(False)
    return read.is_null()


def _leave_totals_out(found: Proposta, frame: pl.DataFrame) -> None:
    for heading, column in found.colonne.items():
        if found.estratto.colonna(column).tipo == "testo" and say_total(frame[column]):
            found.escludi.append((heading, r"(?i)^\W*(sub)?total"))
            return


def _translate(found: Proposta, column: Colonna, unread: pl.Series) -> None:
    """Each value that is no code, by the code that begins as it does, where only one does."""
    values = unread.unique().sort().to_list()
    if len(values) > _VALORI:
        found.incerte.append(
            f"{column.nome}: {len(values)} valori diversi non sono codici ammessi."
        )
        return
    found.codici[column.nome] = {
        v: alike[0] if len(alike := [c for c in column.codici if _alike(v, c)]) == 1 else None
        for v in values
    }
    if open_ := [v for v, code in found.codici[column.nome].items() if code is None]:
        names = ", ".join(f"«{one_line(v)[:40]}»" for v in open_[:10])
        found.incerte.append(f"{column.nome}: non si sa a quale codice corrispondono {names}.")


def _alike(value: str, code: str) -> bool:
    said, wanted = _words(value), code.lower().split("_")
    return bool(said) and all(any(_same(w, s) for w in wanted) for s in said)


def _find_spelling(
    found: Proposta, column: Colonna, text: pl.Series, unread: pl.Series, formato: str
) -> None:
    """The one way of writing by which all the texts of a column are read, if there is one."""
    dates = column.tipo in ("data", "data_ora")
    tries = [f'data = "{f}"' for f in _FORME] if dates else _NUMERI
    frame = pl.DataFrame({RIGA: range(len(text)), column.nome: text})
    cells = Celle(frame.with_columns(pl.lit(None).alias(CAMPI)), 0, (), None, Conto(0, 0, 0))
    for written in tries:
        try:
            trial = Proposta(found.estratto, formati={column.nome: written}).mappa()
        except MappaturaErrata:  # a day has no hour
            continue
        read = applied(trial, found.estratto, cells, formato).frame[column.nome]
        if not _unread(column, read).any():
            found.formati[column.nome] = written
            return
    example = one_line(str(unread[0]))[:40]
    found.incerte.append(
        f"{column.nome}: {len(unread)} valori non si leggono come {column.tipo}, ad esempio «{example}»."
    )
