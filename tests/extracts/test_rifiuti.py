"""Every refusal of a file says what was found and what to do about it, and some file makes it.

Belongs here: that no refusal is without a remedy or without a case. Does not belong here: which files
are refused (test_files.py, test_workbooks.py, tests/ostili). A refusal added in the code without a case
here is red.
"""

import ast
import io
import os
import re
import subprocess
import sys
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest

from pipelines.contract.estratti import PER_CODICE
from pipelines.contract.pubblici import Ente, formats_of
from pipelines.contract.schema import Estratto
from pipelines.extracts import (
    albero,
    cells,
    delimited,
    ingest,
    native,
    quotes,
    sandbox,
    sheet_xml,
    workbook,
)
from pipelines.extracts.decoding import _ALTRO
from pipelines.extracts.formats import read_cells
from pipelines.landing import mappe
from pipelines.landing import zone as landing
from pipelines.landing.mappe import find_mapping
from pipelines.landing.rifiutato import Rifiutato
from pipelines.partizione import Partizione
from pipelines.settings import ROOT
from tests.extracts.pubblici import anac, l190, lotto
from tests.extracts.sistema import ingerisci_da
from tests.ostili.fogli import FOGLIO, LIBRO, TESTATA, buone, cartella, foglio, riga
from tests.ostili.fogli import testo as cella

STUDI = PER_CODICE["isr/studi"]
T = b"id_studio;titolo;stato\n"
UNA = T + b"1;a;SOSPESO\n"
Luogo = tuple[str, int]

_FARE = re.compile(r"\b[a-zà-ù]+(?:are|ere|ire|[aei]r(?:l[aoei]|gli|le|vi|ne))\b")
"""A verb in the infinitive, as every remedy has: esportarlo, toglierle, correggerne."""


