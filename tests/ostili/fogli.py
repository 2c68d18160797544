"""Hostile workbooks, written part by part: no library would write most of them.

Belongs here: the parts of a workbook and what is wrong with them. Does not belong here: what a sound
workbook says (tests/extracts).
"""

import io
import random
import struct
import zipfile
from collections.abc import Iterator, Mapping
from html import escape

from tests.extracts.materiale import csv_gz, xlsx
from tests.ostili.caso import RIFIUTATO, SEGRETO, TESTA, Caso, Contenuto, Esito, dati, file
from tests.ostili.testi import INERTI, MEGA

UNA = dati(1)
NESSUNA = dati(0, 1)
_INTESTAZIONE = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACCHETTO = "http://schemas.openxmlformats.org/package/2006"
_TIPO = "application/vnd.openxmlformats-officedocument.spreadsheetml"
FOGLIO = "xl/worksheets/sheet1.xml"
STRINGHE = "xl/sharedStrings.xml"
LIBRO = "xl/workbook.xml"
Parti = Mapping[str, bytes | str | None]

# What a reader that expands entities would need gigabytes for.
_BOMBA_DTD = (
    "<!DOCTYPE a [<!ENTITY l0 'lol'>"
    + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    + "]>"
)
_XXE = "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"


def _collegamenti(voci: str) -> str:
    return (
        f'{_INTESTAZIONE}<Relationships xmlns="{_PACCHETTO}/relationships">{voci}</Relationships>'
    )


def _collega(numero: int, tipo: str, dove: str, altro: str = "") -> str:
    return f'<Relationship Id="rId{numero}" Type="{_OFFICE}/{tipo}" Target="{dove}" {altro}/>'


def foglio(righe: str, prima: str = "", dopo: str = "") -> str:
    """The XML of a sheet with these rows."""
    dati_foglio = f"<sheetData>{righe}</sheetData>"
    return f"{_INTESTAZIONE}{prima}<worksheet {_MAIN}>{dati_foglio}{dopo}</worksheet>"


def testo(posto: str, contenuto: str) -> str:
    """A cell of text."""
    return f'<c r="{posto}" t="inlineStr"><is><t>{escape(contenuto)}</t></is></c>'


def riga(numero: int, *testi: str) -> str:
    """A row of texts from column A on."""
    celle = "".join(testo(f"{'ABCDEFGH'[n]}{numero}", t) for n, t in enumerate(testi))
    return f'<row r="{numero}">{celle}</row>'


TESTATA = riga(1, "id_studio", "titolo", "stato")


def buone(nome: str) -> str:
    """A header and a good row."""
    return TESTATA + riga(2, f"foglio-{nome}", SEGRETO, "SOSPESO")


def _parti(nome: str) -> dict[str, bytes | str | None]:
    return {
        "[Content_Types].xml": (
            f'{_INTESTAZIONE}<Types xmlns="{_PACCHETTO}/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/{LIBRO}" ContentType="{_TIPO}.sheet.main+xml"/>'
            f'<Override PartName="/{FOGLIO}" ContentType="{_TIPO}.worksheet+xml"/>'
            f'<Override PartName="/{STRINGHE}" ContentType="{_TIPO}.sharedStrings+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TIPO}.styles+xml"/></Types>'
        ),
        "_rels/.rels": _collegamenti(_collega(1, "officeDocument", LIBRO)),
        LIBRO: (
            f'{_INTESTAZIONE}<workbook {_MAIN} xmlns:r="{_OFFICE}">'
            '<sheets><sheet name="Dati" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _collegamenti(
            _collega(1, "worksheet", "worksheets/sheet1.xml")
            + _collega(2, "sharedStrings", "sharedStrings.xml")
            + _collega(3, "styles", "styles.xml")
        ),
        "xl/styles.xml": (
            f'{_INTESTAZIONE}<styleSheet {_MAIN}><fonts count="1"><font/></fonts>'
            "<fills><fill><patternFill/></fill></fills><borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs>"
            '<cellXfs><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs>'
            "</styleSheet>"
        ),
        STRINGHE: f"{_INTESTAZIONE}<sst {_MAIN}><si><t>SOSPESO</t></si></sst>",
        FOGLIO: foglio(buone(nome)),
    }


