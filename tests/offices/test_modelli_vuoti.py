"""The templates of the extracts, opened by a reader that did not write them, filled in, delivered.

Belongs here: what a template holds, and that the system takes it as it is. Does not belong here: where
templates are laid out (test_nuova_camera.py).
"""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.contract.estratti import PER_CODICE
from pipelines.contract.schema import Colonna as Contratto
from pipelines.contract.schema import Estratto
from pipelines.offices.templates import csv_template, is_filled_in, xlsx_template
from tests.extracts.materiale import Celle, percorso, riga_buona, riga_csv
from tests.extracts.sistema import ingerisci_in
from tests.reference.lettura import ESTRATTI, PERSONALI, REGOLE_RIGA, Colonna, EsitoFile

COLONNE = [(codice, colonna) for codice, e in ESTRATTI.items() for colonna in e.colonne]
"""Every column of the contract, as the reference reads it."""


def nome_di(value: object) -> str:
    return value.nome if isinstance(value, Colonna) else str(value)


colonne = pytest.mark.parametrize(("codice", "colonna"), COLONNE, ids=nome_di)
estratti = pytest.mark.parametrize("codice", ESTRATTI)


@cache
def modello(codice: str) -> bytes:
    return xlsx_template(PER_CODICE[codice])


def open_book(codice: str) -> Workbook:
    return load_workbook(io.BytesIO(modello(codice)))