def _dichiarati() -> dict[Luogo, int]:
    """Where the code makes a refusal: file and first line, with the last line."""
    found = {}
    for path in sorted((ROOT / "pipelines").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Rifiutato":
                place = path.relative_to(ROOT).as_posix(), node.lineno
                found[place] = node.end_lineno or node.lineno
    return found


# --- a file for every refusal -----------------------------------------------------------------------

Caso = Callable[[pytest.MonkeyPatch, Path], object]


def _letto(formato: str, contenuto: bytes) -> Caso:
    def leggi(_: pytest.MonkeyPatch, __: Path) -> object:
        if formato in ("xlsx", "parquet"):  # what the child does, here
            domanda = {"formato": formato, "estratto": STUDI.codice}
            return sandbox._answer(domanda, contenuto)
        return read_cells(STUDI, formato, contenuto)

    return leggi


def _con_limite(modulo: object, nome: str, limite: object, caso: Caso) -> Caso:
    """The case with a bound so low that a small file is over it."""

    def leggi(patch: pytest.MonkeyPatch, base: Path) -> object:
        patch.setattr(modulo, nome, limite)
        return caso(patch, base)

    return leggi


def _csv(contenuto: bytes) -> Caso:
    return _letto("csv", contenuto)


def _xlsx(*righe: str) -> Caso:
    return _letto("xlsx", cartella("x", {FOGLIO: foglio("".join(righe))}))


def _con(**parti: bytes | str | None) -> Caso:
    nomi = {"foglio": FOGLIO, "libro": LIBRO, "rels": "xl/_rels/workbook.xml.rels"}
    return _letto("xlsx", cartella("x", {nomi.get(n, n): c for n, c in parti.items()}))


def _zip(**parti: str) -> Caso:
    memoria = io.BytesIO()
    with zipfile.ZipFile(memoria, "w") as archivio:
        for nome, contenuto in parti.items():
            archivio.writestr(nome.replace("__", "/").replace("_1", "."), contenuto)
    return _letto("xlsx", memoria.getvalue())


def _parquet(**colonne: Sequence[object]) -> bytes:
    memoria = io.BytesIO()
    pl.DataFrame(colonne).write_parquet(memoria)
    return memoria.getvalue()


def _cifrata() -> bytes:
    intera = bytearray(cartella("x"))
    for segno, posto in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        intera[intera.find(segno) + posto] |= 1
    return bytes(intera)


def _guasto_in_mezzo() -> bytes:
    """A Parquet file whose schema is sound and whose pages are not."""
    sano = _parquet(id_studio=["1"] * 99, titolo=["a"] * 99, stato=["SOSPESO"] * 99)
    return sano[:4] + bytes(60) + sano[64:]


def _in_due_parti(_: pytest.MonkeyPatch, base: Path) -> object:
    """An extract whose parts are small, and not together."""
    folder = base / "raw/AA/2020/isr"
    folder.mkdir(parents=True)
    for name in ("studi.csv", "studi-2.csv"):
        (folder / name).write_bytes(UNA)
    return ingerisci_da(base / "raw", Partizione("AA", 2020), STUDI, base / "deposito")


def _con_mappa(testo: str, contenuto: bytes = UNA, formato: str = "csv") -> Caso:
    """A file read under a mapping, which lies in the landing zone."""

    def leggi(_: pytest.MonkeyPatch, base: Path) -> object:
        path = base / "raw/AA/mappe/isr/studi.toml"
        path.parent.mkdir(parents=True)
        path.write_bytes(testo.encode("cp1252"))
        trovata = find_mapping(base / "raw", Partizione("AA", 2020), STUDI)
        assert trovata is not None
        mappa = trovata.of(STUDI)
        if formato == "csv":
            return read_cells(STUDI, formato, contenuto, mappa)
        testi = [mappa.sha256, *([t.file, t.testo] for t in mappa.testi)]
        domanda = {"formato": formato, "estratto": STUDI.codice, "mappa": testi}
        return sandbox._answer(domanda, contenuto)

    return leggi


_DTD = "<!DOCTYPE a []>"
_SANA = {"id_studio": ["1"], "titolo": ["a"], "stato": ["SOSPESO"]}

CASI: dict[str, Caso] = {
    # text
    "non compresso": _letto("csv.gz", UNA),
    "riga lunga": _con_limite(delimited, "MAX_BYTE_RIGA", 5, _csv(UNA)),
    "testo grande": _con_limite(delimited, "MAX_BYTE", 5, _csv(UNA)),
    "troppe righe": _con_limite(delimited, "MAX_RIGHE", 1, _csv(UNA)),
    "virgolette in testa": _csv(b'"id_studio"x;titolo;stato\n'),
    "altro genere": _csv(b"%PDF-1.7"),
    "byte di nessuno": _csv(T + b"1;\x81\xe0;SOSPESO\n"),
    "byte nullo": _csv(T + b"1;a\0;SOSPESO\n"),
    "utf-16 a metà": _csv(b"\xff\xfei\0d"),
    "campo lungo": _con_limite(
        quotes, "MAX_BYTE_RIGA", 20, _csv(T + b'1;"' + b"a" * 99 + b'"x;b\n')
    ),
    "virgolette aperte": _csv(T + b'1;"a;SOSPESO\n'),
    # header
    "vuoto": _csv(b"\n"),
    "colonna che manca": _csv(b"id_studio;titolo\n1;a\n"),
    "colonna doppia": _csv(b"id_studio;titolo;stato;Stato\n1;a;SOSPESO;x\n"),
    "troppe colonne": _con_limite(cells, "MAX_COLONNE", 2, _csv(UNA)),
    # mappings
    "mappa che non può essere": _con_mappa("[file]\nx = 1"),
    "mappa non utf-8": _con_mappa("# però"),
    "mappa grande": _con_limite(mappe, "_MAX_BYTE", 2, _con_mappa("# qui")),
    "riga di testata vuota": _con_mappa("[file]\nintestazione = 9"),
    "altra codifica": _con_mappa('[file]\ncodifica = "utf-16"'),
    "colonna della mappa che manca": _con_mappa('[colonne]\n"Tipo" = "tipologia"'),
    "unione con una facoltativa che manca": _con_mappa(
        '[unione.tipologia]\nda = ["titolo", "data_pubblicazione"]'
    ),
    "foglio che manca": _con_mappa('[file]\nfoglio = "Altro"', cartella("x"), "xlsx"),
    # workbooks
    "solo fogli nascosti": _con(
        libro='<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
        '<sheet name="Dati" sheetId="1" state="hidden" r:id="rId1"/></sheets></workbook>'
    ),
    "nessun foglio": _con(
        libro='<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        "<sheets/></workbook>"
    ),
    "foglio altrove": _con(
        rels='<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" TargetMode="External" Target="http://x.example/a.xml" Type="http://'
        'schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>'
    ),
    "xlsb": _zip(xl__workbook_1bin="x"),
    "ods": _zip(content_1xml="<a/>", mimetype="application/vnd.oasis.opendocument.spreadsheet"),
    "odt": _zip(content_1xml="<a/>", mimetype="application/vnd.oasis.opendocument.text"),
    "docx": _zip(word__document_1xml="x"),
    "zip": _zip(a="b"),
    "troppe parti": _con_limite(workbook, "MAX_MEMBERS", 1, _xlsx(TESTATA)),
    "cifrata": _letto("xlsx", _cifrata()),
    "compressa altrimenti": _letto("xlsx", cartella("x", metodo=zipfile.ZIP_BZIP2)),
    "non zip": _letto("xlsx", b"%PDF-1.7"),
    "nome che esce": _con(**{"../a": "x"}),
    "macro": _con(**{"xl/vbaProject.bin": "x"}),
    "bomba": _con_limite(workbook, "MAX_UNPACKED", 99, _xlsx(TESTATA)),
    "dtd": _con(foglio=foglio(TESTATA, _DTD)),
    "dtd che nessuno ha visto": _con_limite(
        workbook, "_DTD", (), _con(foglio=foglio(TESTATA, _DTD))
    ),
    "parte guasta": _con(foglio="<a>"),
    "parte doppia": _con(**{FOGLIO.upper(): "x"}),
    "parte che manca": _con(foglio=None),
    "foglio grande": _con_limite(sheet_xml, "MAX_CELLE", 1, _xlsx(TESTATA)),
    "riga non numerata": _xlsx(TESTATA, '<row r="tre"/>'),
    "righe al contrario": _xlsx(riga(3, "a"), TESTATA),
    "celle doppie": _xlsx(TESTATA, f'<row r="2">{cella("A2", "x")}{cella("A2", "y")}</row>'),
    "cella senza nome": _xlsx(TESTATA, f'<row r="2">{cella("3", "x")}</row>'),
    "testo che manca": _xlsx(TESTATA, '<row r="2"><c r="A2" t="s"><v>99</v></c></row>'),
    "foglio vuoto": _xlsx(""),
    "foglio senza colonna": _xlsx(riga(1, "id_studio")),
    # Parquet
    "non parquet": _letto("parquet", b"PAR1"),
    "parquet guasto": _letto("parquet", _guasto_in_mezzo()),
    "parquet lungo": _con_limite(native, "MAX_RIGHE", 0, _letto("parquet", _parquet(**_SANA))),
    "parquet con nul": _letto("parquet", _parquet(**_SANA | {"titolo": ["a\0"]})),
    "parquet di liste": _letto("parquet", _parquet(**_SANA | {"titolo": [[1]]})),
    "parti grandi": _con_limite(ingest, "MAX_BYTE_ESTRATTO", 2, _in_due_parti),
    # whatever is read apart
    "cella grande": _con_limite(sandbox, "MAX_BYTE_RIGA", 2, _xlsx(buone("x"))),
    "tutto grande": _con_limite(sandbox, "MAX_BYTE", 2, _xlsx(buone("x"))),
}


def _lettore_caduto(patch: pytest.MonkeyPatch, _: Path) -> None:
    """The reader ends without an answer."""
    patch.setattr(sandbox, "_children", {})
    pipe = subprocess.PIPE
    patch.setattr(
        sandbox,
        "_start",
        lambda _: subprocess.Popen([sys.executable, "-c", ""], stdin=pipe, stdout=pipe),
    )
    read_cells(STUDI, "xlsx", b"x")


def _del_figlio(patch: pytest.MonkeyPatch, _: Path) -> None:
    """What the reader refuses is refused here in its words."""
    patch.setattr(sandbox, "_ask_child", lambda *_: ({"rifiutato": sandbox._GUASTO}, b""))
    read_cells(STUDI, "xlsx", b"x")


def _in_zona(prepara: Callable[[pytest.MonkeyPatch, Path], object]) -> Caso:
    """A file of a landing zone, read after something was done to it."""

    def leggi(patch: pytest.MonkeyPatch, base: Path) -> object:
        path = base / "raw" / "studi.csv"
        path.parent.mkdir()
        path.write_bytes(UNA)
        prepara(patch, path)
        return landing.read_whole(path.parent, path)

    return leggi


def _esterno(_: pytest.MonkeyPatch, path: Path) -> None:
    path.rename(path.parent.parent / "altrove.csv")
    path.symlink_to(path.parent.parent / "altrove.csv")


def _cartella(_: pytest.MonkeyPatch, path: Path) -> None:
    path.unlink()
    path.mkdir()


def _che_diventa_cartella(patch: pytest.MonkeyPatch, path: Path) -> None:
    folder = path.parent.stat()
    patch.setattr(os, "fstat", lambda _: folder)


def _che_cambia(patch: pytest.MonkeyPatch, path: Path) -> None:
    prima, vero = path.stat(), os.fstat
    volte = iter([lambda _: prima])
    path.write_bytes(UNA + UNA)
    patch.setattr(os, "fstat", lambda fd: next(volte, vero)(fd))


LOTTI = PER_CODICE["provveditorato/lotti"]
IN_UN_XML = {
    "entità": l190(lotto("1"), testa='<!DOCTYPE x [<!ENTITY a "a">]>'),
    "altra radice": b"<indici/>",
    "profondo": l190("<a>" * 200),
    "troncato": l190(lotto("1"))[:-30],
    "due": l190(lotto("1"), lotto("2")),
}


def _albero(contenuto: bytes) -> Caso:
    (formato,) = (f for f in formats_of(LOTTI.codice) if f.genere == "xml")
    return lambda _, __: albero.records_of(contenuto, formato)


def _pubblico(estratto: Estratto, formato: str, contenuto: bytes) -> Caso:
    ente = Ente(Partizione("MS", 2020), None, None, ())
    return lambda _, __: read_cells(estratto, formato, contenuto, None, ente)


CASI |= {
    **{f"xml: {nome}": _albero(contenuto) for nome, contenuto in IN_UN_XML.items()},
    "xml: righe": _con_limite(albero, "MAX_RIGHE", 1, _albero(IN_UN_XML["due"])),
    "xml di altri": _pubblico(STUDI, "xml", IN_UN_XML["due"]),
    "senza firma": _pubblico(LOTTI, "csv", b"a;b\n"),
    "di chi non si sa": _pubblico(LOTTI, "csv", anac({}).replace(b"CAMERA", b"ALTRA")),
    "lettore caduto": _lettore_caduto,
    "rifiuto del lettore": _del_figlio,
    "collegamento che esce": _in_zona(_esterno),
    "cartella": _in_zona(_cartella),
    "cartella, poco dopo": _in_zona(_che_diventa_cartella),
    "grande": _con_limite(landing, "MAX_BYTE", 2, _in_zona(lambda *_: None)),
    "che manca": _in_zona(lambda _, path: path.unlink()),
    "che cambia": _in_zona(_che_cambia),
    "con un'altra impronta": _in_zona(
        lambda _, path: path.with_name("studi.csv.sha256").write_text("00")
    ),
}


@pytest.fixture(scope="module")
def prodotti(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Luogo, set[str]]]:
    """What every case says, by the place in the code that says it."""
    found: dict[Luogo, set[str]] = defaultdict(set)
    dichiarati = _dichiarati()

    class Notato(Rifiutato):
        def __init__(self, message: str) -> None:
            super().__init__(message)
            frame = sys._getframe(1)
            file = Path(frame.f_code.co_filename).relative_to(ROOT).as_posix()
            for (path, first), last in dichiarati.items():
                if path == file and first <= frame.f_lineno <= last:
                    found[path, first].add(message)

    moduli = [m for m in list(sys.modules.values()) if getattr(m, "Rifiutato", None) is Rifiutato]
    nostri = [m for m in moduli if m.__name__.startswith("pipelines.")]
    for caso in CASI.values():
        with pytest.MonkeyPatch.context() as patch:
            for modulo in nostri:
                patch.setattr(modulo, "Rifiutato", Notato)
            with suppress(Rifiutato):
                caso(patch, tmp_path_factory.mktemp("caso"))
    yield found


