"""Workbooks as office programs make them: which sheet, what a format says, what is no value.

Each workbook is written part by part, since what is tried is what no library would write.
"""

import io
import string
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contract.estratti import PER_CODICE
from pipelines.extracts.cells import UNREADABLE, Celle, Segnale
from pipelines.extracts.sheet import from_sheet
from pipelines.extracts.workbook import open_sheet
from pipelines.landing.rifiutato import Rifiutato
from tests.extracts.materiale import riga_buona, xlsx
from tests.ostili.fogli import FOGLIO, LIBRO, STRINGHE, Parti, cartella, foglio
from tests.ostili.fogli import testo as scritta

CONSUNTIVO = "contabilita/consuntivo"
FTE = "kronos/fte"
PAGAMENTI = "provveditorato/pagamenti"
PRATICHE = "registro_imprese/pratiche"
STUDI = "isr/studi"
STILI = "xl/styles.xml"
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def _stili(*codici: str) -> str:
    """Styles of which the n-th cell style, from 1, has the n-th code."""
    formati = "".join(
        f'<numFmt numFmtId="{164 + n}" formatCode="{escape(codice)}"/>'
        for n, codice in enumerate(codici)
    )
    usati = "".join(f'<xf numFmtId="{164 + n}"/>' for n in range(len(codici)))
    return (
        f'<styleSheet {_MAIN}><numFmts>{formati}</numFmts><cellStyleXfs><xf numFmtId="9"/>'
        f'</cellStyleXfs><cellXfs><xf numFmtId="0"/>{usati}</cellXfs></styleSheet>'
    )


def _righe(codice: str, colonna: str, celle: list[str]) -> str:
    """A header and good rows whose cells of a column are the XML given, `@` its place."""
    colonne = [c.nome for c in PER_CODICE[codice].colonne]
    righe = [
        f'<row r="1">{"".join(scritta(f"{p}1", n) for p, n in zip(_LETTERE, colonne, strict=False))}</row>'
    ]
    for numero, cella in enumerate(celle, start=2):
        buona = riga_buona(codice, numero)
        scritte = [
            cella.replace("@", f"{posto}{numero}")
            if nome == colonna
            else scritta(f"{posto}{numero}", buona[nome])
            for posto, nome in zip(_LETTERE, colonne, strict=False)
        ]
        righe.append(f'<row r="{numero}">{"".join(scritte)}</row>')
    return "".join(righe)


_LETTERE = string.ascii_uppercase


def _lette(codice: str, contenuto: bytes) -> Celle:
    return from_sheet(open_sheet(contenuto), PER_CODICE[codice])


def _colonna(codice: str, colonna: str, celle: list[str], cambi: Parti | None = None) -> list[str]:
    """The texts that the reader makes of the cells of a column."""
    parti = {FOGLIO: foglio(_righe(codice, colonna, celle)), **(cambi or {})}
    return _lette(codice, cartella("x", parti)).frame[colonna].to_list()


def _mostrata(codice: str, colonna: str, valore: str, formato: str) -> str:
    (letta,) = _colonna(
        codice, colonna, [f'<c r="@" s="1"><v>{valore}</v></c>'], {STILI: _stili(formato)}
    )
    return letta


# --- number formats ---------------------------------------------------------------------------------