def save(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@cache
def foglio(codice: str) -> Worksheet:
    """The sheet that is filled in: only to be read."""
    return open_book(codice).worksheets[0]


def place_of(codice: str, colonna: Colonna) -> int:
    return ESTRATTI[codice].colonne.index(colonna) + 1


def check_of(codice: str, colonna: Colonna) -> DataValidation | None:
    """What the sheet checks in a column: in each of its lines alike, or in none."""
    sheet = foglio(codice)
    letter = sheet.cell(1, place_of(codice, colonna)).column_letter
    found = [c for c in sheet.data_validations.dataValidation if f"{letter}2" in c.sqref]
    for row in (3, 5_000, 10_001):
        assert [c for c in found if f"{letter}{row}" in c.sqref] == found
    assert not [c for c in sheet.data_validations.dataValidation if f"{letter}1" in c.sqref], (
        "the header is no value"
    )
    assert len(found) <= 1
    return found[0] if found else None


# --- a template is delivered ------------------------------------------------------------------------


def good_row(codice: str) -> Celle:
    # the year 1001 of the shared row stands before the first day that a sheet knows
    changed = {"data": "01/03/2020"} if codice == "segreteria/atti" else {}
    return riga_buona(codice, 0, **changed)


def typed(tipo: str, text: str) -> object:
    """What a person's typing leaves in a cell of that type."""
    if text == "":
        return None
    number = text.replace(".", "").replace(",", ".")
    kinds: dict[str, Callable[[], object]] = {
        "intero": lambda: int(number),
        "decimale": lambda: float(number),
        "importo": lambda: float(number),
        "data": lambda: datetime.strptime(text, "%d/%m/%Y").date(),
        "data_ora": lambda: datetime.strptime(text, "%d/%m/%Y %H:%M"),
    }
    return kinds.get(tipo, lambda: text)()


def fill_in(codice: str, row: Celle) -> bytes:
    """The template with a row typed under its header; the rest of the workbook is kept."""
    book = open_book(codice)
    for place, colonna in enumerate(ESTRATTI[codice].colonne, start=1):
        cell = book.worksheets[0].cell(2, place)
        value: Any = typed(colonna.tipo, row[colonna.nome])
        cell.value = value
    return save(book)


def fill_in_csv(codice: str, row: Celle) -> bytes:
    line = riga_csv(row[colonna.nome] for colonna in ESTRATTI[codice].colonne)
    return csv_template(PER_CODICE[codice]) + f"{line}\r\n".encode()


@estratti
def test_a_template_filled_in_is_accepted_as_it_is(codice: str, tmp_path: Path) -> None:
    row = good_row(codice)
    as_sheet, as_text = percorso(codice, estensione="xlsx"), percorso(codice)
    sheet = ingerisci_in(tmp_path / "xlsx", codice, {as_sheet: fill_in(codice, row)}).lettura
    text = ingerisci_in(tmp_path / "csv", codice, {as_text: fill_in_csv(codice, row)}).lettura
    assert sheet.file == {as_sheet: EsitoFile("ACCETTATO", None, 1, 1, 0)}
    assert text.file == {as_text: EsitoFile("ACCETTATO", "utf-8", 1, 1, 0)}
    # typed cells and the same thing spelt in a csv are the same row
    assert sheet.righe[as_sheet, 2] == text.righe[as_text, 2]
    assert len(sheet.righe) == len(text.righe) == 1


@estratti
def test_a_bare_template_is_an_extract_with_nothing_to_count(codice: str, tmp_path: Path) -> None:
    for kind, content in (("xlsx", modello(codice)), ("csv", csv_template(PER_CODICE[codice]))):
        file = percorso(codice, estensione=kind)
        read = ingerisci_in(tmp_path / kind, codice, {file: content})
        assert read.lettura.file[file].esito == "ACCETTATO"
        assert read.lettura.file[file].righe_lette == len(read.lettura.righe) == 0
        assert read.file["motivo"].to_list() == [None], "a column that the contract does not know"


def test_a_sheet_keeps_the_zeros_of_a_code_and_the_cents_of_an_amount(tmp_path: Path) -> None:
    codice, file = "provveditorato/pagamenti", "MS/2020/provveditorato/pagamenti.xlsx"
    row = riga_buona(codice, 0, codice_siope="0012", numero_mandato="007", imponibile="-1.234,10")
    read = ingerisci_in(tmp_path, codice, {file: fill_in(codice, row)}).lettura.righe[file, 2]
    assert (read["codice_siope"], read["numero_mandato"]) == ("0012", "007")
    assert read["imponibile"] == Decimal("-1234.10")


def test_a_bad_row_typed_in_a_template_is_quarantined(tmp_path: Path) -> None:
    codice, file = "provveditorato/pagamenti", "MS/2020/provveditorato/pagamenti.xlsx"
    row = riga_buona(codice, 0, codice_siope="12")
    read = ingerisci_in(tmp_path, codice, {file: fill_in(codice, row)}).lettura
    assert read.file == {file: EsitoFile("ACCETTATO", None, 1, 0, 1)}


# --- what a template holds --------------------------------------------------------------------------


@estratti
def test_the_csv_is_what_an_italian_spreadsheet_opens(codice: str) -> None:
    names = [colonna.nome for colonna in ESTRATTI[codice].colonne]
    expected = b"\xef\xbb\xbf" + ";".join(names).encode("ascii") + b"\r\n"
    assert csv_template(PER_CODICE[codice]) == expected


@estratti
def test_the_first_sheet_is_a_header_and_the_second_explains(codice: str) -> None:
    book = open_book(codice)
    assert book.sheetnames == [codice.split("/")[1], "Istruzioni"]
    data, explained = book.worksheets
    names = [colonna.nome for colonna in ESTRATTI[codice].colonne]
    assert [[cell.value for cell in row] for row in data.iter_rows()] == [names]
    assert data.freeze_panes == "A2"
    table = [[cell.value for cell in row] for row in explained.iter_rows()]
    start = [row[0] for row in table].index("Colonna") + 1
    listed = table[start : start + len(names)]
    assert [row[:2] for row in listed] == [
        [c.nome, "sì" if c.obbligatoria else "no"] for c in ESTRATTI[codice].colonne
    ]
    key = table[-1][0] or ""
    assert key.startswith("Chiave: ")
    assert all(nome in key for nome in ESTRATTI[codice].chiave)
    rules = "; ".join(str(row[4]) for row in listed)
    for colonna, _ in REGOLE_RIGA.get(codice, []):
        assert next(row[4] for row in listed if row[0] == colonna), rules


@estratti
def test_a_template_is_the_same_bytes_and_holds_no_macro_nor_link(codice: str) -> None:
    assert modello(codice) == xlsx_template(PER_CODICE[codice])
    with zipfile.ZipFile(io.BytesIO(modello(codice))) as archive:
        names = archive.namelist()
    assert not [n for n in names if "vba" in n.lower() or "externalLink" in n]


@colonne
def test_a_header_is_bold_and_says_whether_it_is_required(codice: str, colonna: Colonna) -> None:
    cell = foglio(codice).cell(1, place_of(codice, colonna))
    assert cell.comment is not None
    said = cell.comment.text.splitlines()
    assert cell.font.b
    assert said[0] == ("obbligatoria" if colonna.obbligatoria else "facoltativa")
    # the typeface too tells them apart, for who does not see the colour
    assert bool(cell.font.i) is not colonna.obbligatoria
    fills = {
        c.obbligatoria: foglio(codice).cell(1, place_of(codice, c)).fill.fgColor.rgb
        for c in ESTRATTI[codice].colonne
    }
    assert len(set(fills.values())) == len(fills)
    declared = PER_CODICE[codice].colonna(colonna.nome)
    assert declared.descrizione in said or declared.personale
    assert [line for line in said if line.startswith("Tipo: ")]
    for code in colonna.codici:
        assert code in cell.comment.text
    for bound in colonna.intervallo:
        number = "4" if bound == "quattro_cifre" else bound.lstrip("<>=")
        assert number in cell.comment.text
    assert ("pseudonimo" in cell.comment.text) is (colonna.nome in PERSONALI)
    assert ("Fa parte della chiave" in said) is (colonna.nome in ESTRATTI[codice].chiave) or (
        (codice, colonna.nome) == ("segreteria/atti", "data")  # its year is
    )
    rules = [named for named, _ in REGOLE_RIGA.get(codice, []) if named == colonna.nome]
    assert len([line for line in said if line.startswith("Regola: ")]) >= len(rules)


FORMATI = {
    "testo": "@",
    "codice": "@",
    "si_no": "@",
    "intero": "0",
    "decimale": "General",
    "importo": "#,##0.00",
    "data": "dd/mm/yyyy",
    "data_ora": "dd/mm/yyyy hh:mm",
}


@colonne
def test_a_column_shows_what_is_typed_as_its_type(codice: str, colonna: Colonna) -> None:
    place = place_of(codice, colonna)
    # neighbours that are alike are one span
    (found,) = [d for d in foglio(codice).column_dimensions.values() if d.min <= place <= d.max]
    assert found.number_format == FORMATI[colonna.tipo]


def choices(check: DataValidation) -> list[str]:
    return str(check.formula1).strip('"').split(",")


def holds(formula: str, cell: str, value: object) -> bool:
    """Whether the formula of a check is true of a number (or text) in its first cell."""
    python = re.sub(r"(?<![<>])=", "==", formula.replace(cell, "value"))
    functions = {
        "AND": lambda *conditions: all(conditions),
        "ISNUMBER": lambda x: isinstance(x, Decimal),
        "ROUND": lambda x, digits: round(x, digits) if isinstance(x, Decimal) else x,
        "value": value if isinstance(value, Decimal) else Decimal("NaN"),
    }
    if not isinstance(value, Decimal):
        return "ISNUMBER(" not in formula
    return bool(eval(python, {"__builtins__": {}}, functions))


PASSI = {"intero": (0, "1"), "decimale": (6, "0.000001"), "importo": (2, "0.01")}
"""Decimals of a type, and its smallest step."""


@colonne
def test_a_cell_offers_the_codes_and_refuses_what_the_contract_refuses(
    codice: str, colonna: Colonna
) -> None:
    check = check_of(codice, colonna)
    if colonna.codici or colonna.tipo == "si_no":
        assert check is not None and check.type == "list" and not check.showDropDown
        assert choices(check) == list(colonna.codici or ("S", "N"))
    elif colonna.tipo in ("data", "data_ora"):
        assert check is not None and (check.type, check.operator) == ("date", "greaterThanOrEqual")
        assert float(str(check.formula1)) == 1, "the first day that a sheet knows"
    elif colonna.tipo in PASSI:
        assert check is not None and check.type == "custom"
        formula = str(check.formula1)
        cell = f"{foglio(codice).cell(1, place_of(codice, colonna)).column_letter}2"
        _, step = PASSI[colonna.tipo]
        bounds = {c.rstrip("0123456789"): Decimal(c.lstrip("<>=")) for c in colonna.intervallo}
        low = bounds.get(">=", bounds.get(">", Decimal(-1)))
        inside = low + Decimal(step)
        assert holds(formula, cell, inside)
        assert not holds(formula, cell, "due")
        assert not holds(formula, cell, inside + Decimal(step) / 10)
        assert holds(formula, cell, low) is (">" not in bounds)
        assert holds(formula, cell, low - Decimal(step)) is not (
            bounds.keys() & {">", ">="} != set()
        )
        high = bounds.get("<=", Decimal(10**9))
        assert holds(formula, cell, high)
        assert holds(formula, cell, high + Decimal(step)) is ("<=" not in bounds)
    else:
        assert check is None or check.type is None or check.type == "none"
    if colonna.tipo in ("data", "data_ora", *PASSI):
        assert check is not None and check.prompt and check.error
    if check is not None:
        assert len(check.prompt or "") <= 255 and len(check.error or "") <= 255
        assert check.allow_blank, "what is missing is judged when the file is read"


def test_a_code_with_a_form_says_it_while_it_is_typed() -> None:
    said = {
        nome: check_of(codice, colonna)
        for codice, colonna in COLONNE
        for nome in [f"{codice}.{colonna.nome}"]
        if colonna.nome in ("codice_siope", "cig", "matricola")
    }
    assert len(said) == 6
    assert all(check is not None and check.prompt for check in said.values())
    siope = said["provveditorato/pagamenti.codice_siope"]
    assert siope is not None and "4 cifre" in str(siope.prompt)


@estratti
def test_no_mark_offers_to_make_numbers_of_codes(codice: str) -> None:
    with zipfile.ZipFile(io.BytesIO(modello(codice))) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    (spared,) = re.findall(r'<ignoredError sqref="([^"]*)" numberStoredAsText="1"/>', sheet)
    assert spared.split() == [
        f"{cell.column_letter}2:{cell.column_letter}10001"
        for cell, colonna in zip(foglio(codice)[1], ESTRATTI[codice].colonne, strict=True)
        if FORMATI[colonna.tipo] == "@"
    ]


@pytest.mark.filterwarnings("ignore:Length of list items")
def test_a_list_that_a_sheet_cannot_hold_is_not_left_out_in_silence() -> None:
    codici = tuple(f"CODICE_{n:03d}" for n in range(40))
    estratto = Estratto(
        "isr", "prova", "Prova", (Contratto("a", "testo", "A", codici=codici),), "annuale"
    )
    with pytest.raises(ValueError, match="isr/prova: un foglio non regge i valori di a"):
        xlsx_template(estratto)


# --- a template that is no longer empty -------------------------------------------------------------


def test_a_template_is_empty_until_something_stands_under_its_header() -> None:
    codice = "isr/studi"
    empty_text = csv_template(PER_CODICE[codice])
    for content in (b"", empty_text, empty_text + b"\r\n;;;;\r\n", b"id_studio;titolo"):
        assert not is_filled_in(content, "csv")
    for content in (fill_in_csv(codice, good_row(codice)), empty_text + b"\r\n\r\n;;x;;\r\n"):
        assert is_filled_in(content, "csv")
    assert not is_filled_in(modello(codice), "xlsx")
    assert not is_filled_in(save(open_book(codice)), "xlsx"), "opened and saved"
    assert is_filled_in(fill_in(codice, good_row(codice)), "xlsx")
    assert is_filled_in(b"not a workbook", "xlsx"), "nobody can say that it is empty"
