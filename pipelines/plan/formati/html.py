"""The format `html`: every table is a part, the text between them is another.

Belongs here: cells that span rows and columns, what is hidden or struck out. Does not belong here: what a
row says (disposizioni/). Nothing outside the page is followed, and no entity of its own is expanded.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from pipelines.plan.documento import (
    MAX_CARATTERI,
    MAX_COLONNE,
    MAX_RIGHE,
    Cella,
    Documento,
    PianoIlleggibile,
    Riga,
    Rilievo,
    check_size,
    riga_di,
)
from pipelines.plan.righe import decode_any, tidy

_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([a-zA-Z0-9_-]+)", re.IGNORECASE)
_TAG = re.compile(r"<(?:table|html|body|p|div|h[1-6]|tr|ul|span)\b", re.IGNORECASE)
_BLOCCHI = {
    *(
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "dt",
        "dd",
        "section",
        "article",
        "pre",
    ),
    *(
        "ul",
        "ol",
        "dl",
        "caption",
        "blockquote",
        "header",
        "footer",
        "main",
        "body",
        "center",
        "figure",
    ),
}
_MUTI = {"script", "style", "head", "template", "noscript", "nav", "svg"}
_VUOTI = {
    "br",
    "hr",
    "img",
    "meta",
    "link",
    "input",
    "col",
    "wbr",
    "area",
    "base",
    "source",
    "embed",
}
_NASCOSTO = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


@dataclass
class _Tabella:
    """A table while it is read: rows of cells with the text that they hold so far."""

    nome: str
    righe: list[list[tuple[list[str], int, int]]] = field(default_factory=list)
    aperta: list[str] | None = None
    in_riga: bool = False


class _Pagina(HTMLParser):
    """What the parser calls back."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.righe: list[Riga] = []
        self.rilievi: list[Rilievo] = []
        self._tabelle: list[_Tabella] = []
        self._quante = 0
        self._testo: list[str] = []
        self._paragrafi = 0
        self._muti: list[str] = []
        self._caratteri = MAX_CARATTERI
        self._celle = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        dati = {nome: valore or "" for nome, valore in attrs}
        if self._muti:
            if tag not in _VUOTI:
                self._muti.append(tag)
            return
        nascosto = "hidden" in dati or _NASCOSTO.search(dati.get("style", ""))
        if tag in _MUTI or tag == "del" or (nascosto and tag not in _VUOTI):
            self._muti.append(tag)
            self._tell(tag)
            return
        if tag == "ins":
            self._tell(tag)
        if tag == "table":
            self._close_paragraph()
            self._quante += 1
            self._tabelle.append(_Tabella(f"tabella {self._quante}"))
        elif self._tabelle and tag == "tr":
            self._tabelle[-1].righe.append([])
            self._tabelle[-1].in_riga, self._tabelle[-1].aperta = True, None
        elif self._tabelle and tag in ("td", "th"):
            self._open_cell(self._tabelle[-1], dati)
        elif tag == "br" or tag in _BLOCCHI:
            self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._muti:
            if tag in self._muti:
                while self._muti.pop() != tag:
                    pass
            return
        if tag == "table" and self._tabelle:
            self._close_table(self._tabelle.pop())
        elif self._tabelle and tag in ("td", "th"):
            self._tabelle[-1].aperta = None
        elif self._tabelle and tag == "tr":
            self._tabelle[-1].in_riga, self._tabelle[-1].aperta = False, None
        elif tag in _BLOCCHI:
            self._break(tag)

    def handle_data(self, data: str) -> None:
        if self._muti:
            return
        self._caratteri -= len(data)
        if self._caratteri < 0:
            raise PianoIlleggibile(
                "Il piano ha troppo testo per un allegato: consegnare il solo piano."
            )
        if self._tabelle:
            if self._tabelle[-1].aperta is not None:
                self._tabelle[-1].aperta.append(data)
        else:
            self._testo.append(data)

    def finish(self) -> None:
        """Close what the page leaves open."""
        while self._tabelle:
            self._close_table(self._tabelle.pop())
        self._close_paragraph()

    def _break(self, tag: str) -> None:
        if self._tabelle:
            if self._tabelle[-1].aperta is not None:
                self._tabelle[-1].aperta.append(" ")
        elif tag == "br":
            self._testo.append("\n")
        else:
            self._close_paragraph()

    def _open_cell(self, tabella: _Tabella, dati: dict[str, str]) -> None:
        if not tabella.righe or not tabella.in_riga:
            tabella.righe.append([])
            tabella.in_riga = True
        alta, larga = _span(dati.get("rowspan")), _span(dati.get("colspan"))
        if alta > MAX_RIGHE or larga > MAX_COLONNE:
            raise PianoIlleggibile(
                "Il piano ha una cella che copre più righe o colonne di quante un allegato ne abbia: "
                "esportarlo di nuovo."
            )
        tabella.aperta = []
        self._celle += 1
        check_size(len(tabella.righe), len(tabella.righe[-1]) + 1)
        tabella.righe[-1].append((tabella.aperta, alta, larga))

    def _close_table(self, tabella: _Tabella) -> None:
        self.righe += _grid(tabella)
        check_size(len(self.righe))

    def _close_paragraph(self) -> None:
        for linea in "".join(self._testo).split("\n"):
            testo = tidy(linea)
            if testo:
                self._paragrafi += 1
                self.righe.append(riga_di("testo", self._paragrafi, [Cella(testo)]))
        self._testo.clear()
        check_size(len(self.righe))

    def _tell(self, tag: str) -> None:
        """What is not read as it stands, or is still to be decided."""
        parte = self._tabelle[-1].nome if self._tabelle else "testo"
        riga = len(self._tabelle[-1].righe) if self._tabelle else self._paragrafi + 1
        if tag in ("ins", "del"):
            cosa = "inserito" if tag == "ins" else "cancellato"
            self.rilievi.append(
                Rilievo(
                    "revisioni_pendenti",
                    parte,
                    max(riga, 1),
                    "",
                    f"un testo {cosa} con una revisione si legge come accettato",
                    "accettare o rifiutare le revisioni prima di consegnare",
                )
            )
        elif tag not in _MUTI:
            self.rilievi.append(
                Rilievo(
                    "parte_nascosta",
                    parte,
                    max(riga, 1),
                    "",
                    "un testo nascosto non viene letto",
                    "renderlo visibile se fa parte del piano",
                )
            )


