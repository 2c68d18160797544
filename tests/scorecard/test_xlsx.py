"""The workbook, read back with a reader that did not write it."""

import re
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.plan.model import Indicatore, Piano
from pipelines.plan.read import read_plan
from pipelines.plan.righe import read_riga
from pipelines.scorecard.foglio import count_righe
from pipelines.scorecard.html import render_html
from pipelines.scorecard.righe import Row
from pipelines.scorecard.sheet import Scheda
from pipelines.scorecard.xlsx import write_xlsx
from tests.plan.generatore import FintoPiano, piani, print_piano
from tests.scorecard.schede import ALLEGATO, MOTIVO, ostile, piano_2020, scheda

RISULTATO, REALIZZAZIONE = 10, 11
FOGLI = ["Scorecard", "Copertina", "Lettura", "Quarantena", "Passaporti"]
"""Columns of the plan of 2020, from 1."""


def write(tmp_path: Path, una: Scheda) -> Workbook:
    path = tmp_path / "scorecard.xlsx"
    write_xlsx(una, path)
    return load_workbook(path, rich_text=False)


@pytest.fixture(scope="module")
def intero(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    """The workbook of a year with every result."""
    return write(tmp_path_factory.mktemp("xlsx"), scheda())


def texts_of(sheet: Worksheet) -> list[list[str]]:
    """Every row as texts, without the empty cells at its end."""
    return [
        ["" if cella.value is None else str(cella.value) for cella in riga]
        for riga in sheet.iter_rows()
    ]


def row_of(sheet: Worksheet, testo: str, colonna: int = 2, dopo: int = 0) -> int:
    """The first row below `dopo` whose cell in a column is that text."""
    for riga in range(dopo + 1, sheet.max_row + 1):
        if sheet.cell(riga, colonna).value == testo:
            return riga
    raise AssertionError(f"{testo!r} non è nella colonna {colonna}")


def rows_of_indicators(sheet: Worksheet, piano: Piano) -> Iterator[tuple[Indicatore, int]]:
    """Each indicator of the plan with its row, in order."""
    riga = 0
    for indicatore in piano.indicatori:
        riga = row_of(sheet, indicatore.indicatore, dopo=riga)
        yield indicatore, riga


def decimal_of(cella: Cell | MergedCell) -> Decimal | None:
    assert cella.value is None or (cella.data_type == "n" and not isinstance(cella.value, bool))
    return None if cella.value is None else Decimal(str(cella.value))


# --- The allegato's blocks ------------------------------------------------------------------------


def test_the_blocks_are_the_plans_in_its_order(intero: Workbook) -> None:
    sheet = intero["Scorecard"]
    testi = [" | ".join(filter(None, riga)) for riga in texts_of(sheet)]
    attesi = [
        "All. 8 alla deliberazione",
        "MISSIONE 011 - Competitività delle imprese",
        "PROGRAMMA 005 - Regolamentazione",
        "OBIETTIVO | TITOLO | 1.1 - Consolidare",
        "DESCRIZIONE | Produrre",
        "STAKEHOLDER ESTERNI | Imprese",
        "STAKEHOLDER INTERNI | ISR",
        "ARCO TEMPORALE | TRIENNIO",
        "CENTRO DI RESPONSABILITÀ | SEGRETARIO GENERALE",
        "RISORSE FINANZIARIE A PREVENTIVO | 110915.33 | % SPESA | 94.5 | PESO | 6",
        "RISORSE FINANZIARIE A CONSUNTIVO | 104870.1",
        "TIPOLOGIA | INDICATORE | Ultimo valore osservato (2019) | Target 2020",
        "Volume | Realizzazione studi | 8 | =>8",
        "OBIETTIVO | TITOLO | 1.2 -",
        "OBIETTIVO | TITOLO | 2.2 -",
        "OBIETTIVO | TITOLO | 3.1 -",
        "Efficacia | Incidenza Progetti",
        "Efficacia | Incidenza contributi",
        "OBIETTIVO | TITOLO | 3.2 -",
        "RISORSE FINANZIARIE A PREVENTIVO | 151248.18",
        "RISORSE FINANZIARIE A CONSUNTIVO | 104870.14",
        "MISSIONE 012 - Regolazione dei mercati",
        "PROGRAMMA 004 -",
        "OBIETTIVO | TITOLO | 3.2 -",
        "MISSIONE 032 -",
        "PROGRAMMA 002 -",
        "OBIETTIVO | TITOLO | 2.1 -",
        "PROGRAMMA 003 -",
        "TIPOLOGIA | INDICATORE",
        "Risultato 2020 | % Realizz",
        "OBBIETTIVO TITOLO: 2.1 - Sviluppare",
        "Dipartimento Funzione Pubblica | Indice sintetico",
        "Dipartimento Funzione Pubblica | Incidenza del ricorso a convenzioni CONSIP",
        "IL SEGRETARIO GENERALE IL PRESIDENTE",
        "Enrico Ciabatti Dino Sodini",
        "Allegato sottoscritto",
        "Il presente allegato",
    ]
    trovati = iter(testi)
    for atteso in attesi:
        assert any(testo.startswith(atteso) for testo in trovati), atteso


def test_every_text_of_the_plan_is_in_its_column(intero: Workbook) -> None:
    sheet = intero["Scorecard"]
    assert sheet.max_column == 12
    righe = texts_of(sheet)
    posizione = 0
    for numero, (testo, genere) in enumerate(
        zip(piano_2020().righe, piano_2020().generi, strict=True), 1
    ):
        celle = [cella.testo for cella in read_riga(numero, testo).celle]
        if genere == "intestazione":
            posizione = next(i for i in range(posizione, len(righe)) if righe[i] == celle) + 1
        if genere == "indicatore":
            posizione += 1
            while righe[posizione - 1][1] != celle[1]:
                posizione += 1
            trovate = righe[posizione - 1]
            diverse = {i for i, cella in enumerate(celle) if cella != trovate[i]}
            assert diverse <= {2, RISULTATO - 1, REALIZZAZIONE - 1}, numero


def test_the_last_block_keeps_its_objective_in_one_cell(intero: Workbook) -> None:
    sheet = intero["Scorecard"]
    testi = [riga[0] for riga in texts_of(sheet)]
    riga = next(i for i, testo in enumerate(testi, 1) if testo.startswith("OBBIETTIVO"))
    testo = sheet.cell(riga, 1).value
    assert isinstance(testo, str)
    posti = [
        testo.index(parte)
        for parte in (
            "OBBIETTIVO TITOLO: 2.1 - Sviluppare",
            "DESCRIZIONE: Promuovere il benessere",
            "STAKEHOLDER ESTERNI: Imprese",
            "STAKEHOLDER INTERNI: Ufficio",
            "ARCO TEMPORALE: TRIENNIO",
            "CENTRO DI RESPONSABILITÀ: SEGRETARIO GENERALE",
            "RISORSE FINANZIARIE A DISPOSIZIONE: € 610.018,62",
            "% SPESA: 94,57%",
            "PESO: 14,00%",
        )
    ]
    assert posti == sorted(posti)
    assert "CONSUNTIVO" not in testo
    assert sheet.cell(riga - 1, RISULTATO).value == "Risultato 2020"
    assert sheet.cell(riga - 2, RISULTATO).value == "PESO"


# --- Figures --------------------------------------------------------------------------------------


def test_results_are_numbers_with_the_plans_decimals(intero: Workbook) -> None:
    una = scheda()
    sheet = intero["Scorecard"]
    rows = {int(str(row["riga"])): row for row in una.indicatori}
    for indicatore, riga in rows_of_indicators(sheet, una.piano):
        row = rows[indicatore.riga]
        risultato, realizzazione = sheet.cell(riga, RISULTATO), sheet.cell(riga, REALIZZAZIONE)
        assert decimal_of(risultato) == row["risultato"]
        assert decimal_of(realizzazione) == row["realizzazione"]
        decimali = "." + "0" * indicatore.decimali if indicatore.decimali else ""
        segno = '"%"' if indicatore.percentuale else ""
        assert risultato.number_format == f"[$-410]#,##0{decimali}{segno}"
        assert str(row["semaforo"]) in realizzazione.number_format


def test_a_percentage_is_never_multiplied(intero: Workbook) -> None:
    """A bare % in a format would show 40.27 as 4027%."""
    for riga in intero["Scorecard"].iter_rows():
        for cella in riga:
            assert "%" not in re.sub(r'"[^"]*"', "", cella.number_format)


def test_the_last_value_keeps_the_decimals_that_the_plan_prints(intero: Workbook) -> None:
    sheet = intero["Scorecard"]
    trovati = {
        int(indicatore.riga): sheet.cell(riga, 3)
        for indicatore, riga in rows_of_indicators(sheet, piano_2020())
    }
    assert (trovati[74].value, trovati[74].number_format) == (133.3, "[$-410]#,##0.0")
    assert (trovati[105].value, trovati[105].number_format) == (40.27, '[$-410]#,##0.00"%"')
    assert (trovati[101].value, trovati[101].number_format) == (100, '[$-410]#,##0"%"')


def test_resources_are_numbers_in_euro(intero: Workbook) -> None:
    sheet = intero["Scorecard"]
    riga = row_of(sheet, "RISORSE FINANZIARIE A PREVENTIVO", colonna=1)
    for numero, una in enumerate(scheda().obiettivi[:-1]):
        riga = row_of(sheet, "RISORSE FINANZIARIE A PREVENTIVO", 1, riga if numero else 0)
        assert decimal_of(sheet.cell(riga, 3)) == una["risorse_preventivo"]
        assert decimal_of(sheet.cell(riga + 1, 3)) == una["risorse_consuntivo"]
        assert decimal_of(sheet.cell(riga, 8)) == una["percentuale_spesa"]
        assert decimal_of(sheet.cell(riga, 11)) == una["peso"]
        assert "€" in sheet.cell(riga, 3).number_format
        assert sheet.cell(riga, 8).number_format == '[$-410]#,##0.00"%"'


def test_a_large_figure_keeps_its_digits(tmp_path: Path) -> None:
    una = scheda(risultati={16: Decimal("1234567890123.45")})
    sheet = write(tmp_path, una)["Scorecard"]
    with zipfile.ZipFile(tmp_path / "scorecard.xlsx") as archive:
        assert b"<v>1234567890123.45</v>" in archive.read("xl/worksheets/sheet1.xml")
    assert sheet.cell(row_of(sheet, "Realizzazione studi"), RISULTATO).data_type == "n"


def test_a_figure_too_long_for_a_spreadsheet_is_a_text_that_is_exact(tmp_path: Path) -> None:
    una = scheda(risultati={16: Decimal("12345678901234567890.45")})
    sheet = write(tmp_path, una)["Scorecard"]
    cell = sheet.cell(row_of(sheet, "Realizzazione studi"), RISULTATO)
    assert (cell.data_type, cell.comment is not None) == ("s", True)
    assert str(cell.value).startswith("12.345.678.901.234.567.890")
    assert "quindici cifre" in cell.comment.text


def test_a_missing_result_is_an_empty_cell_with_its_reason(tmp_path: Path) -> None:
    una = scheda(risultati={16: None, 102: None}, consuntivo=False)
    libro = write(tmp_path, una)
    sheet = libro["Scorecard"]
    for indicatore, riga in rows_of_indicators(sheet, una.piano):
        if indicatore.riga in (16, 102):
            risultato = sheet.cell(riga, RISULTATO)
            assert risultato.value is None
            assert sheet.cell(riga, REALIZZAZIONE).value is None
            assert risultato.comment is not None
            assert risultato.comment.text == MOTIVO
            assert risultato.fill.fill_type != "solid"
    riga = row_of(sheet, "RISORSE FINANZIARIE A CONSUNTIVO", colonna=1)
    assert sheet.cell(riga, 3).value is None
    assert sheet.cell(riga - 1, 8).value is None
    zeri = [c.coordinate for r in sheet.iter_rows() for c in r if c.value in (0, "0", "0,00%")]
    assert zeri == []
    testo = "\n".join(" ".join(riga) for riga in texts_of(libro["Lettura"]))
    assert MOTIVO in testo
    assert "Manca l'estratto contabilita/consuntivo" in testo


def test_a_result_of_zero_is_a_zero(tmp_path: Path) -> None:
    sheet = write(tmp_path, scheda(risultati={16: Decimal("0.000000")}))["Scorecard"]
    assert sheet.cell(row_of(sheet, "Realizzazione studi"), RISULTATO).value == 0


def test_a_result_without_a_target_says_so(tmp_path: Path) -> None:
    una = scheda()
    prima: Row = {
        **una.indicatori[0],
        "realizzazione": None,
        "realizzazione_grezza": None,
        "raggiunto": None,
        "semaforo": "grigio",
    }
    sheet = write(tmp_path, replace(una, indicatori=(prima, *una.indicatori[1:])))["Scorecard"]
    riga = row_of(sheet, "Realizzazione studi")
    assert decimal_of(sheet.cell(riga, RISULTATO)) == prima["risultato"]
    assert sheet.cell(riga, REALIZZAZIONE).value is None
    nota = sheet.cell(riga, REALIZZAZIONE).comment
    assert nota is not None
    assert "target" in nota.text


def test_rows_in_quarantine_are_in_the_note_of_the_figure(intero: Workbook) -> None:
    trovate = [
        sheet_riga
        for _, sheet_riga in rows_of_indicators(intero["Scorecard"], scheda().piano)
        if intero["Scorecard"].cell(sheet_riga, RISULTATO).comment is not None
    ]
    note = [intero["Scorecard"].cell(riga, RISULTATO).comment.text for riga in trovate]
    assert note == [
        "3 righe in quarantena potrebbero contare",
        "1 riga in quarantena potrebbe contare",
    ]


def test_a_green_cell_short_of_its_target_says_so(tmp_path: Path) -> None:
    una = scheda()
    corta: Row = {**una.indicatori[0], "raggiunto": False}
    libro = write(tmp_path, replace(una, indicatori=(corta, *una.indicatori[1:])))
    sheet = libro["Scorecard"]
    formati = [
        sheet.cell(riga, REALIZZAZIONE).number_format
        for _, riga in rows_of_indicators(sheet, una.piano)
    ]
    assert [n for n, formato in enumerate(formati) if "target non raggiunto" in formato] == [0]
    testo = "\n".join(" ".join(riga) for riga in texts_of(libro["Lettura"]))
    assert "6 verdi, di cui 1 con il target non raggiunto; 5 gialli" in testo
    assert "copertura 86,00% del peso: il 14,00% non è misurato" in testo


def test_a_provisional_workbook_is_no_signed_act(tmp_path: Path) -> None:
    una = scheda(stato="PROVVISORIO", giorno=date(2020, 6, 30))
    libro = write(tmp_path, una)
    titolo = "PROVVISORIO - Andamento degli indicatori 2020 al 30 giugno 2020"
    for foglio in libro.worksheets:
        assert titolo in str(foglio.oddHeader.center.text)
        assert str(foglio.oddFooter.left.text).startswith("PROVVISORIO")
    sheet = libro["Scorecard"]
    testi = [" ".join(filter(None, riga)) for riga in texts_of(sheet)]
    assert testi[0] == titolo
    assert testi[1].startswith("Misurato col piano di: All. 8")
    assert not any("Ciabatti" in testo or "sottoscritto con firma" in testo for testo in testi)
    assert libro.properties.title == titolo
    formati = [
        sheet.cell(riga, REALIZZAZIONE).number_format
        for _, riga in rows_of_indicators(sheet, una.piano)
    ]
    assert "● verde, target non raggiunto alla data, anno" in formati[2]
    assert formati[2].endswith('■ rosso"')
    assert "alla data" not in formati[1]


def test_provisional_is_seen_without_colour(tmp_path: Path) -> None:
    una = scheda(stato="PROVVISORIO", giorno=date(2020, 6, 1))
    libro = write(tmp_path, una)
    sheet = libro["Scorecard"]
    riga = row_of(sheet, "Realizzazione studi")
    assert "provv." in sheet.cell(riga, RISULTATO).number_format
    for foglio in libro.worksheets:
        testo = "\n".join(" ".join(riga) for riga in texts_of(foglio))
        assert "PROVVISORIO" in testo
        assert "1º giugno 2020" in testo


# --- Text that means harm -------------------------------------------------------------------------


def test_no_text_becomes_a_formula_or_a_link(tmp_path: Path) -> None:
    una = scheda(
        plan=ostile(),
        risultati={16: None, 26: None},
        motivo='=HYPERLINK("http://example.org")\x02',
        versione="=1+1&P",
        sintetici=True,
    )
    libro = write(tmp_path, una)
    segnate = 0
    for sheet in libro.worksheets:
        assert sheet._hyperlinks == []
        for cella in (c for riga in sheet.iter_rows() for c in riga):
            assert cella.data_type in ("n", "s"), cella.coordinate
            if isinstance(cella.value, str) and cella.value[:1] in ("=", "+", "-", "@", "\t", "\r"):
                assert cella.quotePrefix, cella.coordinate
                segnate += 1
            else:
                assert not cella.quotePrefix
    assert segnate > 60
    with zipfile.ZipFile(tmp_path / "scorecard.xlsx") as archive:
        for nome in archive.namelist():
            contenuto = archive.read(nome)
            assert b"<f>" not in contenuto, nome
            assert b"<hyperlink" not in contenuto, nome
            assert b"relationships/hyperlink" not in contenuto, nome


def test_targets_display_as_the_plan_prints_them(intero: Workbook) -> None:
    sheet = intero["Scorecard"]
    riga = row_of(sheet, "Realizzazione studi")
    for colonna in (4, 5, 6):
        cella = sheet.cell(riga, colonna)
        assert (cella.value, cella.data_type, cella.quotePrefix) == ("=>8", "s", True)


def test_a_text_too_long_for_a_cell_is_cut_and_not_lost(tmp_path: Path) -> None:
    righe = list(piano_2020().righe)
    righe[15] = righe[15].replace("N° attività eseguite", "x" * 40_000)
    righe[99] = righe[99].replace("Promuovere", "y" * 40_000)
    una = scheda(plan=read_plan("".join(righe).encode()))
    sheet = write(tmp_path, una)["Scorecard"]
    lungo = sheet.cell(row_of(sheet, "Realizzazione studi"), 8).value
    assert isinstance(lungo, str)
    assert (len(lungo), lungo[-1]) == (32_767, "…")
    assert any(riga[0].startswith("OBBIETTIVO") for riga in texts_of(sheet))


# --- The sheet as a document ----------------------------------------------------------------------


def test_the_same_scorecard_gives_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing passes through the system's temporary files."""
    una = scheda(risultati={16: None}, sintetici=True)
    write_xlsx(una, tmp_path / "a.xlsx")
    with monkeypatch.context() as senza:
        senza.setattr(tempfile, "tempdir", str(tmp_path / "non-esiste"))
        write_xlsx(una, tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    proprieta = load_workbook(tmp_path / "a.xlsx").properties
    assert proprieta.created == datetime(2020, 12, 31)
    assert proprieta.modified == datetime(2020, 12, 31)


def test_it_prints_on_landscape_a4_one_page_wide(intero: Workbook) -> None:
    assert intero.sheetnames == FOGLI
    for sheet in intero.worksheets:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert "Pagina &P di &N" in str(sheet.oddFooter.right.text)
        assert "risultati 2020" in str(sheet.oddHeader.center.text)
    sheet = intero["Scorecard"]
    assert sheet.print_title_rows == "$1:$2"
    assert sheet.freeze_panes == "A3"


def test_rows_are_as_high_as_their_text(intero: Workbook) -> None:
    sheet = intero["Scorecard"]
    corta = row_of(sheet, "Realizzazione studi") - 5
    lunga = row_of(sheet, piano_2020().indicatori[2].indicatore)
    assert sheet.row_dimensions[lunga].height > 5 * sheet.row_dimensions[corta].height
    assert count_righe("", 10, 8, False) == 1
    assert count_righe("parola " * 20, 10, 8, False) >= 10
    assert count_righe("x" * 100, 10, 8, False) > 5


def test_a_year_without_its_plan_speaks_of_itself(tmp_path: Path) -> None:
    una = scheda(esercizio=2021, giorno=date(2021, 12, 31))
    libro = write(tmp_path, una)
    sheet = libro["Scorecard"]
    riga = row_of(sheet, "INDICATORE")
    testa = [sheet.cell(riga, colonna).value for colonna in (4, 5, 6, 10)]
    assert testa == [
        "Target 2020",
        "Target 2021 (risultato atteso)",
        "Target 2022",
        "Risultato 2021",
    ]
    riga = row_of(sheet, "RISORSE FINANZIARIE A PREVENTIVO", colonna=1)
    assert sheet.cell(riga, 3).value is None
    assert sheet.cell(riga, 8).value is None
    assert sheet.cell(riga + 1, 3).value == 104870.1
    testo = "\n".join(" ".join(riga) for riga in texts_of(sheet))
    assert "Risultato 2020" not in testo
    assert "110915" not in testo
    assert "610.018,62" not in testo
    assert "Enrico Ciabatti" not in testo
    assert "Il 2021 non ha un proprio piano" in testo


# --- The second sheet -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("al_massimo", "formula"),
    [("specchio", "200 − 100 × risultato / target"), ("rapporto", "target / risultato × 100")],
)
def test_the_second_sheet_explains_the_first(tmp_path: Path, al_massimo: str, formula: str) -> None:
    una = scheda(al_massimo=al_massimo, versione="2.7", sintetici=True)
    libro = write(tmp_path, una)
    testo = "\n".join(" ".join(riga) for riga in texts_of(libro["Lettura"]))
    for parte in (
        "31 dicembre 2020",
        "versione 2.7",
        formula,
        "● verde % Realizz da 90%",
        "▲ giallo % Realizz da 70% e sotto 90%",
        "■ rosso % Realizz sotto 70%",
        "○ non misurato",
        "indicatori.contributi",
        "and codice = 'CODICE_16'",
        "DATI SINTETICI",
        "Nessuno: ogni risultato è definitivo.",
    ):
        assert parte in testo, parte
    assert "DATI SINTETICI" in "\n".join(" ".join(r) for r in texts_of(libro["Scorecard"]))


def test_real_extracts_are_not_called_synthetic(intero: Workbook) -> None:
    for sheet in intero.worksheets:
        assert "SINTETICI" not in str(texts_of(sheet))


def test_the_second_sheet_has_the_figures_of_the_chamber(intero: Workbook) -> None:
    sheet = intero["Lettura"]
    riga = row_of(sheet, "Realizzazione", colonna=1)
    figure = [sheet.cell(riga + i, 3) for i in range(4)]
    assert [decimal_of(c) for c in figure] == [
        Decimal("91.43"),
        Decimal("85.1"),
        Decimal("93"),
        Decimal("0.86"),
    ]
    assert figure[3].number_format == "[$-410]0.00%"
    riga = row_of(sheet, "011/005/1.1", colonna=1)
    obiettivo = scheda().obiettivi[0]
    assert [decimal_of(sheet.cell(riga, colonna)) for colonna in range(3, 11)] == [
        obiettivo[nome]
        for nome in (
            "peso",
            "risorse_preventivo",
            "risorse_consuntivo",
            "percentuale_spesa",
            "realizzazione",
            "realizzazione_minima",
            "realizzazione_massima",
            "copertura",
        )
    ]


def test_a_plan_without_anything_still_gives_a_workbook(tmp_path: Path) -> None:
    vuoto = read_plan(b"")
    una = replace(scheda(plan=vuoto), realizzazione=None, copertura=Decimal(0))
    libro = write(tmp_path, una)
    assert "non misurabile" in str(texts_of(libro["Scorecard"]))


def test_a_plan_of_another_layout_keeps_its_columns(tmp_path: Path) -> None:
    """Two targets, the note before the result: the workbook follows."""
    testo = ALLEGATO.read_text("utf-8").splitlines()[:16]
    ordine = (0, 1, 2, 3, 4, 6, 7, 8, 11, 9, 10)
    for riga in (14, 15):
        celle = testo[riga].split("\t")
        testo[riga] = "\t".join(celle[indice] for indice in ordine)
    una = scheda(plan=read_plan("\n".join(testo).encode()))
    sheet = write(tmp_path, una)["Scorecard"]
    riga = row_of(sheet, "Realizzazione studi")
    assert str(sheet.cell(riga, 9).value).startswith("Rapporto economia")
    assert decimal_of(sheet.cell(riga, 10)) == una.indicatori[0]["risultato"]
    assert decimal_of(sheet.cell(riga, 11)) == una.indicatori[0]["realizzazione"]


# --- Any plan -------------------------------------------------------------------------------------


def percentages_of(path: Path) -> list[Decimal | None]:
    """The % Realizz of a workbook, in order: the figures whose format names a colour."""
    sheet = load_workbook(path)["Scorecard"]
    return [
        decimal_of(cella)
        for riga in sheet.iter_rows()
        for cella in riga
        if re.search("verde|giallo|rosso", cella.number_format)
    ]


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(piani())
def test_every_plan_gets_its_results(tmp_path: Path, finto: FintoPiano) -> None:
    una = scheda(plan=read_plan(print_piano(finto)))
    write_xlsx(una, tmp_path / "a.xlsx")
    assert percentages_of(tmp_path / "a.xlsx") == [row["realizzazione"] for row in una.indicatori]


def test_a_plan_may_have_every_column_that_is_known(tmp_path: Path) -> None:
    """Whatever a plan of text has beside the columns of 2020, its workbook is written."""
    testo = "".join(piano_2020().righe)
    prima = testo.split("\n", 17)
    prima[14] += "".join(
        f"\t{forma}" for forma in ("PESO", "UNITÀ DI MISURA", "VALENZA INDICATORE")
    )
    assert prima[14].startswith("TIPOLOGIA")
    una = scheda(plan=read_plan("\n".join(prima).encode()))
    write_xlsx(una, tmp_path / "a.xlsx")
    assert percentages_of(tmp_path / "a.xlsx") == [row["realizzazione"] for row in una.indicatori]


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(piano_2020().righe), max_size=15), st.booleans(), st.randoms())
def test_no_jumble_of_lines_stops_the_writing(
    tmp_path: Path, righe: list[str], altra: bool, caso: Random
) -> None:
    """Lines of a plan in any order, some cut short, some joined."""
    testo = "".join(
        riga[: caso.randrange(len(riga))] + "\n" if caso.random() < 0.2 else riga for riga in righe
    )
    if caso.random() < 0.3:
        testo = testo.replace("\n\t", "\t", 2)
    una = scheda(plan=read_plan(testo.encode()), esercizio=2021 if altra else 2020)
    write_xlsx(una, tmp_path / "a.xlsx")
    assert load_workbook(tmp_path / "a.xlsx").sheetnames == FOGLI
    assert render_html(una).endswith("</html>")
