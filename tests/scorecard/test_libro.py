"""The sheets of the workbook beside the plan's, read back: cover, what offices mend, passports.

Belongs here: what they say of the published sample and of scorecards made up. Does not belong here: the
plan's sheet and what holds of every sheet (test_xlsx.py), passports (warehouse/test_passaporto.py).
"""

import hashlib
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.contract.rimedi import RIMEDI
from pipelines.scorecard.consegnati import MASSIMO, Consegnati, Rifiutate, Rottura, read_consegnati
from pipelines.scorecard.dettagli import Dettaglio
from pipelines.scorecard.foglio import height_of, new_foglio, new_workbook
from pipelines.scorecard.riservatezza import PERSONALI, REGOLA
from pipelines.scorecard.sheet import Scheda
from pipelines.scorecard.xlsx import write_xlsx
from pipelines.settings import Luoghi
from tests.scorecard.schede import ATTACCHI, scheda
from tests.warehouse.magazzini import apri, chiedi

MS = "camera = 'MS' and esercizio = 2020"
NUOVI = ("Copertina", "Quarantena", "Passaporti")


@pytest.fixture(scope="module")
def libro(campione: Luoghi) -> Workbook:
    """The workbook of the published sample."""
    return load_workbook(campione.warehouse / "scorecard/MS-2020.xlsx")


def _righe(sheet: Worksheet) -> list[list[str]]:
    """The texts of a sheet, row by row, without its empty cells."""
    found = [
        [str(value) for value in row if value is not None]
        for row in sheet.iter_rows(values_only=True)
    ]
    return [row for row in found if row]


def _scrivi(una: Scheda, base: Path) -> Workbook:
    write_xlsx(una, base / "a.xlsx")
    return load_workbook(base / "a.xlsx")


# --- The cover ------------------------------------------------------------------------------------


def test_the_cover_has_the_result_with_bounds_and_coverage(libro: Workbook) -> None:
    sheet = libro["Copertina"]
    ((riga, *figures),) = [
        [row[0].row, *(cell.value for cell in row[1:])]
        for row in sheet.iter_rows()
        if row[0].value == "Piano dell'anno"
    ]
    assert figures == [91.43, 91.43, 91.43, 1]
    assert [c.value for c in sheet[riga - 1][1:]] == [
        "Realizzazione",
        "Minima",
        "Massima",
        "Copertura",
    ]
    assert sheet.cell(riga, 2).number_format == '[$-410]#,##0.00"%"'
    testo = "\n".join(" ".join(row) for row in _righe(sheet))
    assert (
        "12 verdi, di cui 1 con il target non raggiunto; 3 gialli; 1 rosso; 0 non misurati" in testo
    )
    assert "DATI SINTETICI" in testo and REGOLA in testo


def test_the_hash_on_the_cover_is_of_the_files_delivered(libro: Workbook, campione: Luoghi) -> None:
    """As anybody finds it again, with the files alone."""
    files = [
        name
        for (name,) in chiedi(
            campione, f"select _file from qualita.file where {MS} and sha256 <> ''"
        )
    ]
    assert "MS/2020/allegato.txt" in files and len(files) > 15
    printed = "".join(
        f"{hashlib.sha256((campione.raw / name).read_bytes()).hexdigest()}  {name}\n"
        for name in sorted(files, key=str.encode)
    )
    said = {row[0]: row[1] for row in _righe(libro["Copertina"]) if len(row) == 2}
    assert said["Impronta degli ingressi (SHA-256)"] == hashlib.sha256(printed.encode()).hexdigest()


