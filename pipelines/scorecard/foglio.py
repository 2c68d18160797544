"""A sheet of a workbook written top to bottom: text that stays text, figures, heights, print setup.

Belongs here: what every workbook and sheet of ours has in common. Does not belong here: what a sheet
says (xlsx.py, lettura.py, pipelines/offices/templates.py).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_pixel_width
from xlsxwriter.worksheet import Worksheet

from pipelines.italiano import format_numero, round_half_up
from pipelines.scorecard import legenda
from pipelines.scorecard.cifre import Cifra, decimals_of
from pipelines.scorecard.legenda import FORMULA_MARKS, printable
from pipelines.scorecard.righe import Row
from pipelines.scorecard.sheet import Scheda

Stile = Mapping[str, object]
"""Properties of a cell, by the names of the library that writes the workbook."""

_OPZIONI = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    # The width of a column counts digits of this font, so it must be one that every office has.
    "default_format_properties": {"font_name": "Arial", "font_size": 10},
    "in_memory": True,  # else every part passes through the system's folder for temporary files
}

CORPO = 8
_BASE: Stile = {"font_name": "Arial", "font_size": CORPO, "text_wrap": True, "valign": "vcenter"}
BORDO: Stile = {"border": 1, "border_color": "#8C96A3"}
ETICHETTA: Stile = {**BORDO, "bold": True, "bg_color": "#EEF1F5"}
TESTA: Stile = {
    **BORDO,
    "bold": True,
    "bg_color": "#D6DEE8",
    "align": "center",
}
CIFRA: Stile = {**BORDO, "text_wrap": False, "shrink": True, "align": "center"}
CENTRO: Stile = {**BORDO, "align": "center"}
AVVISO: Stile = {**BORDO, "bold": True, "bg_color": "#FFF2CC"}
TITOLO: Stile = {"bold": True, "font_size": 11}
SFONDI = {"verde": "#DCEFDC", "giallo": "#FFF2CC", "rosso": "#F8D7D4"}
"""Of the colours of the semaforo; grey is the absence of one."""
# A hatch and not a plain grey, so that a missing figure shows on paper too.
_MANCA: Stile = {**BORDO, "pattern": 14, "fg_color": "#B5B5B5", "bg_color": "#F2F2F2"}

EURO = '[$-410]"€ "#,##0.00;[$-410]"€ "-#,##0.00'
PUNTI = '[$-410]#,##0.00"%"'
"""Percent points: the sign is a literal, or the spreadsheet would multiply by 100."""
QUOTA = "[$-410]0.00%"
"""A share from 0 to 1."""

CIFRE_DI_UN_FOGLIO = 15
"""Digits of a number that a spreadsheet shows; those after them are zeros."""
TESTO_MASSIMO = 32_767
"""Characters that a cell may hold; the library drops a longer text without a word."""
_ALTEZZA_MASSIMA = 409.0
_PAGINA_LARGA, _PAGINA_ALTA = 785.0, 510.0
"""Points that a landscape A4 offers inside the margins set below."""


@dataclass
class Foglio:
    """A sheet while it is written. `riga` is the next free row, from 0.

    `larghezze` (characters) and `altezze` (points) remember what was set: heights are worked out
    here, since no spreadsheet fits the height of merged cells. `gruppi` are the rows before which
    a page may end.
    """

    workbook: Workbook
    sheet: Worksheet
    larghezze: tuple[float, ...]
    formati: dict[tuple[tuple[str, object], ...], Format] = field(default_factory=dict)
    altezze: list[float] = field(default_factory=list)
    gruppi: list[int] = field(default_factory=list)

    @property
    def riga(self) -> int:
        return len(self.altezze)

    @property
    def ultima(self) -> int:
        """The last column."""
        return len(self.larghezze) - 1

    def formato(self, stile: Stile) -> Format:
        """The format with these properties, made once."""
        proprieta = {**_BASE, **stile}
        chiave = tuple(sorted(proprieta.items(), key=lambda p: p[0]))
        if chiave not in self.formati:
            self.formati[chiave] = self.workbook.add_format(proprieta)
        return self.formati[chiave]

    def close_riga(self, altezza: float) -> None:
        """Give the row being written its height, in points, and go on to the next."""
        self.altezze.append(min(altezza, _ALTEZZA_MASSIMA))
        self.sheet.set_row(self.riga - 1, self.altezze[-1])


def new_workbook(place: Path | BinaryIO) -> Workbook:
    """A workbook to be written to a file or a stream, in which text stays text."""
    # a copy: the writer changes the options it is given, and the next workbook would differ
    return Workbook(place, deepcopy(_OPZIONI))


def new_foglio(workbook: Workbook, nome: str, larghezze: Sequence[float]) -> Foglio:
    """A sheet with columns so wide, in characters, that prints on landscape A4, one page wide."""
    sheet = workbook.add_worksheet(nome)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.39, right=0.39, top=0.6, bottom=0.5)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
    for colonna, larghezza in enumerate(larghezze):
        sheet.set_column(colonna, colonna, larghezza)
    return Foglio(workbook, sheet, tuple(larghezze))


def count_righe(testo: str, larghezza: float, corpo: float, grassetto: bool) -> int:
    """Lines that a text takes when wrapped in so many characters of width.

    The letter widths known are of a narrower typeface at 11 points; the factor makes up for it and
    is on the large side, since a row a little too high is better than a line cut off.
    """
    spazio = max(1.0, larghezza * 7 - 2)
    fattore = corpo / 11 * (1.18 if grassetto else 1.08)
    righe = 0
    for capoverso in testo.split("\n"):
        righe, preso = righe + 1, 0.0
        for parola in capoverso.split(" "):
            occupa = xl_pixel_width(parola) * fattore
            if preso and preso + occupa > spazio:
                righe, preso = righe + 1, 0.0
            # A word wider than the column is broken.
            righe += int(occupa // spazio)
            preso += occupa % spazio + 3 * fattore
    return righe


def height_of(foglio: Foglio, testo: str, prima: int, ultima: int, stile: Stile) -> float:
    """The points that a text needs over columns prima..ultima."""
    larghezza = sum(foglio.larghezze[prima : ultima + 1]) + (ultima - prima) * 5 / 7
    corpo = float(str(stile.get("font_size", CORPO)))
    righe = count_righe(testo, larghezza, corpo, bool(stile.get("bold")))
    return righe * corpo * 1.15 + 5


def write_text(
    foglio: Foglio,
    testo: object,
    prima: int,
    ultima: int | None = None,
    stile: Stile = BORDO,
    righe: int = 1,
) -> float:
    """Write a text over columns prima..ultima of the row; return the height that it needs.

    A text that would become a formula when somebody edits its cell is marked as text, as an
    apostrophe typed before it would: it displays as it is.
    """
    ultima = prima if ultima is None else ultima
    pulito = printable(testo)
    if len(pulito) > TESTO_MASSIMO:
        pulito = f"{pulito[: TESTO_MASSIMO - 1]}…"
    if pulito.startswith(FORMULA_MARKS):
        stile = {**stile, "quote_prefix": True}
    formato = _merge(foglio, prima, ultima, stile, righe)
    if pulito:
        foglio.sheet.write_string(foglio.riga, prima, pulito, formato)
    return height_of(foglio, pulito, prima, ultima, stile)


def begin_elenco(foglio: Foglio, titolo: str, teste: Sequence[str], avvisi: Iterable[str]) -> int:
    """The head of a sheet that is a list: its title, the names of its columns, what is to be known first.

    Returns how many rows stay in sight, and stand on every page.
    """
    foglio.close_riga(write_text(foglio, titolo, 0, foglio.ultima, TITOLO) + 3)
    foglio.close_riga(max(write_text(foglio, t, c, stile=TESTA) for c, t in enumerate(teste)))
    testa = foglio.riga
    foglio.sheet.freeze_panes(testa, 0)
    for avviso in avvisi:
        foglio.close_riga(write_text(foglio, avviso, 0, foglio.ultima, AVVISO))
    return testa


def write_rich(
    foglio: Foglio, righe: Sequence[Sequence[tuple[str, str]]], stile: Stile = BORDO
) -> float:
    """Write lines of labels and values in one cell as wide as the sheet; return its height."""
    pezzi = [
        (f"{printable(etichetta)}: ", printable(valore) + ("\n" if fine else "     "))
        for riga in righe
        for etichetta, valore, fine in ((*campo, campo is riga[-1]) for campo in riga)
    ]
    intero = "".join(testo for pezzo in pezzi for testo in pezzo).rstrip()
    if len(intero) > TESTO_MASSIMO:
        return write_text(foglio, intero, 0, foglio.ultima, stile)
    formato = _merge(foglio, 0, foglio.ultima, stile, 1)
    grassetto = foglio.formato({**stile, "bold": True})
    frammenti: list[object] = []
    for numero_pezzo, (etichetta, valore) in enumerate(pezzi, 1):
        ultimo = numero_pezzo == len(pezzi)
        frammenti += [grassetto, etichetta, formato, valore.rstrip() or " " if ultimo else valore]
    foglio.sheet.write_rich_string(foglio.riga, 0, *frammenti, formato)
    return height_of(foglio, intero, 0, foglio.ultima, stile)


def write_cifra(
    foglio: Foglio,
    valore: Decimal | None,
    formato: str,
    prima: int,
    ultima: int | None = None,
    stile: Stile = CIFRA,
    motivo: str | None = None,
    nota: str | None = None,
) -> None:
    """Write a figure; where there is none leave the cell empty and hatched, its reason in a note.

    `nota` is said of the cell whether it has a figure or not.
    """
    esatto = None if valore is None else _in_cifre(valore, formato)
    come = "Scritta come testo: un foglio di calcolo tiene quindici cifre." if esatto else None
    detto = "\n".join(filter(None, (motivo if valore is None else None, nota, come)))
    if detto:
        opzioni = {"author": "pira", "x_scale": 2, "font_size": CORPO}
        foglio.sheet.write_comment(foglio.riga, prima, detto[:TESTO_MASSIMO], opzioni)
    ultima = prima if ultima is None else ultima
    if valore is None:
        _merge(foglio, prima, ultima, _MANCA, 1)
        return
    scritto = _merge(foglio, prima, ultima, {**stile, "num_format": formato}, 1)
    if esatto:
        foglio.sheet.write_string(foglio.riga, prima, esatto, scritto)
        return
    # A Decimal as it is: the library prints its digits, the sixteen that a spreadsheet keeps.
    foglio.sheet.write_number(foglio.riga, prima, valore, scritto)


def _in_cifre(valore: Decimal, formato: str) -> str | None:
    """A figure as its format shows it, if that has more digits than a spreadsheet would show right."""
    trovato = re.search(r"#,##0(?:\.(0+))?", formato)
    if trovato is None:
        return None
    decimali = len(trovato[1] or "")
    cifre = re.sub(r"[^0-9]", "", f"{round_half_up(valore, decimali):f}").strip("0")
    if len(cifre) <= CIFRE_DI_UN_FOGLIO:
        return None
    testo = formato.partition(";")[0].removeprefix("[$-410]").replace('"', "")
    return testo.replace(trovato[0], format_numero(valore, decimali))


def write_blank(foglio: Foglio, prima: int, ultima: int, stile: Stile = BORDO) -> None:
    """An empty cell over columns prima..ultima."""
    _merge(foglio, prima, ultima, stile, 1)


def _merge(foglio: Foglio, prima: int, ultima: int, stile: Stile, righe: int) -> Format:
    """Blank cells with one format, merged where they are more than one."""
    formato = foglio.formato(stile)
    if ultima > prima or righe > 1:
        fine = foglio.riga + righe - 1
        foglio.sheet.merge_range(foglio.riga, prima, fine, ultima, "", formato)
    else:
        foglio.sheet.write_blank(foglio.riga, prima, None, formato)
    return formato


def numero(decimali: int, coda: str = "") -> str:
    """The format of a number with so many decimals, and a literal text after it."""
    cifre = "[$-410]#,##0" + ("." + "0" * decimali if decimali else "")
    return f'{cifre}"{coda}"' if coda else cifre


def format_of(cifra: Cifra, row: Row, coda: str = "") -> str:
    """The display format of a figure of a row, and a literal text after an indicator's."""
    formati = {"punti": PUNTI, "quota": QUOTA, "euro": EURO}
    if cifra.unita != "indicatore":
        return formati[cifra.unita]
    return numero(decimals_of(row), "%" * bool(row["percentuale"]) + coda)


