"""The document that is published: accessible by its standards, the same figures, the same bytes."""

import csv
import ctypes.util
import gc
import io
import json
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pdfplumber
import pikepdf
import pytest

from pipelines.connection import connect
from pipelines.desk.looks import look_at_documents
from pipelines.italiano import format_importo, format_numero, format_percentuale
from pipelines.partizione import Partizione
from pipelines.plan.delivered import read_delivered
from pipelines.scorecard import accanto, pdf, stampa, write
from pipelines.scorecard.libreria import missing_library
from pipelines.scorecard.sheet import Scheda, read_sheets
from pipelines.settings import ROMA, ROOT, Luoghi
from tests.scorecard.accessibile import Nodo, faults, read_tree
from tests.scorecard.schede import ATTACCHI, ostile, scheda
from tests.warehouse.magazzini import RAW

CHIAVE = "MS-2020"
DI_PERSONE = ("WELFARE", "FORMAZIONE", "CONCILIAZIONI_PER_FTE")

pytestmark = pytest.mark.skipif(
    missing_library() is not None and not os.environ.get("CI"), reason="senza Pango"
)


@dataclass(frozen=True)
class Documento:
    """A document read back: as pikepdf has it, its tag tree, the texts of its marked contents."""

    pdf: pikepdf.Pdf
    albero: Nodo
    testi: dict[tuple[int, int], str]

    def testo(self, nodo: Nodo) -> str:
        """What is read of an element, in the order of the tags."""
        return " ".join(
            "".join(self.testi.get(m, "") for n in nodo.every() for m in n.segnati).split()
        )


def read(content: bytes) -> Documento:
    pdf = pikepdf.open(io.BytesIO(content))
    found: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    with pdfplumber.open(io.BytesIO(content)) as pages:
        for number, page in enumerate(pages.pages):
            for char in page.chars:
                if char["mcid"] is not None:
                    found[number, char["mcid"]].append(char["text"])
    return Documento(pdf, read_tree(pdf), {k: "".join(v) + " " for k, v in found.items()})


def plans(folder: Path) -> Path:
    for plan in RAW.glob("*/*/allegato.*"):
        partizione = Partizione(plan.parts[-3], int(plan.parts[-2]))
        if not (folder / partizione.chiave).exists():
            read_delivered(folder / partizione.chiave, partizione, RAW)
    return folder


def stampa_scheda(una: Scheda, path: Path) -> Path:
    """Its document, without another process."""
    pdf.write_draft(una, path)
    stampa.print_draft(path)
    return path


@pytest.fixture(scope="module")
def file(campione: Luoghi) -> Path:
    return campione.warehouse / "scorecard" / f"{CHIAVE}.pdf"


@pytest.fixture(scope="module")
def documento(file: Path) -> Documento:
    return read(file.read_bytes())


@pytest.fixture(scope="module")
def dati(file: Path) -> dict[str, Any]:
    """The same scorecard as a program reads it."""
    found: dict[str, Any] = json.loads(file.with_suffix(".json").read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def del_campione(campione: Luoghi, tmp_path_factory: pytest.TempPathFactory) -> Scheda:
    folder = tmp_path_factory.mktemp("piani")
    database = shutil.copy(campione.database, folder / "pira.duckdb")
    connection = connect(Path(database))
    try:
        sheets = read_sheets(connection, plans(folder / "piani"))
    finally:
        connection.close()
    return next(one for one in sheets if one.partizione.chiave == CHIAVE)


# --- the standards ----------------------------------------------------------------------------------


def test_it_holds_to_both_standards(documento: Documento) -> None:
    assert faults(documento.pdf) == []


def _first(albero: Nodo, *tipi: str) -> pikepdf.Object:
    return albero.find(*tipi)[0].oggetto


def _unmark(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0]
    drawn = [
        d
        for d in pikepdf.parse_content_stream(page)
        if str(d.operator) not in ("BDC", "BMC", "EMC")
    ]
    page.obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(drawn))


def _unsay(what: bytes) -> Callable[[pikepdf.Pdf, Nodo], None]:
    def act(pdf: pikepdf.Pdf, _: Nodo) -> None:
        pdf.Root.Metadata = pdf.make_stream(pdf.Root.Metadata.read_bytes().replace(what, b""))

    return act


def _without_fonts(pdf: pikepdf.Pdf, _: Nodo) -> None:
    for one in pdf.objects:
        if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor":
            for name in ("/FontFile", "/FontFile2", "/FontFile3"):
                if name in one:
                    del one[name]


def _lose(nodo: pikepdf.Object, name: str) -> None:
    del nodo[name]


def _set(nodo: pikepdf.Object, name: str, value: object) -> None:
    nodo[name] = value


_DESCRITTO = b"<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"