def test_every_refusal_is_made_by_some_file(prodotti: dict[Luogo, set[str]]) -> None:
    assert sorted(_dichiarati().keys() - prodotti.keys()) == []


def test_every_refusal_is_one_sentence_that_says_what_to_do(
    prodotti: dict[Luogo, set[str]],
) -> None:
    detti = {detto for tutti in prodotti.values() for detto in tutti}
    detti |= {workbook._other_kind(contenuto) for contenuto in ALTRI}
    detti |= {f"non è un testo, è {cosa}." for cosa in _ALTRO.values()}
    senza = [d for d in detti if not _FARE.search(d.rpartition(": ")[2])]
    assert senza == []
    assert [d for d in detti if not d.endswith(".") or "\n" in d] == []


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ALTRI = [
    *(b"", _OLE + "EncryptedPackage".encode("utf-16-le"), _OLE, b"\x09\x08", b"PAR1", b"\x1f\x8b"),
    *(
        b"%PDF",
        b"PK",
        b"a;b",
        b"\x00\x01",
        b"<html>",
        b"urn:schemas-microsoft-com:office:spreadsheet",
    ),
    b"office:document opendocument",
]
"""What is delivered under the name of an xlsx."""


def test_what_has_no_remedy_is_seen() -> None:
    assert not _FARE.search("che non è ammesso.")
    assert _FARE.search("aprirlo con Excel")
    assert _FARE.search("dargli l'estensione .csv.")
