"""The rows of a workbook's sheet in the spellings of CSV, so that one reader (values.py) serves all.

Belongs here: what a native cell means in a column of the contract, and what of it is worth a note.
Does not belong here: opening a workbook (workbook.py) and reading its cells (sheet_xml.py).

A cell is read as the office sees it: 0,25 shown as 25% is 25, 11 shown as `011` is that code. What
the cell no longer tells is refused, not guessed: a date in a column of text was a code that the
program took for a day (`1-2`), a decimal number in a column of codes may have been `1.10`.
"""

import datetime as dt
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from pipelines.contract.mappa import DA_SE, Apertura
from pipelines.contract.schema import Colonna, Estratto
from pipelines.extracts.cells import (
    MAX_RIGHE_TITOLO,
    UNREADABLE,
    Celle,
    Conto,
    Segnale,
    collect,
    find_header,
    read_header,
)
from pipelines.extracts.number_format import Sezione
from pipelines.extracts.sheet_xml import Cella, Numero, moment_of
from pipelines.extracts.values import FRACTION_MARK
from pipelines.extracts.workbook import Foglio
from pipelines.landing.rifiutato import Rifiutato
from pipelines.testo import clean

PRIMO_GIORNO, ULTIMO_GIORNO = 20_000, 80_000
"""Between these a bare number in a column of days is the day that a spreadsheet counts so."""
_PARTE_DI_GIORNO = re.compile("0(?:,[0-9]+)?")

_SCRITTO = re.compile(
    r"\s*(?:€\s?)?-?(?:[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[0-9]+)(?:,[0-9]+)?(?:\s?€)?\s*"
)
"""A number kept as text, that the contract reads as one."""

Speller = Callable[[Cella, int], str]


def heads(foglio: Foglio) -> list[list[str]]:
    """The first rows of a sheet as it shows them. Raises `Rifiutato`."""
    rows = itertools.islice(_filled(foglio), MAX_RIGHE_TITOLO)
    return [[_shown(cell) for cell in cells] for _, cells in rows]


def _filled(foglio: Foglio) -> Iterator[tuple[int, list[Cella]]]:
    # from the end: the last cell of a row always holds something, if only spaces
    return ((riga, c) for riga, c in foglio.righe if any(map(_is_filled, reversed(c))))


def from_sheet(foglio: Foglio, estratto: Estratto, apertura: Apertura = DA_SE) -> Celle:
    """The cells of a sheet. Raises `Rifiutato`."""
    filled = _filled(foglio)
    first = list(itertools.islice(filled, max(MAX_RIGHE_TITOLO, apertura.intestazione or 0)))
    if not first:
        raise Rifiutato(
            f"il primo foglio visibile, «{foglio.nome}», è vuoto: mettervi i dati, con la riga di"
            " intestazione, o nasconderlo."
        )
    lines = [[_shown(cell) for cell in cells] for _, cells in first]
    place = find_header(lines, estratto, [riga for riga, _ in first], apertura)
    header_riga = first[place][0]
    try:
        header = read_header(lines[place], estratto, header_riga)
    except Rifiutato as refusal:
        raise Rifiutato(f"nel foglio «{foglio.nome}», {refusal}") from None

    columns = {n: estratto.colonna(nome) for n, nome in enumerate(header.nomi) if nome}
    notes = _Note()
    numbers = {n: _Numeri(c, notes) for n, c in columns.items() if c.tipo in _NUMERIC}
    spellers: list[Speller] = [_beyond] * header.campi
    for n, colonna in columns.items():
        number = numbers.get(n)
        spellers[n] = number.spell if number else _speller(colonna, estratto, foglio, notes)
    last, rows = header_riga, 0

    def spelled() -> Iterator[tuple[int, list[str]]]:
        nonlocal last, rows
        for riga, cells in itertools.chain(first[place + 1 :], filled):
            last = riga
            rows += 1
            if len(cells) < header.campi:
                cells += [""] * (header.campi - len(cells))
            known = [spell(cell, riga) for spell, cell in zip(spellers, cells, strict=False)]
            beyond = cells[header.campi :]
            yield riga, known + [_shown(cell) if cell != "" else "" for cell in beyond]

    frame = collect(spelled(), header)
    conto = Conto(last, place + 1, last - rows - place - 1)
    titles = [str(riga) for riga, _ in first[:place]]
    said = (*_beside(foglio, titles), *notes.sentences())
    mixed = (s for number in numbers.values() if (s := number.mixed()))
    signals = (*header.segnali, *mixed)
    come = f"foglio «{foglio.nome}», intestazione alla riga {header_riga}"
    return Celle(frame, header.campi, header.ignote, None, conto, said, signals, come)