def test_a_closed_year_has_room_to_sign_and_an_open_one_has_none(tmp_path: Path) -> None:
    sheet = _scrivi(scheda(), tmp_path)["Copertina"]
    labels = [row[0] for row in _righe(sheet)]
    assert labels[-3:] == [
        "Luogo e data",
        "Compila: nome, ruolo e firma",
        "Approva: nome, ruolo e firma",
    ]
    assert sheet.row_dimensions[sheet.max_row].height > 40
    aperta = _scrivi(scheda(stato="PROVVISORIO", giorno=date(2020, 6, 1)), tmp_path)["Copertina"]
    testi = [" ".join(row) for row in _righe(aperta)]
    assert testi[-1].startswith("Dati provvisori: non si firmano.")
    assert testi[0].startswith("Camera MS - PROVVISORIO")


def test_a_chamber_without_a_result_has_empty_cells_on_its_cover(tmp_path: Path) -> None:
    una = replace(
        scheda(), realizzazione=None, realizzazione_minima=None, realizzazione_massima=None,
        copertura=Decimal(0),
    )  # fmt: skip
    sheet = _scrivi(una, tmp_path)["Copertina"]
    (row,) = [r for r in sheet.iter_rows() if r[0].value == "Piano dell'anno"]
    assert [cell.value for cell in row[1:]] == [None, None, None, 0]
    assert "Nessun obiettivo ha un risultato." in str(row[1].comment.text)


# --- What offices have to mend --------------------------------------------------------------------


def test_every_rule_broken_stands_by_its_office_with_its_place_and_its_remedy(
    libro: Workbook, campione: Luoghi
) -> None:
    broken = chiedi(
        campione,
        "select _file || ':' || _riga, coalesce(colonna, 'l''intera riga'), regola from qualita.scarti"
        f" where {MS} and estratto = 'provveditorato/pagamenti'",
    )
    rows = _righe(libro["Quarantena"])
    start = rows.index(["Ufficio provveditorato, estratto provveditorato/pagamenti: righe 44"])
    found = [tuple(row[:3]) for row in rows[start + 1 : start + 1 + len(broken)]]
    assert sorted(found) == sorted(
        (place, col, RIMEDI[rule].significato) for place, col, rule in broken
    )
    assert all(row[3] for row in rows[start + 1 : start + 1 + len(broken)])
    assert rows[start + 1 + len(broken)][0].startswith("Ufficio ")


def test_no_value_of_a_file_stands_among_what_is_to_be_mended(
    libro: Workbook, campione: Luoghi
) -> None:
    values = chiedi(
        campione, f"select distinct valore from qualita.scarti where {MS} and length(valore) > 3"
    )
    written = {text for row in _righe(libro["Quarantena"]) for text in row}
    assert len(values) > 20
    assert [value for (value,) in values if value in written] == []


def test_of_rows_of_people_neither_lines_nor_few_are_told(libro: Workbook) -> None:
    rows = _righe(libro["Quarantena"])
    mine = False
    heads = []
    for row in rows:
        if row[0].startswith("Ufficio "):
            mine = any(f"estratto {e}:" in row[0] for e in PERSONALI)
            if mine:
                heads.append(row[0])
        elif mine:
            assert not re.search(":[0-9]+$", row[0]), row
    assert "Ufficio segreteria, estratto segreteria/welfare: righe meno di 5" in heads


def test_what_is_not_listed_is_counted(tmp_path: Path) -> None:
    rotture = tuple(Rottura(f"un file:{n}", "data", "tipo") for n in range(3))
    una = replace(
        scheda(),
        consegnati=Consegnati("0" * 64, (Rifiutate("isr", "isr/studi", "9", rotture, 6),)),
    )
    assert _righe(_scrivi(una, tmp_path)["Quarantena"])[-1] == [
        "… e altre 6 regole violate di questo estratto: tutte in qualita.scarti"
    ]


def test_an_extract_of_which_all_is_refused_is_listed_up_to_a_stated_count(
    campione: Luoghi,
) -> None:
    ((quante,),) = chiedi(
        campione,
        f"select count(*) from qualita.scarti where {MS} and estratto = 'registro_imprese/pratiche'",
    )
    with apri(campione) as connection:
        known = read_consegnati(connection)
    (delivered,) = [d for p, d in known.items() if p.chiave == "MS-2020"]
    (some,) = [r for r in delivered.rifiutate if r.estratto == "registro_imprese/pratiche"]
    assert quante > MASSIMO == len(some.rotture)
    assert some.altre == quante - MASSIMO