GUASTI: dict[str, Callable[[pikepdf.Pdf, Nodo], object]] = {
    "manca la lingua": lambda pdf, _: _lose(pdf.Root, "/Lang"),
    "non dice di essere etichettato": lambda pdf, _: _lose(pdf.Root, "/MarkInfo"),
    "non mostra il titolo": lambda pdf, _: _lose(pdf.Root, "/ViewerPreferences"),
    "manca l'albero": lambda pdf, _: _lose(pdf.Root, "/StructTreeRoot"),
    "profilo di colore": lambda pdf, _: _lose(pdf.Root, "/OutputIntents"),
    "segnalibri": lambda pdf, _: _lose(pdf.Root, "/Outlines"),
    "fa qualcosa da sé": lambda pdf, _: _set(pdf.Root, "/OpenAction", pikepdf.Dictionary()),
    "PDF/UA-1": _unsay(b'pdfuaid:part="1"'),
    "PDF/A-3a": _unsay(b'pdfaid:conformance="A"'),
    "non è descritto": _unsay(_DESCRITTO),
    "il titolo non è lo stesso": lambda pdf, _: _set(pdf.docinfo, "/Title", "altro"),
    "il carattere non è nel documento": _without_fonts,
    "un allegato non dice": lambda pdf, _: _lose(pdf.Root, "/AF"),
    "non è etichettato né decorazione": lambda pdf, _: _unmark(pdf),
    "non segue l'ordine": lambda pdf, _: _lose(pdf.pages[0].obj, "/Tabs"),
    "figura senza alternativa": lambda _, t: _lose(_first(t, "Figure"), "/Alt"),
    "H4 dopo H1": lambda _, t: _set(_first(t, "H2"), "/S", pikepdf.Name.H4),
    "TD in Table": lambda _, t: _set(_first(t, "TBody"), "/S", pikepdf.Name.TD),
    "che non dice di che cosa è": lambda _, t: _lose(_first(t, "TH").A, "/Scope"),
    "cella senza intestazione": lambda _, t: _lose(_first(t, "TD").A, "/Headers"),
    "larghezza diversa": lambda _, t: _set(_first(t, "TD").A, "/ColSpan", 7),
    "etichetta ignota": lambda _, t: _set(_first(t, "P"), "/S", pikepdf.Name.Testo),
}


@pytest.mark.parametrize("detto", GUASTI)
def test_a_document_that_lacks_something_is_seen(file: Path, detto: str) -> None:
    with pikepdf.open(file) as pdf:
        GUASTI[detto](pdf, read_tree(pdf))
        assert any(detto in fault for fault in faults(pdf))


def test_it_has_headings_tables_with_headers_and_alternatives(
    documento: Documento, dati: dict[str, Any]
) -> None:
    obiettivi, indicatori = (
        dati["obiettivi"],
        [i for o in dati["obiettivi"] for i in o["indicatori"]],
    )
    titoli = [documento.testo(n) for n in documento.albero.find("H4")]
    assert titoli == [f"Obiettivo {o['obiettivo']} - {o['titolo']}" for o in obiettivi]
    (primo,) = documento.albero.find("H1")
    assert documento.testo(primo).endswith("risultati 2020")
    figure = documento.albero.find("Figure")
    assert len(figure) == len(indicatori) == 16
    assert all(str(f.oggetto.Alt).startswith("Risultato 2020: ") for f in figure)
    for tabella in documento.albero.find("Table"):
        assert tabella.find("TH") and tabella.find("TD")
    # what goes across the columns is headed by its row alone
    larghe = [td.oggetto.A for td in documento.albero.find("TD") if "/ColSpan" in td.oggetto.A]
    assert [len(a.Headers) for a in larghe] == [1] * len(indicatori)


def test_its_bookmarks_are_the_plans(documento: Documento, dati: dict[str, Any]) -> None:
    with documento.pdf.open_outline() as outline:
        missions = [one.title for one in outline.root if one.title.startswith("Missione")]
    assert len(missions) == len({o["missione"] for o in dati["obiettivi"]})


# --- what it says -----------------------------------------------------------------------------------


def rows_of(documento: Documento) -> list[list[str]]:
    """The rows of its tables, cell by cell."""
    return [
        [documento.testo(cella) for cella in riga.figli] for riga in documento.albero.find("TR")
    ]


def test_its_figures_are_those_that_a_program_reads(
    documento: Documento, dati: dict[str, Any]
) -> None:
    tutte = rows_of(documento)
    righe = [(su, giu) for su, giu in pairwise(tutte) if giu[0].startswith("Codice: ")]
    indicatori = [i for o in dati["obiettivi"] for i in o["indicatori"]]
    assert len(righe) == len(indicatori)
    for (riga, sotto), one in zip(righe, indicatori, strict=True):
        assert riga[0].startswith(one["indicatore"]) and sotto[0] == f"Codice: {one['codice']}"
        assert len(sotto) == 2
        assert f"Algoritmo: {one['algoritmo']}." in sotto[1]
        risultato = format_numero(Decimal(one["risultato"]), one["decimali"])
        risultato += "%" if one["percentuale"] else ""
        assert riga[5].startswith(f"{risultato} , target ")
        assert riga[6].startswith(format_percentuale(Decimal(one["realizzazione"])))
        assert riga[7].split()[1].rstrip(",") == one["semaforo"]
    for obiettivo in dati["obiettivi"]:
        importo = format_importo(Decimal(obiettivo["risorse_consuntivo"]))
        detto = f"Risorse a consuntivo {importo}"
        assert [n for n in documento.albero.find("P") if detto in documento.testo(n)]
        assert importo.replace("€ ", "€\N{NO-BREAK SPACE}") in "".join(documento.testi.values())
    ente = [r for r in tutte if r[0] == format_percentuale(Decimal(dati["realizzazione"]))]
    assert len(ente) == 1