def _is_filled(cell: Cella) -> bool:
    return not isinstance(cell, str) or clean(cell) != ""


def _beside(foglio: Foglio, titles: list[str]) -> Iterator[str]:
    """What the workbook holds beside the rows that are read."""
    if foglio.nascosti:
        names = ", ".join(f"«{name}»" for name in foglio.nascosti[:20])
        yield f"fogli nascosti, non letti: {names} (letto il foglio «{foglio.nome}»)"
    if titles:
        yield f"righe di titolo sopra l'intestazione, non lette: {', '.join(titles)}"


# --- what is no value, and is said once for all the cells alike --------------------------------------

_RIMEDI = {
    "formula": (
        "formule senza un valore salvato",
        "aprire la cartella di lavoro, lasciarla calcolare e salvarla",
    ),
    "errore": ("errori di calcolo o valori illeggibili", "correggerli e salvare"),
    "data": (
        "date in una colonna di testo",
        "dare alle celle il formato Testo e riscriverle",
    ),
    "decimale": (
        "numeri decimali in una colonna di codici, dove 1.10 diventa 1.1",
        "dare alle celle il formato Testo e riscriverle",
    ),
}
"""What was found, and what to do about it."""


@dataclass
class _Note:
    """How many cells hold no value, by kind, and where the first of each is; no cell is quoted."""

    casi: dict[str, int] = field(default_factory=dict)
    primi: dict[str, str] = field(default_factory=dict)

    def refuse(self, kind: str, shown: str, colonna: str, riga: int) -> str:
        """The text of a cell that is no value of any type."""
        self.casi[kind] = self.casi.get(kind, 0) + 1
        self.primi.setdefault(kind, f"{colonna}, riga {riga}")
        return UNREADABLE + shown

    def text(self, cell: str, colonna: str, riga: int) -> str:
        """A text cell as it is, noted where it holds no value."""
        if cell.startswith(UNREADABLE):
            shown = cell.removeprefix(UNREADABLE)
            return self.refuse("formula" if shown[:1] == "=" else "errore", shown, colonna, riga)
        return cell

    def sentences(self) -> Iterator[str]:
        for kind, casi in self.casi.items():
            found, remedy = _RIMEDI[kind]
            yield f"{found} (celle: {casi}, la prima in {self.primi[kind]}): {remedy}"


# --- one speller for each type ------------------------------------------------------------------------

_NUMERIC = ("intero", "decimale", "importo")


def _section(cell: Numero) -> Sezione | None:
    return cell.formato.section(Decimal(cell.testo)) if cell.formato else None


def _comma(number: str) -> str:
    return number.replace(".", ",")


def _percent(number: str, signs: int) -> str:
    """A number a hundredfold for each percent sign, exactly."""
    return format(Decimal(number).scaleb(2 * signs), "f")


@dataclass
class _Numeri:
    """A column of numbers: how each is spelled, and whether native ones stand beside written ones.

    A program of another language takes `711,54` for 71154 and leaves `1.482,22` as text: the mix is
    all that is left of the mistake.
    """

    colonna: Colonna
    note: _Note
    nativi: int = 0
    scritti: int = 0
    primo: tuple[int, str] | None = None

    def spell(self, cell: Cella, riga: int) -> str:
        if isinstance(cell, str):
            if cell and _SCRITTO.fullmatch(cell):
                self.scritti += 1
                self.primo = self.primo or (riga, cell.strip())
            return self.note.text(cell, self.colonna.nome, riga)
        if isinstance(cell, Numero):
            self.nativi += 1
            if cell.formato is None:
                return _comma(cell.testo)
            section = _section(cell)
            return _comma(_percent(cell.testo, section.percento if section else 0))
        return self.note.refuse("errore", _shown(cell), self.colonna.nome, riga)

    def mixed(self) -> Segnale | None:
        if not self.nativi or self.primo is None:
            return None
        riga, esempio = self.primo
        return Segnale("numeri_misti", self.colonna.nome, self.scritti, riga, esempio[:40])