def test_nothing_to_mend_is_said(tmp_path: Path) -> None:
    assert _righe(_scrivi(scheda(), tmp_path)["Quarantena"])[-1] == [
        "Nessuna riga è in quarantena."
    ]


# --- Passports ------------------------------------------------------------------------------------


def _passaporto(libro: Workbook, codice: str) -> dict[str, str]:
    """The labels of a passport with what is said under each."""
    rows = _righe(libro["Passaporti"])
    start = next(n for n, row in enumerate(rows) if len(row) == 1 and f" {codice}: " in row[0])
    end = next((n for n, row in enumerate(rows) if n > start and len(row) == 1), len(rows))
    return {row[-2]: row[-1] for row in rows[start + 1 : end]} | {"": rows[start][0]}


def test_every_cell_has_its_passport(libro: Workbook, campione: Luoghi) -> None:
    cells = chiedi(campione, f"select codice, luogo from passaporto.celle where {MS}")
    assert len(cells) == 16
    for codice, luogo in cells:
        found = _passaporto(libro, codice)
        assert found["Dove"] == luogo
        assert (
            found["Righe e interrogazione"] == f"pira explain {codice} --camera MS --esercizio 2020"
        )
    found = _passaporto(libro, "INCIDENZA_CONSIP")
    assert found[""] == "032/003/2.1 INCIDENZA_CONSIP: 44,18%"
    assert found["Numeratore"] == "242.509,66 EUR, IVA compresa"
    assert found["Denominatore"] == "548.912,77 EUR, IVA compresa"
    assert found["Righe"] == "418 in 12 file, in indicatori.contributi"
    assert found["In quarantena"].startswith(
        "righe che avrebbero potuto contare: 44. Non si può calcolare"
    )


@pytest.mark.parametrize("codice", ["WELFARE", "FORMAZIONE", "CONCILIAZIONI_PER_FTE"])
def test_no_people_are_counted_on_any_sheet(libro: Workbook, campione: Luoghi, codice: str) -> None:
    ((up, down, ratio),) = chiedi(
        campione,
        f"select numeratore, denominatore, valore from indicatori.valori where {MS} and codice = '{codice}'",
    )
    found = _passaporto(libro, codice)
    assert {"Numeratore", "Denominatore", "Valore"} & found.keys() == set()
    assert found["Righe"] == "Le righe contate sono persone: quante sono non si pubblica."
    assert not re.search(": [1-4]$", found.get("In quarantena", ""))
    (row,) = [row for row in libro["Lettura"].iter_rows() if codice in [c.value for c in row]]
    shown = [cell.value for cell in row if cell.value is not None]
    assert shown.count("persone") == 2
    numbers = [value for value in shown if isinstance(value, int | float)]
    assert not {float(up), float(down), float(ratio)} & {float(n) for n in numbers[:-2]}


def test_an_empty_cell_says_what_it_lacks_who_owes_it_and_what_it_costs(tmp_path: Path) -> None:
    una = scheda(risultati={16: None})
    row = una.indicatori[0]
    vuota = {
        **row,
        "luogo": "MS/2020/allegato.txt, riga 16",
        "titolo": "Studi",
        "definizione": "Uno per studio.",
        "versione_definizione": "0" * 12,
        "versione_regole": "1.0",
        "metodo": "nome",
        "aperto": False,
        "stato": "DATI_MANCANTI",
        "noto_dal": None,
        "peso": Decimal("6.0"),
        "manca": "isr/studi (ufficio isr)",
        "manca_dal": date(2020, 4, 21),
        "scadenza": date(2021, 1, 31),
        "scadenza_nome": "indicatori comuni",
        "in_ritardo": None,
        "prossima_attesa": None,
    }
    key = ("011", "005", "1.1", 1)
    libro = _scrivi(replace(una, dettagli={key: Dettaglio(passaporto=vuota)}), tmp_path)
    found = _passaporto(libro, str(row["codice"]))
    assert found[""].endswith(": nessuno")
    assert found["Manca"] == "isr/studi (ufficio isr)"
    assert found["Da quando"] == "21/04/2020"
    assert found["Che cosa costa"] == (
        "6,00% del peso non è misurato; prossima scadenza: indicatori comuni, 31/01/2021"
    )


