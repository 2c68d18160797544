"""What PDF/A-3a and PDF/UA-1 ask of a document, read back by pikepdf: a list of what does not hold.

Belongs here: the checks that a machine can make of the standards (ISO 19005-3, ISO 14289-1), each with the
sentence that it gives. No validator can be had offline, so each check has a document in the tests that it
turns red. Does not belong here: what the document should say (test_pdf.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf

SOLITI = {"Document", "Part", "Art", "Sect", "Div", "BlockQuote", "NonStruct", "P", "Span", "Link"}
SOLITI |= {
    "H1",
    "H2",
    "H3",
    "H4",
    "H5",
    "H6",
    "L",
    "LI",
    "Lbl",
    "LBody",
    "Figure",
    "Formula",
    "Form",
}
SOLITI |= {"Table", "Caption", "THead", "TBody", "TFoot", "TR", "TH", "TD"}
FIGLI = {
    "Table": {"TR", "THead", "TBody", "TFoot", "Caption"},
    "THead": {"TR"},
    "TBody": {"TR"},
    "TFoot": {"TR"},
    "TR": {"TH", "TD"},
    "L": {"LI", "Caption", "L"},
    "LI": {"Lbl", "LBody"},
}
"""What may stand in what."""

MOSTRA = {"Tj", "TJ", "'", '"', "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "Do", "sh", "EI"}
"""Operators that leave a mark on the page."""

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
PDFA = "{http://www.aiim.org/pdfa/ns/id/}"
PDFUA = "{http://www.aiim.org/pdfua/ns/id/}"
SCHEMA = "{http://www.aiim.org/pdfa/ns/schema#}"
DC = "{http://purl.org/dc/elements/1.1/}"
XMP = "{http://ns.adobe.com/xap/1.0/}"


@dataclass
class Nodo:
    """An element of the tag tree. `segnati` are the marked contents in it: (page, number)."""

    tipo: str
    oggetto: Object
    figli: list["Nodo"] = field(default_factory=list)
    segnati: list[tuple[int, int]] = field(default_factory=list)

    def every(self) -> Iterator["Nodo"]:
        yield self
        for figlio in self.figli:
            yield from figlio.every()

    def find(self, *tipi: str) -> list["Nodo"]:
        return [n for n in self.every() if n.tipo in tipi]


def read_tree(pdf: Pdf) -> Nodo:
    """The tag tree of a document, from its one root element."""
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}

    def read(element: Object, page: int) -> Nodo:
        if "/Pg" in element:
            page = pages[element.Pg.objgen]
        node = Nodo(str(element.S)[1:], element)
        kids = element.get("/K", Array())
        for kid in kids if isinstance(kids, Array) else [kids]:
            if isinstance(kid, int):
                node.segnati.append((page, kid))
            elif kid.get("/Type") not in (Name.OBJR, Name.MCR):
                node.figli.append(read(kid, page))
        return node

    roots = pdf.Root.StructTreeRoot.K
    (root,) = roots if isinstance(roots, Array) else [roots]
    return read(root, 0)


def faults(pdf: Pdf) -> list[str]:
    """Everything that a document lacks of the two standards."""
    found = [
        *_of_the_catalog(pdf),
        *_of_the_metadata(pdf),
        *_of_the_fonts(pdf),
        *_of_the_attachments(pdf),
        *_of_the_marks(pdf),
    ]
    if "/StructTreeRoot" in pdf.Root:
        found += [*_of_the_tree(read_tree(pdf))]
    return found


def _of_the_catalog(pdf: Pdf) -> Iterator[str]:
    root = pdf.Root
    if not root.get("/MarkInfo", Dictionary()).get("/Marked", False):
        yield "il documento non dice di essere etichettato"
    if not str(root.get("/Lang", "")):
        yield "manca la lingua"
    if not root.get("/ViewerPreferences", Dictionary()).get("/DisplayDocTitle", False):
        yield "la finestra non mostra il titolo"
    if "/StructTreeRoot" not in root:
        yield "manca l'albero delle etichette"
    intents = root.get("/OutputIntents", Array())
    if not any(i.S == "/GTS_PDFA1" and "/DestOutputProfile" in i for i in intents):
        yield "manca il profilo di colore"
    if pdf.is_encrypted or "/ID" not in pdf.trailer:
        yield "cifrato, o senza identificativo"
    if "/OpenAction" in root or "/AA" in root or "/AcroForm" in root:
        yield "il documento fa qualcosa da sé"
    if "/JavaScript" in root.get("/Names", Dictionary()):
        yield "il documento ha un programma"
    if "/Outlines" not in root or not root.Outlines.get("/Count"):
        yield "mancano i segnalibri"
    for page in pdf.pages:
        if page.obj.get("/Tabs") != "/S" or "/StructParents" not in page.obj:
            yield "una pagina non segue l'ordine delle etichette"


def _of_the_metadata(pdf: Pdf) -> Iterator[str]:
    if "/Metadata" not in pdf.Root:
        yield "mancano i metadati"
        return
    tree = ElementTree.fromstring(pdf.Root.Metadata.read_bytes())
    if len(tree.findall(f"{RDF}RDF")) != 1:
        yield "i metadati non sono uno solo"
    said = {k: v for d in tree.iter(f"{RDF}Description") for k, v in d.attrib.items()}
    if (said.get(f"{PDFA}part"), said.get(f"{PDFA}conformance")) != ("3", "A"):
        yield "non dice di essere PDF/A-3a"
    if said.get(f"{PDFUA}part") != "1":
        yield "non dice di essere PDF/UA-1"
    described = {e.text for e in tree.iter(f"{SCHEMA}namespaceURI")}
    if PDFUA.strip("{}") not in described:
        yield "lo schema di PDF/UA non è descritto"
    titles = [e.text for t in tree.iter(f"{DC}title") for e in t.iter(f"{RDF}li")]
    if titles != [str(pdf.docinfo.get("/Title", ""))]:
        yield "il titolo non è lo stesso nei metadati"
    for name, key in (("CreateDate", "/CreationDate"), ("ModifyDate", "/ModDate")):
        dates = ["".join(c for c in e.text or "" if c.isdigit()) for e in tree.iter(XMP + name)]
        if [d.ljust(14, "0") for d in dates] != [str(pdf.docinfo.get(key, ""))[2:16]]:
            yield f"{name} non è lo stesso nei metadati"


def _of_the_fonts(pdf: Pdf) -> Iterator[str]:
    for one in pdf.objects:
        if not isinstance(one, Dictionary) or one.get("/Type") != "/Font":
            continue
        if one.get("/Subtype") == "/Type0":
            if "/ToUnicode" not in one:
                yield f"{one.BaseFont}: i segni non hanno un testo"
        elif not {"/FontFile", "/FontFile2", "/FontFile3"} & set(one.FontDescriptor.keys()):
            yield f"{one.BaseFont}: il carattere non è nel documento"
        elif one.Subtype == "/CIDFontType2" and "/CIDToGIDMap" not in one:
            yield f"{one.BaseFont}: i segni non hanno un posto"


def _of_the_attachments(pdf: Pdf) -> Iterator[str]:
    files = [o for o in pdf.objects if isinstance(o, Dictionary) and o.get("/Type") == "/Filespec"]
    listed = {f.objgen for f in pdf.Root.get("/AF", Array())}
    for one in files:
        if "/AFRelationship" not in one or one.objgen not in listed:
            yield "un allegato non dice che cosa è del documento"
        if not {"/F", "/UF"} <= set(one.keys()) or "/Subtype" not in one.EF.F:
            yield "un allegato è senza nome o senza tipo"


def _of_the_marks(pdf: Pdf) -> Iterator[str]:
    """All that is drawn is either content in the tag tree or said to be none."""
    if "/StructTreeRoot" not in pdf.Root:
        return
    nums = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    parents = dict(zip(map(int, nums[::2]), nums[1::2], strict=True))
    owned = {mark for node in read_tree(pdf).every() for mark in node.segnati}
    for number, page in enumerate(pdf.pages):
        known = len(parents[int(page.obj.StructParents)])
        depth: list[int | None] = []
        for drawn in pikepdf.parse_content_stream(page):
            operands, word = drawn.operands, str(drawn.operator)
            if word in ("BDC", "BMC"):
                mark = operands[1].get("/MCID") if word == "BDC" and len(operands) > 1 else None
                if mark is None and operands[0] != "/Artifact":
                    yield f"pagina {number + 1}: un contenuto non ha numero"
                depth.append(None if mark is None else int(mark))
                if mark is not None and (int(mark) >= known or (number, int(mark)) not in owned):
                    yield f"pagina {number + 1}: il contenuto {mark} non è nell'albero"
            elif word == "EMC":
                depth.pop()
            elif word in MOSTRA and not depth:
                yield f"pagina {number + 1}: {word} non è etichettato né decorazione"


def _of_the_tree(root: Nodo) -> Iterator[str]:
    if root.tipo != "Document":
        yield "l'albero non è di un documento"
    last = 0
    for node in root.every():
        if node.tipo not in SOLITI:
            yield f"etichetta ignota: {node.tipo}"
        for figlio in node.figli:
            if node.tipo in FIGLI and figlio.tipo not in FIGLI[node.tipo]:
                yield f"{figlio.tipo} in {node.tipo}"
        if node.tipo[0] == "H" and node.tipo[1:].isdigit():
            if int(node.tipo[1:]) > last + 1:
                yield f"{node.tipo} dopo H{last}"
            last = int(node.tipo[1:])
        if node.tipo in ("Figure", "Formula") and not str(node.oggetto.get("/Alt", "")):
            yield "una figura senza alternativa"
        if node.tipo == "Table":
            yield from _of_a_table(node)


def _attribute(node: Nodo, name: str) -> Object | None:
    attributes = node.oggetto.get("/A", Dictionary())
    found: Object | None = attributes.get(name)
    return found


def _of_a_table(table: Nodo) -> Iterator[str]:
    heads = {str(th.oggetto.get("/ID", "")) for th in table.find("TH")}
    if not heads:
        yield "una tabella senza intestazioni"
    if len(table.find("Caption")) > 1:
        yield "una tabella con più titoli"
    widths = {
        sum(int(_attribute(cella, "/ColSpan") or 1) for cella in riga.figli)
        for riga in table.find("TR")
    }
    if len(widths) > 1:
        yield "una tabella con righe di larghezza diversa"
    for th in table.find("TH"):
        if _attribute(th, "/Scope") not in ("/Row", "/Column", "/Both"):
            yield "un'intestazione che non dice di che cosa è"
    for td in table.find("TD"):
        said = _attribute(td, "/Headers")
        if not isinstance(said, Array) or not len(said) or not {str(h) for h in said} <= heads:
            yield "una cella senza intestazione"
