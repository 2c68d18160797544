"""The empty file of each extract, which an office fills in and delivers: csv, and xlsx with help in it.

Belongs here: the bytes of a template and whether one has been filled in. Does not belong here: where
templates lie (new_chamber.py), any rule of its own (contract/estratti.py, contract/parole.py).

A template is readable as it is: it holds the header and no line. So it must never lie where
deliveries do, for there an empty file is data.
"""

import io
from collections.abc import Iterable
from datetime import date, datetime

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from pipelines.contract.parole import TIPI, say_key, say_limits, say_rules
from pipelines.contract.schema import DECIMALI_DECIMALE, DECIMALI_IMPORTO, Colonna, Estratto, Tipo
from pipelines.extracts.workbook import open_sheet
from pipelines.scorecard.foglio import (
    BORDO,
    CENTRO,
    ETICHETTA,
    TESTA,
    TITOLO,
    Foglio,
    Stile,
    new_foglio,
    new_workbook,
    write_text,
)

RIGHE = 10_000
"""Lines under the header over which a workbook offers its lists and checks what is typed."""

ISTRUZIONI = "Istruzioni"
"""The second sheet of a template: only the first is read."""

_DECIMALI: dict[Tipo, int] = {
    "intero": 0,
    "decimale": DECIMALI_DECIMALE,
    "importo": DECIMALI_IMPORTO,
}
_DISPLAY: dict[Tipo, str] = {
    "testo": "@",  # else a code such as 0012 would lose its zeros while it is typed
    "si_no": "@",
    "intero": "0",
    "decimale": "General",
    "importo": "#,##0.00",
    "data": "dd/mm/yyyy",
    "data_ora": "dd/mm/yyyy hh:mm",
}
_PRIMO_GIORNO = date(1900, 1, 1)
"""The first that a sheet can hold: text and lone hours are what the check of a date keeps out."""
_MESSAGGIO = 255
"""Characters of a message that the format allows."""

# Told apart by the typeface too, for who prints in grey or does not tell the colours apart.
_OBBLIGATORIA: Stile = {
    **TESTA,
    "bg_color": "#1F3F66",
    "font_color": "#FFFFFF",
    "valign": "vcenter",
}
_FACOLTATIVA: Stile = {**TESTA, "italic": True, "valign": "vcenter"}
_PERSONALE = (
    "Si scrive la matricola: pira la sostituisce con uno pseudonimo prima di ogni altra cosa."
)


def csv_template(estratto: Estratto) -> bytes:
    """The header alone, as an Italian spreadsheet opens it: UTF-8 with BOM, `;`, CRLF."""
    return (";".join(c.nome for c in estratto.colonne) + "\r\n").encode("utf-8-sig")


def xlsx_template(estratto: Estratto) -> bytes:
    """A sheet with the header, notes, lists and checks, and one that explains; always the same bytes."""
    stream = io.BytesIO()
    with new_workbook(stream) as workbook:
        workbook.set_properties(
            {"title": estratto.descrizione, "author": "pira", "created": datetime(2000, 1, 1)}
        )
        _write_data(workbook, estratto)
        _write_instructions(workbook, estratto)
    return stream.getvalue()


def is_filled_in(content: bytes, formato: str) -> bool:
    """Whether a template holds lines under its header; true as well for what cannot be read."""
    try:
        rows = _sheet_lines(content) if formato == "xlsx" else _text_lines(content)
        filled = (line for line in rows if line.strip('";, \t'))
        next(filled, None)
        return next(filled, None) is not None
    except Exception:  # the workbook reader raises whatever a broken file makes it raise
        return True


def _text_lines(content: bytes) -> Iterable[str]:
    return content.decode("utf-8-sig", errors="replace").splitlines()


def _sheet_lines(content: bytes) -> Iterable[str]:
    return ("".join(map(str, cells)) for _, cells in open_sheet(content).righe)


# --- the sheet that is filled in --------------------------------------------------------------------


def _write_data(workbook: Workbook, estratto: Estratto) -> None:
    sheet = workbook.add_worksheet(estratto.nome)
    required, optional = (workbook.add_format(dict(s)) for s in (_OBBLIGATORIA, _FACOLTATIVA))
    displays = {t: workbook.add_format({"num_format": f}) for t, f in _DISPLAY.items()}
    sheet.set_row(0, 21)
    text = []
    for place, colonna in enumerate(estratto.colonne):
        letter = xl_col_to_name(place)
        sheet.set_column(place, place, _width(colonna), displays[colonna.tipo])
        sheet.write_string(0, place, colonna.nome, required if colonna.obbligatoria else optional)
        _write_note(sheet, place, _note(estratto, colonna))
        check = _check(estratto, colonna, letter)
        # the library leaves out too long a list with a warning that nobody reads
        if check and sheet.data_validation(1, place, RIGHE, place, check):
            raise ValueError(f"{estratto.codice}: un foglio non regge i valori di {colonna.nome}.")
        if _DISPLAY[colonna.tipo] == "@":
            text.append(f"{letter}2:{letter}{RIGHE + 1}")
    if text:  # else every code of digits has a mark that offers to make a number of it
        sheet.ignore_errors({"number_stored_as_text": " ".join(text)})
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _width(colonna: Colonna) -> float:
    longest = max(map(len, (colonna.nome, *colonna.codici)))
    return max(14.0, longest * 1.25 + 3)


def _note(estratto: Estratto, colonna: Colonna) -> list[str]:
    """What the note of a header says, line by line."""
    return [
        "obbligatoria" if colonna.obbligatoria else "facoltativa",
        _PERSONALE if colonna.personale else colonna.descrizione,
        f"Tipo: {TIPI[colonna.tipo]}",
        *([f"Ammessi: {'; '.join(limits)}"] if (limits := say_limits(colonna)) else []),
        *(f"Regola: {regola}" for regola in say_rules(estratto, colonna.nome)),
        *(["Fa parte della chiave"] if colonna.nome in estratto.chiave else []),
    ]