def _span(scritto: str | None) -> int:
    pulito = (scritto or "1").strip()
    if not pulito.isdecimal():
        return 1
    return max(1, int(pulito[:12]))


def _grid(tabella: _Tabella) -> list[Riga]:
    """The rows of a table, each cell at its column; no cell covers what is beyond the table."""
    prese: dict[int, int] = {}
    righe = []
    for numero, fila in enumerate(tabella.righe, start=1):
        celle: list[Cella] = []
        colonna = 0
        for pezzi, alta, larga in fila:
            while prese.get(colonna, 0) >= numero:
                celle.append(Cella(""))
                colonna += 1
            alta = min(alta, len(tabella.righe) - numero + 1)
            celle.append(Cella(tidy("".join(pezzi)), righe=alta, colonne=larga))
            celle += [Cella("")] * (larga - 1)
            for coperta in range(colonna, colonna + larga):
                prese[coperta] = numero + alta - 1
            colonna += larga
            check_size(0, colonna)
        righe.append(riga_di(tabella.nome, numero, celle))
    return righe


def read(content: bytes) -> Documento:
    """A page. Raises PianoIlleggibile."""
    if content[:4] in (b"%PDF", b"PK\x03\x04") or content.startswith(b"\xd0\xcf\x11\xe0"):
        raise PianoIlleggibile(
            "Il piano non è una pagina HTML, come il suo nome dice: dargli l'estensione giusta."
        )
    testo = _decode(content)
    if "<!ENTITY" in testo.upper()[:1_000_000]:
        raise PianoIlleggibile(
            "Il piano dichiara delle entità, che non sono ammesse: esportarlo di nuovo come HTML."
        )
    if not _TAG.search(testo):
        raise PianoIlleggibile(
            "Il piano non è una pagina HTML, come il suo nome dice: dargli l'estensione giusta."
        )
    pagina = _Pagina()
    pagina.feed(testo)
    pagina.close()
    pagina.finish()
    return Documento("html", tuple(pagina.righe), fusioni=True, rilievi=tuple(pagina.rilievi))


def _decode(content: bytes) -> str:
    dichiarata = _META.search(content[:4096])
    if dichiarata and dichiarata[1].lower() in (
        b"iso-8859-1",
        b"windows-1252",
        b"latin1",
        b"cp1252",
    ):
        return content.decode("cp1252", "replace")
    return decode_any(content, pagina=True)