def _speller(colonna: Colonna, estratto: Estratto, foglio: Foglio, note: _Note) -> Speller:
    """How the cells of a column are spelled, where it is not one of numbers."""
    if colonna.mostrata:
        return _as_shown
    if colonna.tipo in ("data", "data_ora"):
        return _moments(colonna, foglio.dal_1904, note)
    if colonna.tipo == "si_no":
        nome = colonna.nome
        return lambda cell, riga: note.text(_shown(cell, UNREADABLE), nome, riga)
    return _texts(colonna, estratto.is_code(colonna), note)


def _moments(colonna: Colonna, dal_1904: bool, note: _Note) -> Speller:
    """Days, and moments. A day has no hour; a bare number is a day where it can be no other thing."""
    spell = _day if colonna.tipo == "data" else _moment
    whole = colonna.tipo == "data"

    def spelled(cell: Cella, riga: int) -> str:
        if isinstance(cell, str):
            return note.text(cell, colonna.nome, riga)
        if isinstance(cell, Numero):
            section = _section(cell)
            days = Decimal(cell.testo)
            counted = PRIMO_GIORNO <= days <= ULTIMO_GIORNO and not (whole and "." in cell.testo)
            found = moment_of(cell.testo, dal_1904) if counted else None
            return spell(found) if found and not (section and section.percento) else _shown(cell)
        return spell(cell)

    return spelled


def _day(moment: dt.datetime) -> str:
    return moment.date().isoformat()


def _moment(moment: dt.datetime) -> str:
    if moment.time() == dt.time():
        return _day(moment)
    text = moment.isoformat(timespec="seconds")
    return text[:19] + (f"{FRACTION_MARK}{moment.microsecond:06d}" if moment.microsecond else "")


def _texts(colonna: Colonna, code: bool, note: _Note) -> Speller:
    """Text. A number keeps what its format adds to it, and a code is never guessed."""

    def spelled(cell: Cella, riga: int) -> str:
        if isinstance(cell, str):
            return note.text(cell, colonna.nome, riga)
        if not isinstance(cell, Numero):
            return note.refuse("data", _shown(cell), colonna.nome, riga)
        number, section = cell.testo, _section(cell)
        whole, _, decimals = number.partition(".")
        if cell.formato and section and section.zeri and not decimals:
            return section.shown(whole, cell.formato.is_signed(section))
        percent = bool(section and section.percento)
        # A format of as many decimals shows the code itself: `1.1` as 0.0.
        certain = section is not None and section.decimali == len(decimals)
        if code and (percent or decimals) and not certain:
            return note.refuse("decimale", _shown(cell), colonna.nome, riga)
        return _shown(cell) if percent else number

    return spelled


def _beyond(cell: Cella, _: int) -> str:
    return _shown(cell)


def _as_shown(cell: Cella, _: int) -> str:
    """A cell as people see it, an hour of no day too, which is a part of one."""
    part = cell.removeprefix(UNREADABLE) if isinstance(cell, str) else ""
    if part != cell and _PARTE_DI_GIORNO.fullmatch(part):
        seconds = round(Decimal(part.replace(",", ".")) * 86_400)
        return str(dt.timedelta(seconds=seconds)).zfill(8)
    return _shown(cell, UNREADABLE)


def _shown(cell: Cella, mark: str = "") -> str:
    """A cell as an Italian office sees it; `mark` stays before what is no value."""
    if isinstance(cell, str):
        return mark + cell.removeprefix(UNREADABLE) if cell.startswith(UNREADABLE) else cell
    if isinstance(cell, Numero):
        section = _section(cell)
        percento = section.percento if section else 0
        return _comma(_percent(cell.testo, percento)) + "%" * percento
    return cell.strftime("%d/%m/%Y" if cell.time() == dt.time() else "%d/%m/%Y %H:%M:%S")