def set_print(foglio: Foglio, scheda: Scheda, testa: int) -> None:
    """Title and page numbers; the first `testa` rows on every page; pages that end between groups."""

    def inert(testo: str) -> str:
        # In a page header an ampersand starts a command.
        return printable(testo)[:70].replace("&", "&&")

    giorno = legenda.format_giorno(scheda.data_riferimento)
    sinistra = inert(f"Camera {scheda.partizione.camera}, dati al {giorno}")
    piede = inert(
        f"{legenda.PROVVISORIO} - " * legenda.is_provvisoria(scheda)
        + "DATI SINTETICI - " * scheda.sintetici
        + f"Regole versione {scheda.versione_regole}"
    )
    normale, grassetto = '&"Arial,Regular"&8 ', '&"Arial,Bold"&9 '
    sheet = foglio.sheet
    sheet.set_header(f"&L{normale}{sinistra}&C{grassetto}{inert(legenda.title_of(scheda))}")
    sheet.set_footer(f"&L{normale}{piede}&R{normale}Pagina &P di &N")
    if testa:
        sheet.repeat_rows(0, testa - 1)
    sheet.set_h_pagebreaks(_breaks(foglio, testa))
    sheet.print_area(0, 0, max(0, foglio.riga - 1), foglio.ultima)


def _breaks(foglio: Foglio, testa: int) -> list[int]:
    """The groups that begin a page, since they would not fit on what is left of the one before."""
    larghezza = sum(larghezza * 7 + 5 for larghezza in foglio.larghezze) * 0.75
    scala = min(1.0, _PAGINA_LARGA / larghezza)
    ripetute = sum(foglio.altezze[:testa])
    spazio = _PAGINA_ALTA / scala
    inizi = [testa, *foglio.gruppi]
    preso = ripetute
    breaks = []
    for inizio, fine in zip(inizi, [*foglio.gruppi, len(foglio.altezze)], strict=True):
        alto = sum(foglio.altezze[inizio:fine])
        if preso > ripetute and preso + alto > spazio:
            breaks.append(inizio)
            preso = ripetute
        # A group longer than a page flows on, with the repeated rows on each.
        preso += alto
        while preso > spazio:
            preso -= spazio - ripetute
    return breaks