def test_the_table_of_its_figures_is_attached(documento: Documento, file: Path) -> None:
    ((name, attached),) = documento.pdf.attachments.items()
    assert name == f"{CHIAVE}.csv"
    mine, published = (
        list(csv.DictReader(io.StringIO(text.decode("utf-8-sig")), delimiter=";"))
        for text in (attached.get_file().read_bytes(), file.with_suffix(".csv").read_bytes())
    )
    assert len(mine) == len(published) == 16
    for here, there in zip(mine, published, strict=True):
        hidden = {k for k in there if here[k] != there[k]}
        of_people = here["codice"] in DI_PERSONE
        assert hidden == ({"numeratore", "denominatore", "valore"} if of_people else set())
        assert not of_people or {here[k] for k in hidden} == {""}


def test_it_is_written_the_same_and_loads_nothing(
    del_campione: Scheda, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("asks the network"))
    assert stampa_scheda(del_campione, tmp_path / "altro.pdf").read_bytes() == file.read_bytes()


def test_hostile_texts_are_texts(tmp_path: Path) -> None:
    una = scheda(plan=ostile(), risultati={16: None}, motivo="</td><script>alert(2)</script>")
    found = read(stampa_scheda(una, tmp_path / "ostile.pdf").read_bytes())
    assert faults(found.pdf) == []
    said = "".join(found.testo(found.albero).split())
    for attack in (ATTACCHI[4], ATTACCHI[5], ATTACCHI[10], "<script>alert(2)</script>"):
        assert "".join(attack.split()) in said
    for page in found.pdf.pages:
        assert "/Annots" not in page.obj


def test_nothing_is_run_to_load_what_writes_it(tmp_path: Path) -> None:
    """Every process that looked for a library was as large as the night that started it."""
    program = (
        "import sys; from pathlib import Path\n"
        "from pipelines.scorecard import pdf, stampa\n"
        "from tests.scorecard.schede import scheda\n"
        "pdf.write_draft(scheda(), path := Path(sys.argv[1]))\n"
        "assert 'weasyprint' not in sys.modules\n"
        "sys.addaudithook(lambda event, _: event == 'subprocess.Popen' and print(event))\n"
        "stampa.print_draft(path)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "uno.pdf")],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert (done.stdout, (tmp_path / "uno.pdf").is_file()) == ("", True)


def test_the_press_stops_when_nobody_wants_its_documents(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever asked for them was killed: what is still to be printed would be printed for nobody."""
    printed: list[Path] = []
    parents = iter((1, 1, 1, 2))
    monkeypatch.setattr(stampa, "print_draft", printed.append)
    monkeypatch.setattr(os, "getppid", lambda: next(parents))
    monkeypatch.setattr(sys, "stdin", io.StringIO('"a"\n"b"\n"c"\n"d"\n'))
    try:
        stampa.serve()
    finally:
        gc.enable()
    assert printed == [Path("a"), Path("b")]


# --- a machine without the library -------------------------------------------------------------------


def test_without_the_library_all_else_is_written_and_it_is_said_once(
    piccola: Luoghi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIRA_PDF", "1")
    monkeypatch.setattr(ctypes.util, "find_library", lambda _: None)
    monkeypatch.setattr(accanto, "_start", lambda _: pytest.fail("prints"))
    missing_library.cache_clear()
    try:
        shutil.copy(piccola.database, tmp_path / "pira.duckdb")
        for camera in ("AA", "BB"):
            read_delivered(
                tmp_path / "piani" / f"{camera}-2020", Partizione(camera, 2020), piccola.raw
            )
        said: list[str] = []
        written = write.write_all(
            tmp_path / "pira.duckdb",
            tmp_path / "piani",
            tmp_path / "scorecard",
            lambda *_: None,
            said.append,
        )
        assert {"AA-2020.html", "BB-2020.xlsx", "indice.html"} <= written.keys()
        assert not [name for name in written if name.endswith(".pdf")]
        (reason,) = [s for s in said if "PDF" in s]
        assert "apt-get install libpango-1.0-0" in reason
        assert look_at_documents(piccola, datetime.now(ROMA)).problemi == (reason,)
        monkeypatch.setenv("PIRA_PDF", "0")
        assert look_at_documents(piccola, datetime.now(ROMA)).problemi == ()
    finally:
        missing_library.cache_clear()
    assert 'href="AA-2020.pdf"' not in (tmp_path / "scorecard/indice.html").read_text("utf-8")