_FORMATI = [
    # Percent, where it is a sign and not a letter
    (FTE, "percentuale_tempo", "0.25", "0%", "25"),
    (FTE, "percentuale_tempo", "0.07", "0.00%", "7"),
    (FTE, "percentuale_tempo", "0.28999999999999998", '[$-410]0.0"  "%;[Red]\\-0%', "29"),
    (FTE, "percentuale_tempo", "0.1234565", "0%", "12,34565"),
    (FTE, "percentuale_tempo", "1.1000000000000001", "[<=1]0%;0.0", "1,1"),
    (FTE, "percentuale_tempo", "0.5", "[<=1]0%;0.0", "50"),
    (FTE, "percentuale_tempo", "25", '0"%"', "25"),
    (FTE, "percentuale_tempo", "25", "0\\%", "25"),
    (FTE, "percentuale_tempo", "25", "0_%", "25"),
    (CONSUNTIVO, "importo", "-0.125", "0%;-0%", "-12,5"),
    # Zeros only: a code keeps them, a number does not need them
    (CONSUNTIVO, "missione", "11", "000", "011"),
    (CONSUNTIVO, "missione", "11", "[$-410]000;[Red]\\-000", "011"),
    (CONSUNTIVO, "missione", "11", '"M"000', "M011"),
    (CONSUNTIVO, "missione", "11", '"0"00', "011"),
    (CONSUNTIVO, "missione", "1234", "000", "1234"),
    (CONSUNTIVO, "missione", "12345", "00\\-00", "123-45"),
    (CONSUNTIVO, "missione", "-5", "000", "-005"),
    (CONSUNTIVO, "missione", "11", "0", "11"),
    (CONSUNTIVO, "missione", "11", "#,##0", "11"),
    (CONSUNTIVO, "missione", "11", "0.00", "11"),
    (CONSUNTIVO, "missione", "11", "General", "11"),
    (CONSUNTIVO, "missione", "11", "Standard", "11"),
    (PAGAMENTI, "riga", "11", "000", "11"),
    # The others do not round
    (CONSUNTIVO, "importo", "1234.56", "#,##0", "1234,56"),
    (CONSUNTIVO, "importo", "1234.56", '#,##0.0 "€"', "1234,56"),
    (CONSUNTIVO, "importo", "1234.56", "0,", "1234,56"),
    # A decimal code is one only where its format shows just that
    (CONSUNTIVO, "obiettivo", "1.1000000000000001", "0.0", "1.1"),
    (CONSUNTIVO, "obiettivo", "1.1000000000000001", "0.00", UNREADABLE + "1,1"),
    (CONSUNTIVO, "obiettivo", "1.1000000000000001", "General", UNREADABLE + "1,1"),
    (CONSUNTIVO, "obiettivo", "0.25", "0%", UNREADABLE + "25%"),
    (PAGAMENTI, "fornitore", "1.5", "General", "1.5"),
    (PAGAMENTI, "fornitore", "0.125", "0.0%", "12,5%"),
    # Days
    (PAGAMENTI, "data_pagamento", "43831", "dd/mm/yyyy", "2020-01-01"),
    (PAGAMENTI, "data_pagamento", "43831", "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "2020-01-01"),
    (PAGAMENTI, "data_pagamento", "43831", "[$-410]d-mmm-yy;@", "2020-01-01"),
    (PAGAMENTI, "data_pagamento", "43831.75", "dd/mm/yyyy hh:mm", "2020-01-01"),
    (PAGAMENTI, "data_pagamento", "43831", "00000", "2020-01-01"),
    (PAGAMENTI, "data_pagamento", "59", "dd/mm/yyyy", "1900-02-28"),
    (PAGAMENTI, "data_pagamento", "60", "dd/mm/yyyy", UNREADABLE + "60"),
    (PAGAMENTI, "data_pagamento", "61", "dd/mm/yyyy", "1900-03-01"),
    (PAGAMENTI, "data_pagamento", "0", "dd/mm/yyyy", UNREADABLE + "0"),
    (PAGAMENTI, "data_pagamento", "43831", '"gg"0', "2020-01-01"),
    (PAGAMENTI, "fornitore", "43831", "dd/mm/yyyy", UNREADABLE + "01/01/2020"),
    (CONSUNTIVO, "obiettivo", "43831.5", "d/m h:mm", UNREADABLE + "01/01/2020 12:00:00"),
    (CONSUNTIVO, "importo", "43831", "mm/yy", UNREADABLE + "01/01/2020"),
    (PRATICHE, "data_ora_arrivo", "43831.75", "General", "2020-01-01T18:00:00"),
    (PRATICHE, "data_ora_arrivo", "43831.75", "hh:mm", "2020-01-01T18:00:00"),
]


@pytest.mark.parametrize("caso", _FORMATI, ids=lambda c: f"{c[1]}-{c[2]}-{c[3]}")
def test_a_number_is_what_its_format_shows(caso: tuple[str, str, str, str, str]) -> None:
    *cella, atteso = caso
    assert _mostrata(*cella) == atteso


@pytest.mark.parametrize(("numero", "letto"), [(9, "25"), (10, "25"), (2, "0,25"), (0, "0,25")])
def test_formats_that_nobody_declares_are_known_by_number(numero: int, letto: str) -> None:
    stili = f'<styleSheet {_MAIN}><cellXfs><xf/><xf numFmtId="{numero}"/></cellXfs></styleSheet>'
    cella = '<c r="@" s="1"><v>0.25</v></c>'
    assert _colonna(FTE, "percentuale_tempo", [cella], {STILI: stili}) == [letto]


_ORNAMENTI = st.sampled_from(
    ["", "", "[Red]", "[$-410]", "[Color10]", '"%"', "\\%", '" "', "_-", "* ", '"di cui "']
)


@st.composite
def _formati(draw: st.DrawFn) -> tuple[str, str, int]:
    """(code, what it says, how many zeros or percent signs) of the same kind in every section."""
    genere = draw(st.sampled_from(["percento", "zeri", "altro"]))
    quanti = draw(st.integers(1, 2) if genere == "percento" else st.integers(2, 6))
    corpo = {
        "percento": draw(st.sampled_from(["0", "0.00", "#,##0.0", "##0"])) + "%" * quanti,
        "zeri": "0" * quanti,
        "altro": draw(st.sampled_from(["0", "0.00", "#,##0", "#", "General", "0.0E+00", "# ?/?"])),
    }[genere]
    ornamenti = st.sampled_from(["", "", "[Red]", "[$-410]", "_-", "* "])  # that zeros stand beside
    zeri = set(corpo) == {"0"}
    sezioni = [
        draw(ornamenti if zeri else _ORNAMENTI) + corpo + draw(ornamenti)
        for _ in range(draw(st.integers(1, 3)))
    ]
    return ";".join(sezioni), genere, quanti


@settings(max_examples=60, deadline=None)
@given(_formati(), st.integers(0, 10**9), st.integers(0, 5))
def test_any_format_of_a_kind_says_what_its_kind_says(
    formato: tuple[str, str, int], cifre: int, decimali: int
) -> None:
    codice, genere, quanti = formato
    valore = Decimal(cifre).scaleb(-decimali)
    scritto = repr(float(valore))
    letto = _mostrata(CONSUNTIVO, "importo", scritto, codice)
    atteso = valore * 100**quanti if genere == "percento" else valore
    assert Decimal(letto.replace(",", ".")) == atteso
    intero = _mostrata(CONSUNTIVO, "missione", str(cifre), codice)
    if genere == "percento":
        assert intero.startswith(UNREADABLE)
    else:
        assert intero == (str(cifre).zfill(quanti) if genere == "zeri" else str(cifre))


@settings(max_examples=60, deadline=None)
@given(st.integers(20_000, 80_000), st.booleans(), st.booleans())
def test_a_bare_number_is_the_day_that_the_workbook_counts(
    giorni: int, dal_1904: bool, con_formato: bool
) -> None:
    libro = (
        f'<workbook {_MAIN} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        f'<workbookPr date1904="{str(dal_1904).lower()}"/>'
        '<sheets><sheet name="Dati" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    primo = date(1904, 1, 1) if dal_1904 else date(1899, 12, 30)
    stile = ' s="1"' if con_formato else ""
    cella = f'<c r="@"{stile}><v>{giorni}</v></c>'
    letti = _colonna(PAGAMENTI, "data_pagamento", [cella], {LIBRO: libro})
    assert letti == [(primo + timedelta(days=giorni)).isoformat()]


# --- what is no value -------------------------------------------------------------------------------

_SENZA_VALORE = [
    ('<c r="@" t="e"><v>#N/A</v></c>', UNREADABLE + "#N/A"),
    ('<c r="@" t="e"><f>1/0</f><v>#DIV/0!</v></c>', UNREADABLE + "#DIV/0!"),
    ('<c r="@"><f>A1+B1</f></c>', UNREADABLE + "=A1+B1"),
    ('<c r="@"><f>A1+B1</f><v></v></c>', UNREADABLE + "=A1+B1"),
    ('<c r="@" t="str"><f>A1&amp;B1</f></c>', UNREADABLE + "=A1&B1"),
    ('<c r="@"><f t="shared" si="0" ref="E2:E3">D2+1</f></c>', UNREADABLE + "=D2+1"),
    ('<c r="@"><f t="shared" si="0"/></c>', UNREADABLE + "=D2+1"),
    (f'<c r="@"><f>{"A1+" * 50}1</f></c>', UNREADABLE + "=" + ("A1+" * 50)[:60]),
    ('<c r="@"><v>x</v></c>', UNREADABLE + "x"),
    ('<c r="@" t="str"><f>""</f><v></v></c>', ""),
    ('<c r="@" s="1"/>', ""),
    ('<c r="@" t="s"/>', ""),
    ('<c r="@"><f>1-1</f><v>0</v></c>', "0"),
    ('<c r="@" t="str"><f>"a"</f><v>a</v></c>', "a"),
    ('<c r="@" t="b"><v>1</v></c>', "S"),
]


@pytest.mark.parametrize("colonna", ["titolo", "tipologia"])
def test_what_holds_no_value_is_kept_apart_from_what_is_empty(colonna: str) -> None:
    celle, attese = zip(*_SENZA_VALORE, strict=True)
    assert _colonna(STUDI, colonna, list(celle)) == list(attese)


def test_a_formula_over_many_cells_leaves_none_of_them_empty() -> None:
    celle = ['<c r="@"><f t="array" ref="C2:C4">B2:B4</f></c>', "", "", ""]
    assert _colonna(STUDI, "tipologia", celle) == [UNREADABLE + "=B2:B4"] * 3 + [""]
    calcolate = ['<c r="@" t="str"><f t="array" ref="C2:C3">B2:B3</f><v>a</v></c>', ""]
    assert _colonna(STUDI, "tipologia", calcolate) == ["a", ""]


def test_what_to_do_about_cells_without_a_value_is_said_once_for_the_file() -> None:
    celle = ['<c r="@" t="str"><v>x</v></c>', *['<c r="@"><f>segreta!A1</f></c>'] * 3]
    lette = _lette(FTE, cartella("x", {FOGLIO: foglio(_righe(FTE, "matricola", celle))}))
    (nota,) = lette.note
    assert "celle: 3, la prima in matricola, riga 3" in nota
    assert "lasciarla calcolare e salvarla" in nota
    assert "segreta" not in nota


# --- which sheet, which row ----------------------------------------------------------------------------


@st.composite
def _fogli(draw: st.DrawFn) -> list[tuple[str, str]]:
    """(kind, state) of the sheets of a workbook."""
    genere = st.sampled_from(["worksheet", "worksheet", "chartsheet", "dialogsheet"])
    stato = st.sampled_from(["", "visible", "hidden", "veryHidden"])
    return draw(st.lists(st.tuples(genere, stato), min_size=1, max_size=6))


def _libro(fogli: list[tuple[str, str]]) -> bytes:
    """A workbook of these sheets; each sheet of cells has a study named after its place."""
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    voci, rel, parti = "", "", {}
    for n, (genere, stato) in enumerate(fogli):
        voci += f'<sheet name="F{n}" sheetId="{n + 1}" r:id="r{n}"' + (
            f' state="{stato}"/>' if stato else "/>"
        )
        rel += f'<Relationship Id="r{n}" Type="{base}/{genere}" Target="fogli/{n}.xml"/>'
        parti[f"xl/fogli/{n}.xml"] = foglio(_righe(STUDI, "titolo", [scritta("@", f"F{n}")]))
    parti[LIBRO] = f'<workbook {_MAIN} xmlns:r="{base}"><sheets>{voci}</sheets></workbook>'
    spazio = "http://schemas.openxmlformats.org/package/2006/relationships"
    parti["xl/_rels/workbook.xml.rels"] = f'<Relationships xmlns="{spazio}">{rel}</Relationships>'
    return cartella("x", parti)


@settings(max_examples=60, deadline=None)
@given(_fogli())
def test_the_first_sheet_that_is_seen_is_read_and_the_hidden_ones_are_named(
    fogli: list[tuple[str, str]],
) -> None:
    celle = [n for n, (genere, _) in enumerate(fogli) if genere == "worksheet"]
    nascosti = [n for n in celle if "idden" in fogli[n][1]]
    visti = [n for n in celle if n not in nascosti]
    if not visti:
        with pytest.raises(
            Rifiutato, match="solo fogli nascosti" if nascosti else "fogli di celle"
        ):
            _lette(STUDI, _libro(fogli))
        return
    lette = _lette(STUDI, _libro(fogli))
    assert lette.frame["titolo"].to_list() == [f"F{visti[0]}"]
    assert len(lette.note) == bool(nascosti)
    assert all(f"«F{n}»" in lette.note[0] for n in nascosti)


def test_rows_that_a_filter_hides_count() -> None:
    righe = _righe(STUDI, "titolo", [scritta("@", "a"), scritta("@", "b")])
    righe = righe.replace('<row r="3">', '<row r="3" hidden="1">')
    filtro = '<autoFilter ref="A1:E3"><filterColumn colId="0"/></autoFilter>'
    lette = _lette(STUDI, cartella("x", {FOGLIO: foglio(righe, dopo=filtro)}))
    assert lette.frame["titolo"].to_list() == ["a", "b"]


_TESTA = ["id_studio", "titolo", "stato"]


def test_titles_above_the_header_are_left_out_and_counted() -> None:
    righe: list[list[object]]
    righe = [["Elenco degli studi"], [], ["al", 31], [*_TESTA], [], ["a", "b", "SOSPESO"]]
    lette = _lette(STUDI, xlsx(righe))
    assert lette.frame["_riga"].to_list() == [6]
    conto = lette.conto
    assert (conto.file, conto.intestazione, conto.vuote) == (6, 3, 2)
    assert lette.note == ("righe di titolo sopra l'intestazione, non lette: 1, 3",)
    due = [_TESTA, ["a", "b", "SOSPESO"], _TESTA]
    assert _lette(STUDI, xlsx(due)).frame["_riga"].to_list() == [2, 3]


def test_a_refusal_says_the_sheet_and_the_row_taken_as_header() -> None:
    with pytest.raises(Rifiutato, match=r"foglio «Dati», nell'intestazione \(riga 2: .*stato"):
        _lette(STUDI, xlsx([[], ["id_studio", "titolo"], ["a", "b"]]))
    with pytest.raises(Rifiutato, match="«Dati», è vuoto"):
        _lette(STUDI, xlsx([]))


# --- what spreadsheets open is opened --------------------------------------------------------------------


def _stretta(parti: Parti) -> Parti:
    """The same workbook in the strict namespaces."""
    return {
        nome: str(testo_)
        .replace(
            "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            "http://purl.oclc.org/ooxml/spreadsheetml/main",
        )
        .replace(
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
        for nome, testo_ in parti.items()
    }


def _parti(contenuto: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(contenuto)) as archivio:
        return {nome: archivio.read(nome).decode() for nome in archivio.namelist()}


def _archivio(parti: Parti) -> bytes:
    memoria = io.BytesIO()
    with zipfile.ZipFile(memoria, "w") as archivio:
        for nome, contenuto in parti.items():
            archivio.writestr(nome, contenuto or "")
    return memoria.getvalue()


_SANA = xlsx(
    [
        ["id_studio", "titolo", "data_pubblicazione", "stato"],
        ["a", "Città", date(2020, 3, 1), "SOSPESO"],
    ]
)
_COLLEGAMENTI = "xl/_rels/workbook.xml.rels"


def _prefissata(parti: dict[str, str]) -> Parti:
    foglio_ = parti[FOGLIO].replace("xmlns=", "xmlns:x=")
    for nome in ("worksheet", "sheetData", "row", "c", "v"):
        foglio_ = (
            foglio_.replace(f"<{nome} ", f"<x:{nome} ")
            .replace(f"<{nome}>", f"<x:{nome}>")
            .replace(f"</{nome}>", f"</x:{nome}>")
        )
    foglio_ = foglio_[: foglio_.index("</x:sheetData>")] + "</x:sheetData></x:worksheet>"
    return {**parti, FOGLIO: foglio_}


_APERTE = {
    "com'è": lambda p: p,
    "stretta": _stretta,
    "maiuscole": lambda p: {n.upper(): t for n, t in p.items()},
    "barre": lambda p: {n.replace("/", "\\"): t for n, t in p.items()},
    "assoluti": lambda p: {
        **p,
        _COLLEGAMENTI: p[_COLLEGAMENTI].replace('Target="', 'Target="/xl/'),
    },
    "relativi": lambda p: {
        **p,
        _COLLEGAMENTI: p[_COLLEGAMENTI].replace('Target="', 'Target="./../XL/'),
    },
    "fill-vuoto": lambda p: {
        **p,
        STILI: p[STILI].replace('<fills count="2">', '<fills count="3"><fill/>'),
    },
    "estensioni": lambda p: {
        **p,
        FOGLIO: p[FOGLIO].replace(
            "</worksheet>",
            '<extLst><ext uri="{X}" xmlns:y="urn:y"><y:row><y:c r="A1"><y:v>9</y:v></y:c></y:row>'
            "</ext></extLst></worksheet>",
        ),
    },
    "utf-16": lambda p: {**p, FOGLIO: p[FOGLIO].replace("UTF-8", "UTF-16")},
    "prefissi": _prefissata,
}


@pytest.mark.parametrize("nome", _APERTE)
def test_what_spreadsheets_open_is_opened(nome: str) -> None:
    parti = _APERTE[nome](_parti(_SANA))
    contenuto = _archivio(
        {n: t.encode("utf-16") if nome == "utf-16" and n == FOGLIO else t for n, t in parti.items()}
    )
    (riga,) = _lette(STUDI, contenuto).frame.drop("_campi").rows(named=True)
    assert riga == {
        "_riga": 2,
        "id_studio": "a",
        "titolo": "Città",
        "data_pubblicazione": "2020-03-01",
        "stato": "SOSPESO",
    }


def test_a_workbook_without_styles_shows_its_numbers_bare() -> None:
    parti = {n: t for n, t in _parti(_SANA).items() if n != STILI}
    assert _lette(STUDI, _archivio(parti)).frame["data_pubblicazione"].to_list() == ["2020-03-01"]


_TESTI = [
    ("<t>a</t>", "a"),
    ('<t xml:space="preserve"> a </t>', " a "),
    ("<r><rPr><b/></rPr><t>Cit</t></r><r><t>tà</t></r>", "Città"),
    ("<t>東京</t><rPh sb='0' eb='2'><t>トウキョウ</t></rPh><phoneticPr fontId='1'/>", "東京"),
    ("<t>a_x000D_\nb</t>", "a\r\nb"),
    ("<t>_x005F_x000D_</t>", "_x000D_"),
    ("<t>_x0000_!_x0002_5_xD800_</t>", "_x0000_!_x0002_5_xD800_"),
    ("", ""),
]


def test_texts_are_what_is_written_in_them_shared_or_not() -> None:
    scritti, attesi = zip(*_TESTI, strict=True)
    comuni = f"<sst {_MAIN}>" + "".join(f"<si>{t}</si>" for t in scritti) + "</sst>"
    citate = [f'<c r="@" t="s"><v>{n}</v></c>' for n in range(len(scritti))]
    assert _colonna(STUDI, "titolo", citate, {STRINGHE: comuni}) == list(attesi)
    scritte = [f'<c r="@" t="inlineStr"><is>{t}</is></c>' for t in scritti]
    assert _colonna(STUDI, "titolo", scritte) == list(attesi)


_ISO = {
    "2020-03-01": "2020-03-01",
    "2020-03-01T00:00:00": "2020-03-01",
    "2020-03-01T14:05:09Z": "2020-03-01T14:05:09",
    "2020-03-01T14:05": "2020-03-01T14:05:00",
    "2020-02-30": UNREADABLE + "2020-02-30",
    "T14:05": UNREADABLE + "T14:05",
}


def test_moments_written_as_such_are_read_as_such() -> None:
    celle = [f'<c r="@" t="d"><v>{momento}</v></c>' for momento in _ISO]
    assert _colonna(PRATICHE, "data_ora_arrivo", celle) == list(_ISO.values())


# --- what is no xlsx says what it is ----------------------------------------------------------------------


def _ods() -> bytes:
    return _archivio(
        {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}
    )


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
_ALTRI = {
    "ods": (_ods(), r"OpenDocument \(\.ods\).*salvarlo di nuovo come xlsx"),
    "xls": (_OLE + "Workbook".encode("utf-16-le"), r"\.xls: .*salvarlo di nuovo come xlsx"),
    "xls-antico": (b"\x09\x08\x10\x00" + bytes(40), r"\.xls: .*come xlsx"),
    "cifrato": (_OLE + "EncryptedPackage".encode("utf-16-le"), "password: toglierla"),
    "xlsb": (_archivio({"xl/workbook.bin": "x", "[Content_Types].xml": ""}), r"\.xlsb.*come xlsx"),
    "docx": (_archivio({"word/document.xml": "x"}), "documento Word"),
    "csv": ("id_studio;titolo;stato\nCittà;b;c\n".encode(), r"testo \(csv\).*\.csv"),
    "csv-cp1252": ("id_studio;titolo\nCittà;b\n".encode("cp1252"), r"testo \(csv\).*\.csv"),
    "csv-utf16": ("id_studio\ttitolo\n".encode("utf-16"), r"testo \(csv\).*\.csv"),
    "html": (b"\xef\xbb\xbf\n<html xmlns:x='urn:x'><table>", "pagina HTML.*come xlsx"),
    "xml-2003": (b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "XML del 2003"),
    "parquet": (b"PAR1" + bytes(40), r"Parquet.*\.parquet"),
    "gzip": (b"\x1f\x8b\x08" + bytes(40), r"gzip.*\.csv\.gz"),
    "pdf": (b"%PDF-1.7\n" + bytes(40), "PDF"),
    "vuoto": (b"", "vuoto"),
    "troncata": (_SANA[:-100], "incompleta o guasta"),
}  # fmt: skip


@pytest.mark.parametrize("nome", _ALTRI)
def test_what_is_no_xlsx_is_named_and_what_to_do_is_said(nome: str) -> None:
    contenuto, attesa = _ALTRI[nome]
    with pytest.raises(Rifiutato, match=attesa):
        _lette(STUDI, contenuto)


# --- numbers and texts in one column ------------------------------------------------------------------------


def _importi(*celle: object) -> tuple[Segnale, ...]:
    testa = ["missione", "programma", "obiettivo", "importo"]
    righe = [["011", "005", f"1.{n}", cella] for n, cella in enumerate(celle)]
    return _lette(CONSUNTIVO, xlsx([testa, *righe])).segnali


def test_native_numbers_beside_written_ones_are_a_signal() -> None:
    misti = _importi(71154, "1.482,22", 52255, " -2.156,23 ")
    assert misti == (Segnale("numeri_misti", "importo", 2, 3, "1.482,22"),)
    assert [s.casi for s in _importi("€ 12,50", 5)] == [1]


def test_a_column_in_one_way_of_writing_is_no_signal() -> None:
    assert _importi(1, 2.5, -3) == ()
    assert _importi("1.482,22", "5", "") == ()
    assert _importi(1, None, "-", " ", "n.d.", 2) == ()