def cartella(nome: str, cambi: Parti | None = None, metodo: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A workbook with a good row, some of its parts changed, added or (None) missing."""
    memoria = io.BytesIO()
    with zipfile.ZipFile(memoria, "w", metodo, compresslevel=1) as archivio:
        for parte, contenuto in {**_parti(nome), **(cambi or {})}.items():
            if contenuto is not None:
                archivio.writestr(parte, contenuto)
    return memoria.getvalue()


def _caso(nome: str, contenuto: Contenuto, esito: Esito, pesante: bool = False) -> Caso:
    return file(nome, "xlsx", contenuto, esito, pesante=pesante)


def _con(nome: str, cambi: Parti, esito: Esito) -> Caso:
    return _caso(nome, cartella(nome, cambi), esito)


def _righe(nome: str, righe: str, esito: Esito) -> Caso:
    return _con(nome, {FOGLIO: foglio(righe)}, esito)


def _archivi() -> Iterator[Caso]:
    """What is no workbook, or one cut, locked or altered."""
    intera = cartella("x")
    for quanti in (1, 22, 100, len(intera) // 2, len(intera) - 40):
        yield _caso(f"tronca-{quanti}", intera[:-quanti], RIFIUTATO)
    yield _caso("vuota", b"", RIFIUTATO)
    yield _caso("csv", (TESTA + f"1;{SEGRETO};SOSPESO\n").encode(), RIFIUTATO)
    yield _caso("csv-gz", csv_gz(TESTA.encode()), RIFIUTATO)
    yield _caso("parquet", b"PAR1" + bytes(64) + b"PAR1", RIFIUTATO)
    yield _caso("xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1024), RIFIUTATO)
    yield _caso("html", b"<html><table><tr><td>id_studio</td></tr></table></html>", RIFIUTATO)
    yield _caso("a-caso", random.Random(1).randbytes(5000), RIFIUTATO)
    vuoto = io.BytesIO()
    zipfile.ZipFile(vuoto, "w").close()
    yield _caso("zip-vuoto", vuoto.getvalue(), RIFIUTATO)
    # Bit 0 of the flags, in the local headers and in the directory: encrypted.
    cifrata = bytearray(intera)
    for segno, posto in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        dove = cifrata.find(segno)
        while dove >= 0:
            cifrata[dove + posto] |= 1
            dove = cifrata.find(segno, dove + 4)
    yield _caso("cifrata", bytes(cifrata), RIFIUTATO)
    for posto in (0, 30, 60, 200):
        guasta = bytearray(intera)
        guasta[posto] ^= 0x55
        yield _caso(f"byte-{posto}", bytes(guasta), RIFIUTATO)
    yield _caso("roba-davanti", b"#!/bin/sh\n" + cartella("roba-davanti"), UNA)
    yield _caso("lzma", cartella("x", metodo=zipfile.ZIP_LZMA), RIFIUTATO)
    yield _caso("bzip2", cartella("x", metodo=zipfile.ZIP_BZIP2), RIFIUTATO)
    yield _caso("non-compressa", cartella("non-compressa", metodo=zipfile.ZIP_STORED), UNA)
    sana = cartella("elenco-bugiardo")
    fine = sana.rfind(b"PK\x05\x06")  # after it, how many members there are: no reader goes by it
    bugia = sana[: fine + 10] + struct.pack("<H", 65_535) + sana[fine + 12 :]
    yield _caso("elenco-bugiardo", bugia, UNA)


def _membri() -> Iterator[Caso]:
    """Members that are too many, badly named, or not to be opened."""
    yield _con("macro", {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}, RIFIUTATO)
    yield _con("macro-altrove", {"altro/VBAPROJECT.BIN": b"x"}, RIFIUTATO)
    for numero, nome in enumerate(("../fuori.xml", "xl/../../fuori", "/etc/pira", "C:/x", "\\\\x")):
        yield _con(f"nome-{numero}", {nome: "x"}, RIFIUTATO)
    molti = {f"xl/media/{n}.xml": "" for n in range(3000)}
    yield _con("tremila-membri", molti, RIFIUTATO)
    yield _con("zip-nel-zip", {"xl/altro.xlsx": cartella("x")}, UNA)
    quaranta: bytes = cartella("x")
    for _ in range(10):
        quaranta = cartella("x", {"xl/dentro.zip": quaranta})
    yield _caso("zip-nel-zip-dieci-volte", cartella("matrioska", {"xl/x.zip": quaranta}), UNA)
    for nome, parte in (
        ("senza-tipi", "[Content_Types].xml"),
        ("senza-libro", LIBRO),
        ("senza-foglio", FOGLIO),
        ("senza-collegamenti", "xl/_rels/workbook.xml.rels"),
    ):
        yield _con(nome, {parte: None}, RIFIUTATO)
    yield _con("senza-radice", {"_rels/.rels": None}, UNA)
    yield _con("senza-stringhe", {STRINGHE: None}, RIFIUTATO)
    fuori = _collega(1, "worksheet", "../../../../etc/passwd")
    yield _con("foglio-altrove", {"xl/_rels/workbook.xml.rels": _collegamenti(fuori)}, RIFIUTATO)
    rete = _collega(1, "worksheet", "http://x.example/foglio.xml", 'TargetMode="External"')
    yield _con("foglio-in-rete", {"xl/_rels/workbook.xml.rels": _collegamenti(rete)}, RIFIUTATO)
    esterni = {
        "xl/externalLinks/externalLink1.xml": f"{_INTESTAZIONE}<externalLink {_MAIN}/>",
        "xl/externalLinks/_rels/externalLink1.xml.rels": _collegamenti(
            _collega(1, "externalLinkPath", "file:///etc/passwd", 'TargetMode="External"')
        ),
    }
    yield _con("collegamenti-esterni", esterni, UNA)
    yield _con("proprieta-ostili", {"docProps/core.xml": "<a>" + INERTI[7]}, UNA)


def _xml() -> Iterator[Caso]:
    """Declarations that make a parser read elsewhere or grow, and XML that is none."""
    righe = buone("dtd")
    bomba = foglio(righe + riga(3, "&l9;"), _BOMBA_DTD).replace("&amp;l9;", "&l9;")
    yield _con("dtd-bomba", {FOGLIO: bomba}, RIFIUTATO)
    yield _con("dtd-xxe", {FOGLIO: foglio(righe, _XXE)}, RIFIUTATO)
    yield _con("dtd-nelle-stringhe", {STRINGHE: _XXE + "<sst/>"}, RIFIUTATO)
    yield _con("dtd-nel-libro", {LIBRO: _BOMBA_DTD + "<workbook/>"}, RIFIUTATO)
    due_byte = bomba.replace("UTF-8", "UTF-16").encode("utf-16")
    yield _con("dtd-utf16", {FOGLIO: due_byte}, RIFIUTATO)
    yield _con("dtd-altro-nome", {"xl/foglio.bin": _XXE}, RIFIUTATO)
    yield _con("dtd-a-cavallo", {"a.xml": " " * (MEGA - 5) + _XXE}, RIFIUTATO)
    intero = foglio(buone("xml"))
    yield _con("xml-tronco", {FOGLIO: intero[:-40]}, RIFIUTATO)
    yield _con("xml-vuoto", {FOGLIO: ""}, RIFIUTATO)
    yield _con("xml-di-niente", {FOGLIO: foglio("")}, RIFIUTATO)
    yield _con("xml-caratteri", {FOGLIO: intero.replace(SEGRETO, "&#0;&#xD800;")}, RIFIUTATO)
    yield _con("xml-profondo", {FOGLIO: "<a>" * 200_000}, RIFIUTATO)
    yield _con("stringhe-guaste", {STRINGHE: "<sst><si>"}, RIFIUTATO)
    yield _con("stili-guasti", {"xl/styles.xml": "<styleSheet"}, RIFIUTATO)
    ebcdic = bomba.replace("UTF-8", "cp037").encode("cp037")
    yield _con("dtd-ebcdic", {FOGLIO: ebcdic}, RIFIUTATO)
    lunga = f'<numFmts><numFmt numFmtId="164" formatCode="{"0" * MEGA}"/></numFmts>'
    stili = f'<styleSheet {_MAIN}>{lunga}<cellXfs><xf numFmtId="164"/></cellXfs></styleSheet>'
    yield _con("formato-di-un-mega", {"xl/styles.xml": stili}, UNA)
    yield _con("libro-senza-fogli", {LIBRO: f"<workbook {_MAIN}><sheets/></workbook>"}, RIFIUTATO)


def _celle() -> Iterator[Caso]:
    """Cells that are far away, out of order or odd."""
    lontana = '<row r="{r}">{c}</row>'
    ultima = lontana.format(r=1_048_576, c=testo("XFD1048576", SEGRETO))
    yield _righe("ultima-cella", buone("ultima-cella") + ultima, dati(1, 1))
    in_fondo = lontana.format(r=1_048_576, c=testo("A1048576", "x"))
    yield _righe("ultima-riga", buone("ultima-riga") + in_fondo, dati(1, 1))
    for nome, posto in (("riga-oltre", 1_048_577), ("riga-mille-miliardi", 10**12)):
        oltre = lontana.format(r=posto, c=testo("A3", "x"))
        yield _righe(nome, buone(nome) + oltre, RIFIUTATO)
    for nome, numero in (("riga-zero", "0"), ("riga-negativa", "-3"), ("riga-ripetuta", "2")):
        strana = lontana.format(r=numero, c=testo("A3", "x"))
        yield _righe(nome, buone(nome) + strana, RIFIUTATO)
    yield _righe("righe-al-contrario", riga(3, "a", "b", "SOSPESO") + TESTATA, RIFIUTATO)
    yield _righe("riga-non-numero", buone("x") + '<row r="tre"/>', RIFIUTATO)
    senza = buone("senza-numeri").replace(' r="1"', "").replace(' r="2"', "")
    yield _righe("senza-numeri", senza, UNA)
    for nome, cella in (
        ("colonna-oltre", "XFE3"),
        ("colonna-ignota", "3"),
        ("colonna-zzz", "ZZZ3"),
    ):
        yield _righe(nome, buone(nome) + lontana.format(r=3, c=testo(cella, "x")), RIFIUTATO)
    doppia = lontana.format(r=3, c=testo("A3", "x") + testo("A3", "y"))
    yield _righe("cella-doppia", buone("x") + doppia, RIFIUTATO)
    girate = testo("C3", "SOSPESO") + testo("B3", "b") + testo("A3", "girate-2")
    yield _righe("celle-al-contrario", buone("girate") + lontana.format(r=3, c=girate), dati(2))
    poche = "".join(lontana.format(r=n, c=testo(f"XFD{n}", "x")) for n in range(3, 103))
    yield _righe("cento-righe-larghe", buone("cento-righe-larghe") + poche, dati(1, 100))
    bugia = '<dimension ref="A1:XFD1048576"/>'
    dimensione = foglio(buone("dimensione")).replace("<sheetData>", f"{bugia}<sheetData>")
    yield _con("dimensione-bugiarda", {FOGLIO: dimensione}, UNA)
    for n, inerte in enumerate(INERTI):
        if "\x1b" not in inerte:
            righe = TESTATA + riga(2, f"foglio-inerte-{n}", inerte, "SOSPESO")
            yield _righe(f"inerte-{n}", righe, UNA)
    matrice = '<c r="D2"><f t="array" ref="A2:XFD1048576">x</f></c>'
    ovunque = f'<row r="2">{testo("A2", "ovunque")}{testo("B2", "b")}{testo("C2", "SOSPESO")}{matrice}</row>'
    yield _righe("matrice-ovunque", TESTATA + ovunque, dati(0, 1))
    yield _con("parte-doppia", {FOGLIO.upper(): foglio(buone("altra"))}, RIFIUTATO)
    for nome, cella, esito in _VALORI:
        righe = (
            TESTATA
            + f'<row r="2">{testo("A2", f"cella-{nome}")}{cella}{testo("C2", "SOSPESO")}</row>'
        )
        yield _righe(f"cella-{nome}", righe, esito)


_VALORI = (
    ("formula", '<c r="B2" t="str"><f>1+1</f><v>due</v></c>', UNA),
    ("formula-senza-valore", '<c r="B2"><f>cmd|"/C calc"!A0</f></c>', NESSUNA),
    ("errore", '<c r="B2" t="e"><v>#N/A</v></c>', NESSUNA),
    ("nan", '<c r="B2"><v>NaN</v></c>', NESSUNA),
    ("infinito", '<c r="B2"><v>1E999</v></c>', NESSUNA),
    ("cinquemila-cifre", f'<c r="B2"><v>{"9" * 5000}</v></c>', NESSUNA),
    ("quattromila-cifre", f'<c r="B2"><v>{"9" * 4000}</v></c>', NESSUNA),
    ("non-numero", f'<c r="B2"><v>{SEGRETO}</v></c>', NESSUNA),
    ("stringa-ignota", '<c r="B2" t="s"><v>99</v></c>', RIFIUTATO),
    ("data-enorme", '<c r="B2" s="1"><v>99999999</v></c>', NESSUNA),
    ("data-negativa", '<c r="B2" s="1"><v>-99999</v></c>', NESSUNA),
    ("data-non-data", '<c r="B2" t="d"><v>ieri</v></c>', NESSUNA),
    ("stile-ignoto", '<c r="B2" s="77"><v>5</v></c>', UNA),
    ("tipo-ignoto", '<c r="B2" t="boh"><v>5</v></c>', NESSUNA),
    ("booleano-due", '<c r="B2" t="b"><v>2</v></c>', NESSUNA),
    ("lunghissima", f'<c r="B2" t="inlineStr"><is><t>{"x" * 100_000}</t></is></c>', UNA),
    ("ricca", '<c r="B2" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>', UNA),
)
"""The cell of `titolo`, a text: what a cell holds becomes one, or its row is quarantined; a cell that
cites what is not there refuses the file, of which something is missing."""


def _grandi() -> Iterator[Caso]:
    def bomba(parte: str) -> bytes:
        memoria = io.BytesIO()
        with zipfile.ZipFile(memoria, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archivio:
            for nome, contenuto in _parti("bomba").items():
                if contenuto is not None and nome != parte:
                    archivio.writestr(nome, contenuto)
            with archivio.open(parte, "w", force_zip64=True) as dentro:
                for _ in range(9):
                    dentro.write(bytes(64 * MEGA))
        return memoria.getvalue()

    yield _caso("bomba", lambda: bomba(FOGLIO), RIFIUTATO, True)

    def stringa(nome: str, byte: int, citazioni: int) -> bytes:
        """One shared string, that many cells of `titolo` cite."""
        celle = "".join(
            f'<row r="{n}"><c r="B{n}" t="s"><v>0</v></c></row>' for n in range(3, citazioni + 3)
        )
        lunga = f"<sst {_MAIN}><si><t>{'x' * byte}</t></si></sst>"
        return cartella(nome, {STRINGHE: lunga, FOGLIO: foglio(buone(nome) + celle)})

    yield _caso("mega-per-ventimila", lambda: stringa("x", MEGA, 20_000), RIFIUTATO, True)
    yield _caso("stringa-di-40-mb", lambda: stringa("x", 40 * MEGA, 1), RIFIUTATO, True)
    larghe = "".join(f'<row r="{n}">{testo(f"XFD{n}", "x")}</row>' for n in range(3, 1503))
    yield _caso(
        "mille-cinquecento-righe-larghe",
        lambda: cartella("x", {FOGLIO: foglio(buone("x") + larghe)}),
        RIFIUTATO,
        True,
    )
    elenco = b"PK\x01\x02" + bytes(42)
    yield _caso("un-milione-di-membri", lambda: cartella("x") + elenco * 1_000_000, RIFIUTATO, True)


def casi() -> list[Caso]:
    """Every case of workbooks."""
    sana = xlsx([["id_studio", "titolo", "stato"], ["sana", "a", "SOSPESO"]])
    return [
        _caso("sana", sana, UNA),
        *_archivi(),
        *_membri(),
        *_xml(),
        *_celle(),
        *_grandi(),
    ]