# --- On paper, and against harm -------------------------------------------------------------------


def test_the_new_sheets_print_whole_with_their_head_on_every_page(libro: Workbook) -> None:
    for nome in NUOVI:
        sheet = libro[nome]
        testa = {"Copertina": 1}.get(nome, 2)
        assert sheet.freeze_panes == f"A{testa + 1}"
        assert sheet.print_title_rows == f"$1:${testa}"
        last = sheet.cell(sheet.max_row, sheet.max_column).coordinate
        assert sheet.print_area.replace("$", "") == f"'{nome}'!A1:{last}"
        assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.paperSize == 9
        assert sheet.page_setup.fitToWidth in (None, 1) and sheet.page_setup.fitToHeight == 0


def test_no_text_of_the_new_sheets_is_cut_in_print(libro: Workbook, tmp_path: Path) -> None:
    """Every row is as high as the highest of its texts, in the width that its cells have together."""
    seen = 0
    with new_workbook(tmp_path / "misura.xlsx") as measured:
        for nome in NUOVI:
            sheet = libro[nome]
            widths = [
                dimension.width - 0.71  # what the writer adds for the margins of a cell
                for dimension in sheet.column_dimensions.values()
                for _ in range(dimension.min, dimension.max + 1)
            ]
            foglio = new_foglio(measured, nome, widths)
            merged = {m.start_cell.coordinate: m.max_col - 1 for m in sheet.merged_cells.ranges}
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str):
                        first = cell.column - 1
                        style = {"font_size": cell.font.sz, "bold": cell.font.b}
                        last = merged.get(cell.coordinate, first)
                        need = height_of(foglio, cell.value, first, last, style)
                        have = sheet.row_dimensions[cell.row].height or 15
                        assert have >= min(need, 409) - 0.5, (nome, cell.coordinate)
                        seen += 1
    assert seen > 500


def test_hostile_texts_stay_texts_on_the_new_sheets(tmp_path: Path) -> None:
    una = scheda()
    row = una.indicatori[0]
    texts = (
        "luogo",
        "indicatore",
        "algoritmo",
        "fonte",
        "target_testo",
        "note",
        "titolo",
        "definizione",
    )
    ostile = dict(zip(texts, ATTACCHI, strict=False))
    passaporto = {
        **row, **ostile, "versione_definizione": "=1+1", "versione_regole": "=1", "metodo": "nome",
        "aperto": False, "noto_dal": None, "peso": None, "manca": "=HYPERLINK()", "manca_dal": None,
        "in_ritardo": "@x", "prossima_attesa": None, "scadenza": None, "unita_numeratore": "=2",
        "unita_denominatore": None, "numeratore": Decimal(1), "righe": 1, "file": 1,
        "unita": "numero", "valore": Decimal(1), "se_accettate": None,
    }  # fmt: skip
    rotture = tuple(Rottura(attacco, attacco, "obbligatorio") for attacco in ATTACCHI)
    una = replace(
        una,
        dettagli={("011", "005", "1.1", 1): Dettaglio(passaporto=passaporto)},
        consegnati=Consegnati("0" * 64, (Rifiutate("isr", "isr/studi", "9", rotture, 0),)),
    )
    libro = _scrivi(una, tmp_path)
    cells = [cell for sheet in libro for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert [cell.coordinate for cell in cells if cell.hyperlink] == []
    written = {cell.value for cell in cells}
    assert "=cmd|' /C calc'!A0" in written and "@x" in written
