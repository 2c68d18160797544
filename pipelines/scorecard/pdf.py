"""The scorecard as the accessible document that a chamber publishes: PDF/A-3a and PDF/UA-1 in one.

Belongs here: the file as a format, what of it no stylesheet can say. Does not belong here: what it prints
(quadro.py, atto.html.j2), its look (atto.css), whether it can be written here (libreria.py).

The same scorecard gives the same bytes: every date in the file is the day of the data, and the identifier
is the hash of the content.
"""

import logging
from datetime import datetime, time
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.scorecard import csv
from pipelines.scorecard.formato import Formato
from pipelines.scorecard.libreria import opened_by_name, why_not
from pipelines.scorecard.modelli import template
from pipelines.scorecard.quadro import draw_up
from pipelines.scorecard.sheet import Scheda

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


def write_pdf(scheda: Scheda, path: Path) -> None:
    """Write the document of a partition, the csv of its figures attached."""
    with opened_by_name():
        from weasyprint import HTML, Attachment
        from weasyprint.urls import URLFetcher

    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    day = datetime.combine(scheda.data_riferimento, time())
    text = template("atto.html.j2").render(draw_up(scheda), quando=f"{day:%Y-%m-%dT%H:%M:%SZ}")
    # it loads nothing: the graphs lie in it
    fetcher = URLFetcher(allowed_protocols=("data",))
    attached = Attachment(
        file_obj=BytesIO(csv.render_csv(scheda, discreto=True)),
        name=f"{scheda.partizione.chiave}.csv",
        description="Le cifre del documento, una riga per indicatore",
        created=day,
        modified=day,
        relationship="Data",
    )
    HTML(string=text, url_fetcher=fetcher).write_pdf(
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


FORMATO = Formato("pdf", "il documento da pubblicare", write_pdf, apart=True, impedito=why_not)