def _write_note(sheet: Worksheet, place: int, lines: list[str]) -> None:
    high = sum(1 + len(line) // 36 for line in lines)
    sheet.write_comment(
        0,
        place,
        "\n".join(lines),
        {"author": "pira", "width": 290, "height": 14 + 16 * high, "font_size": 9},
    )


def _check(estratto: Estratto, colonna: Colonna, letter: str) -> dict[str, object] | None:
    """What a spreadsheet checks while a cell of the column is typed; nothing that we would accept."""
    said = "; ".join([TIPI[colonna.tipo], *say_limits(colonna)])
    helped = {"input_title": colonna.nome, "input_message": _cut(said)}
    refused = {"error_title": colonna.nome, "error_message": _cut(f"Qui va: {said}.")}
    choices = colonna.codici or (("S", "N") if colonna.tipo == "si_no" else ())
    if choices:
        return {"validate": "list", "source": list(choices), **refused}
    if colonna.tipo in ("data", "data_ora"):
        return {"validate": "date", "criteria": ">=", "value": _PRIMO_GIORNO, **helped, **refused}
    if colonna.tipo in _DECIMALI:
        formula = _number_formula(colonna, f"{letter}2")
        return {"validate": "custom", "value": formula, **helped, **refused}
    advice = [*say_limits(colonna), *say_rules(estratto, colonna.nome)]
    if advice:
        return {"validate": "any", **helped, "input_message": _cut("; ".join(advice))}
    return None


def _cut(message: str) -> str:
    return message if len(message) <= _MESSAGGIO else f"{message[: _MESSAGGIO - 1]}…"


def _number_formula(colonna: Colonna, cell: str) -> str:
    """True for a number with no more decimals than its type keeps, within its bounds."""
    holds = [f"ISNUMBER({cell})", f"ROUND({cell},{_DECIMALI[colonna.tipo]})={cell}"]
    if (bounds := colonna.intervallo) is not None:
        if bounds.minimo is not None:
            holds.append(f"{cell}{'>' if bounds.minimo_escluso else '>='}{bounds.minimo}")
        if bounds.massimo is not None:
            holds.append(f"{cell}<={bounds.massimo}")
    return f"=AND({','.join(holds)})"


# --- the sheet that explains ------------------------------------------------------------------------

_CORPO: Stile = {"font_size": 9}
_CELLA: Stile = {**BORDO, **_CORPO, "indent": 1}
_LARGHEZZE = (25.0, 14.0, 31.0, 42.0, 46.0)
_TITOLI = ("Colonna", "Obbligatoria", "Tipo", "Che cosa contiene", "Valori ammessi e regole")


def _write_instructions(workbook: Workbook, estratto: Estratto) -> None:
    foglio = new_foglio(workbook, ISTRUZIONI, _LARGHEZZE)
    _write_lines(foglio, [estratto.descrizione], {**TITOLO, "font_size": 12})
    _write_lines(foglio, _instructions(estratto), _CORPO)
    foglio.close_riga(6)
    altezze = [
        write_text(foglio, titolo, i, stile={**TESTA, **_CORPO}) for i, titolo in enumerate(_TITOLI)
    ]
    foglio.close_riga(max(altezze))
    for colonna in estratto.colonne:
        limits = [*say_limits(colonna), *say_rules(estratto, colonna.nome)]
        row: list[tuple[str, Stile]] = [
            (colonna.nome, {**ETICHETTA, **_CELLA}),
            ("sì" if colonna.obbligatoria else "no", {**CENTRO, **_CORPO}),
            (TIPI[colonna.tipo], _CELLA),
            (_PERSONALE if colonna.personale else colonna.descrizione, _CELLA),
            ("; ".join(limits), _CELLA),
        ]
        altezze = [
            write_text(foglio, testo, i, stile=stile) for i, (testo, stile) in enumerate(row)
        ]
        foglio.close_riga(max(altezze))
    foglio.close_riga(6)
    _write_lines(foglio, [f"Chiave: {say_key(estratto)}."], _CORPO)


def _instructions(estratto: Estratto) -> list[str]:
    name = f"<sigla della Camera>/<anno>/{estratto.codice}"
    return [
        f"Ritmo atteso: {estratto.ritmo}. Si consegna come {name}.xlsx, in un solo file o in più parti"
        f" ({estratto.nome}-1.xlsx, {estratto.nome}-2.xlsx): tutte le parti insieme sono l'estratto.",
        f"Si compila il primo foglio, «{estratto.nome}», una riga per caso; i nomi delle colonne non si"
        " cambiano e il foglio resta il primo, perché è il solo che viene letto.",
        "Le intestazioni scure in tondo sono delle colonne obbligatorie, quelle chiare in corsivo delle"
        " facoltative; la nota di ogni intestazione dice che cosa ci va.",
        f"Elenchi e controlli arrivano alla riga {RIGHE + 1:_}".replace("_", ".")
        + "; anche le righe successive vengono lette. Chi incolla dati da altrove li scavalca: le"
        " regole valgono lo stesso, e una riga che le viola va in quarantena mentre le altre vanno avanti.",
        "Consegnato senza righe, questo file vuol dire che nell'anno non c'è stato niente da contare:"
        " non si consegna vuoto un estratto che deve ancora arrivare.",
    ]


def _write_lines(foglio: Foglio, lines: Iterable[str], stile: Stile) -> None:
    for line in lines:
        foglio.close_riga(write_text(foglio, line, 0, foglio.ultima, stile))
