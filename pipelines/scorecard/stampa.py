"""The press: drafts of documents set in type, PDF/A-3a and PDF/UA-1 in one.

Belongs here: what a draft is, what becomes of it, what of the standards no stylesheet can say. Does not
belong here: what a document prints (pdf.py), whether it can be set here (libreria.py), who starts this
(accanto.py).

The same draft gives the same bytes: every date in the file is the day of the data, and the identifier is the
hash of the content. Run as a program, `python -m pipelines.scorecard.stampa` reads paths of drafts on its
standard input, and puts a document in the place of each: loading what sets it takes a third of the time that
a document takes, and a page laid out is thousands of objects, none of which lives longer than its document.
"""

import gc
import json
import logging
import os
import sys
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.scorecard.libreria import opened_by_name

if TYPE_CHECKING:
    import pydyf
    from weasyprint import Document

_UA = """
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>PDF/UA part</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>"""
"""What declares the second standard inside the metadata of the first, which must describe it."""


@dataclass(frozen=True)
class Bozza:
    """A document as HTML that says all of itself; the day of its data; the file attached to it, a text."""

    testo: str
    giorno: date
    nome: str
    descrizione: str
    allegato: str


def write_draft(bozza: Bozza, path: Path) -> None:
    """Leaves a draft where its document shall be."""
    path.write_text(json.dumps({**asdict(bozza), "giorno": bozza.giorno.isoformat()}), "utf-8")


def print_draft(path: Path) -> None:
    """Put the document in the place of its draft."""
    with opened_by_name():
        from weasyprint import HTML, Attachment
        from weasyprint.urls import URLFetcher

    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    found = json.loads(path.read_text("utf-8"))
    bozza = Bozza(**{**found, "giorno": date.fromisoformat(found["giorno"])})
    day = datetime.combine(bozza.giorno, time())
    # it loads nothing: the graphs lie in it
    fetcher = URLFetcher(allowed_protocols=("data",))
    attached = Attachment(
        file_obj=BytesIO(bozza.allegato.encode()),
        name=bozza.nome,
        description=bozza.descrizione,
        created=day,
        modified=day,
        relationship="Data",
    )
    HTML(string=bozza.testo, url_fetcher=fetcher).write_pdf(
        path, pdf_variant="pdf/a-3a", attachments=[attached], finisher=_finish
    )


def _finish(_: "Document", pdf: "pydyf.PDF") -> None:
    """What both standards ask and the library leaves out."""
    for one in pdf.objects:
        if getattr(one, "extra", {}).get("Type") == "/Metadata":
            (content,) = one.stream
            one.stream = [content.replace(b"</rdf:RDF>", _UA.encode())]
        if isinstance(one, dict) and one.get("S") == "/TH":
            section = _at(_at(one["P"], pdf)["P"], pdf)
            one["A"]["Scope"] = "/Row" if section["S"] == "/TBody" else "/Column"
        if isinstance(one, dict) and one.get("S") == "/TD" and "ColSpan" in one["A"]:
            # a text across the columns is of its row, and not of what they are called
            del one["A"]["Headers"][1:]
    _set_margins_apart(pdf)


def _set_margins_apart(pdf: "pydyf.PDF") -> None:
    """What stands in the margins of a page is in no branch of the tags: it is said to be no content."""
    tree = _at(pdf.catalog["StructTreeRoot"], pdf)
    reached, ahead = set[bytes](), list(tree["K"])
    while ahead:
        reference = ahead.pop()
        reached.add(reference)
        kids = _at(reference, pdf).get("K", ())
        ahead += [kid for kid in kids if isinstance(kid, bytes)]
    nums = _at(tree["ParentTree"], pdf)["Nums"]
    parents = dict(zip(nums[::2], nums[1::2], strict=True))
    for page in (o for o in pdf.objects if isinstance(o, dict) and o.get("Type") == "/Page"):
        marked, words = parents[page["StructParents"]], _at(page["Contents"], pdf).stream
        for place, word in enumerate(words):
            number = word.get("MCID") if isinstance(word, dict) else None
            if number is not None and marked[number] not in reached:
                words[place - 1 : place + 1] = "/Artifact", type(word)({"Type": "/Pagination"})
                marked[number] = "null"


def _at(reference: bytes, pdf: "pydyf.PDF") -> "pydyf.Dictionary":
    return pdf.objects[int(reference.split()[0])]


def serve() -> None:
    """Prints every draft that it is told of, until there are no more or nobody wants them."""
    gc.disable()
    with opened_by_name():
        import weasyprint  # noqa: F401
    parent = os.getppid()
    for line in sys.stdin:
        if os.getppid() != parent:
            return
        print_draft(Path(json.loads(line)))
        gc.collect()


if __name__ == "__main__":
    serve()
